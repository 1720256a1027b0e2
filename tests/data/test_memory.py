"""The memory that is left to this process: of the machine, or of groups that Linux limits."""

import math
from pathlib import Path

import pytest

from litmus_core.data import free_gb
from litmus_core.data._memory import _free_in_container

VERSIONS = {
    "0::": ("", "memory.max", "memory.current", "inactive_file"),
    "4:memory:": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    "7:cpu,memory:": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


@pytest.fixture(params=sorted(VERSIONS))
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def limit(root: Path, version: str, path: str, most: object, held: float, cached: float = 0) -> None:
    home, limit_file, held_file, line = VERSIONS[version]
    group = root / home / path
    group.mkdir(parents=True, exist_ok=True)
    (group / limit_file).write_text(f"{most}\n")
    (group / held_file).write_text(f"{held:.0f}\n")
    (group / "memory.stat").write_text(f"anon 1000\n{line} {cached:.0f}\n")


def left(root: Path, version: str, path: str) -> float:
    own = root / "own"
    own.write_text(f"9:pids:/other\n{version}{path}\n1:name=systemd:/\n")
    return _free_in_container(own, root)


def test_what_a_limit_leaves_counts_without_pages_of_files(tmp_path: Path, version: str) -> None:
    limit(tmp_path, version, "", 8_000_000_000, 3e9, cached=1e9)
    assert left(tmp_path, version, "/") == 6e9
    assert left(tmp_path, version, "/docker/that is on the machine") == 6e9


def test_the_tightest_of_nested_groups_counts(tmp_path: Path, version: str) -> None:
    limit(tmp_path, version, "job/step", 8_000_000_000, 3e9)
    limit(tmp_path, version, "job", 4_000_000_000, 3.5e9)
    limit(tmp_path, version, "", 99_000_000_000, 3e9)
    assert left(tmp_path, version, "/job/step") == 0.5e9
    assert left(tmp_path, version, "/other") == 96e9


def test_without_limits_the_machine_counts(tmp_path: Path) -> None:
    limit(tmp_path, "0::", "", "max", 3e9)
    assert left(tmp_path, "0::", "/") == math.inf
    assert _free_in_container(tmp_path / "nothing", tmp_path) == math.inf
    assert 0 < free_gb() < 1e6
