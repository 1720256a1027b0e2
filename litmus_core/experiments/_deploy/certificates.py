"""Proving bundles: deployment environments, and certificates earned in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from litmus_core.errors import BundleError, DataError, NotFoundError, UnknownNameError, UsageError
from litmus_core.store import Store, Workspace
from litmus_core.types import (
    BundleCertified,
    Certificate,
    DeploymentEnvironment,
    EnvironmentDeleted,
    EnvironmentSaved,
    Fact,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

_ROWS = 1000


class Certifying:
    """The part of a Studio that proves bundles before they are released."""

    workspace: Workspace
    store: Store

    def record(self, *facts: Fact) -> None:
        """Write facts into the journal and wait until reads show them."""
        self.store.refresh(until=self.store.journal.append(*facts))

    def environments(self) -> list[DeploymentEnvironment]:
        """Return the deployment environments: those that come with Litmus, as changed here, and one's own."""
        from litmus_core.deploy import DEFAULT_ENVIRONMENTS

        found = {each.name: each for each in DEFAULT_ENVIRONMENTS} | self.store.environments()
        return [each for each in found.values() if each is not None]

    def environment(self, name: str) -> DeploymentEnvironment:
        """Return one deployment environment; UnknownNameError suggests the nearest."""
        known = {each.name: each for each in self.environments()}
        if name not in known:
            raise UnknownNameError(kind="deployment environment", name=name, known=known)
        return known[name]

    def save_environment(self, environment: DeploymentEnvironment) -> None:
        """Keep a deployment environment; one of the same name is replaced. Raises UsageError for nonsense."""
        memory, price = environment.memory_mb, environment.price_per_hour_usd
        if not environment.name.strip():
            raise UsageError("An environment needs a name.", hint="Nothing was changed.")
        if environment.cpus < 1 or (memory is not None and memory < 1) or (price is not None and price < 0):
            raise UsageError(
                "An environment has one processor at least, some memory, and a price of 0 or more.",
                hint="Leave memory or price empty where there is no limit, or it is not known.",
            )
        self.record(EnvironmentSaved(environment=environment))

    def delete_environment(self, name: str) -> None:
        """No longer offer a deployment environment; certificates that were earned in it stay."""
        self.record(EnvironmentDeleted(name=self.environment(name).name))

    def delete_built(self, key: str) -> None:
        """Remove an environment that a bundle's requirements were installed into; see :meth:`sizes`."""
        from litmus_core.deploy import remove_environment

        remove_environment(self.workspace.environments, key)

    def certify(
        self,
        bundle_id: str,
        *,
        environment: str | None = None,
        full: bool = True,
        on_progress: Callable[[str], None] | None = None,
    ) -> Certificate:
        """Try a bundle as production would run it, judge it, keep the certificate in it and on record.

        ``environment`` names a deployment environment; None takes the first. ``full`` rebuilds the bundle's
        own environment (from the network, once) and asks over HTTP, which takes a minute or more; the
        short form runs on the libraries at hand. A line that fails is no error: see the certificate.
        """
        from litmus_core.deploy import certify_bundle

        place = self.environment(environment) if environment else next(iter(self.environments()), None)
        if place is None:
            raise NotFoundError(
                kind="deployment environment", id="(any)", hint="Save one with save_environment."
            )
        path = Path(self.store.bundle(bundle_id).path)
        if not path.exists():
            raise BundleError(f"The bundle is no longer at {path}.", hint="Export the model again.")
        certificate = certify_bundle(
            path,
            place,
            cache=self.workspace.environments,
            form="full" if full else "short",
            rows=self._real_rows(bundle_id),
            on_progress=on_progress or (lambda _: None),
        )
        self.record(BundleCertified(certificate=certificate))
        return certificate

    def start_certifying(self, bundle_id: str, *, environment: str | None = None) -> None:
        """Earn the full certificate in a process that outlives this one; BusyError where one is at it."""
        from litmus_core.jobs import start_certifying

        self.store.bundle(bundle_id)
        if environment is not None:
            self.environment(environment)
        start_certifying(
            self.workspace,
            bundle_id,
            environment=environment,
            worker="litmus_core.experiments._deploy.certificate_worker",
        )

    def certifying(self, bundle_id: str) -> str | None:
        """Return what the background certification of a bundle says now; None where there is none."""
        from litmus_core.jobs import certifying

        return certifying(self.workspace, bundle_id).said()

    def certifying_problem(self, bundle_id: str) -> str:
        """Return why the last background certification brought no certificate; "" where it did."""
        from litmus_core.jobs import certifying

        return certifying(self.workspace, bundle_id).problem()

    def stop_certifying(self, bundle_id: str) -> None:
        """End the background certification of a bundle; without a certificate it stays as it was."""
        from litmus_core.jobs import certifying

        certifying(self.workspace, bundle_id).stop()

    def certificate(self, bundle_id: str) -> Certificate | None:
        """Return a bundle's latest full certificate, or else its short one; None before either."""
        self.store.bundle(bundle_id)
        return next(iter(self.store.certificates(bundle_id)), None)

    def _real_rows(self, bundle_id: str) -> list[dict[str, Any]]:
        """Return rows of the bundle's run that are not test rows; none where the run is gone."""
        from litmus_core.experiments._runs.diagnosis import run_data
        from litmus_core.runtime import json_rows

        try:
            data = run_data(cast("Studio", self), self.store.run(self.store.bundle(bundle_id).run_id))
        except (NotFoundError, DataError):
            return []
        rows = data.features("validation" if len(data.index("validation")) else "train")
        return json_rows(rows.sample(n=min(_ROWS, len(rows)), random_state=0))
