"""A judged model is trained again on all rows; that one is predicted with, exported and deployed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from litmus_core import Studio
from litmus_core.errors import TrainingError, UsageError
from litmus_core.experiments._deploy import final_models as _final_models
from litmus_core.runtime import load_bundle
from litmus_core.types import Candidate
from tests.trained import N_ROWS, Trained, copied, opened, table


@pytest.fixture(scope="module")
def workspace(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A copy of the shared workspace whose chosen model was trained again on all rows."""
    mine = copied(trained, tmp_path_factory.mktemp("final"))
    with opened(mine) as studio:
        studio.final_models.train(studio.candidates.chosen(mine.run.id).id)
    return mine


@pytest.fixture
def studio(workspace: Trained) -> Iterator[Studio]:
    with opened(workspace) as studio:
        yield studio


@pytest.fixture
def chosen(studio: Studio, workspace: Trained) -> Candidate:
    return studio.candidates.chosen(workspace.run.id)


def test_it_has_learned_from_every_row_and_has_its_own_figures(chosen: Candidate) -> None:
    final = chosen.final

    assert final is not None
    assert (final.n_rows, final.in_use, final.form) == (N_ROWS, True, "compiled")
    assert final.latency != chosen.latency
    assert (chosen.deployed.latency, chosen.deployed.size_bytes) == (final.latency, final.size_bytes)


def test_the_verdict_and_the_scores_stay_the_judged_models(
    trained: Trained, studio: Studio, chosen: Candidate
) -> None:
    with opened(trained) as before:
        judged = before.candidates.get(chosen.id)

    assert (chosen.test, chosen.validation, chosen.threshold) == (
        judged.test,
        judged.validation,
        judged.threshold,
    )
    assert studio.runs.get(chosen.run_id).verdict == trained.run.verdict


def test_predictions_and_bundles_are_of_the_same_model(
    studio: Studio, chosen: Candidate, tmp_path: Path
) -> None:
    rows = table(50, seed=9)
    record = studio.bundles.export(chosen.id, to=tmp_path / "final.zip")
    final = studio.candidates.predictor(chosen.id).predict_raw(rows)

    assert record.is_final
    assert np.allclose(load_bundle(tmp_path / "final.zip").predict_raw(rows), final, atol=1e-9)
    assert not np.allclose(studio.candidates.predictor(chosen.id, judged=True).predict_raw(rows), final)
    with zipfile.ZipFile(tmp_path / "final.zip") as bundle:
        card, readme = (bundle.read(name).decode() for name in ("MODEL_CARD.md", "README.md"))
        manifest = json.loads(bundle.read("manifest.json"))
    assert all(f"has learned from all {N_ROWS}" in text for text in (card, readme))
    assert "The errors are the judged model's; this one has learned from more rows" in card
    with load_bundle(tmp_path / "final.zip") as opened_bundle:
        calibration = opened_bundle.needed_calibration
        assert (calibration.is_final, calibration.source) == (True, "validation")
        assert calibration.n_rows < N_ROWS / 2
    assert (
        f"has learned from all {N_ROWS}" in zipfile.ZipFile(tmp_path / "final.zip").read("README.md").decode()
    )
    assert manifest["results"]["final"]["n_rows"] == N_ROWS


def test_somebody_may_keep_the_judged_model(studio: Studio, chosen: Candidate) -> None:
    rows = table(50, seed=9)
    final = studio.bundles.stored(chosen.id)
    kept = studio.final_models.choose(chosen.id, final=False)
    judged = studio.bundles.stored(chosen.id)
    try:
        assert not kept.is_final_used
        assert kept.deployed == kept
        assert (final.is_final, judged.is_final) == (True, False)
        predicted = studio.candidates.predictor(chosen.id).predict_raw(rows)
        assert np.array_equal(
            predicted, studio.candidates.predictor(chosen.id, judged=True).predict_raw(rows)
        )
    finally:
        studio.final_models.choose(chosen.id, final=True)
    assert studio.bundles.stored(chosen.id).id == final.id


def test_another_threshold_leaves_the_model_of_all_rows_as_it_is(workspace: Trained, tmp_path: Path) -> None:
    rows = table(50, seed=9)
    with opened(copied(workspace, tmp_path)) as studio:
        before = studio.candidates.chosen(workspace.run.id)
        run = studio.runs.wait(studio.candidates.postprocess(before.id, ["threshold(at=0.3)"]).id)
        now = studio.candidates.chosen(run.id)

        assert (now.threshold, run.left_out) == (0.3, ())
        assert now.is_final_used
        assert (now.final.model, now.final.n_rows) == (before.final.model, N_ROWS)
        predicted = [studio.candidates.predictor(one.id).predict_raw(rows) for one in (before, now)]
        assert np.array_equal(*predicted)


def test_without_a_model_of_all_rows_there_is_nothing_to_choose(trained: Trained, tmp_path: Path) -> None:
    with opened(copied(trained, tmp_path)) as studio:
        candidate = studio.candidates.chosen(trained.run.id)
        with pytest.raises(UsageError, match="not trained again"):
            studio.final_models.choose(candidate.id, final=False)


def test_a_fit_that_fails_says_why_and_leaves_the_judged_model(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = copied(trained, tmp_path)
    monkeypatch.setattr(
        "litmus_core.jobs._final.fit.expected_seconds", lambda *_: 10 * _final_models._HOURS_S
    )
    with opened(mine) as studio:
        candidate = studio.candidates.chosen(mine.run.id)
        with pytest.raises(TrainingError, match="were left"):
            studio.final_models.train(candidate.id)
        after = studio.candidates.get(candidate.id)
        assert after.final is None
        assert "not trained again on all 600 rows" in after.no_final
        assert studio.candidates.predictor(candidate.id).predict_raw(table(5)).shape == (5, 2)
