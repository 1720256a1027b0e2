"""Certify a bundle: rebuild its environment, measure it there, judge it, and store the certificate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.deploy._certificates.environment import BuiltEnvironment, build_environment
from litmus_core.deploy._certificates.file import write_certificate
from litmus_core.deploy._certificates.judgement import judge
from litmus_core.deploy._certificates.monotone import probe_monotone
from litmus_core.errors import BundleError, BusyError, UsageError, writing
from litmus_core.latency import SHORT, LabPlan, try_bundle
from litmus_core.runtime import Manifest, verified_folder
from litmus_core.store import utc_now
from litmus_core.trust import check_home
from litmus_core.types import Certificate, CertificateForm, DeploymentEnvironment, LabReport

# Examples: replace the round prices by your own.
DEFAULT_ENVIRONMENTS = (
    DeploymentEnvironment(name="small server", cpus=1, memory_mb=1000, price_per_hour_usd=0.02, mode="http"),
    DeploymentEnvironment(name="batch machine", cpus=2, memory_mb=8000, price_per_hour_usd=0.1, mode="batch"),
)
Say = Callable[[str], None]


def certify_bundle(
    path: Path,
    environment: DeploymentEnvironment,
    *,
    cache: Path,
    form: CertificateForm = "full",
    rows: Sequence[Mapping[str, Any]] = (),
    plan: LabPlan | None = None,
    on_progress: Say = lambda _: None,
) -> Certificate:
    """Try the bundle at ``path`` in ``environment``, judge it, and put the certificate into the bundle.

    ``cache`` is where environments are stored. ``rows`` are JSON objects of real rows; without them the
    bundle's golden rows are used. If its environment cannot be rebuilt, the certificate says so, fails that
    line, and measures the other lines with the installed libraries. Raises BundleError for a damaged bundle,
    and UntrustedError as :func:`probe_bundle` does.
    """
    report, manifest, sha256, not_rebuilt, built_s = _measure(
        path, environment, cache=cache, form=form, rows=rows, plan=plan, on_progress=on_progress
    )
    certificate = Certificate(
        bundle_id=manifest.id,
        bundle_sha256=sha256,
        form=form,
        made_at=utc_now(),
        lines=judge(manifest, report, form=form, not_rebuilt=not_rebuilt, built_s=built_s),
        report=report,
    )
    write_certificate(path, certificate)
    return certificate


def probe_bundle(
    path: Path,
    environment: DeploymentEnvironment,
    *,
    cache: Path,
    plan: LabPlan | None = None,
    on_progress: Say = lambda _: None,
) -> LabReport:
    """Return the lab's measurements of the bundle at ``path``, without judging or storing anything.

    Raises BundleError if its environment cannot be rebuilt, and UntrustedError if it lies in someone else's
    workspace: installing its requirements runs code, and so does predicting.
    """
    check_home(path)
    with verified_folder(path) as (_, folder):
        built = build_environment(folder, cache, on_progress=on_progress)
        report = try_bundle(folder, environment, python=built.python, plan=plan, on_progress=on_progress)
    return replace(report, environment_bytes=built.n_bytes)


def _measure(
    path: Path,
    environment: DeploymentEnvironment,
    *,
    cache: Path,
    form: CertificateForm,
    rows: Sequence[Mapping[str, Any]],
    plan: LabPlan | None,
    on_progress: Say,
) -> tuple[LabReport, Manifest, str, str, float]:
    check_home(path)
    built: BuiltEnvironment | None = None
    not_rebuilt = ""
    with verified_folder(path) as (sealed, folder):
        with writing(path), tempfile.TemporaryFile(dir=path.absolute().parent):
            pass  # an unwritable place is reported before the trial
        if form == "full":
            try:
                built = build_environment(folder, cache, on_progress=on_progress)
            except (BundleError, BusyError, UsageError) as error:
                not_rebuilt = str(error)
                on_progress(not_rebuilt)
        report = try_bundle(
            folder,
            environment,
            python=built.python if built is not None else None,
            rows=rows,
            plan=_plan(plan, form, sealed.manifest, is_custom=built is not None),
            on_progress=on_progress,
        )
        if (sealed.manifest.task is not None) and sealed.manifest.task.monotone:
            on_progress("Probing whether predictions only rise or fall as they must")
            report = replace(report, monotone=probe_monotone(folder, rows))
        if built is not None:
            report = replace(report, environment_bytes=built.n_bytes)
        return report, sealed.manifest, sealed.sha256, not_rebuilt, built.built_s if built else 0.0


def _plan(plan: LabPlan | None, form: CertificateForm, manifest: Manifest, *, is_custom: bool) -> LabPlan:
    """Return the plan, with the batch size of the task's budget.

    Installed packages are listed only if they are the bundle's own (``is_custom``), not this installation's.
    """
    plan = plan or (SHORT if form == "short" else LabPlan())
    batch_rows = manifest.task.budget.batch_rows if manifest.task is not None else 1
    batches = tuple(sorted({*plan.batches, batch_rows}))
    return replace(plan, batches=batches, dependencies=plan.dependencies and is_custom)
