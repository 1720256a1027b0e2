"""Which version of an endpoint answered from when on, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.types import EndpointPromoted, EndpointStarted

ChangeKind = Literal["started", "promoted", "rolled back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChange:
    """A version began to answer at ``at`` (UTC, ISO 8601), since somebody started or changed its endpoint.

    ``proof`` is what outcomes said of a promoted version that is better, ``reason`` what a person said ("":
    nothing); ``by`` names that person.
    """

    at: str
    kind: ChangeKind
    version: int
    bundle_id: str
    by: str
    reason: str = ""
    proof: str = ""


def endpoint_changes(context: Context, name: str) -> list[EndpointChange]:
    """Return the changes of the endpoint ``name``, oldest first; none for an unknown one."""
    users, ids, changes = UsersService(context), set(), []
    for event in context.journal.events(types=[EndpointStarted, EndpointPromoted]):
        fact, by = event.fact, users.name_of(event.person)
        if isinstance(fact, EndpointStarted) and fact.endpoint.name == name:
            started = fact.endpoint
            ids.add(started.id)
            changes.append(
                EndpointChange(
                    at=event.at, kind="started", version=started.version, bundle_id=started.bundle_id, by=by
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
                )
            )
    return changes
