"""Certificates: bundles tried as production would run them, in a deployment environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litmus_core.errors import DataError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import bundle_path
from litmus_core.experiments._deploy.environments import EnvironmentsService
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.types import BundleCertified, Certificate

_ROWS = 1000


@dataclass(frozen=True, slots=True)
class CertificatesService:
    """Bundles proven before they are released."""

    context: Context
    environments: EnvironmentsService

    def create(
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

        place = (
            self.environments.get(environment) if environment else next(iter(self.environments.list()), None)
        )
        if place is None:
            raise NotFoundError(
                kind="deployment environment", id="(any)", hint="Save one: studio.environments.save(…)."
            )
        path = bundle_path(self.context, bundle_id)
        certificate = certify_bundle(
            path,
            place,
            cache=self.context.workspace.environments,
            form="full" if full else "short",
            rows=self._real_rows(bundle_id),
            on_progress=on_progress or (lambda _: None),
        )
        self.context.record(BundleCertified(certificate=certificate))
        return certificate

    def start(self, bundle_id: str, *, environment: str | None = None) -> None:
        """Earn the full certificate in a process that outlives this one; BusyError where one is at it."""
        from litmus_core.jobs import start_certifying

        self.context.store.bundle(bundle_id)
        if environment is not None:
            self.environments.get(environment)
        start_certifying(
            self.context.workspace,
            bundle_id,
            environment=environment,
            worker="litmus_core.experiments._deploy.certificate_worker",
        )

    def progress(self, bundle_id: str) -> str | None:
        """Return what the background certification of a bundle says now; None where there is none."""
        from litmus_core.jobs import certifying

        return certifying(self.context.workspace, bundle_id).said()

    def problem(self, bundle_id: str) -> str:
        """Return why the last background certification brought no certificate; "" where it did."""
        from litmus_core.jobs import certifying

        return certifying(self.context.workspace, bundle_id).problem()

    def stop(self, bundle_id: str) -> None:
        """End the background certification of a bundle; without a certificate it stays as it was."""
        from litmus_core.jobs import certifying

        certifying(self.context.workspace, bundle_id).stop()

    def get(self, bundle_id: str) -> Certificate | None:
        """Return a bundle's latest full certificate, or else its short one; None before either."""
        self.context.store.bundle(bundle_id)
        return next(iter(self.context.store.certificates(bundle_id)), None)

    def _real_rows(self, bundle_id: str) -> list[dict[str, Any]]:
        """Return rows of the bundle's run that are not test rows; none where the run is gone."""
        from litmus_core.runtime import json_rows

        try:
            data = run_data(self.context, self.context.run(self.context.store.bundle(bundle_id).run_id))
        except (NotFoundError, DataError):
            return []
        rows = data.features("validation" if len(data.index("validation")) else "train")
        return json_rows(rows.sample(n=min(_ROWS, len(rows)), random_state=0))
