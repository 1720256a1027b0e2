"""The figures of growth, on times whose growth is plain, and that grown tables have their size."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks._growth_figures import exponent, growth_figures, limit_figures, phases
from benchmarks._growth_tables import TARGET, write_table
from benchmarks._growth_training import Watch


def _run(run_s: float, *, has_model: bool = True) -> dict:
    return {
        "clock": {"run": run_s}, "cpu": {"import": 1.0, "run": 9.0}, "stages_cpu": {"fit": 6.0},
        "load": 1.0, "has_model": has_model,
    }  # fmt: skip


def test_the_exponent_is_the_power_that_time_grows_by():
    assert exponent({10: 1.0, 100: 10.0, 1_000: 100.0}) == pytest.approx(1.0)
    assert exponent({10: 1.0, 100: 100.0, 1_000: 10_000.0}) == pytest.approx(2.0)


def test_times_too_short_to_tell_do_not_grow():
    assert exponent({10: 0.0001, 100: 0.001, 1_000: 0.01}) == 0.0


def test_the_phase_that_turns_quadratic_at_the_end_is_named():
    times = {"import": {10: 1.0, 100: 1.1, 1_000: 1.2}, "checks": {10: 1.0, 100: 1.1, 1_000: 110.0}}
    found = growth_figures("columns", times)
    assert [figure.name.rpartition(": ")[2] for figure in found][-1] == "checks"
    assert found[-1].value == pytest.approx(2.0)
    assert {figure.name: figure.holds for figure in found[:2]} == {
        "columns: exponent of import": True,
        "columns: exponent of checks": True,
    }


def test_a_run_may_pass_its_limit_by_15_percent_and_10_seconds():
    kept = limit_figures("rows", {1_000: _run(30.0), 10_000: _run(78.9)}, 60.0)
    passed = limit_figures("rows", {1_000: _run(30.0), 10_000: _run(80.0, has_model=False)}, 60.0)
    assert all(figure.holds for figure in kept)
    assert kept[-1].value == pytest.approx(9.0 / 78.9, abs=1e-4)  # it waited for the others' work
    assert [figure.value for figure in passed[:2]] == [1.0, 1]
    assert not any(figure.holds for figure in passed[:2])


def test_of_a_run_counts_what_is_not_fitting():
    found = phases({1_000: _run(30.0), 10_000: _run(30.0, has_model=False)})
    assert found == {"import": {1_000: 1.0, 10_000: 1.0}, "run without fitting": {1_000: 3.0}}


def test_a_watch_tells_what_was_used_between_two_looks():
    watch = Watch(moments=[(100.0, 5.0), (102.0, 7.0)])
    assert watch.used_until(101.0) == 6.0


def test_a_grown_table_has_its_size_and_its_copies_are_no_copies(tmp_path):
    write_table(tmp_path / "table.csv", 300, 45)
    table = pd.read_csv(tmp_path / "table.csv")
    assert table.shape == (300, 45)
    assert set(table[TARGET]) == {True, False}
    assert 0.2 < table["distance"].corr(table["distance_1"]) < 0.8
    assert not table.drop(columns=TARGET).duplicated().any()
