"""Retraining policies: when to retrain an endpoint's model. Nothing is promoted automatically."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from litmus_core.errors import BusyError, DataError, LitmusError, NotFoundError, UsageError, WorkspaceError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.experiments._deploy.live.outcomes import OutcomesService
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.types import LiveVerdict, Run

if TYPE_CHECKING:
    from litmus_core.deploy import Retraining, RetrainingPolicy

_POLICY = re.compile(r"(?P<alarm>on-alarm)|after:(?P<after>[1-9][0-9]*)|every:(?P<every>[1-9][0-9]*)d")
_AGAIN_S = 60.0  # pause after a check without a verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """The verdict of a check, and what its policy did as ``message`` ("": nothing)."""

    verdict: LiveVerdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class PolicyService:
    """The retraining policies of endpoints on this machine."""

    context: Context
    endpoints: EndpointsService
    outcomes: OutcomesService
    retraining: RetrainingService

    def set(self, name: str, retrain: str, *, warm_start: bool = False) -> RetrainingPolicy | None:
        """Set when to retrain the model of the endpoint ``name`` automatically.

        ``retrain`` is "on-alarm" (once outcomes show that it no longer meets its bar), "after:500" (new
        outcomes), "every:30d" (days) or "never". The new model waits as a version; nothing is promoted
        automatically. With ``warm_start`` the model that answers gets more trees instead of a training from
        scratch, where it can. Raises UsageError for anything else, NotFoundError if there is no such
        endpoint.
        """
        from litmus_core.deploy import store_policy

        policy = _read_policy(retrain, warm_start=warm_start)
        store_policy(self.context.workspace, name, policy)
        return policy

    def get(self, name: str) -> RetrainingPolicy | None:
        """Return when the model of an endpoint is retrained automatically; None: never."""
        from litmus_core.deploy import stored_policy

        return stored_policy(self.context.workspace, name)

    def check(self, name: str) -> LiveCheck:
        """Judge an endpoint by its outcomes, and apply its policy (seconds).

        The app does so when outcomes come; elsewhere a timer calls ``litmus endpoints check``.
        """
        from litmus_core.deploy import stored_retraining

        verdict = self.outcomes.verdict(name)
        try:
            policy = self.get(name)
        except WorkspaceError as error:  # the verdict stands
            return LiveCheck(verdict=verdict, message=str(error))
        if policy is None:
            return LiveCheck(verdict=verdict)
        record = stored_retraining(self.context.workspace, name)
        if record is not None and record.bundle_id != verdict.bundle_id:
            record = None  # of an earlier version
        run = None if record is None else self._run(record)
        if run is not None and run.status in ("queued", "running"):
            return LiveCheck(verdict=verdict, message=f"{run.title} trains its model again.")
        try:
            message = self._add_version(name, run) or self._retrain(name, policy, verdict, record)
        except LitmusError as error:  # such as too few stored rows: the verdict stands
            message = str(error)
        return LiveCheck(verdict=verdict, message=message)

    def _run(self, record: Retraining) -> Run | None:
        try:
            return self.context.run(record.run_id)
        except NotFoundError:
            return None

    def _add_version(self, name: str, run: Run | None) -> str:
        """Add a finished run's model as a waiting version; return a message, "" without a model."""
        if run is None or run.chosen_id is None:
            return ""
        bundles = {bundle.id for bundle in self.context.store.bundles() if bundle.run_id == run.id}
        if any(version.bundle_id in bundles for version in self.endpoints.stats(name).versions):
            return ""
        self.retraining.add_version(run.id)
        newest = self.endpoints.stats(name).versions[-1].number
        return f"Its new model waits as version {newest}. Next: litmus endpoints promote {name} --if-better"

    def _retrain(
        self, name: str, policy: RetrainingPolicy, verdict: LiveVerdict, record: Retraining | None
    ) -> str:
        versions = {version.number: version.added_at for version in self.endpoints.stats(name).versions}
        since = versions[verdict.version] if record is None else record.started_at
        if not _is_due(policy, verdict, n_before=0 if record is None else record.n_outcomes, since=since):
            return ""
        why_not = ""
        if policy.warm_start:
            try:
                return (
                    f"Its model continues on the new rows: {self.retraining.start(name, warm_start=True).id}."
                )
            except (DataError, UsageError) as error:  # nobody is there to choose the other way
                why_not = f" It cannot continue: {error.message}"
        return f"Its model is trained again: {self.retraining.start(name).id}.{why_not}"


def _read_policy(text: str, *, warm_start: bool) -> RetrainingPolicy | None:
    from litmus_core.deploy import RetrainingPolicy

    if text == "never":
        return None
    match = _POLICY.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"'{text}' does not say when to retrain.", hint="Write on-alarm, after:500, every:30d or never."
        )
    if match["alarm"]:
        return RetrainingPolicy(when="on alarm", warm_start=warm_start)
    if match["after"]:
        return RetrainingPolicy(when="after", n_outcomes=int(match["after"]), warm_start=warm_start)
    return RetrainingPolicy(when="every", days=float(match["every"]), warm_start=warm_start)


def _is_due(policy: RetrainingPolicy, verdict: LiveVerdict, *, n_before: int, since: str) -> bool:
    """Return whether a policy retrains now; on an alarm once, then again with twice the outcomes."""
    if policy.when == "on alarm":
        return verdict.judgement.state == "not any more" and verdict.n_outcomes >= 2 * n_before
    if policy.when == "after":
        return verdict.n_outcomes - n_before >= (policy.n_outcomes or 0)
    days = (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds() / 86_400
    return days >= (policy.days or 0.0)


@dataclass(slots=True)
class LiveChecks:
    """Starts a process that checks an endpoint when outcomes, a policy or its new model have come.

    ``started`` has the times.
    """

    context: Context
    started: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """Start the checks that are due; only small files are read."""
        from litmus_core.deploy import endpoints_to_judge
        from litmus_core.jobs import live_job

        workspace, now_s = self.context.workspace, time.time()
        for name in {*endpoints_to_judge(workspace, now_s=now_s), *self._trained_again()}:
            if now_s - self.started.get(name, 0.0) < _AGAIN_S:
                continue
            self.started[name] = now_s
            try:
                start_work(
                    live_job(workspace, name),
                    "live",
                    name,
                    context=self.context,
                    busy="It is judged already.",
                )
            except (BusyError, UsageError):  # another window has started it, or the disk is full
                continue

    def _trained_again(self) -> Iterator[str]:
        """Yield the endpoints whose model was trained again since their last verdict."""
        from litmus_core.deploy import stored_retrainings, stored_verdict

        for record in stored_retrainings(self.context.workspace):
            with suppress(NotFoundError):
                verdict = stored_verdict(self.context.workspace, record.name)
                ended_at = self.context.run(record.run_id).times.ended_at
                if verdict is not None and ended_at is not None and ended_at > verdict.judged_at:
                    yield record.name
