"""Intervals and label sets of a trained model: asked for after training, by groups, and in its bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from litmus_core import Studio, load_bundle
from litmus_core.engine import validation_predictions
from litmus_core.engine._intervals import calibrate
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._api.handles.handle import TrainedCandidate
from litmus_core.experiments._runs.diagnosis import run_data
from tests.trained import Trained, opened, table


@pytest.fixture
def studio(own_training: Trained) -> Iterator[Studio]:
    with opened(own_training) as studio:
        yield studio


@pytest.fixture
def best(studio: Studio, own_training: Trained) -> TrainedCandidate:
    return TrainedCandidate(studio, studio.candidates.chosen(own_training.run.id))


def test_they_come_from_rows_that_the_model_did_not_learn_from(
    studio: Studio, best: TrainedCandidate, own_training: Trained
) -> None:
    calibration = studio.intervals.calibration(best.id)
    index, _ = validation_predictions(studio.workspace.run_dir(own_training.run.id), best.facts.model)

    assert calibration is not None
    assert (calibration.source, calibration.n_rows) == ("validation", len(index))
    assert calibration.by is None


def test_the_verdict_measures_them_on_the_rows_that_judge(own_training: Trained) -> None:
    verdict = own_training.run.verdict

    assert verdict is not None
    assert verdict.coverage is not None
    assert verdict.coverage.n_rows == verdict.score.n_rows
    assert verdict.coverage.low <= 0.9 <= verdict.coverage.high
    assert 1.0 <= verdict.coverage.size <= 2.0


def test_a_model_its_bundle_and_new_rows_agree(best: TrainedCandidate, tmp_path: Path) -> None:
    rows = table(2_000, seed=5)
    sets = best.predict_set(rows)
    best.export(tmp_path / "model.zip")
    with load_bundle(tmp_path / "model.zip") as bundle:
        assert bundle.predict_set(rows) == sets
        assert bundle.needed_calibration.coverage is not None
        labels = bundle.predict(rows)

    assert [first for first, *_ in sets] == labels.tolist()
    held = np.mean([truth in each for truth, each in zip(rows["sold"], sets, strict=True)])
    assert held == pytest.approx(0.9, abs=0.05)


def test_groups_are_asked_for_afterwards_and_go_into_the_next_bundle(
    studio: Studio, best: TrainedCandidate, tmp_path: Path
) -> None:
    grouped = best.group_intervals("colour")
    grouped.export(tmp_path / "model")
    with load_bundle(tmp_path / "model") as bundle:
        calibration = bundle.needed_calibration

    assert calibration.by is not None
    assert calibration.by.name == "colour"
    assert {group.value for group in calibration.groups} == {"blue", "green", "red"}
    assert "blue" in {group.value for group in calibration.small_groups}
    assert TrainedCandidate(studio, grouped.facts).group_intervals("").facts.interval_by == ""


def test_the_coverage_that_is_quoted_is_that_of_the_sets_that_are_answered(
    studio: Studio, best: TrainedCandidate, own_training: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "GROUP_ROWS", 20)
    first = own_training.run.verdict
    best.group_intervals("colour")
    run = studio.runs.get(own_training.run.id)
    tested = run_data(studio.context, run).rows("test")
    sets = best.predict_set(tested)
    held = np.mean([truth in each for truth, each in zip(tested["sold"], sets, strict=True)])
    moved = studio.decisions.verdict_at(run.id, 0.5)
    best.group_intervals("")

    for coverage in (run.verdict.coverage, moved.coverage):
        assert (coverage.share, coverage.size) == pytest.approx((held, np.mean(list(map(len, sets)))))
    assert run.verdict.coverage != first.coverage
    assert studio.runs.get(run.id).verdict == first
    (studio.workspace.run_dir(run.id) / "model.json").rename(own_training.workspace / "gone.json")
    best.group_intervals("colour")
    assert studio.runs.get(run.id).verdict.coverage is None


@pytest.mark.parametrize(("column", "error"), [("colur", UnknownNameError), ("size", UsageError)])
def test_what_does_not_part_the_rows_into_groups_is_refused(
    best: TrainedCandidate, column: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        best.group_intervals(column)
    assert best.studio.candidates.get(best.id).interval_by == ""


def test_what_is_stored_of_the_chosen_model_calibrates_as_the_model_does(
    studio: Studio, best: TrainedCandidate, own_training: Trained
) -> None:
    stored = studio.intervals.calibration(best.id)
    (studio.workspace.run_dir(own_training.run.id) / "validated.npz").unlink()
    asked = studio.intervals.calibration(best.id)

    assert stored is not None
    assert asked is not None
    assert stored.to_json() == asked.to_json()


def test_every_candidate_has_them(studio: Studio, own_training: Trained) -> None:
    for candidate in studio.candidates.list(own_training.run.id):
        calibration = studio.intervals.calibration(candidate.id)
        assert calibration is not None
        assert calibration.check(0.9) >= 0.0


def test_a_removed_run_has_none(studio: Studio, best: TrainedCandidate, own_training: Trained) -> None:
    folder = studio.workspace.run_dir(own_training.run.id)
    (folder / "model.json").rename(folder / "gone.json")

    assert studio.intervals.calibration(best.id) is None
