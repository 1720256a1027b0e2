"""Do actions bring what is predicted of them, on real tables?

Each action of a first run's list is taken on its own: as a run, or, where it asks for more rows, with as many
as it asks for, which the table has to spare. What it brought on hidden rows is held against its prediction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_models import Asked, Model, asked_of, spent
from benchmarks._flexible_tables import Table
from benchmarks._harness import Figure

if TYPE_CHECKING:
    from litmus_core.types import Action, Run

# In turn by seed: what is decided by a score, and what by the answer.
METRICS = {"binary": ("roc_auc", "f1"), "multiclass": ("log_loss", "f1_macro"), "regression": ("rmse", "mae")}
_MOST_TIMES = 4.0  # what an action may take, in first runs
_EIGHTY = (0.1, 0.9)
_FEWEST = 5  # cases that the spread of a kind of action is known from
_ASIDE = ("abstain", "class rows", "segment rows", "faster")  # part rows, or no gain in a score of all rows


def gains(table: Table, *, seconds: float, seed: int) -> list[dict[str, Any]]:
    """Return a case for each action of the first run's list."""
    offered = METRICS[table.problem]
    metric = offered[seed % len(offered)]
    with asked_of(table, metric, seed=seed) as asked:
        first = asked.train("first", seconds=seconds)
        listed = first.studio.actions.list(first.candidate.run_id)
        began = asked.said(first)
        found = []
        for action in listed.actions:
            if action.kind in _ASIDE:
                continue
            run = _taken(asked, first, action, most_s=_MOST_TIMES * seconds)
            if run is None or run.chosen_id is None:
                continue
            made = Model(
                studio=first.studio,
                candidate=first.studio.candidates.get(run.chosen_id),
                spent_s=spent(first.studio, run.id),
            )
            came = asked.better(asked.said(made), began)
            found.append(
                {
                    "table": table.name,
                    "metric": metric,
                    "key": action.key,
                    "kind": action.kind,
                    "predicted": [action.gain.value, action.gain.low, action.gain.high],
                    "came": came.value,
                    "came_se": (came.high - came.low) / 3.92,
                    "way": abs(asked.score(began) - _constant(first)),
                    "seconds": made.spent_s,
                    "listed_s": listed.seconds,
                }
            )
        first.studio.close()
        return found


def _constant(first: Model) -> float:
    """Return what the best constant answer scores."""
    verdict = first.studio.runs.get(first.candidate.run_id).verdict
    return float("nan") if verdict is None else verdict.baseline


def _taken(asked: Asked, first: Model, action: Action, *, most_s: float) -> Run | None:
    """Take an action; None where it is nothing that a program can do."""
    studio, run_id = first.studio, first.candidate.run_id
    if action.plan is not None:
        return studio.runs.wait(studio.actions.apply(run_id, action.key, most_s=most_s).id)
    if action.kind != "rows":
        return None
    more = asked.file.with_name("more.csv")
    asked.spare.to_csv(more, index=False)
    return studio.runs.wait(studio.actions.train_on_more_rows(run_id, more).id)


def gains_figures(found: list[dict[str, Any]]) -> list[Figure]:
    """Return how well what was predicted came true, beside one interval for each kind of action.

    Such an interval is the middle 80 % of what all actions of that kind brought, in shares of their tables'
    way from the constant answer: as narrow as a constant for each kind can be.
    """
    covered = [each["predicted"][1] <= each["came"] <= each["predicted"][2] for each in found]
    widths = []
    for kind in sorted({each["kind"] for each in found}):
        own = [each for each in found if each["kind"] == kind]
        if len(own) < _FEWEST:
            continue
        low, high = np.quantile([each["came"] / each["way"] for each in own], _EIGHTY)
        widths += [
            (each["predicted"][2] - each["predicted"][1]) / each["way"] / max(high - low, 1e-12)
            for each in own
        ]
    ranks = [
        each for name in sorted({_table(each) for each in found}) if (each := _rank(found, name)) is not None
    ]
    share = float(np.mean(covered)) if covered else float("nan")
    return [
        Figure(name="actions taken", value=len(found), unit="", target=None, better="higher"),
        Figure(name="gain_coverage", value=share, unit="share", target=0.7, better="higher"),
        Figure(name="gain_coverage, no more", value=share, unit="share", target=0.9, better="lower"),
        Figure(
            name="width of intervals, of those of a constant for each kind: median",
            value=float(np.median(widths)) if widths else float("nan"),
            unit="ratio",
            target=0.6,
            better="lower",
        ),
        Figure(
            name="gain_rank_correlation",
            value=float(np.mean(ranks)) if ranks else float("nan"),
            unit="Spearman, mean of tables",
            target=0.4,
            better="higher",
        ),
        Figure(
            name="actions_s: first list, most",
            value=max((each["listed_s"] for each in found), default=float("nan")),
            unit="s",
            target=20.0,
            better="lower",
        ),
    ]


def _table(case: dict[str, Any]) -> tuple[str, str]:
    return case["table"], case["metric"]


def _rank(found: list[dict[str, Any]], name: tuple[str, str]) -> float | None:
    """Return the rank correlation of what was predicted and what came in a table; None for under three."""
    from scipy.stats import spearmanr

    own = [each for each in found if _table(each) == name]
    if len(own) < 3:
        return None
    rank = float(spearmanr([each["predicted"][0] for each in own], [each["came"] for each in own]).statistic)
    return None if np.isnan(rank) else rank
