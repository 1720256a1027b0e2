"""From a candidate or bundle to a named endpoint, its versions and its figures."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import BundleError, NotFoundError
from litmus_core.experiments._exports import slug
from litmus_core.types import (
    BundleRecord,
    Endpoint,
    EndpointPromoted,
    EndpointStarted,
    EndpointStopped,
    Fact,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def deploy(
    studio: Studio,
    what: str,
    *,
    name: str | None,
    port: int,
    sample_rate: float,
    api_key_file: Path | None,
) -> Endpoint:
    """Serve a candidate (exported first where it is not) or bundle, or return the endpoint that does.

    Behind the name of an endpoint that runs it becomes a version that waits to be promoted.
    """
    from litmus_core.deploy import add_version, start_endpoint

    bundle = _bundle(studio, what)
    living = {endpoint.name: endpoint for endpoint in endpoints(studio)}
    if name is None:
        for endpoint in living.values():
            if endpoint.bundle_id == bundle.id:
                return endpoint
        stem = slug(studio.experiment(bundle.experiment_id).name) or "model"
        name = next(each for each in _names(stem) if each not in living)
    if name in living:
        add_version(studio.workspace, name, bundle)
        return living[name]
    endpoint = start_endpoint(
        studio.workspace, bundle, name=name, port=port, sample_rate=sample_rate, api_key_file=api_key_file
    )
    studio.record(EndpointStarted(endpoint=endpoint))
    return endpoint


def _names(stem: str) -> chain[str]:
    return chain([stem], (f"{stem}-{again}" for again in count(2)))


def _bundle(studio: Studio, what: str) -> BundleRecord:
    """Return the bundle of this id, or the newest of this candidate, which is exported where none is left."""
    every = studio.bundles()
    for bundle in every:
        if bundle.id == what:
            if not Path(bundle.path).exists():
                raise BundleError(
                    f"The bundle is no longer at {bundle.path}.", hint="Export the model again."
                )
            return bundle
    if what.startswith("bd_"):
        raise NotFoundError(kind="bundle", id=what, hint="Export the model again.")
    for bundle in every:
        if bundle.candidate_id == what and Path(bundle.path).exists():
            return bundle
    return studio.export(what)


def promote(studio: Studio, name: str, version: int | None) -> Endpoint:
    """Have another version answer, and record it."""
    from litmus_core.deploy import promote_endpoint

    return _recorded(studio, promote_endpoint(studio.workspace, name, version), why="promoted")


def rollback(studio: Studio, name: str) -> Endpoint:
    """Have the version before answer again, and record it."""
    from litmus_core.deploy import rollback_endpoint

    return _recorded(studio, rollback_endpoint(studio.workspace, name), why="rolled back")


def _recorded(studio: Studio, endpoint: Endpoint, *, why: Literal["promoted", "rolled back"]) -> Endpoint:
    fact = EndpointPromoted(
        endpoint_id=endpoint.id, bundle_id=endpoint.bundle_id, version=endpoint.version, why=why
    )
    studio.record(fact)
    return endpoint


def endpoints(studio: Studio) -> list[Endpoint]:
    """Return what is kept alive; record what was found dead, and what lives without a record."""
    from litmus_core.deploy import endpoint_alive, living_endpoints

    named = living_endpoints(studio.workspace)
    stored = {endpoint.id: endpoint for endpoint in studio.store.endpoints()}
    found = {endpoint.id for endpoint in named}
    others = [each for each in stored.values() if each.alive and each.id not in found]
    alive = {each.id: endpoint_alive(each) for each in others}
    facts: list[Fact] = [
        *(EndpointStarted(endpoint=endpoint) for endpoint in named if endpoint.id not in stored),
        *(EndpointStopped(endpoint_id=id_) for id_, lives in alive.items() if not lives),
    ]
    if facts:
        studio.record(*facts)
    return [*named, *(each for each in others if alive[each.id])]


def stop(studio: Studio, endpoint: str) -> None:
    """Stop an endpoint by its name or id; one that is already gone is recorded as stopped."""
    from litmus_core.deploy import stop_endpoint

    # A name belongs to whoever bears it now: the endpoint that was started last.
    known = {each.name: each for each in reversed(studio.store.endpoints()) if each.name}
    known |= {each.name: each for each in endpoints(studio) if each.name}
    known |= {each.id: each for each in studio.store.endpoints()}
    if endpoint not in known:
        raise NotFoundError(kind="endpoint", id=endpoint, hint="It is already stopped.")
    stop_endpoint(known[endpoint])
    studio.record(EndpointStopped(endpoint_id=known[endpoint].id))
