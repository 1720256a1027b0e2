"""The race: scores, ranks and tests of answers that are plain, and one start from end to end."""

from __future__ import annotations

import argparse
import subprocess
import sys

import numpy as np
import pandas as pd
import psutil
import pytest

from benchmarks import _race_environments, _race_runs, race
from benchmarks._harness import Results, Run
from benchmarks._race_figures import figures_of
from benchmarks._race_plot import write_plot, write_table
from benchmarks._race_ranks import against_peers, beyond_noise, holm, mean_interval, normalised, ranks
from benchmarks._race_runs import Entry, run_entry
from benchmarks._race_scores import score_answers
from benchmarks._race_tables import TABLES, Table
from benchmarks._race_tools import ADAPTERS

KNOWN = {table.name: table for table in TABLES}
BINARY = Table("made up", "none/none", "y", "binary")
THREE = Table("made up", "none/none", "y", "multiclass")
NUMBER = Table("made up", "none/none", "y", "regression")


def _runs(*metrics: float, ms: float = 1.0, spread: float = 0.01) -> list[dict]:
    draws = np.random.default_rng(0).normal(0, spread, 200)
    return [
        {"metric": each, "loss": each, "draws": (each + draws).tolist(), "fit_s": 6.0, "one_row_ms": ms}
        for each in metrics
    ]


def test_columns_of_classes_may_come_in_any_order():
    truth = pd.Series(["is a", "is b", "is b", "is a"])
    right = pd.DataFrame({"is b": [0.1, 0.9, 0.8, 0.3], "is a": [0.9, 0.1, 0.2, 0.7]})
    found = score_answers(BINARY, right, truth, seed=0)
    assert found["metric"] == 1.0
    assert found["loss"] == pytest.approx(np.mean(np.log([0.9, 0.9, 0.8, 0.7])))
    turned = right.rename(columns={"is a": "is b", "is b": "is a"})
    assert score_answers(BINARY, turned, truth, seed=0)["metric"] == 0.0


def test_a_class_that_the_racer_does_not_know_is_an_answer_of_nearly_zero():
    answers = pd.DataFrame({"is a": [1.0, 0.5], "is b": [0.0, 0.5]})
    found = score_answers(THREE, answers, pd.Series(["is a", "is c"]), seed=0)
    assert found["metric"] == pytest.approx(np.mean([0.0, np.log(1e-6)]), abs=1e-4)


def test_values_are_scored_by_their_error_and_higher_is_better():
    found = score_answers(NUMBER, pd.DataFrame({"value": [1.0, 5.0]}), pd.Series([1.0, 2.0]), seed=0)
    assert found["metric"] == found["loss"] == pytest.approx(-np.sqrt(4.5))


def test_answers_that_lack_rows_or_are_no_numbers_are_refused():
    truth = pd.Series([1.0, 2.0])
    with pytest.raises(ValueError, match="1 answers to 2 rows"):
        score_answers(NUMBER, pd.DataFrame({"value": [1.0]}), truth, seed=0)
    with pytest.raises(ValueError, match="is not a number"):
        score_answers(NUMBER, pd.DataFrame({"value": [1.0, np.nan]}), truth, seed=0)


def test_racers_of_a_table_share_their_draws():
    truth = pd.Series(np.arange(50.0))
    one, two = (
        score_answers(NUMBER, pd.DataFrame({"value": truth + off}), truth, seed=3) for off in (1.0, 2.0)
    )
    assert one["draws"] == [-1.0] * 200
    assert two["draws"] == [-2.0] * 200
    noisy = pd.DataFrame({"value": truth + np.random.default_rng(0).normal(size=50)})
    first, again = (score_answers(NUMBER, noisy, truth, seed=3)["draws"] for _ in range(2))
    assert first == again != score_answers(NUMBER, noisy, truth, seed=4)["draws"]


def test_scores_lie_between_the_constant_answer_and_the_best_and_a_failure_is_the_constant_answer():
    runs = {
        "constant": _runs(0.5, 0.5),
        "litmus": _runs(0.8, 0.8),
        "a": _runs(0.9, 0.9),
        "b": [_runs(0.9)[0], {"error": "lost"}],
        "c": _runs(0.3, 0.3),
    }
    found = normalised(runs, ["litmus", "a", "b", "c"])
    assert found == pytest.approx({"litmus": 0.75, "a": 1.0, "b": 0.5, "c": 0.0})
    assert ranks(runs, ["litmus", "a", "b", "c"]) == {"litmus": 2.0, "a": 1.0, "b": 3.0, "c": 4.0}


def test_equal_racers_share_a_rank_and_holm_multiplies_by_what_is_left():
    runs = {"constant": _runs(0.5), "litmus": _runs(0.9), "a": _runs(0.9), "b": _runs(0.6)}
    assert ranks(runs, ["litmus", "a", "b"]) == {"litmus": 1.5, "a": 1.5, "b": 3.0}
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})


def test_a_peer_that_is_ahead_on_every_table_is_significantly_better():
    shares = np.column_stack(
        [np.linspace(0.7, 0.9, 16), np.linspace(0.75, 1.0, 16), np.linspace(0.7, 0.9, 16)]
    )
    found = against_peers(shares, ["litmus", "a", "b"], ours="litmus")
    assert found["a"][0] < 0
    assert found["a"][1] < 0.05
    assert found["b"] == (0.0, 1.0)
    assert mean_interval(np.array([1.0, 2.0, 3.0]))[0] == 2.0


