"""Certificates: bundles tested under the conditions of a deployment environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from litmus_core.errors import DataError, NotFoundError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import bundle_path
from litmus_core.experiments._deploy.environments import EnvironmentsService
from litmus_core.experiments._plugins.certificate_lines import plugin_lines
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.plugins import has_current_lines
from litmus_core.store import utc_now
from litmus_core.types import BundleCertified, Certificate

_ROWS = 1000


@dataclass(frozen=True, slots=True)
class CertificatesService:
    """Certificates of bundles."""

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
        """Test a bundle under production conditions, judge it, and record its certificate, in the bundle too.

        ``environment`` names a deployment environment; None takes the first. ``full`` builds the bundle's own
        environment (from the network, once) and sends HTTP requests, which takes a minute or more; the short
        form uses the installed libraries. A failed line is not an error: see the certificate.
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
        return self._record(certificate)

    def start(self, bundle_id: str, *, environment: str | None = None) -> None:
        """Make the full certificate in a process that outlives this one.

        Raises BusyError if that is running already.
        """
        from litmus_core.jobs import certificate_job

        self.context.store.bundle(bundle_id)
        if environment is not None:
            self.environments.get(environment)
        workspace, busy = self.context.workspace, "The bundle is being certified already."
        job = certificate_job(workspace, bundle_id)
        start_work(job, "certificate", bundle_id, context=self.context, busy=busy, environment=environment)

    def progress(self, bundle_id: str) -> str | None:
        """Return the last message of the background certification; None if there is none."""
        from litmus_core.jobs import certificate_job

        return certificate_job(self.context.workspace, bundle_id).status()

    def problem(self, bundle_id: str) -> str:
        """Return why the last background certification gave no certificate; "" if it gave one."""
        from litmus_core.jobs import certificate_job

        return certificate_job(self.context.workspace, bundle_id).problem()

    def stop(self, bundle_id: str) -> None:
        """End the background certification of a bundle; earlier certificates stay."""
        from litmus_core.jobs import certificate_job

        certificate_job(self.context.workspace, bundle_id).stop()

    def get(self, bundle_id: str) -> Certificate | None:
        """Return a bundle's latest full certificate, else its short one; None if it has neither."""
        self.context.store.bundle(bundle_id)
        return next(iter(self.context.store.certificates(bundle_id)), None)

    def current(self, bundle_id: str) -> Certificate | None:
        """Return the certificate of :meth:`get`, with the answers of the workspace's present checks.

        If checks were added, changed or disabled since, or gave no answer, they are tried now (seconds each).
        The other lines stay as they were measured.
        """
        certificate = self.get(bundle_id)
        if certificate is None or has_current_lines(self.context.workspace.path, certificate):
            return certificate
        return self._record(replace(certificate, made_at=utc_now()))

    def _record(self, certificate: Certificate) -> Certificate:
        """Record a certificate with the answers of the present checks, which are tried here."""
        from litmus_core.deploy import write_certificate

        lines = tuple(line for line in certificate.lines if not line.plugin)
        with_lines = replace(certificate, lines=lines)
        if not has_current_lines(self.context.workspace.path, with_lines):
            custom = plugin_lines(self.context, certificate)
            with_lines = replace(certificate, lines=(*lines, *custom))
        if with_lines != certificate:
            write_certificate(bundle_path(self.context, certificate.bundle_id), with_lines)
        self.context.record(BundleCertified(certificate=with_lines))
        return with_lines

    def _real_rows(self, bundle_id: str) -> list[dict[str, Any]]:
        """Return rows of the bundle's run that are not test rows; none if the run was deleted."""
        from litmus_core.runtime import json_rows

        try:
            data = run_data(self.context, self.context.run(self.context.store.bundle(bundle_id).run_id))
        except (NotFoundError, DataError):
            return []
        rows = data.features("validation" if len(data.index("validation")) else "train")
        return json_rows(rows.sample(n=min(_ROWS, len(rows)), random_state=0))
