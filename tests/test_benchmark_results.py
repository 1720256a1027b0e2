"""What benchmarks keep: a line a part in one file, so that one that was interrupted goes on where it was."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks._harness import RESULTS, Results

ROOT = Path(__file__).parents[1]


def test_a_part_that_is_kept_is_not_measured_again(tmp_path: Path) -> None:
    Results("speed", root=tmp_path).cached({"rows": 10, "seed": 1}, lambda: {"s": 0.5})
    Results("speed", root=tmp_path).cached({"rows": 20}, lambda: {"s": 0.9})

    again = Results("speed", root=tmp_path).cached({"seed": 1, "rows": 10}, lambda: pytest.fail("measured"))

    assert again == {"s": 0.5}
    assert len((tmp_path / "speed.jsonl").read_text().splitlines()) == 2


def test_half_a_line_of_a_benchmark_that_was_killed_costs_that_part_alone(tmp_path: Path) -> None:
    Results("speed", root=tmp_path).cached({"rows": 10}, lambda: 1)
    with (tmp_path / "speed.jsonl").open("a") as lines:
        lines.write('{"key":{"rows":20},"sec')

    results = Results("speed", root=tmp_path)

    assert results.cached({"rows": 20}, lambda: 2) == 2
    assert [Results("speed", root=tmp_path).has({"rows": n}) for n in (10, 20)] == [True, True]


def test_parts_of_another_process_are_seen(tmp_path: Path) -> None:
    here, there = Results("speed", root=tmp_path), Results("speed", root=tmp_path)
    here.cached({"rows": 10}, lambda: 1)
    there.cached({"rows": 20}, lambda: 2)

    assert here.cached({"rows": 20}, lambda: pytest.fail("measured")) == 2


def test_a_fresh_start_forgets_all_parts(tmp_path: Path) -> None:
    results = Results("speed", root=tmp_path)
    results.cached({"rows": 10}, lambda: 1)
    results.forget()

    assert not results.has({"rows": 10})


def test_every_kept_line_is_a_part() -> None:
    lines = [line for path in RESULTS.glob("*.jsonl") for line in path.read_text().splitlines()]

    assert all({"key", "seconds", "value"} == set(json.loads(line)) for line in lines)


@pytest.mark.parametrize(
    "name",
    ["_paradigms_forecast_figures", "_paradigms_targets", "agents", "flexible", "live", "paradigms", "race"],
)
def test_the_code_that_results_depend_on_is_there(name: str) -> None:
    module = import_module(f"benchmarks.{name}")
    listed = getattr(module, "_CODE", None) or module._RULES
    paths = [path for part in listed.values() for path in part] if isinstance(listed, dict) else listed

    assert [str(path) for path in paths if not (ROOT / path).exists()] == []
