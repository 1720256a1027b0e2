"""What pages do with endpoints, whatever these serve: models, forecasts, many targets."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from app import services
from app.presenters.shipping.endpoints import (
    Certification,
    EndpointView,
    present_endpoint,
    present_nameless,
)
from app.views.shipping.endpoint import DeployWish
from litmus_core.errors import NotFoundError, RowError

__all__ = ["EndpointsController", "call_endpoint", "certification", "endpoint_views", "health", "refusal"]

_HEALTH_TIMEOUT_S = 0.5


def endpoint_views() -> list[EndpointView]:
    """Return every endpoint, running ones first; their certificates are read when they are drawn."""
    endpoints = services.studio().endpoints
    living, every = endpoints.list(), endpoints.all_stats()
    models = endpoints.described(
        {
            *(endpoint.bundle_id for endpoint in living),
            *(version.bundle_id for stats in every for version in stats.versions),
            *(stats.bundle_id for stats in every),
        }
    )
    views = [present_endpoint(stats, models=models, proofs={}) for stats in every]
    views += [present_nameless(endpoint, models=models) for endpoint in living if not endpoint.name]
    return sorted(views, key=lambda view: not view.is_alive)


def certification(bundle_id: str) -> Certification:
    """Return the certification of what a version serves: none for what earns no certificate."""
    certificates = services.studio().certificates
    try:
        return Certification(
            certificate=certificates.get(bundle_id), progress=certificates.progress(bundle_id)
        )
    except NotFoundError:  # it has none, or its record was deleted and an endpoint still uses it
        return Certification()


def health(url: str) -> bool:
    """Return whether an endpoint answers ``GET /health``."""
    try:
        status, _ = call_endpoint(url, "GET", "/health", timeout_s=_HEALTH_TIMEOUT_S)
    except (OSError, HTTPException):
        return False
    return status == 200


def call_endpoint(
    url: str, method: str, path: str, *, timeout_s: float, body: str | None = None, key: str = ""
) -> tuple[int, bytes]:
    """Return the status and the body of an endpoint's reply; ``key`` is its API key."""
    headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=timeout_s)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def refusal(status: int, reply: bytes) -> RowError:
    """Return what an endpoint says of a request that it refused."""
    try:
        detail = json.loads(reply)["detail"]
        return RowError(detail["message"], row=detail.get("row"), field=detail.get("field"))
    except (ValueError, KeyError, TypeError):
        return RowError(f"The endpoint refused the row (HTTP {status}).")


class EndpointsController:
    """A page's operations on an endpoint, and on what it is to serve."""

    def deploy(self, source: str, wish: DeployWish) -> None:
        """Serve a bundle, a forecast or targets on this machine (seconds); a bundle is certified, too."""
        services.studio().endpoints.deploy(
            source,
            name=wish.name,
            port=wish.port,
            sample_rate=wish.sample_rate,
            api_key_file=wish.key_file,
        )

    def endpoint(self, endpoint: EndpointView) -> EndpointView:
        """Return the present state of the endpoint, with the certificates of its versions."""
        if not endpoint.name:
            return endpoint
        endpoints = services.studio().endpoints
        stats = endpoints.stats(endpoint.name)
        ids = {stats.bundle_id, *(version.bundle_id for version in stats.versions)}
        return present_endpoint(
            stats,
            models=endpoints.described(ids),
            proofs={id_: certification(id_) for id_ in ids},
            history=endpoints.history(endpoint.name),
        )

    def log(self, name: str) -> str:
        """Return the last lines of an endpoint's log."""
        return services.studio().endpoints.log(name, n_lines=100)

    def stop(self, endpoint_id: str) -> None:
        """Stop serving."""
        services.studio().endpoints.stop(endpoint_id)

    def start(self, name: str) -> None:
        """Start a stopped endpoint again with the same settings."""
        services.studio().endpoints.start(name)

    def promote(self, name: str, version: int, because: str = "") -> None:
        """Switch to another version that outcomes show to be better, or for a reason (seconds)."""
        services.studio().endpoints.promote(name, version, because=because)

    def compare(self, name: str, version: int) -> str:
        """Return a sentence that compares a waiting version with the live one, by outcomes (seconds)."""
        return services.studio().retraining.compare(name, version).sentence

    def roll_back(self, name: str) -> None:
        """Switch back to the previous version."""
        services.studio().endpoints.rollback(name)