@pytest.mark.parametrize(("own", "end"), [(0.95, "win"), (0.9, "tie"), (0.85, "loss")])
def test_a_table_is_won_or_lost_beyond_the_noise_of_its_hidden_rows(own, end):
    other = _runs(0.9)
    other[0]["draws"] = (0.9 + np.random.default_rng(1).normal(0, 0.01, 200)).tolist()
    runs = {"constant": _runs(0.5), "litmus": _runs(own), "a": other, "b": _runs(0.6)}
    assert beyond_noise(runs, ["a", "b"], ours="litmus") == end
    runs["litmus"] = [{"error": "lost"}]
    assert beyond_noise(runs, ["a", "b"], ours="litmus") == "loss"


def _scores(n_tables: int = 8) -> dict:
    return {
        f"table {at}": {
            "constant": _runs(0.5),
            "litmus": _runs(0.8 + at / 100, ms=0.1),
            "litmus without verdict": _runs(0.9 + at / 100, ms=0.1),
            "autogluon medium": _runs(0.82 + at / 100, ms=20.0),
            "flaml": _runs(0.7 + at / 100, ms=0.5),
        }
        for at in range(n_tables)
    }


def test_figures_hold_litmus_to_its_peers_and_state_the_other_one_beside():
    racers = list(_scores()["table 0"])
    found = {each.name: each for each in figures_of(_scores(), racers, seconds=60)}
    assert found["score behind the best peer"].value == pytest.approx(0.06, abs=0.01)
    assert not found["score behind the best peer"].holds
    assert found["mean rank"].value == 2.0
    assert not found["mean rank"].holds
    assert found["peers significantly better"].value == 1
    assert found["one row: times faster than a peer, at worst"].value == pytest.approx(5)
    assert found["one row: times faster than AutoGluon, median"].value == pytest.approx(200)
    assert found["flaml: mean rank"].value == 3.0
    assert found["litmus: longest training"].value == pytest.approx(0.1)
    beside = found["litmus without verdict: mean rank"]
    assert (beside.value, beside.target) == (1.0, None)


def test_the_picture_and_the_table_show_every_racer(tmp_path):
    racers = list(_scores()["table 0"])
    write_plot(_scores(2), racers, to=tmp_path / "race.svg", seconds=60)
    write_table(_scores(2), racers, to=tmp_path / "race.md")
    assert "<svg" in (tmp_path / "race.svg").read_text()
    assert "| table 0 | 0.5 | 0.8 | **0.9** | 0.82 | 0.7 |" in (tmp_path / "race.md").read_text()


def test_a_start_runs_in_a_process_of_its_own_and_its_answers_are_scored_here():
    table = KNOWN["olives"]
    found = run_entry(Entry(tool="constant", table=table, seed=0, seconds=1, n_calls=3), table.load())
    frame = table.load()
    shares = frame[table.target].value_counts(normalize=True)
    assert found["metric"] == pytest.approx((shares * np.log(shares)).sum(), abs=0.05)
    assert len(found["draws"]) == 200
    assert found["one_row_ms"] > 0


def test_a_racer_that_breaks_is_told_with_its_last_words(monkeypatch):
    monkeypatch.setitem(_race_runs.ENVIRONMENTS, "none of this name", None)
    table = KNOWN["olives"]
    found = run_entry(Entry(tool="none of this name", table=table, seed=0, seconds=1), table.load())
    assert found == {"error": "KeyError: 'none of this name'"}


def test_a_peer_without_its_environment_is_named_and_what_was_raced_is_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LITMUS_RACE_FOLDER", str(tmp_path))
    monkeypatch.setattr(race, "run_entry", lambda entry, frame: _runs(0.5)[0])
    told = {"prepare": False, "pool": "final", "tables": "olives", "tools": "constant,flaml", "seconds": 1.0}
    options = argparse.Namespace(**told, seeds=1, calls=3, plot=False)
    run = Run(options, Results("race", root=tmp_path))
    race.figures(run)
    assert "flaml does not race: flaml: not prepared" in capsys.readouterr().err
    monkeypatch.setattr(race, "run_entry", lambda entry, frame: pytest.fail("raced again"))
    race.figures(run)
    with pytest.raises(SystemExit, match="not in the pool final: leaves"):
        race.figures(Run(argparse.Namespace(**vars(options) | {"tables": "leaves"}), run.results))


def test_an_environment_that_cannot_be_made_says_what_the_installer_said(tmp_path, monkeypatch):
    monkeypatch.setenv("LITMUS_RACE_FOLDER", str(tmp_path))
    monkeypatch.setattr(_race_environments.shutil, "which", lambda *_, **__: "uv")
    lost = subprocess.CompletedProcess([], 1, "", "No solution found")
    monkeypatch.setattr(_race_environments.subprocess, "run", lambda *_, **__: lost)
    with pytest.raises(_race_environments.EnvironmentLacksError, match="flaml: No solution found"):
        _race_environments.prepare("flaml")


def test_every_racer_has_an_adapter_and_pins():
    assert list(ADAPTERS) == list(_race_runs.ENVIRONMENTS)
    assert {home for home in _race_runs.ENVIRONMENTS.values() if home} <= set(_race_environments.PINS)


def test_what_a_racer_started_ends_with_it():
    code = (
        "import subprocess, sys; rest = [sys.executable, '-c', 'import time; time.sleep(600)'];"
        "each = subprocess.Popen(rest, start_new_session=True); print(each.pid, flush=True); each.wait()"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    worker = psutil.Process(int(child.stdout.readline()))
    _race_runs._end_group(child)
    child.stdout.close()
    gone, alive = psutil.wait_procs([worker], timeout=30)
    assert (gone, alive) == ([worker], [])
    assert child.returncode == -9
