"""An endpoint's last verdict, retraining, policy and source of outcomes: small files beside its state."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from litmus_core.deploy._endpoints.folder import EndpointFolder, endpoint_folders, replace_text
from litmus_core.deploy._endpoints.outcomes import OutcomeColumns
from litmus_core.deploy._served import check_outcomes
from litmus_core.errors import LitmusError, WorkspaceError, writing
from litmus_core.serving import OUTCOMES_CAME
from litmus_core.store import Workspace
from litmus_core.types import DETECT_ALL, LiveVerdict, ReadOptions, from_plain, to_plain

T = TypeVar("T")
_PAUSE_S, _DAY_S = 60.0, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """The run that retrains the model of the endpoint ``name``, to replace the bundle that answered.

    ``n_outcomes`` outcomes of that bundle were known when it started.
    """

    name: str
    bundle_id: str
    run_id: str
    experiment_id: str
    started_at: str
    n_outcomes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainingPolicy:
    """When to retrain an endpoint's model automatically.

    *on alarm*: once outcomes show that it no longer meets its bar; *after*: at ``n_outcomes`` new outcomes;
    *every*: after so many ``days``. With ``warm_start`` the model that answers continues where it can.
    """

    when: Literal["on alarm", "after", "every"]
    n_outcomes: int | None = None
    days: float | None = None
    warm_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSource:
    """The address that outcomes came from last, without secrets, and how its table is read."""

    address: str
    columns: OutcomeColumns
    options: ReadOptions = DETECT_ALL


def store_outcome_source(workspace: Workspace, name: str, source: OutcomeSource) -> None:
    """Store where outcomes of ``name`` came from. Raises UsageError if it cannot be written."""
    _write(EndpointFolder(workspace, name).outcome_source, source)


def stored_outcome_source(workspace: Workspace, name: str) -> OutcomeSource | None:
    """Return the address that outcomes of ``name`` came from last; None if they came from files alone.

    Raises NotFoundError if there is no such endpoint.
    """
    home = EndpointFolder(workspace, name)
    home.read()
    return _read(home.outcome_source, OutcomeSource)


def store_policy(workspace: Workspace, name: str, policy: RetrainingPolicy | None) -> None:
    """Store when to retrain ``name`` (None: never).

    Raises NotFoundError if there is no such endpoint, UsageError where no outcomes are joined with its
    answers.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    check_outcomes(state.version(state.live).path)
    if policy is None:
        home.policy.unlink(missing_ok=True)
        return
    _write(home.policy, policy)


def stored_policy(workspace: Workspace, name: str) -> RetrainingPolicy | None:
    """Return when to retrain ``name`` (None: never). Raises WorkspaceError if the policy is damaged."""
    path = EndpointFolder(workspace, name).policy
    policy = _read(path, RetrainingPolicy)
    if policy is None and path.exists():
        raise WorkspaceError(
            f"The policy of '{name}' cannot be read: {path.name} is damaged.",
            hint=f"Set it again: litmus endpoints policy {name} --retrain on-alarm.",
        )
    return policy


def endpoints_to_judge(workspace: Workspace, *, now_s: float) -> list[str]:
    """Return the endpoints with outcomes or a policy since their last verdict, or whose policy counts days.

    Only file times and the policy are read. No endpoint is judged more often than once a minute.
    """
    return [home.name for home in endpoint_folders(workspace) if _is_to_judge(home, now_s=now_s)]


def _is_to_judge(home: EndpointFolder, *, now_s: float) -> bool:
    judged_at = _written_at(home.verdict)
    if now_s - judged_at < _PAUSE_S:
        return False
    if max(_written_at(home.answers.with_name(OUTCOMES_CAME)), _written_at(home.policy)) > judged_at:
        return True
    policy = _read(home.policy, RetrainingPolicy) if now_s - judged_at >= _DAY_S else None
    return policy is not None and policy.when == "every"


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def store_verdict(workspace: Workspace, verdict: LiveVerdict) -> None:
    """Store the last verdict, for pages and ``/metrics``; keep the previous one if it cannot be written."""
    with suppress(LitmusError):
        _write(EndpointFolder(workspace, verdict.name).verdict, verdict)


def stored_verdict(workspace: Workspace, name: str) -> LiveVerdict | None:
    """Return the last verdict on the version of ``name`` that answers now; None if there is none.

    Raises NotFoundError if there is no such endpoint.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    verdict = _read(home.verdict, LiveVerdict)
    return verdict if verdict and verdict.bundle_id == state.version(state.live).bundle_id else None


def store_retraining(workspace: Workspace, retraining: Retraining) -> None:
    """Store which run retrains an endpoint's model. Raises UsageError if it cannot be written."""
    _write(EndpointFolder(workspace, retraining.name).retraining, retraining)


def stored_retraining(workspace: Workspace, name: str) -> Retraining | None:
    """Return the last run that retrained the model of ``name``; None if there is none."""
    return _read(EndpointFolder(workspace, name).retraining, Retraining)


def stored_retrainings(workspace: Workspace) -> list[Retraining]:
    """Return the last run that retrained the model of each endpoint, if any."""
    records = (_read(home.retraining, Retraining) for home in endpoint_folders(workspace))
    return [record for record in records if record is not None]


def _write(path: Path, record: object) -> None:
    with writing(path):
        replace_text(path, json.dumps(to_plain(record), indent=1))


def _read(path: Path, kind: type[T]) -> T | None:
    """Return the record in a file; None if there is none, or none that can be read."""
    try:
        return from_plain(kind, json.loads(path.read_text(encoding="utf-8")))
    except Exception:  # noqa: BLE001 - cattrs raises groups of errors
        return None
