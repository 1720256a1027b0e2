"""Endpoints: serve models under names, replace, monitor and stop them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Literal

from litmus_core.errors import LitmusError, NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import slug
from litmus_core.experiments._deploy.deployable.history import EndpointChange, endpoint_changes
from litmus_core.experiments._deploy.deployable.models import DeployableModels, ServedModel, models_of
from litmus_core.experiments._deploy.deployable.promotion import Grounds, VersionChange
from litmus_core.experiments._deploy.living import supervised_endpoints
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.types import (
    Endpoint,
    EndpointPromoted,
    EndpointStarted,
    EndpointStats,
    EndpointStopped,
    EndpointVersion,
    LiveComparison,
)


@dataclass(frozen=True, slots=True)
class EndpointsService:
    """Models served under names on this machine."""

    context: Context
    models: Sequence[DeployableModels]

    def deploy(
        self,
        source: str,
        *,
        name: str | None = None,
        port: int | None = None,
        sample_rate: float | None = None,
        api_key_file: Path | None = None,
        token_file: Path | None = None,
        certify: bool = True,
    ) -> Endpoint:
        """Serve a candidate, bundle, forecast or set of targets, by its id; it is ready when this returns.

        For a candidate this is its bundle in the workspace, or a new one. Bundles exported elsewhere, or in
        an explicitly requested form, must be given by their own id. Forecasts and targets are copied as they
        are now. The endpoint outlives this process. Under the ``name`` of a running endpoint it becomes a
        version that waits for :meth:`promote`. Without a name it gets the experiment's name, or the endpoint
        that already serves it. A share ``sample_rate`` of the rows (default 0.1) is stored with predictions;
        ``port`` 0 takes a free one. Callers send the key of ``api_key_file``, or a token that the rules in
        ``token_file`` accept. A stopped endpoint keeps those of the four that are None; a running one keeps
        all, and another value raises BusyError.

        Unless ``certify`` is False a bundle first gets its short certificate, and its full one in the
        background. Raises BundleError if its predictions differ from those at export, or a check of the
        workspace's own fails; UsageError under the name of an endpoint whose answers are of another kind.
        """
        from litmus_core.deploy import deploy_bundle

        models = models_of(self.models, source)
        model, living = models.stored(source), {endpoint.name: endpoint for endpoint in self.list()}
        serving = () if name else (one.name for one in living.values() if one.bundle_id == model.id)
        served = next(iter(serving), None)
        if name is None:
            stem = slug(models.name(model.id)) or "model"
            name = served or next(free_name for free_name in _names(stem) if free_name not in living)
        certification = models.certification if certify and not served else None
        if certification is not None:
            certification.check(model.id)
        endpoint, is_new = deploy_bundle(
            self.context.workspace,
            model,
            name=name,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            token_file=token_file,
        )
        if is_new:
            self._record_start(endpoint)
        if certification is not None:
            certification.start(model.id)
        return endpoint

    def has_certificates(self, source: str) -> bool:
        """Return whether what is served of ``source`` earns a certificate."""
        return models_of(self.models, source).certification is not None

    def described(self, bundle_ids: Iterable[str]) -> dict[str, ServedModel]:
        """Describe the models of versions, by their ``bundle_id``; without those that were removed."""
        described = {}
        for id_ in bundle_ids:
            with suppress(NotFoundError):
                described[id_] = models_of(self.models, id_).described(id_)
        return described

    def promote(
        self,
        name: str,
        version: int | None = None,
        *,
        because: str = "",
        comparison: LiveComparison | None = None,
    ) -> Endpoint:
        """Switch a name to a version (None: the newest); no request is lost.

        Raises BusyError if the endpoint does not run, UsageError if the version answers already or before a
        bundle has passed its full certificate. So it does unless outcomes show that the version is better
        than the live one, and where it breaks an assertion, unless there is a reason, ``because`` of which it
        is promoted anyway. The reason is recorded. A ``comparison`` of the version that was made just now is
        not made again. An older version that answered before needs no such proof, and neither do models
        without outcomes.
        """
        from litmus_core.deploy import check_running, endpoint_stats, promote_endpoint

        check_running(self.context.workspace, name)
        stats, reason = endpoint_stats(self.context.workspace, name), " ".join(because.split())
        grounds = Grounds(reason=reason)
        wanted = [entry for entry in stats.versions if version is None or entry.number == version]
        if wanted:  # otherwise the endpoint lists its versions
            newest = max(wanted, key=lambda entry: entry.number)
            if newest.number == stats.version:
                raise UsageError(
                    f"Version {newest.number} of '{name}' answers already.",
                    hint="Deploy another model under this name first, or roll back.",
                )
            change = self._change(name, newest, reason)
            if change is not None:
                change.certification.check_certified(change.version.bundle_id)
                if self._is_return(stats, change.version):
                    grounds = change.check_return("promote")
                else:
                    grounds = change.check_promotion(comparison)
        endpoint = promote_endpoint(self.context.workspace, name, version)
        return self._record_version(endpoint, why="promoted", grounds=grounds)

    def rollback(self, name: str, *, because: str = "") -> Endpoint:
        """Switch back to the version before the last promotion; no request is lost.

        Raises BusyError if the endpoint does not run, UsageError where that version breaks an assertion,
        unless there is a reason, as :meth:`promote` does. It needs no certificate and no proof, since it
        answered before.
        """
        from litmus_core.deploy import check_running, endpoint_stats, rollback_endpoint

        check_running(self.context.workspace, name)
        stats, reason = endpoint_stats(self.context.workspace, name), " ".join(because.split())
        grounds = Grounds(reason=reason)
        for version in stats.versions:
            if version.number == stats.previous:
                change = self._change(name, version, reason)
                grounds = grounds if change is None else change.check_return("rollback")
        endpoint = rollback_endpoint(self.context.workspace, name)
        return self._record_version(endpoint, why="rolled back", grounds=grounds)

    def history(self, name: str) -> list[EndpointChange]:
        """Return which version of an endpoint answered from when on, and why, oldest first.

        Raises NotFoundError if there is no such endpoint.
        """
        self.stats(name)
        return endpoint_changes(self.context, name)

    def _change(self, name: str, version: EndpointVersion, reason: str) -> VersionChange | None:
        """Return the request to let a version answer; None for a kind that has no certificates."""
        certification = models_of(self.models, version.bundle_id).certification
        if certification is None:
            return None
        return VersionChange(
            context=self.context, certification=certification, name=name, version=version, reason=reason
        )

    def _is_return(self, stats: EndpointStats, version: EndpointVersion) -> bool:
        """Return whether a version is the live one, or an older one that answered before."""
        if version.number >= stats.version:
            return version.number == stats.version
        changes = endpoint_changes(self.context, stats.name)
        return version.bundle_id in {change.bundle_id for change in changes}

    def start(self, name: str) -> Endpoint:
        """Start a stopped endpoint again with its version, its settings and, if free, its port."""
        from litmus_core.deploy import restart_endpoint

        for endpoint in self.list():
            if endpoint.name == name:
                return endpoint
        endpoint = restart_endpoint(self.context.workspace, name)
        self._record_start(endpoint)
        return endpoint

    def stop(self, endpoint: str) -> None:
        """Stop an endpoint by its name or id; its versions are kept for the next start.

        A dead endpoint is recorded as stopped.
        """
        from litmus_core.deploy import stop_endpoint

        # A name belongs to the endpoint that was started last.
        endpoints = {one.name: one for one in reversed(self.context.store.endpoints()) if one.name}
        living = self.list()
        endpoints |= {one.name: one for one in living if one.name}
        endpoints |= {one.id: one for one in self.context.store.endpoints()}
        if endpoint not in endpoints:
            hint = "See them with: litmus endpoints"
            raise NotFoundError(kind="endpoint", id=endpoint, hint=hint, names=endpoints)
        state = endpoints[endpoint]
        if not state.name or any(one.id == state.id for one in living):
            stop_endpoint(state)
        self.context.record(EndpointStopped(endpoint_id=state.id))

    def stats(self, name: str) -> EndpointStats:
        """Return an endpoint's state, versions, counts, times, errors and restarts, running or not."""
        from litmus_core.deploy import endpoint_stats

        return endpoint_stats(self.context.workspace, name)

    def log(self, name: str, n_lines: int = 200) -> str:
        """Return the last lines of an endpoint's log."""
        from litmus_core.deploy import endpoint_log_tail

        return endpoint_log_tail(self.context.workspace, name, n_lines)

    def _record_start(self, endpoint: Endpoint) -> None:
        from litmus_core.deploy import stop_endpoint

        try:
            self.context.record(EndpointStarted(endpoint=endpoint))
        # if it cannot be recorded, for example on a full disk, it is not left half deployed
        except LitmusError:
            stop_endpoint(endpoint)
            raise

    def _record_version(
        self, endpoint: Endpoint, *, why: Literal["promoted", "rolled back"], grounds: Grounds
    ) -> Endpoint:
        fact = EndpointPromoted(
            endpoint_id=endpoint.id,
            bundle_id=endpoint.bundle_id,
            version=endpoint.version,
            why=why,
            reason=grounds.reason,
            proof=grounds.proof,
            by=UsersService(self.context).display_name(),
        )
        self.context.record(fact)
        return endpoint

    def all_stats(self) -> list[EndpointStats]:
        """Return the stats of every named endpoint, including stopped ones."""
        from litmus_core.deploy import all_endpoint_stats

        return all_endpoint_stats(self.context.workspace)

    def list(self) -> list[Endpoint]:
        """Return the supervised endpoints; dead ones are recorded as stopped."""
        return supervised_endpoints(self.context)


def _names(stem: str) -> chain[str]:
    return chain([stem], (f"{stem}-{again}" for again in count(2)))
