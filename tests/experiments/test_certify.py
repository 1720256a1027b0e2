"""Proving bundles from a workspace: environments with names, certificates on record and in the bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core import Studio
from litmus_core.deploy import read_certificate
from litmus_core.errors import BundleError, UnknownNameError, UsageError
from litmus_core.latency import LabPlan
from litmus_core.types import Budget, BundleExported, DeploymentEnvironment
from tests import plans

BRIEF = LabPlan(batches=(1,), callers=(1,), n_single=10, n_starts=1, timeout_s=60.0)


def recorded(studio: Studio, **facts: object) -> str:
    """Put a bundle on record whose run is not in the workspace."""
    record = plans.bundle(studio.workspace.bundles / "bundle", **facts)  # type: ignore[arg-type]
    studio.context.record(BundleExported(bundle=record))
    return record.id


def test_two_environments_come_with_litmus_and_can_be_changed_and_removed(studio: Studio):
    assert [each.name for each in studio.environments.list()] == ["small server", "batch machine"]

    mine = DeploymentEnvironment(name="edge", cpus=2, memory_mb=512)
    studio.environments.save(mine)
    studio.environments.save(DeploymentEnvironment(name="small server", price_per_hour_usd=0.5))
    studio.environments.delete("batch machine")

    found = {each.name: each for each in studio.environments.list()}
    assert list(found) == ["small server", "edge"]
    assert found["small server"].price_per_hour_usd == 0.5
    assert studio.environments.get("edge") == mine


def test_an_unknown_environment_suggests_the_nearest(studio: Studio):
    with pytest.raises(UnknownNameError, match="Did you mean 'small server'"):
        studio.environments.get("smal server")
    with pytest.raises(UnknownNameError):
        studio.environments.delete("nowhere")


@pytest.mark.parametrize(
    "nonsense", [{"name": " "}, {"cpus": 0}, {"memory_mb": 0}, {"price_per_hour_usd": -1.0}]
)
def test_an_environment_that_cannot_be_is_refused(studio: Studio, nonsense: dict[str, object]):
    with pytest.raises(UsageError):
        studio.environments.save(DeploymentEnvironment(**{"name": "x", **nonsense}))  # type: ignore[arg-type]


def test_a_short_certificate_is_on_record_and_in_the_bundle(studio: Studio):
    bundle_id = recorded(studio, budget=Budget(max_latency_ms=2_000, batch_rows=5, max_size_mb=50))
    assert studio.certificates.get(bundle_id) is None

    certificate = studio.certificates.create(bundle_id, full=False)

    assert certificate.passed, certificate.failures
    assert (certificate.form, certificate.report.environment.name) == ("short", "small server")
    assert {line.key: line.passed for line in certificate.lines} == {
        "environment": None,
        "run": True,
        "golden": True,
        "latency": True,
        "memory": True,
        "cold start": True,
        "size": True,
    }
    assert [figure.batch_rows for figure in certificate.report.latency] == [1, 5, 100]
    assert studio.certificates.get(bundle_id) == certificate
    assert read_certificate(Path(studio.store.bundle(bundle_id).path)) == certificate


def test_a_full_certificate_says_that_the_environment_could_not_be_rebuilt(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
):
    def no_network(*_: object, **__: object) -> None:
        raise BundleError("The bundle's environment could not be built: no network.")

    monkeypatch.setattr("litmus_core.deploy._certificates.certify.build_environment", no_network)
    monkeypatch.setattr("litmus_core.deploy._certificates.certify.LabPlan", lambda: BRIEF)
    bundle_id = recorded(studio)
    told: list[str] = []

    certificate = studio.certificates.create(bundle_id, environment="batch machine", on_progress=told.append)

    assert not certificate.passed
    assert [line.key for line in certificate.failures] == ["environment", "dependencies"]
    assert "no network. The lines below" in certificate.failures[0].text
    assert certificate.report.own_environment is False
    assert told[0] == "The bundle's environment could not be built: no network."
    assert studio.certificates.get(bundle_id) == certificate


def test_a_bundle_that_is_gone_is_said(studio: Studio):
    import shutil

    bundle_id = recorded(studio)
    shutil.rmtree(studio.store.bundle(bundle_id).path)

    with pytest.raises(BundleError, match="no longer at"):
        studio.certificates.create(bundle_id, full=False)


def test_a_tampered_bundle_is_refused_and_gets_no_certificate(studio: Studio):
    bundle_id = recorded(studio)
    (Path(studio.store.bundle(bundle_id).path) / "golden.json").write_text("{}")

    with pytest.raises(BundleError, match=r"golden\.json is not as exported"):
        studio.certificates.create(bundle_id, full=False)
    assert studio.certificates.get(bundle_id) is None
