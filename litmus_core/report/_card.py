"""The model card of a report: purpose, score, training and limits of the chosen model."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import litmus_core
from litmus_core.deploy import LIMITS
from litmus_core.metrics import get_metric
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._format import day
from litmus_core.report._page import pairs, table
from litmus_core.text import (
    format_bytes,
    format_count,
    format_measured,
    format_milliseconds,
    format_score,
    join_names,
    unbroken,
)
from litmus_core.types import Compression
from litmus_core.verdicts import (
    final_model_message,
    simpler_message,
    time_cut_message,
    verdict_headline,
    weighted_text,
)

if TYPE_CHECKING:
    from litmus_core.diagnostics import ColumnImportance
    from litmus_core.types import Candidate, Run, Task

_MOST_COLUMNS, _MOST_CLASSES = 40, 20
_FORMS = {
    "compiled": "compiled: it needs no training library",
    "native": "as trained, with the libraries that trained it",
    None: "not known yet",
}


def model_card(facts: ExperimentFacts) -> Iterator[str]:
    """Yield what a reader needs to know about the model; nothing if there is no model."""
    chosen, run = facts.chosen, facts.run
    if chosen is None or run is None:
        return
    yield f"<h2>Model card: {escape(chosen.name)}</h2>"
    for title, paragraph in (
        ("What it is for", _purpose(facts)),
        ("How good it is", _quality(facts, chosen)),
        ("What it learned from", _data(facts)),
        ("How it was made", _training(facts, run, chosen.deployed)),
    ):
        yield f"<h3>{title}</h3><dl>{pairs(paragraph)}</dl>"
    yield from _columns(facts)
    yield from _limits(facts, chosen)
    if facts.code:
        yield f"<h3>How to make it again</h3><pre>{escape(facts.code.rstrip())}</pre>"


def _purpose(facts: ExperimentFacts) -> Iterator[tuple[str, str]]:
    task, chosen = facts.experiment.task, facts.chosen
    n_columns = format_count(len(task.features), "column")
    yield "it answers", f"{task.target}: {task.type.answer}, from {n_columns} of a row"
    if facts.training.classes:
        more = len(facts.training.classes) - _MOST_CLASSES
        names = ", ".join(facts.training.classes[:_MOST_CLASSES])
        yield "its answers", f"{names} and {more:,} more" if more > 0 else names
    if task.type.has_threshold and task.positive_class is not None and chosen is not None:
        threshold = 0.5 if chosen.threshold is None else chosen.threshold
        yield "it says", f"{task.positive_class} from a probability of {threshold:.4g} on"
    yield "asked by", facts.experiment.owner or "not known"
    yield "question", f"{facts.experiment.name}, of {day(facts.experiment.created_at)} UTC"


def _quality(facts: ExperimentFacts, chosen: Candidate) -> Iterator[tuple[str, str]]:
    task, verdict = facts.experiment.task, facts.verdict
    measure = f"{get_metric(task.metric).label} ({task.metric})"
    yield "measured by", f"{measure}{weighted_text(task.weight)}"
    if task.monotone:
        yield "predictions are", join_names(f"{direction} in {name}" for name, direction in task.monotone)
    bar = task.bar
    at = "" if bar is None else f"{'at least' if bar.is_floor else 'at most'} {format_score(bar.value)}"
    yield "good enough", at or "no bar was set"
    if verdict is not None:
        yield "verdict", unbroken(verdict_headline(verdict))
        yield (
            "judged on all rows" if verdict.outer_folds else "on test rows",
            f"{format_measured(verdict.score)}, {format_count(verdict.score.n_rows, 'row')}, 95 % interval",
        )
        yield "guessing reaches", format_score(verdict.baseline)
    if chosen.validation is not None:
        n_rows = chosen.validation.n_rows
        by_all_rows = verdict is not None and verdict.outer_folds
        of_folds = ", those of its folds: an estimate" if chosen.refit_of else ""
        yield (
            "in choosing it, on the same rows" if by_all_rows else "on validation rows",
            f"{format_measured(chosen.validation)}, {format_count(n_rows, 'row')}{of_folds}",
        )
    if cut_short := time_cut_message(chosen, facts.candidates):
        yield "training time", cut_short
    if verdict is not None and verdict.simpler is not None:
        yield "simpler model", simpler_message(verdict.simpler)
    if chosen.final is not None:
        yield "model you use", final_model_message(chosen.final)
    for figure in chosen.deployed.latency:
        yield (
            f"answers {format_count(figure.batch_rows, 'row')} in",
            f"{format_milliseconds(figure.p95_ms)} ({figure.p95_calls})",
        )
    if chosen.size_bytes is not None:
        yield "size of the model", format_bytes(chosen.size_bytes)


def _data(facts: ExperimentFacts) -> Iterator[tuple[str, str]]:
    from litmus_core.data import fix_title

    version = facts.version
    yield "table", f"{version.name}, version {version.version}, of {day(version.created_at)} UTC"
    yield "from", f"{version.source_name}: {format_count(version.n_rows, 'row')}"
    yield "fingerprint", f"SHA-256 of the rows {version.content_hash[:16]}…"
    phrases = [f"{format_count(n_rows, 'row')} {word}" for word, n_rows in _parts(facts) if n_rows]
    if phrases:
        yield "parts", ", ".join(phrases)
    if version.lineage.fixes:
        yield "fixed", "; ".join(fix_title(fix) for fix in version.lineage.fixes)


def _parts(facts: ExperimentFacts) -> Iterator[tuple[str, int]]:
    learned, validated = facts.training.n_rows.get("train", 0), facts.training.n_rows.get("validation", 0)
    if facts.training.n_folds:
        yield "to learn from and to choose by, in turns", learned + validated
    else:
        yield "to learn from", learned
        yield "to choose by", validated
    yield "to test on, that nothing learned from", facts.training.n_rows.get("test", 0)
    yield "to judge by, each by models trained without it", facts.training.n_rows.get("outer", 0)


def _training(facts: ExperimentFacts, run: Run, chosen: Candidate) -> Iterator[tuple[str, str]]:
    subject = (
        f"an ensemble of {format_count(len(chosen.parents), 'model')}"
        if chosen.is_ensemble
        else chosen.family_kind
    )
    yield "model", f"{chosen.name} ({subject}), shipped {_FORMS[chosen.form]}"
    yield "run", f"{run.title}, {day(run.times.started_at or run.times.queued_at)} UTC{_duration_text(run)}"
    yield from _plan(facts, run, facts.experiment.task)
    if facts.training.versions:
        yield (
            "trained with",
            ", ".join(f"{name} {version}" for name, version in facts.training.versions.items()),
        )
    yield "report by", f"Litmus {litmus_core.__version__}"


def _duration_text(run: Run) -> str:
    return "" if run.times.seconds is None else f", took {run.times.seconds:,.0f} s"


def _plan(facts: ExperimentFacts, run: Run, task: Task) -> Iterator[tuple[str, str]]:
    plan = run.plan
    compression = plan.origin_as(Compression)
    if compression is not None:
        by_id = {candidate.id: candidate.name for candidate in facts.all_candidates}
        yield (
            "made of",
            f"{by_id.get(compression.candidate_id, compression.model)}, of an earlier run",
        )
    else:
        named = [*plan.families, *(algorithm.name or algorithm.key for algorithm in plan.algorithms)]
        named += [model.name or model.reference for model in plan.models]
        yield "models tried", ", ".join(named) or "as Litmus chose by the data"
    steps = [step.reference for step in (*plan.preprocess, *plan.postprocess)]
    if steps:
        yield "steps", ", ".join(steps)
    if facts.training.n_folds is not None:
        yield "folds", f"{facts.training.n_folds}" if facts.training.n_folds else "none"
    yield "tuned", "no" if plan.tuning is None else "yes"
    yield "time allowed", f"{plan.compute.time_limit_s or task.time_limit_s:,.0f} s"
    yield "seed", str(task.seed)


def _columns(facts: ExperimentFacts) -> Iterator[str]:
    names, report = facts.experiment.task.features, facts.diagnostics
    kinds = {column.name: column.kind for column in facts.version.columns}
    drops = {} if report is None else {column.column: column for column in report.importance.columns}
    order = sorted(names, key=lambda name: -((drops[name].drop or 0.0) if name in drops else 0.0))
    yield "<h3>What it reads</h3>"
    header = ("column", "kind", *(("what the score loses without it",) if drops else ()))
    yield table(
        header,
        [
            (name, kinds.get(name, ""), *((_loss_text(drops.get(name)),) if drops else ()))
            for name in order[:_MOST_COLUMNS]
        ],
    )
    if len(order) > _MOST_COLUMNS:
        yield f'<p class="quiet">{format_count(len(order) - _MOST_COLUMNS, "more column")} not shown.</p>'


def _loss_text(importance: ColumnImportance | None) -> str:
    if importance is None or importance.drop is None:
        return "not looked at"
    if importance.low is not None and importance.low <= 0:
        return "nothing that chance would not explain"
    return format_score(importance.drop)


def _limits(facts: ExperimentFacts, chosen: Candidate) -> Iterator[str]:
    limits = [*([facts.sample] if facts.sample else []), *(facts.harm or ()), *LIMITS]
    if chosen.abstained is not None:
        limits.append(
            f"It leaves {100 * chosen.abstained:.1f} % of rows to people: it has no answer for them."
        )
    if chosen.native_reason:
        limits.append(chosen.native_reason)
    yield "<h3>Limits</h3><ul>"
    yield from (f"<li>{escape(limit)}</li>" for limit in limits)
    yield "</ul>"
