"""Certificates and deployment environments come back from the store as they went in."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.store import Journal, Store
from litmus_core.types import (
    BundleCertified,
    BundleDeleted,
    BundleExported,
    Certificate,
    CertificateForm,
    CertificateLine,
    Dependency,
    DeploymentEnvironment,
    EnvironmentDeleted,
    EnvironmentSaved,
    GoldenReplay,
    HttpFigure,
    LabReport,
    MemoryFigures,
)
from tests.store import facts

PLACE = DeploymentEnvironment(name="edge", cpus=2, memory_mb=512, price_per_hour_usd=0.03, mode="batch")


def certificate(form: CertificateForm = "full", *, passed: bool = True) -> Certificate:
    report = LabReport(
        environment=PLACE,
        own_environment=True,
        cold_start_s=0.75,
        latency=facts.latency(),
        http=(
            HttpFigure(callers=4, p50_ms=1, p95_ms=2, p99_ms=3, n_calls=9, n_errors=0, requests_per_s=50.0),
        ),
        memory=MemoryFigures(peak_bytes=90_000_000),
        golden=GoldenReplay(differences=("Golden row 1 differs.",)),
        dependencies=(Dependency(name="numpy", version="2.4.6", licence="BSD", n_bytes=5),),
    )
    line = CertificateLine(key="golden", title="Golden predictions", passed=passed, text="Words.")
    return Certificate(
        bundle_id="bd_1",
        bundle_sha256="cd" * 32,
        form=form,
        made_at="2026-01-05T00:00:00.000000+00:00",
        lines=(line, replace(line, key="size", passed=None)),
        report=report,
    )


def test_a_certificate_comes_back_the_full_one_first(journal: Journal, store: Store):
    short, full = certificate("short"), certificate("full", passed=False)
    exported = BundleExported(bundle=facts.bundle())
    store.refresh(
        until=journal.append(exported, BundleCertified(certificate=full), BundleCertified(certificate=short))
    )

    assert store.certificates("bd_1") == [full, short]
    assert store.query(
        "SELECT form, passed, environment, cold_start_s, p95_ms, peak_bytes FROM certificates ORDER BY form"
    ) == [
        {"form": form, "passed": passed, "environment": "edge", "cold_start_s": 0.75, "p95_ms": 2.0}
        | {"peak_bytes": 90_000_000}
        for form, passed in (("full", False), ("short", True))
    ]


def test_a_later_certificate_of_the_same_form_replaces_the_one_before(journal: Journal, store: Store):
    first, second = certificate(passed=False), certificate()
    store.refresh(
        until=journal.append(BundleCertified(certificate=first), BundleCertified(certificate=second))
    )

    assert store.certificates("bd_1") == [second]


def test_certificates_go_with_their_bundle(journal: Journal, store: Store):
    store.refresh(
        until=journal.append(BundleCertified(certificate=certificate()), BundleDeleted(bundle_id="bd_1"))
    )

    assert store.certificates("bd_1") == []


def test_an_environment_comes_back_is_changed_and_is_gone(journal: Journal, store: Store):
    store.refresh(until=journal.append(EnvironmentSaved(environment=PLACE)))
    assert store.environments() == {"edge": PLACE}

    dearer = replace(PLACE, price_per_hour_usd=0.5, memory_mb=None)
    store.refresh(until=journal.append(EnvironmentSaved(environment=dearer)))
    assert store.environments() == {"edge": dearer}

    store.refresh(until=journal.append(EnvironmentDeleted(name="edge")))
    assert store.environments() == {"edge": None}
