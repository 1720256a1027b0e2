"""Endpoints: serve models under names, replace, monitor and stop them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Literal

from litmus_core.errors import BundleError, LitmusError, NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.assertions import candidate_assertions
from litmus_core.experiments._deploy.bundles import BundlesService, slug
from litmus_core.experiments._deploy.certificates import CertificatesService
from litmus_core.experiments._deploy.living import supervised_endpoints
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.types import (
    BundleRecord,
    Endpoint,
    EndpointPromoted,
    EndpointStarted,
    EndpointStats,
    EndpointStopped,
)

_log = logging.getLogger(__name__)
_OTHERWISE = {
    "promote": "Deploy another model, or say why it is promoted anyway",
    "rollback": "Promote another version, or say why this one comes back anyway",
}


@dataclass(frozen=True, slots=True)
class EndpointsService:
    """Models served under names on this machine."""

    context: Context
    bundles: BundlesService
    certificates: CertificatesService

    def deploy(
        self,
        source: str,
        *,
        name: str | None = None,
        port: int = 0,
        sample_rate: float = 0.1,
        api_key_file: Path | None = None,
        token_file: Path | None = None,
        certify: bool = True,
    ) -> Endpoint:
        """Serve a candidate or bundle, by its id, on this machine; it is ready when this returns.

        For a candidate this is its bundle in the workspace, or a new one. Bundles exported elsewhere, or in
        an explicitly requested form, must be given by their own id. The endpoint outlives this process. Under
        the ``name`` of a running endpoint it becomes a version that waits for :meth:`promote`. Without a name
        it gets the experiment's name, or the endpoint that already serves it. A share ``sample_rate`` of the
        rows is stored with predictions; ``port`` 0 takes a free one. Callers send the key of
        ``api_key_file``, or a token that the rules in ``token_file`` accept.

        Unless ``certify`` is False it first gets its short certificate, and its full one in the background.
        Raises BundleError if its predictions differ from those at export, or a check of the workspace's own
        fails.
        """
        from litmus_core.deploy import deploy_bundle

        bundle = self._bundle(source)
        living = {endpoint.name: endpoint for endpoint in self.list()}
        if name is None:
            for endpoint in living.values():
                if endpoint.bundle_id == bundle.id:
                    return endpoint
            stem = slug(self.context.experiment(bundle.experiment_id).name) or "model"
            name = next(candidate_name for candidate_name in _names(stem) if candidate_name not in living)
        if certify:
            self._certify_briefly(bundle)
        endpoint, is_new = deploy_bundle(
            self.context.workspace,
            bundle,
            name=name,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            token_file=token_file,
        )
        if is_new:
            self._record_start(endpoint)
        if certify:
            self._start_full_certificate(bundle)
        return endpoint

    def promote(self, name: str, version: int | None = None, *, because: str = "") -> Endpoint:
        """Switch a name to a version (None: the newest); no request is lost.

        Raises UsageError before it has passed its full certificate, and where it breaks an assertion, unless
        there is a reason, ``because`` of which it is promoted anyway. The reason is recorded.
        """
        from litmus_core.deploy import endpoint_stats, promote_endpoint

        versions = endpoint_stats(self.context.workspace, name).versions
        wanted = [entry for entry in versions if version is None or entry.number == version]
        reason = ""
        if wanted:  # otherwise the endpoint lists its versions
            waiting = max(wanted, key=lambda entry: entry.number)
            self._check_certified(waiting.bundle_id)
            command = f"promote {name} {waiting.number}"
            reason = self._needed_reason(waiting.bundle_id, because, command=command)
        endpoint = promote_endpoint(self.context.workspace, name, version)
        return self._record_version(endpoint, why="promoted", reason=reason)

    def _broken_assertions(self, bundle_id: str) -> list[str]:
        """Return the experiment's present assertions that a bundle's model breaks, as sentences."""
        try:
            results = candidate_assertions(self.context, self.context.store.bundle(bundle_id).candidate_id)
        except (NotFoundError, OSError):  # the run was deleted, so its certificate counts
            certificate = self.certificates.get(bundle_id)
            lines = () if certificate is None else certificate.failures
            return [line.text for line in lines if line.key == "assertion"]
        return [result.sentence for result in results if result.state == "broken"]

    def rollback(self, name: str, *, because: str = "") -> Endpoint:
        """Switch back to the version before the last promotion; no request is lost.

        Raises UsageError where that version breaks an assertion, unless there is a reason, as
        :meth:`promote` does. It needs no certificate, since it answered before.
        """
        from litmus_core.deploy import endpoint_stats, rollback_endpoint

        stats, reason = endpoint_stats(self.context.workspace, name), ""
        for version in stats.versions:
            if version.number == stats.previous:
                reason = self._needed_reason(version.bundle_id, because, command=f"rollback {name}")
        endpoint = rollback_endpoint(self.context.workspace, name)
        return self._record_version(endpoint, why="rolled back", reason=reason)

    def _needed_reason(self, bundle_id: str, because: str, *, command: str) -> str:
        """Return why a bundle that breaks an assertion answers anyway; "" if it breaks none.

        Raises UsageError without a reason; ``command`` is what would state one.
        """
        broken, reason = self._broken_assertions(bundle_id), " ".join(because.split())
        if broken and not reason:
            way = command.partition(" ")[0]
            raise UsageError(
                f"This version breaks what must hold of its answers. {' '.join(broken)}",
                hint=f"{_OTHERWISE[way]}: litmus endpoints {command} --because REASON.",
            )
        return reason if broken else ""

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

    def _certify_briefly(self, bundle: BundleRecord) -> None:
        """Make the short certificate unless there is one.

        Raises BundleError if predictions differ from those at export, or a check of the workspace's own
        fails. Other failures, such as an exceeded budget, are recorded in the certificate for whoever
        promotes.
        """
        certificate = self.certificates.current(bundle.id) or self.certificates.create(bundle.id, full=False)
        wrong = [line for line in certificate.failures if line.key == "golden"]
        refused = [line for line in certificate.failures if line.plugin]
        if refused and not wrong:
            raise BundleError(
                f"The bundle was not deployed. {' '.join(line.text for line in refused)}",
                hint="Deploy another model, or disable the check: litmus plugins disable "
                f"{refused[0].plugin}.",
            )
        if wrong:
            raise BundleError(
                f"The bundle was not deployed. {wrong[0].text}",
                hint="Export the model again, then deploy that.",
            )

    def _start_full_certificate(self, bundle: BundleRecord) -> None:
        certificate = self.certificates.get(bundle.id)
        if (certificate is None or certificate.form != "full") and self.certificates.progress(
            bundle.id
        ) is None:
            try:
                self.certificates.start(bundle.id)
            except (
                LitmusError,
                OSError,
            ) as error:  # the endpoint serves already; promoting requires the certificate
                _log.warning("The full certificate of %s could not be started: %s", bundle.id, error)

    def _bundle(self, source: str) -> BundleRecord:
        """Return the bundle with this id, or the workspace's own bundle of this candidate."""
        for bundle in self.context.store.bundles():
            if bundle.id == source:
                if not Path(bundle.path).exists():
                    raise BundleError(
                        f"The bundle is no longer at {bundle.path}.", hint="Export the model again."
                    )
                return bundle
        if source.startswith("bd_"):
            raise NotFoundError(kind="bundle", id=source, hint="Export the model again.")
        return self.bundles.stored(source)

    def _check_certified(self, bundle_id: str) -> None:
        certificate = self.certificates.current(bundle_id)
        if certificate is None or certificate.form != "full":
            progress = self.certificates.progress(bundle_id)
            raise UsageError(
                "This version has not earned its full certificate yet.",
                hint=f"It is being certified: {progress}"
                if progress
                else f"Certify it: litmus certify {bundle_id}",
            )
        failures = [line for line in certificate.failures if line.key != "assertion"]  # tried again below
        if failures:
            failed = " ".join(line.text for line in failures)
            raise UsageError(
                f"This version did not pass its certificate. {failed}", hint="Deploy another model."
            )

    def _record_version(
        self, endpoint: Endpoint, *, why: Literal["promoted", "rolled back"], reason: str = ""
    ) -> Endpoint:
        fact = EndpointPromoted(
            endpoint_id=endpoint.id,
            bundle_id=endpoint.bundle_id,
            version=endpoint.version,
            why=why,
            reason=reason,
            by=UsersService(self.context).display_name() if reason else "",
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
