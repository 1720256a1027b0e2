"""Which version of an endpoint answered from when on, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.errors import NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.types import EndpointPromoted, EndpointStarted, Retrained, WarmStart

ChangeKind = Literal["started", "replaced", "promoted", "rolled back"]
TrainedHow = Literal["", "from scratch", "continued"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChange:
    """A version began to answer at ``at`` (UTC, ISO 8601), since somebody started or changed its endpoint.

    *replaced*: it was started after a stop, in place of another version, and nothing was compared. ``proof``
    is what outcomes said of a promoted version that is better, ``reason`` what a person said ("": nothing);
    ``by`` names that person. ``trained`` says whether its model continued an earlier one ("": unknown).
    """

    at: str
    kind: ChangeKind
    version: int
    bundle_id: str
    by: str
    reason: str = ""
    proof: str = ""
    trained: TrainedHow = ""


def endpoint_changes(context: Context, name: str) -> list[EndpointChange]:
    """Return the changes of the endpoint ``name``, oldest first; none for an unknown one."""
    users, ids = UsersService(context), set()
    changes: list[EndpointChange] = []
    for event in context.journal.events(types=[EndpointStarted, EndpointPromoted]):
        fact, by = event.fact, users.name_of(event.person)
        if isinstance(fact, EndpointStarted) and fact.endpoint.name == name:
            started = fact.endpoint
            ids.add(started.id)
            is_other = bool(changes) and changes[-1].bundle_id != started.bundle_id
            changes.append(
                EndpointChange(
                    at=event.at,
                    kind="replaced" if is_other else "started",
                    version=started.version,
                    bundle_id=started.bundle_id,
                    by=by,
                    trained=_trained(context, started.bundle_id),
                )
            )
        elif isinstance(fact, EndpointPromoted) and fact.endpoint_id in ids:
            changes.append(
                EndpointChange(
                    at=event.at,
                    kind=fact.why,
                    version=fact.version,
                    bundle_id=fact.bundle_id,
                    by=fact.by or by,
                    reason=fact.reason,
                    proof=fact.proof,
                    trained=_trained(context, fact.bundle_id),
                )
            )
    return changes


def _trained(context: Context, bundle_id: str) -> TrainedHow:
    """Return how a version's model was trained; "" for other kinds, and where its run was deleted."""
    try:
        plan = context.run(context.store.bundle(bundle_id).run_id).plan
    except NotFoundError:
        return ""
    if plan.origin_as(WarmStart) is not None:
        return "continued"
    return "from scratch" if plan.origin is None or plan.origin_as(Retrained) is not None else ""
