"""Measured gains of the actions that were started, with the predicted gains."""

from __future__ import annotations

from litmus_core.experiments._actions.collected_rows_gain import gains_of_rows
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison.paired import validation_gain
from litmus_core.types import ActionOutcome, ActionTaken, Candidate, Run


def outcomes(context: Context, experiment_id: str | None = None) -> list[ActionOutcome]:
    """Return the actions that were started, oldest first, with predicted and measured gain.

    They are those of one experiment or, for None, of the whole workspace.
    """
    runs = sorted(context.store.runs(experiment_id), key=lambda run: run.times.queued_at)
    return [outcome_of(context, run, run.plan.action) for run in runs if run.plan.action is not None]


def outcome_of(context: Context, run: Run, follows: ActionTaken) -> ActionOutcome:
    """Return the predicted gain of an action, and the gain that its ``run`` brought."""
    before = context.store.find_run(follows.run_id)
    now, then = _chosen_candidate(context, run), _chosen_candidate(context, before)
    has_both = now is not None and then is not None and follows.gain.settles is None
    gain = test = None
    if has_both and now is not None and then is not None:
        if follows.n_requested or follows.n_collected:
            gain, test = gains_of_rows(context, now, then, follows.kind)
        else:
            gain, test = validation_gain(context, now, then), _test_gain(now, then)
    return ActionOutcome(
        run_id=run.id,
        follows_run_id=follows.run_id,
        key=follows.key,
        kind=follows.kind,
        predicted=follows.gain,
        validation=gain,
        test=test,
        validated_alike=not has_both or gain is not None,
        n_requested=follows.n_requested,
        n_collected=follows.n_collected,
        before_gone=before is None,
        verdict=None if run.verdict is None else run.verdict.outcome,
    )


def _chosen_candidate(context: Context, run: Run | None) -> Candidate | None:
    return None if run is None or not run.chosen_id else context.candidate(run.chosen_id)


def _test_gain(now: Candidate, before: Candidate) -> float | None:
    from litmus_core.metrics import get_metric

    if now.test is None or before.test is None:
        return None
    sign = 1.0 if get_metric(now.test.metric).greater_is_better else -1.0
    return float(sign * (now.test.value - before.test.value))
