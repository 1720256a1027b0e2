"""Compare the chosen ensemble with its best member: is it worth its prediction time?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.types import SimplerModel

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData
    from litmus_core.metrics import PairedDifference
    from litmus_core.types import Candidate, Task

_WORTH_SAYING = 3.0  # fewest times as slow as its best member
_MOST_ROWS = 20_000  # a bootstrap of more rows takes seconds, and would leave little noise


def simpler_model(
    context: RunContext, data: RunData, chosen: Candidate, candidates: list[Candidate]
) -> SimplerModel | None:
    """Return the best member of a chosen ensemble that is several times as slow for what may be noise.

    None for any other model, and if the two cannot be compared. The ensemble was weighted on these rows, so
    the comparison flatters it: a difference that is noise here is noise.
    """
    best = best_member(chosen, candidates, context.experiment.task)
    if best is None:
        return None
    member, times = best
    difference = _difference(context, data, chosen, member)
    if difference is None or not is_noise(difference, chosen):
        return None
    return SimplerModel(
        candidate_id=member.id,
        name=member.name,
        times_faster=times,
        difference=difference.value,
        low=difference.low,
        high=difference.high,
        n_rows=difference.n_rows,
    )


def best_member(chosen: Candidate, candidates: list[Candidate], task: Task) -> tuple[Candidate, float] | None:
    """Return the best single model of a chosen ensemble, and how many times faster it is, if it is much."""
    from litmus_core.advice import ranked

    singles = [
        model
        for model in candidates
        if model.id in chosen.parents and not (model.is_ensemble or model.refit_of or model.postprocess)
    ]
    if not chosen.is_ensemble or chosen.postprocess or not singles:
        return None
    member = ranked(singles)[0]
    slow, fast = (model.latency_at(task.budget.batch_rows) for model in (chosen, member))
    if slow is None or fast is None or not fast.p95_ms or member.validation is None:
        return None
    times = slow.p95_ms / fast.p95_ms
    return (member, times) if times >= _WORTH_SAYING else None


def is_noise(difference: PairedDifference, chosen: Candidate) -> bool:
    """Return whether a difference may be noise, and is at most the score's own margin."""
    score = chosen.validation
    return score is not None and difference.low <= 0 and difference.high <= (score.high - score.low) / 2


def _difference(
    context: RunContext, data: RunData, chosen: Candidate, member: Candidate
) -> PairedDifference | None:
    from litmus_core.engine import read_model_info, validation_predictions
    from litmus_core.metrics import get_metric, paired_difference

    task = context.experiment.task
    metric = get_metric(task.metric)
    (rows, first), (other, second) = (
        validation_predictions(context.folder, model.model) for model in (chosen, member)
    )
    if metric.is_custom or len(rows) > _MOST_ROWS or len(rows) != len(other) or (rows != other).any():
        return None
    return paired_difference(
        data.metric(task.metric, rows),
        data.frame[data.target].to_numpy()[rows],
        first,
        second,
        thresholds=(chosen.threshold, member.threshold),
        classes=read_model_info(context.folder)["classes"],
        positive_class=task.positive_class,
        blocks=data.blocks_of(rows),
        seed=task.seed,
    )
