"""``litmus certify | probe``: test a bundle before its release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    show,
    studio_command,
    table,
)
from litmus_core.cli._work import check_certifiable
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import Certificate, CertificateForm, DeploymentEnvironment, LabReport, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio

_MARKS = {True: "pass", False: "FAIL", None: "-"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("certify")(certify)
    app.command("probe")(probe)


@studio_command
def certify(
    session: Session,
    bundle: Annotated[str, typer.Argument(help="A bundle's id in the workspace, or its path.")],
    environment: Annotated[
        str | None, typer.Option(help="A deployment environment's name. Default: the first.")
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Test with the installed libraries: takes seconds, without HTTP.")
    ] = False,
) -> None:
    """Test a bundle under production conditions and certify it; exit status 1 if a test fails."""
    if Path(bundle).exists():
        certificate = _certify_path(session.studio, Path(bundle), environment, short=short)
    else:
        check_certifiable(session.studio, bundle, hint="Its verdict says how good it is: litmus leaderboard.")
        certificate = session.studio.certificates.create(
            bundle, environment=environment, full=not short, on_progress=say
        )
    passed = {"passed": certificate.passed}
    session.show(passed | to_plain(certificate), text=lambda: _certificate_text(certificate))
    if not certificate.passed:
        raise typer.Exit(1)


def probe(
    bundle: Annotated[Path, typer.Argument(help="A bundle: folder or .zip.")],
    cpus: Annotated[int, typer.Option(min=1, help="The processors that it may use.")] = 1,
    memory_mb: Annotated[
        int | None, typer.Option(min=1, help="Its memory limit, in MB. Default: no limit.")
    ] = None,
    callers: Annotated[str, typer.Option(help="The numbers of concurrent HTTP callers to try.")] = "1,4,16",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure a bundle under production conditions, without judging it; only its environment is kept."""
    from litmus_core.deploy import probe_bundle
    from litmus_core.latency import LabPlan
    from litmus_core.store import Workspace

    with reporting(as_json=as_json):
        report = probe_bundle(
            bundle,
            DeploymentEnvironment(name="asked for", cpus=cpus, memory_mb=memory_mb),
            cache=Workspace.locate(workspace).environments,
            plan=LabPlan(callers=_caller_counts(callers)),
            on_progress=say,
        )
        show(to_plain(report), as_json=as_json, text=lambda: _report_text(report))
        if report.problems:
            raise typer.Exit(1)


def _certify_path(studio: Studio, path: Path, environment: str | None, *, short: bool) -> Certificate:
    """Certify the bundle at ``path``; if the workspace does not know it, only return the certificate."""
    from litmus_core.deploy import certify_bundle

    for record in studio.bundles.list():
        if Path(record.path) == path.absolute():
            return studio.certificates.create(
                record.id, environment=environment, full=not short, on_progress=say
            )
    place = studio.environments.get(environment) if environment else studio.environments.list()[0]
    form: CertificateForm = "short" if short else "full"
    return certify_bundle(path, place, cache=studio.workspace.environments, form=form, on_progress=say)


def _caller_counts(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdigit() and 1 <= int(part) <= 256 for part in parts):
        raise UsageError(f"'{text}' names no numbers of callers.", hint="Write 1,4,16: each from 1 to 256.")
    return tuple(sorted({int(part) for part in parts}))


def _certificate_text(certificate: Certificate) -> str:
    rows = [{"": _MARKS[line.passed], "what": line.title, "found": line.text} for line in certificate.lines]
    form, place = certificate.form, certificate.report.environment.name
    verdict = "passed" if certificate.passed else f"{format_count(len(certificate.failures), 'line')} failed"
    return f"{table(rows)}\n\n{form} form, on '{place}' ({certificate.report.machine}): {verdict}."


def _report_text(report: LabReport) -> str:
    rows = [
        {
            "asked": f"{format_count(latency.batch_rows, 'row')} a call",
            "p50 ms": latency.p50_ms,
            "p95 ms": latency.percentile_ms,
        }
        | {"p99 ms": latency.percentile_99_ms, "calls": latency.n_calls}
        for latency in report.latency
    ]
    rows += [
        {
            "asked": f"{figure.callers} at once over HTTP",
            "p50 ms": figure.p50_ms,
            "p95 ms": figure.percentile_ms,
        }
        | {"p99 ms": figure.percentile_99_ms, "calls": figure.n_calls}
        for figure in report.http
    ]
    lines = [table(rows), ""]
    if report.cold_start_s is not None:
        lines.append(f"Cold start {report.cold_start_s:.2f} s.")
    most = report.memory.most_bytes
    if most is not None:
        lines.append(f"At most {_mb(most)} of memory.")
    n_bytes = sum(dependency.n_bytes for dependency in report.dependencies)
    installed = f"{len(report.dependencies)} packages of {_mb(n_bytes)}"
    lines.append(f"The bundle takes {_mb(report.bundle_bytes)}, and runs on {installed}.")
    return "\n".join([*lines, *report.problems])


def _mb(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
