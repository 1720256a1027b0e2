"""Certificates and endpoints as they are on record, without a lab or a server."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.types import (
    BundleRecord,
    Certificate,
    CertificateForm,
    CertificateLine,
    DeploymentEnvironment,
    EndpointStats,
    EndpointTraffic,
    EndpointVersion,
    HttpFigure,
    LabReport,
    LatencyFigure,
)
from tests.app.world import AT, EXPERIMENT, RUN

SHOP = DeploymentEnvironment(name="web shop", cpus=2, memory_mb=4000, price_per_hour_usd=0.36)


def bundle(number: int, folder: str = "/w/bundles") -> BundleRecord:
    """Return the bundle of a run's model ``number``."""
    return BundleRecord(
        id=f"bd_00000000a{number}",
        candidate_id=f"{RUN}-model-{number}",
        run_id=RUN,
        experiment_id=EXPERIMENT,
        path=f"{folder}/model-{number}.zip",
        n_bytes=2_500_000,
        sha256="ab" * 32,
        created_at=AT,
    )


def certificate(bundle_id: str, *, form: CertificateForm = "full", passed: bool = True) -> Certificate:
    """Return a certificate with a line of each kind; when it is not ``passed``, memory failed."""
    report = LabReport(
        environment=SHOP,
        own_environment=form == "full",
        latency=tuple(
            LatencyFigure(batch_rows=n, p50_ms=0.04 * n**0.5, p95_ms=0.05 * n**0.5, p99_ms=0.1, n_calls=200)
            for n in (1, 100)
        ),
        http=(
            HttpFigure(
                callers=4, p50_ms=1.5, p95_ms=3.0, p99_ms=4.0, n_calls=400, n_errors=0, requests_per_s=1000.0
            ),
        )
        if form == "full"
        else (),
    )
    lines = (
        CertificateLine(key="size", title="Size", passed=None, text="The bundle takes 2.5 MB."),
        CertificateLine(key="golden", title="Golden predictions", passed=True, text="All 50 are as before."),
        CertificateLine(key="memory", title="Memory", passed=passed, text="46 MB at most."),
    )
    return Certificate(
        bundle_id=bundle_id, bundle_sha256="ab" * 32, form=form, made_at=AT, lines=lines, report=report
    )


def stats(url: str = "http://127.0.0.1:9", *, n_versions: int = 1, **more: object) -> EndpointStats:
    """Return an endpoint "leave" that answers with its first version, its last waiting."""
    versions = tuple(
        EndpointVersion(
            number=at + 1,
            bundle_id=bundle(at).id,
            path=bundle(at).path,
            sha256="ab" * 32,
            added_at=AT,
        )
        for at in range(n_versions)
    )
    found = EndpointStats(
        name="leave",
        id="ep_00000000aa",
        state="answering",
        url=url,
        bundle_id=bundle(0).id,
        version=1,
        previous=None,
        versions=versions,
        started_at=AT,
        traffic=EndpointTraffic(
            n_requests=1200, n_rows=1300, n_errors=2, errors={"row does not fit": 2}, p50_ms=0.21, p95_ms=0.45
        ),
    )
    return replace(found, **more)  # type: ignore[arg-type]
