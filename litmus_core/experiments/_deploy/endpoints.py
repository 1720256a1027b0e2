"""The use cases of a Studio that concern endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from litmus_core.experiments._deploy import deployment
from litmus_core.types import Endpoint, EndpointStats

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


class Endpoints:
    """A part of :class:`Studio`: put models to work behind names, exchange and watch them."""

    @property
    def _studio(self) -> Studio:
        return cast("Studio", self)

    def deploy(
        self,
        what: str,
        *,
        name: str | None = None,
        port: int = 0,
        sample_rate: float = 0.1,
        api_key_file: Path | None = None,
        certify: bool = True,
    ) -> Endpoint:
        """Serve a candidate or bundle, by its id, on this machine; it answers on return.

        Of a candidate it is the bundle that the workspace keeps, or a new one: never one that was exported to
        somewhere else, or in a form of one's own; those are named by their id.
        It goes on when this process ends. Behind the ``name`` of an endpoint that runs it becomes a version
        that waits for :meth:`promote`. Without a name it gets the experiment's, or the endpoint that already
        serves it. A ``sample_rate`` of requests is kept with its predictions; ``port`` 0 takes a free one.
        Unless ``certify`` is False it earns its short certificate before (BundleError when it answers
        otherwise than at export) and its full one in the background.
        """
        return deployment.deploy(
            self._studio,
            what,
            name=name,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            certify=certify,
        )

    def promote(self, name: str, version: int | None = None) -> Endpoint:
        """Have a version (None: the newest) answer behind a name; no request is lost."""
        return deployment.promote(self._studio, name, version)

    def rollback(self, name: str) -> Endpoint:
        """Have the version answer that did before the last promotion."""
        return deployment.rollback(self._studio, name)

    def endpoints(self) -> list[Endpoint]:
        """Return the endpoints that are kept alive; those found dead are recorded as stopped."""
        return deployment.endpoints(self._studio)

    def start_endpoint(self, name: str) -> Endpoint:
        """Start a stopped endpoint again, with the version, settings and, if it is free, the port it had."""
        return deployment.start_again(self._studio, name)

    def stop_endpoint(self, endpoint: str) -> None:
        """Stop an endpoint, by its name or id; its versions stay for the next start."""
        deployment.stop(self._studio, endpoint)

    def endpoint_stats(self, name: str) -> EndpointStats:
        """Return an endpoint's state, versions, counts, times, errors and restarts, running or not."""
        from litmus_core.deploy import endpoint_stats

        return endpoint_stats(self._studio.workspace, name)

    def all_endpoint_stats(self) -> list[EndpointStats]:
        """Return the same for every endpoint that has a name, stopped ones included."""
        from litmus_core.deploy import all_endpoint_stats

        return all_endpoint_stats(self._studio.workspace)

    def endpoint_log(self, name: str, n_lines: int = 200) -> str:
        """Return the last lines of an endpoint's log."""
        from litmus_core.deploy import endpoint_log_tail

        return endpoint_log_tail(self._studio.workspace, name, n_lines)
