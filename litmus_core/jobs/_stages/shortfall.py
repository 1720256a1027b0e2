"""The shortfall of a run: requested models that did not run, and models that Litmus had added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core.text import join_names
from litmus_core.types import Candidate, RunPlan, Score, WarmStart

if TYPE_CHECKING:
    from litmus_core.engine import FitReport, UnfinishedModel

_HINT = (
    "The models that finished are on the leaderboard and can be used. To get the rest, fix what stopped "
    "or allow more time, or train again without it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Messages about what a run lacks.

    ``missing`` was requested and did not run; ``left_out`` was added by Litmus and did not run. ``notes`` are
    about what ran.
    """

    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Shortfall) -> Shortfall:
        return Shortfall(
            missing=tuple(dict.fromkeys((*self.missing, *other.missing))),
            left_out=tuple(dict.fromkeys((*self.left_out, *other.left_out))),
            notes=(*self.notes, *other.notes),
        )


def failed_message(missing: Sequence[str]) -> tuple[str, str]:
    """Return the message and the hint of a run that ended without all that was requested."""
    return f"Not everything that you asked for ran. {' '.join(missing)}", _HINT


def fit_shortfall(plan: RunPlan, report: FitReport) -> Shortfall:
    """Return what a fit lacks; a model is missing if the plan names its family or its class."""
    is_named = _naming(plan)
    added = [unfinished for unfinished in report.unfinished if not is_named(unfinished.model)]
    return Shortfall(
        missing=tuple(unfinished.sentence for unfinished in report.unfinished if is_named(unfinished.model)),
        left_out=(*_sentences(added), *report.left_out),
        notes=report.notes,
    )


def _sentences(unfinished: Sequence[UnfinishedModel]) -> list[str]:
    """Return a sentence for each model, and one for all those that lacked only time."""
    from litmus_core.engine import title_of

    late = [model for model in unfinished if model.no_time]
    if len(late) < 2:
        return [model.sentence for model in unfinished]
    others = [model.sentence for model in unfinished if not model.no_time]
    return [f"There was no time for {join_names([title_of(model.model) for model in late])}.", *others]


def _naming(plan: RunPlan) -> Callable[[str], bool]:
    from litmus_core.engine import CUSTOM_FAMILY, family_of_algorithm

    named = {CUSTOM_FAMILY, *plan.families, *(algorithm.key for algorithm in plan.algorithms)}
    return lambda model: plan.origin_as(WarmStart) is not None or family_of_algorithm(model) in named


def unscored(plan: RunPlan, candidates: Sequence[Candidate], chosen: Candidate) -> Shortfall:
    """Return the additional metrics without a score on validation rows or on test rows."""
    plain = [candidate for candidate in candidates if not candidate.postprocess]
    unscored_metrics = [
        *_without(
            plan.scoring.also_validation, [candidate.also_validation for candidate in plain], "validation"
        ),
        *_without(plan.scoring.also_test, [chosen.also_test], "test"),
    ]
    return Shortfall(missing=tuple(unscored_metrics))


def _without(metrics: Sequence[str], scores: Sequence[tuple[Score, ...]], rows: str) -> list[str]:
    from litmus_core.metrics import get_metric

    return [
        f"The metric {metric} could not be computed on the {rows} rows (see worker.log)."
        for metric in metrics
        if any(get_metric(metric).name not in {score.metric for score in other} for other in scores)
    ]
