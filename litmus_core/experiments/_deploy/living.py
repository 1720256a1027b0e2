"""Find running endpoints, and record dead and unrecorded ones."""

from __future__ import annotations

from litmus_core.experiments._context import Context
from litmus_core.types import Endpoint, EndpointStarted, EndpointStopped, Fact


def supervised_endpoints(context: Context) -> list[Endpoint]:
    """Return the supervised endpoints; record dead ones, and running ones without a record."""
    from litmus_core.deploy import endpoint_alive
    from litmus_core.deploy import live_endpoints as named_endpoints

    named = named_endpoints(context.workspace)
    stored = {endpoint.id: endpoint for endpoint in context.store.endpoints()}
    ids = {endpoint.id for endpoint in named}
    others = [endpoint for endpoint in stored.values() if endpoint.alive and endpoint.id not in ids]
    # A named endpoint belongs to its home folder: in a copied workspace the process is another's.
    alive = {endpoint.id: not endpoint.name and endpoint_alive(endpoint) for endpoint in others}
    facts: list[Fact] = [
        *(EndpointStarted(endpoint=endpoint) for endpoint in named if endpoint.id not in stored),
        *(EndpointStopped(endpoint_id=id_) for id_, lives in alive.items() if not lives),
    ]
    if facts:
        context.record(*facts)
    return [*named, *(endpoint for endpoint in others if alive[endpoint.id])]
