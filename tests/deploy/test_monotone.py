"""A certificate counts how often predictions go the wrong way with a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litmus_core.deploy._certificates import monotone
from litmus_core.deploy._certificates.judgement import judge
from litmus_core.runtime import read_manifest
from litmus_core.types import ColumnRules, DeploymentEnvironment, LabReport
from tests import plans


def probed(folder: Path, *directions: tuple[str, Any], n_probes: int = 2_000) -> Any:
    bundle = plans.bundle(folder / "bundle", rules=ColumnRules(monotone=directions))
    return monotone.probe_monotone(Path(bundle.path), n_probes=n_probes)


def test_what_rises_as_it_must_has_no_violation(tmp_path: Path) -> None:
    probes = probed(tmp_path, ("size", "increasing"), ("rooms", "increasing"))
    assert probes.columns == "size increasing and rooms increasing"
    assert (probes.n_probes, probes.n_violations) == (2_000, 0)


def test_each_step_the_wrong_way_is_counted(tmp_path: Path) -> None:
    probes = probed(tmp_path, ("size", "increasing"), ("rooms", "decreasing"))
    assert 900 < probes.n_violations <= 1_000  # beyond the column's range nothing changes


def test_a_bundle_without_constraints_has_no_such_line(tmp_path: Path) -> None:
    assert probed(tmp_path) is None
    line = judged(tmp_path / "bundle", None)
    assert line == []


@pytest.mark.parametrize(("n_violations", "passes"), [(0, True), (1, False)])
def test_one_violation_fails_the_certificate(tmp_path: Path, n_violations: int, passes: bool) -> None:
    bundle = plans.bundle(tmp_path / "bundle")
    columns = "size increasing"
    probes = monotone.MonotoneProbes(columns=columns, n_probes=1_000_000, n_violations=n_violations)
    (line,) = judged(Path(bundle.path), probes)
    assert line.passed is passes
    assert line.text.startswith(("0 violations", "1 violation")[n_violations])
    assert line.text.endswith(" in 1,000,000 probes of real rows: size increasing.")


def judged(bundle: Path, probes: Any) -> list[Any]:
    place = DeploymentEnvironment(name="edge box")
    report = LabReport(environment=place, own_environment=True, monotone=probes)
    found = judge(read_manifest(bundle), report, form="short", not_rebuilt="", built_s=0.0)
    return [line for line in found if line.key == "monotone"]
