"""Labels that a model, trained on the other rows, considers mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._format import n_sampled, short_cell
from litmus_core.runtime import label_text
from litmus_core.text import join_names
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_FEWEST_ROWS = 60
_GOOD_ENOUGH = 0.75  # share of guessing's mistakes that the model avoids: otherwise its doubts mean nothing
_GOOD_ENOUGH_NUMBERS = 0.75  # R² of the same
_CERTAIN, _UNLIKELY = 0.9, 0.05  # probability of the likely label, and of the given one
_FAR, _DEVIATIONS = 0.5, 5.0  # of the ranks, and of the usual distance
_MANY = 0.02  # share of rows beyond the usual few doubtful ones
_SHOWN = 10
_LETTERS = 60


def suspicious_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield one finding with the rows whose labels a quick model is certain are wrong."""
    assert table.target is not None  # noqa: S101 - the check needs a target
    scorer, quick = table.scorer, table.once(find_leaks).without
    if len(scorer.rows) < _FEWEST_ROWS:
        return
    is_number = not scorer.n_classes
    if not (quick.skill >= _GOOD_ENOUGH_NUMBERS if is_number else _is_good_enough(table)):
        return
    rows, certainty, likely = _far_values(table) if is_number else _likely_others(table)
    if not len(rows):
        return
    positions = table.rows[scorer.rows[rows]]
    name = table.target.name
    statement = partial(Statement.of, "suspicious_labels")
    yield Finding(
        kind="suspicious_labels",
        severity="warning" if len(rows) >= _MANY * len(scorer.rows) else "hint",
        columns=(name,),
        statement=statement("wrong", n_rows=len(rows), columns=[name], n_looked=n_sampled(table)),
        evidence=(statement("quick model", scale=scorer.scale, score=float(quick.score)),),
        table=_evidence_table(table, rows, certainty, likely),
        fix=Fix(
            kind="drop_rows",
            columns=(name,),
            rows=tuple(int(place) for place in np.sort(positions)),
        ),
        n_rows=len(rows),
        score=len(rows) / max(1, len(scorer.rows)),
    )


def _is_good_enough(table: CheckContext) -> bool:
    truth = table.scorer.target
    wrong = float((table.once(find_leaks).without.prediction.argmax(axis=1) != truth).mean())
    guessing = 1 - float(np.bincount(truth).max()) / len(truth)
    return wrong <= (1 - _GOOD_ENOUGH) * guessing


def _likely_others(table: CheckContext) -> tuple[NDArray[np.int64], list[str], list[str]]:
    """Return the rows (positions among the scorer's, most certain first), and their likely labels."""
    from cleanlab.filter import find_label_issues

    scorer, prediction = table.scorer, table.once(find_leaks).without.prediction
    shares = np.clip(prediction, 1e-6, None)
    shares /= shares.sum(axis=1, keepdims=True)
    ranked = np.asarray(
        find_label_issues(
            labels=scorer.target,
            pred_probs=shares,
            return_indices_ranked_by="self_confidence",
            filter_by="both",
            n_jobs=1,
        ),
        dtype=np.int64,
    )
    if not len(ranked):
        return ranked, [], []
    sure, label_share = shares[ranked].max(axis=1), shares[ranked, scorer.target[ranked]]
    order = np.argsort(-sure, kind="stable")
    order = order[(sure[order] >= _CERTAIN) & (label_share[order] <= _UNLIKELY)]
    ranked, sure = ranked[order], sure[order]
    likely = [label_text(scorer.classes[place]) for place in shares[ranked].argmax(axis=1)]
    return ranked, [f"{100 * share:.0f} %" for share in sure], likely


def _far_values(table: CheckContext) -> tuple[NDArray[np.int64], list[str], list[str]]:
    scorer = table.scorer
    prediction = table.once(find_leaks).without.prediction
    left = scorer.target - prediction
    usual = float(1.4826 * np.median(np.abs(left - np.median(left)))) or 1e-9
    far = np.flatnonzero(np.abs(left) > max(_FAR, _DEVIATIONS * usual))
    far = far[np.argsort(-np.abs(left[far]), kind="stable")]
    values = np.asarray(table.labels, dtype=np.float64)[scorer.rows]
    expected: list[float] = np.quantile(values, np.clip(prediction[far], 0, 1)).tolist() if len(far) else []
    return far, ["" for _ in far], [f"about {number:,.4g}" for number in expected]


def _evidence_table(
    table: CheckContext, places_shown: NDArray[np.int64], certainty: list[str], likely: list[str]
) -> EvidenceTable:
    assert table.target is not None  # noqa: S101 - as above
    rows = []
    for place, sure, other in zip(places_shown[:_SHOWN], certainty, likely, strict=False):
        row = table.scorer.rows[place]
        label = table.labels[row]
        text = f"{label:,.6g}" if isinstance(label, float) else label_text(label)
        rows.append((f"{table.rows[row] + 1:,}", text, other, sure, _describe_row(table, int(row))))
    header = ("row", f"{table.target.name}, given", "likely", "certainty", "what the row says")
    return EvidenceTable(header=header, rows=tuple(rows))


def _describe_row(table: CheckContext, row: int) -> str:
    """Return a row's text, or its first few values."""
    texts = [column.name for column in table.columns if column.traits.is_prose]
    names = texts[:1] or [column.name for column in table.columns if not column.traits.is_identifier][:3]
    values = table.sample[names].iloc[row]
    description = (
        join_names(
            [f"{values[name]}" if texts else f"{name} {short_cell(values[name])}" for name in names], most=4
        )
        if names
        else ""
    )
    return description if len(description) <= _LETTERS else description[: _LETTERS - 1] + "…"
