"""A bundle's trial: what is measured, within which limits, and how a process that fails is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from litmus_core.latency import LabPlan, try_bundle
from litmus_core.latency import _trial as trials
from litmus_core.types import DeploymentEnvironment
from tests import plans

BRIEF = LabPlan(batches=(1, 7), callers=(), n_single=12, n_starts=1, dependencies=False, timeout_s=60.0)
PLACE = DeploymentEnvironment(name="any")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(plans.bundle(tmp_path_factory.mktemp("lab") / "bundle").path)


def test_it_is_measured_alone_and_over_http_within_its_processors(bundle: Path) -> None:
    told: list[str] = []
    rows = [{"size": float(number), "rooms": 1, "zip": None} for number in range(40)]
    plan = LabPlan(batches=(1, 7), callers=(1, 3), n_single=30, n_starts=2, timeout_s=60.0)
    place = DeploymentEnvironment(name="one", cpus=1, memory_mb=4000, price_per_hour_usd=0.036)

    report = try_bundle(bundle, place, rows=rows, plan=plan, on_progress=told.append)

    assert report.problems == ()
    assert (report.golden.n_rows, report.golden.differences, report.n_different_rows) == (6, (), 40)
    assert [(each.batch_rows, each.n_calls) for each in report.latency] == [(1, 30), (7, 5)]
    assert [(each.callers, each.n_calls, each.n_errors) for each in report.http] == [(1, 30, 0), (3, 30, 0)]
    assert report.cold_start_s is not None
    assert report.cold_start_s > 0
    assert report.cost_usd_per_million is not None
    assert "numpy" in {each.name for each in report.dependencies}
    if sys.platform == "linux":
        assert report.cpu_limit == f"bound to 1 of {os.cpu_count()} processors"
        assert "RLIMIT_DATA" in report.memory.limit
        assert report.memory.peak_bytes is not None
        assert report.memory.peak_http_bytes is not None
    assert told[0] == "Starting cold"
    assert any("3 at once over HTTP" in line for line in told)


def test_without_rows_the_golden_ones_are_asked(bundle: Path) -> None:
    report = try_bundle(bundle, PLACE, plan=BRIEF)

    assert report.n_different_rows == 6
    assert report.http == ()
    assert report.own_environment is False


def test_too_little_memory_is_said_in_words(bundle: Path) -> None:
    report = try_bundle(bundle, DeploymentEnvironment(name="tiny", memory_mb=12), plan=BRIEF)

    assert report.cold_start_s is None
    assert report.problems == ("The bundle's process needed more than the memory limit of 12 MB starting.",)


@pytest.mark.parametrize(
    ("said", "status", "is_memory"),
    [
        ("MemoryError", 1, True),
        ("OpenBLAS error: Memory allocation still failed after 10 retries, giving up.", 1, True),
        ("terminate called after throwing an instance of 'std::bad_alloc'", -6, True),
        ("numpy.so: cannot map zero-fill pages", 1, True),
        ("", -9, True),
        ("ValueError: no such column", 1, False),
    ],
)
def test_running_out_of_memory_is_known_by_last_words_or_status(
    said: str, status: int, is_memory: bool
) -> None:
    assert trials.hit_memory_limit(said, status) is is_memory


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Let another program stand for the lab's child."""
    (folder / "child.py").write_text(program)
    monkeypatch.setattr(trials, "_CHILD", folder / "child.py")


def test_a_process_that_hangs_is_ended_and_said(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, "import time\ntime.sleep(600)\n")
    monkeypatch.setattr(trials, "_PATIENCE_S", 0.3)

    report = try_bundle(bundle, PLACE, plan=BRIEF)

    assert report.problems == ("The bundle's process hung starting, and was ended.",)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("raise SystemExit('no such thing')", "The bundle's process ended starting. no such thing"),
        ('print(\'{"failed": "it broke"}\')', "The bundle failed starting: it broke"),
        (
            'print(\'{"first": true}\', flush=True)\nraise SystemExit("gone")',
            "The bundle's process ended answering. gone",
        ),
    ],
)
def test_a_process_that_fails_is_told_with_its_last_words(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    stand_in(monkeypatch, tmp_path, program)

    assert try_bundle(bundle, PLACE, plan=BRIEF).problems == (words,)


def test_a_bundle_that_answers_otherwise_there_is_found(tmp_path: Path) -> None:
    import json

    from tests.runtime.conftest import forge

    folder = Path(plans.bundle(tmp_path / "bundle").path)
    golden = json.loads((folder / "golden.json").read_text())
    golden["answers"][0]["probabilities"] = {"no": 0.5, "yes": 0.5}
    content = json.dumps(golden).encode()
    (folder / "golden.json").write_bytes(content)
    import hashlib

    entry = {"sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
    forge(folder, lambda plain: plain["files"].update({"golden.json": entry}))

    report = try_bundle(folder, PLACE, plan=BRIEF)

    assert len(report.golden.differences) >= 1
    assert report.golden.differences[0].startswith("Golden row 0 was answered")
