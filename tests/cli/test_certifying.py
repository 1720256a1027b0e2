"""``litmus certify`` and ``litmus probe``: what they print, and the status they end with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import read_certificate
from litmus_core.latency import LabPlan, try_bundle
from litmus_core.types import Budget, DeploymentEnvironment, LabReport
from tests import plans


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_file_is_certified_and_the_lines_are_shown(tmp_path: Path):
    bundle = plans.bundle(tmp_path / "model.zip", zipped=True, budget=Budget(max_latency_ms=5_000)).path

    result = run("certify", bundle, "--short", "--environment", "batch machine", "--json")

    assert result.exit_code == 0, result.stdout
    said = json.loads(result.stdout)
    assert said["passed"] is True
    assert said["report"]["environment"]["name"] == "batch machine"
    assert read_certificate(Path(bundle)) is not None


def test_a_line_that_fails_ends_with_status_1_and_is_shown(tmp_path: Path):
    bundle = plans.bundle(tmp_path / "model", budget=Budget(max_size_mb=0.001)).path

    result = run("certify", bundle, "--short")

    assert result.exit_code == 1
    assert "FAIL  Size" in result.stdout
    assert "more than the limit of 0.001 MB" in result.stdout
    assert "1 line failed" in result.stdout


def test_what_is_neither_an_id_nor_a_path_is_said(tmp_path: Path):
    result = run("certify", "bd_0", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["message"] == "There is no bundle 'bd_0' in this workspace."


@pytest.mark.parametrize("callers", ["", "none", "0", "4,x", "1000"])
def test_callers_that_are_no_numbers_are_refused(tmp_path: Path, callers: str):
    result = run("probe", tmp_path, "--callers", callers, "--json")

    assert result.exit_code == 2
    assert "names no numbers of callers" in json.loads(result.stdout)["error"]["message"]


def test_probe_shows_what_the_lab_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked = {}

    def probe_bundle(path: Path, environment: DeploymentEnvironment, **more: object) -> LabReport:
        asked.update(environment=environment, callers=more["plan"].callers)  # type: ignore[attr-defined]
        brief = LabPlan(batches=(1,), callers=(), n_single=5, n_starts=1, timeout_s=60.0)
        return try_bundle(path, environment, plan=brief)

    monkeypatch.setattr("litmus_core.deploy.probe_bundle", probe_bundle)
    bundle = plans.bundle(tmp_path / "model").path

    result = run("probe", bundle, "--cpus", 2, "--memory-mb", 900, "--callers", "8,1")

    assert result.exit_code == 0, result.stderr
    assert asked["environment"] == DeploymentEnvironment(name="asked for", cpus=2, memory_mb=900)
    assert asked["callers"] == (1, 8)
    assert "1 row a call" in result.stdout
    assert "Cold start" in result.stdout


def test_a_truncated_bundle_is_refused_in_words_and_stays_as_it_is(tmp_path: Path):
    path = Path(plans.bundle(tmp_path / "model.zip", zipped=True).path)
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)

    result = run("certify", path, "--json")

    assert result.exit_code == 2
    assert "neither a folder nor a whole zip file" in json.loads(result.stdout)["error"]["message"]
    assert path.read_bytes() == half
    assert [each.name for each in tmp_path.iterdir()] == ["model.zip"]
