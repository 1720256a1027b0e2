"""From a candidate or bundle to a named endpoint, its versions and its figures."""

from __future__ import annotations

import logging
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import BundleError, LitmusError, NotFoundError, UsageError
from litmus_core.experiments._deploy.export import own_bundle, slug
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

_log = logging.getLogger(__name__)


def deploy(
    studio: Studio,
    what: str,
    *,
    name: str | None,
    port: int,
    sample_rate: float,
    api_key_file: Path | None,
    certify: bool,
) -> Endpoint:
    """Serve a candidate (exported first where it is not) or bundle, or return the endpoint that does.

    It earns its short certificate first, and its full one in the background once it answers. Behind the
    name of an endpoint that runs it becomes a version that waits to be promoted.
    """
    from litmus_core.deploy import put_behind

    bundle = _bundle(studio, what)
    living = {endpoint.name: endpoint for endpoint in endpoints(studio)}
    if name is None:
        for endpoint in living.values():
            if endpoint.bundle_id == bundle.id:
                return endpoint
        stem = slug(studio.experiment(bundle.experiment_id).name) or "model"
        name = next(each for each in _names(stem) if each not in living)
    if certify:
        _prove(studio, bundle)
    endpoint, is_new = put_behind(
        studio.workspace,
        bundle,
        name=name,
        port=port,
        sample_rate=sample_rate,
        api_key_file=api_key_file,
    )
    if is_new:
        _record_start(studio, endpoint)
    if certify:
        _prove_in_full(studio, bundle)
    return endpoint


def start_again(studio: Studio, name: str) -> Endpoint:
    """Start a stopped endpoint as it was, and record it; one that runs is returned."""
    from litmus_core.deploy import restart_endpoint

    for endpoint in endpoints(studio):
        if endpoint.name == name:
            return endpoint
    endpoint = restart_endpoint(studio.workspace, name)
    _record_start(studio, endpoint)
    return endpoint


def _record_start(studio: Studio, endpoint: Endpoint) -> None:
    from litmus_core.deploy import stop_endpoint

    try:
        studio.record(EndpointStarted(endpoint=endpoint))
    except LitmusError:  # what cannot be recorded, on a full disk say, is not left half deployed
        stop_endpoint(endpoint)
        raise


def _prove(studio: Studio, bundle: BundleRecord) -> None:
    """Earn the short certificate unless there is one; BundleError when the bundle answers otherwise.

    What else fails, a budget say, is on the certificate, and for whoever promotes to look at.
    """
    certificate = studio.certificate(bundle.id) or studio.certify(bundle.id, full=False)
    wrong = [line for line in certificate.failures if line.key == "golden"]
    if wrong:
        raise BundleError(
            f"The bundle was not deployed. {wrong[0].text}", hint="Export the model again, then deploy that."
        )


def _prove_in_full(studio: Studio, bundle: BundleRecord) -> None:
    certificate = studio.certificate(bundle.id)
    if (certificate is None or certificate.form != "full") and studio.certifying(bundle.id) is None:
        try:
            studio.start_certifying(bundle.id)
        except (LitmusError, OSError) as error:  # it answers; promoting asks for the certificate again
            _log.warning("The full certificate of %s could not be begun: %s", bundle.id, error)


def _names(stem: str) -> chain[str]:
    return chain([stem], (f"{stem}-{again}" for again in count(2)))


def _bundle(studio: Studio, what: str) -> BundleRecord:
    """Return the bundle of this id, or the workspace's own of this candidate."""
    for bundle in studio.bundles():
        if bundle.id == what:
            if not Path(bundle.path).exists():
                raise BundleError(
                    f"The bundle is no longer at {bundle.path}.", hint="Export the model again."
                )
            return bundle
    if what.startswith("bd_"):
        raise NotFoundError(kind="bundle", id=what, hint="Export the model again.")
    return own_bundle(studio, what)


def promote(studio: Studio, name: str, version: int | None) -> Endpoint:
    """Have another version answer, and record it; UsageError before its full certificate is passed."""
    from litmus_core.deploy import endpoint_stats, promote_endpoint

    versions = endpoint_stats(studio.workspace, name).versions
    wanted = [each for each in versions if version is None or each.number == version]
    if wanted:  # else the endpoint says which there are
        _check_proven(studio, max(wanted, key=lambda each: each.number).bundle_id)

    return _recorded(studio, promote_endpoint(studio.workspace, name, version), why="promoted")


def _check_proven(studio: Studio, bundle_id: str) -> None:
    certificate = studio.certificate(bundle_id)
    if certificate is None or certificate.form != "full":
        said = studio.certifying(bundle_id)
        raise UsageError(
            "This version has not earned its full certificate yet.",
            hint=f"It is being certified: {said}" if said else f"Certify it: litmus certify {bundle_id}",
        )
    if not certificate.passed:
        failed = " ".join(line.text for line in certificate.failures)
        raise UsageError(f"This version did not pass its certificate. {failed}", hint="Deploy another model.")


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
    # One with a name lives where its home is kept: in a copied workspace the process is another's.
    alive = {each.id: not each.name and endpoint_alive(each) for each in others}
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
    living = endpoints(studio)
    known |= {each.name: each for each in living if each.name}
    known |= {each.id: each for each in studio.store.endpoints()}
    if endpoint not in known:
        hint = "See them with: litmus endpoints"
        raise NotFoundError(kind="endpoint", id=endpoint, hint=hint, known=known)
    found = known[endpoint]
    if not found.name or any(each.id == found.id for each in living):
        stop_endpoint(found)
    studio.record(EndpointStopped(endpoint_id=found.id))
