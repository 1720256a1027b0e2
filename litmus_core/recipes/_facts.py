"""Facts for conditions: the table, the leading model with its verdict, and the time spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core.recipes._conditions import CLASS_FACTS
from litmus_core.types import Candidate, Column, Run, Score, Task, Verdict

if TYPE_CHECKING:
    from litmus_core.diagnostics import Confusion

FactTable = dict[str, float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """The chosen model of the run that is best by validation score, within the budget if any, and its
    verdict.

    ``held_back``: the budget kept its run from choosing a better one.
    """

    candidate: Candidate
    verdict: Verdict | None
    held_back: bool = False


def table_facts(
    task: Task, *, n_rows: int, columns: Sequence[Column], shares: Mapping[str, float]
) -> FactTable:
    """Return the facts before any run. ``shares`` are the classes' shares of the rows, empty for a number.

    What a model makes of each class is not known yet.
    """
    bar, budget = task.bar, task.budget
    features = [column for column in columns if column.name in task.features]
    return {
        "bar": None if bar is None else bar.value,
        "latency_budget": budget.max_latency_ms,
        "size_budget": budget.max_size_mb,
        "rows": n_rows,
        "columns": len(features),
        "text_columns": sum(column.traits.is_prose for column in features),
        "classes": len(shares),
        "smallest_class": min(shares.values(), default=1.0),
        **{f"{fact}:{label}": None for label in shares for fact in CLASS_FACTS},
    }


def run_facts(task: Task, runs: Sequence[Run], leader: Leader | None) -> FactTable:
    """Return the facts of runs; of the leading model, only validation results and its verdict."""
    seconds = sum(run.times.seconds or 0.0 for run in runs)
    facts: FactTable = {
        "runs": len([run for run in runs if run.is_settled]),
        "minutes": seconds / 60.0,
        "bar met": False,
        "undecided": False,
        "too slow": None,
        "too big": None,
        "held back": None,
    }
    return facts if leader is None else facts | _of_leader(task, leader)


def _of_leader(task: Task, leader: Leader) -> FactTable:
    candidate, verdict, budget = leader.candidate, leader.verdict, task.budget
    figure = candidate.latency_at(budget.batch_rows)
    latency = None if figure is None else figure.p95_ms
    size = None if candidate.size_bytes is None else candidate.size_bytes / 1e6
    return {
        "score": None if candidate.validation is None else candidate.validation.value,
        "gap": _gap(task, candidate.validation),
        "latency": latency,
        "size": size,
        "bar met": verdict is not None and verdict.outcome == "meets",
        "undecided": verdict is not None and verdict.outcome == "undecided",
        "too slow": _beyond(latency, budget.max_latency_ms),
        "too big": _beyond(size, budget.max_size_mb),
        "held back": leader.held_back,
    }


def _gap(task: Task, score: Score | None) -> float | None:
    if task.bar is None or score is None:
        return None
    return task.bar.gap(score.value)


def _beyond(value: float | None, limit: float | None) -> bool | None:
    if limit is None:
        return False
    return None if value is None else value > limit


def class_facts(confusion: Confusion | None) -> FactTable:
    """Return recall and precision by class on validation rows; without classes that are counted together."""
    if confusion is None:
        return {}
    n_single = len(confusion.labels) - (1 if confusion.n_collapsed else 0)
    facts: FactTable = {}
    recalls = []
    for place, label in enumerate(confusion.labels[:n_single]):
        right = confusion.counts[place][place]
        n_true, n_predicted = sum(confusion.counts[place]), sum(row[place] for row in confusion.counts)
        facts[f"recall:{label}"] = right / n_true if n_true else None
        facts[f"precision:{label}"] = right / n_predicted if n_predicted else None
        recalls += [right / n_true] if n_true else []
    return facts | {"worst_recall": min(recalls, default=None)}
