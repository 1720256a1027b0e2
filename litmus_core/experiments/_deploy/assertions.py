"""Assertions that an experiment's models must satisfy besides their score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.assertion_lines import check_fit, read_lines
from litmus_core.experiments._deploy.live.outcomes import judge_again
from litmus_core.experiments._deploy.living import live_assertions
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._runs.comparison.leader import leading_run
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.types import Assertion, AssertionResult, AssertionsChanged, Experiment, Run, Task, Verdict
from litmus_core.verdicts import untested


@dataclass(frozen=True, slots=True)
class AssertionsService:
    """The assertions about an experiment's models, and their results."""

    context: Context
    users: UsersService

    def set(
        self, experiment_id: str, assertions: Path | str | Sequence[str | Assertion], *, by: str = ""
    ) -> Experiment:
        """Set the assertions that an experiment's models must satisfy, replacing earlier ones.

        ``assertions`` are lines such as "rises with area", or a text file of them. Judged models are tested
        at once, also by outcomes where they judged them before. ``by`` is who sets them (default: the current
        user). Raises UsageError for a line that is no assertion or does not fit, UnknownNameError for a
        column that models do not read.
        """
        context = self.context
        experiment = context.experiment(experiment_id)
        read = read_lines(assertions)
        check_fit(read, experiment.task, context.dataset(experiment.task.dataset_version_id))
        who = self.users.author(by)
        task = replace(experiment.task, assertions=read)
        verdicts = tuple(
            (
                run.id,
                replace(run.verdict, assertions=_as_judged(context, run, run.verdict, task)),
            )
            for run in context.runs(experiment_id)
            if run.verdict is not None
        )
        context.record(
            AssertionsChanged(experiment_id=experiment_id, assertions=read, by=who, verdicts=verdicts)
        )
        judge_again(context, experiment_id)
        return context.experiment(experiment_id)

    def check(self, id_: str) -> tuple[AssertionResult, ...]:
        """Test the assertions on the leading model of an experiment, the chosen one of a run, or a candidate.

        They are tested on its validation rows (seconds). Raises UsageError if there is no model yet.
        """
        context = self.context
        if id_.startswith("ex_"):
            run: Run | None = leading_run(context, id_)
            candidate_id = None if run is None else run.chosen_id
        elif "-" in id_:
            candidate_id = id_
        else:
            candidate_id = context.run(id_).chosen_id
        if candidate_id is None:
            raise UsageError(f"'{id_}' has no judged model yet.", hint="Wait for its verdict.")
        return candidate_assertions(context, candidate_id)

    def live(self, name: str) -> tuple[AssertionResult, ...]:
        """Test the assertions on the stored rows of the endpoint ``name`` with known outcomes (seconds)."""
        return live_assertions(self.context, name)


def candidate_assertions(context: Context, candidate_id: str) -> tuple[AssertionResult, ...]:
    """Test an experiment's assertions on a candidate."""
    candidate = context.candidate(candidate_id)
    run = context.run(candidate.run_id)
    return _on_validation(context, run, candidate_id, context.experiment(run.experiment_id).task)


def _on_validation(context: Context, run: Run, candidate_id: str, task: Task) -> tuple[AssertionResult, ...]:
    from litmus_core.jobs import try_assertions

    if not task.assertions:
        return ()
    folder, candidate = context.workspace.run_dir(run.id), context.candidate(candidate_id)
    return try_assertions(folder, run_data(context, run), candidate, task)


def _as_judged(context: Context, run: Run, verdict: Verdict, task: Task) -> tuple[AssertionResult, ...]:
    """Return the results for a verdict; without the run's files the earlier ones hold, and new ones are
    open."""
    try:
        return _on_validation(context, run, verdict.candidate_id, task)
    except (LitmusError, OSError):
        earlier = {result.assertion: result for result in verdict.assertions}
        return tuple(earlier.get(result.assertion, result) for result in untested(task.assertions))
