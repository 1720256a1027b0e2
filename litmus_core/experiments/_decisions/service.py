"""Decisions after a score is known: move the bar, or use a model regardless of its verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace

from litmus_core.data import check_metric
from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._actions.stored import STORED
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._decisions.gates import judged_gate
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._deploy.certificates import CertificatesService
from litmus_core.experiments._deploy.live.outcomes import endpoints_of, judge_again
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._runs.comparison.evaluations import n_evaluations
from litmus_core.plugins import has_lines
from litmus_core.store import utc_now
from litmus_core.types import (
    AcceptanceWithdrawn,
    Bar,
    BarMove,
    BarMoved,
    CertificateLine,
    Decision,
    Experiment,
    ModelAccepted,
    Run,
    RunJudged,
    Task,
    Verdict,
)
from litmus_core.verdicts import Gate, bar_at, promised_value, rejudge, verdict_headline, with_first_bar

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class DecisionsService:
    """Decisions about an experiment whose scores are known."""

    context: Context
    users: UsersService
    bundles: BundlesService
    certificates: CertificatesService

    def verdict_at(self, run_id: str, value: float) -> Verdict:
        """Return a run's verdict if the bar were at ``value``; nothing is recorded, trained or scored.

        Raises UsageError for a run without a verdict, and for a bar that its metric cannot reach.
        """
        run = self.context.run(run_id)
        task = self.context.experiment(run.experiment_id).task
        nobody = BarMove(before=None, by="", at="")
        return self._judged_again(run, _with_bar(self.context, task, value), nobody)

    def gate(self, id_: str, requirement: str = "meets") -> Gate:
        """Judge an experiment's leading run, a run or a candidate by ``requirement``, the least good grade.

        ``requirement`` is "meets" or "probably meets". The result is undecided before a verdict, and for a
        candidate that its run did not choose. If the workspace has certificate lines of its own, the model
        needs them, too: it gets its short certificate unless it has one. Raises UnknownNameError for another
        requirement, UsageError if there is no bar.
        """
        return judged_gate(self.context, id_, requirement, lines_of=self._own_lines)

    def _own_lines(self, candidate_id: str) -> tuple[CertificateLine, ...]:
        if not has_lines(self.context.workspace.path):
            return ()
        bundle = self.bundles.stored(candidate_id)
        certificate = self.certificates.current(bundle.id) or self.certificates.create(bundle.id, full=False)
        return certificate.plugin_lines

    def promised(self, run_id: str) -> Bar | None:
        """Return the best bar that a run's model meets, with every evaluation on its test rows counted.

        None if nothing better than a constant prediction can be promised.
        """
        run = self.context.run(run_id)
        judged = _first_verdict(self.context, run)
        value = promised_value(judged, n_evaluations=n_evaluations(self.context, run, judged))
        return None if value is None else bar_at(self.context.experiment(run.experiment_id).task, value)

    def move_bar(
        self,
        experiment_id: str,
        value: float,
        *,
        because: str = "",
        by: str = "",
        instead_of: Bar | None = None,
    ) -> Experiment:
        """Move an experiment's bar to ``value``, and judge its runs by it; nothing is trained.

        ``because`` is the reason, without which the bar of an endpoint's model stays. ``by`` is who moves it
        (default: the current user). ``instead_of`` is the bar that they saw: raises BusyError if somebody has
        moved it since. Raises UsageError for a bar that the metric cannot reach, or a missing reason. If the
        bar returns to where it was before the first evaluation, the first verdicts hold again. Deployed
        models are judged by it, too, where outcomes judged them before. Lists of actions, which are about the
        old bar, are removed.
        """
        context = self.context
        context.store.refresh(until=context.journal.last_id())
        experiment = context.experiment(experiment_id)
        if instead_of is not None and experiment.task.bar != instead_of:
            raise BusyError(
                f"Somebody moved the bar meanwhile: it is {experiment.task.bar}, and you saw {instead_of}.",
                hint="Nothing was changed. Look at the verdict by that bar, then move it again.",
            )
        task = _with_bar(context, experiment.task, value)
        if task.bar is None or task.bar == experiment.task.bar:
            return experiment
        reason = _read_reason(because, _why_bar_needs_one(context, experiment_id))
        move = BarMove(before=None, by=self.users.author(by), at=utc_now(), because=reason)
        verdicts = tuple(
            (run.id, self._judged_again(run, task, move))
            for run in context.runs(experiment_id)
            if run.verdict is not None
        )
        context.record(
            BarMoved(experiment_id=experiment_id, bar=task.bar, by=move.by, because=reason, verdicts=verdicts)
        )
        remove_files(*(context.workspace.run_dir(run_id) / STORED for run_id, _ in verdicts))
        judge_again(context, experiment_id)
        return context.experiment(experiment_id)

    def use_anyway(self, run_id: str, *, because: str, by: str = "") -> Decision:
        """Record that a run's model is used regardless of its verdict, with the reason ``because``.

        Raises UsageError without a reason, and for a run without a verdict.
        """
        run = self.context.run(run_id)
        missing = UsageError("A decision needs a reason.", hint="Write why the model is used anyway.")
        reason = _read_reason(because, missing)
        if run.verdict is None:
            raise _no_verdict(run)
        decision = Decision(
            run_id=run.id,
            candidate_id=run.verdict.candidate_id,
            reason=reason,
            by=self.users.author(by),
            at=utc_now(),
            verdict=verdict_headline(run.verdict),
            bar=run.verdict.bar,
        )
        self.context.record(ModelAccepted(experiment_id=run.experiment_id, decision=decision))
        return decision

    def withdraw(self, experiment_id: str, *, by: str = "") -> None:
        """Withdraw the decision to use a model regardless of its verdict; the journal keeps it."""
        if self.context.experiment(experiment_id).decision is None:
            raise UsageError("There is no decision to take back.", hint="Nothing was changed.")
        who = self.users.author(by)
        self.context.record(AcceptanceWithdrawn(experiment_id=experiment_id, by=who))

    def _judged_again(self, run: Run, task: Task, move: BarMove) -> Verdict:
        first = _first_verdict(self.context, run)
        if task.bar == first.bar:
            return first
        return rejudge(
            first,
            task.bar,
            n_evaluations=n_evaluations(self.context, run, first),
            moved=replace(move, before=first.bar),
        )


def _read_reason(because: str, missing: UsageError | None) -> str:
    """Return a reason on one line. Raises UsageError if it is too long, and ``missing`` if there is none."""
    reason = " ".join(because.split())
    if not reason and missing is not None:
        raise missing
    if len(reason) > _LONGEST_REASON:
        raise UsageError(
            f"A reason of {len(reason)} letters is too long.", hint=f"Use {_LONGEST_REASON} at most."
        )
    return reason


def _why_bar_needs_one(context: Context, experiment_id: str) -> UsageError | None:
    """Return the error of a bar without a reason where an endpoint serves a model of the experiment."""
    served = endpoints_of(context, experiment_id)
    if not served:
        return None
    subject = f"Endpoint '{served[0]}' serves" if len(served) == 1 else f"{len(served)} endpoints serve"
    return UsageError(
        f"{subject} a model of this experiment, so moving its bar needs a reason.",
        hint='Say why, with --because "…" or because="…". The bar is where it was.',
    )


def _first_verdict(context: Context, run: Run) -> Verdict:
    """Return a run's verdict as it stands, but by the bar that was set before its score was known."""
    judged = [event.fact for event in context.journal.events(run_id=run.id, types=[RunJudged])]
    verdicts = [fact.verdict for fact in judged if isinstance(fact, RunJudged)]
    if not verdicts or run.verdict is None:
        raise _no_verdict(run)
    return with_first_bar(run.verdict, verdicts[-1])


def _with_bar(context: Context, task: Task, value: float) -> Task:
    """Return the task with its bar at ``value``. Raises UsageError if its metric cannot reach that."""
    moved = replace(task, bar=bar_at(task, value))
    target = context.dataset(task.dataset_version_id).column(task.target)
    check_metric(moved, target, labels=None)
    return moved


def _no_verdict(run: Run) -> UsageError:
    return UsageError(f"{run.title} has no verdict yet.", hint="Wait for it, or finish the run.")
