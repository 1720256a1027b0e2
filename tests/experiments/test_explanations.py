"""What drives any candidate's answers, as data frames: by the studio and by the handle."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core.cli._main import app
from litmus_core.errors import UsageError
from litmus_core.experiments import TrainedCandidate
from litmus_core.experiments._runs import diagnosis
from tests.trained import Trained, opened, table


@pytest.fixture
def candidates(trained: Trained) -> Any:
    with opened(trained) as studio:
        yield {one.family: TrainedCandidate(studio, one) for one in studio.candidates.list(trained.run.id)}


def test_contributions_of_single_models_are_exact_and_of_an_ensemble_approximate(candidates: Any) -> None:
    rows = table(20, seed=8)
    for family, candidate in candidates.items():
        found = candidate.contributions(rows)
        np.testing.assert_allclose(found.base + found.frame.sum(axis=1), found.total, atol=1e-6)
        assert found.is_exact == (family != "ensemble")
        assert found.frame.abs().mean().idxmax() == "size"
        if found.is_exact:
            assert found.of == "the log odds of “yes”"
            margin = 1 / (1 + np.exp(-found.total.to_numpy()))
            np.testing.assert_allclose(margin, candidate.predictor().predict_proba(rows)[:, 1], atol=1e-5)
        else:
            assert found.why == "it averages the answers of several models"
            assert 0 < found.error < 0.2


def test_rows_are_validation_rows_where_none_are_given(candidates: Any) -> None:
    found = candidates["linear"].contributions()
    assert 50 < len(found.frame) <= 200
    one = table(20, seed=8)[["size", "colour", "day"]].to_dict("records")[0]
    assert len(candidates["linear"].contributions(one).frame) == 1
    with pytest.raises(UsageError, match="The rows lack 'colour'"):
        candidates["linear"].contributions([{"size": 1.0, "day": "2024-01-01"}])
    with pytest.raises(UsageError, match="There are no rows to explain"):
        candidates["linear"].contributions([])


def test_rows_of_polars_are_rows_and_what_is_none_is_said(candidates: Any) -> None:
    polars = pytest.importorskip("polars")
    rows = table(5, seed=8)[["size", "colour", "day"]]
    same, found = (candidates["linear"].contributions(one).frame for one in (rows, polars.from_pandas(rows)))
    np.testing.assert_allclose(found, same)
    with pytest.raises(UsageError, match="Rows cannot come as ndarray"):
        candidates["linear"].ice("size", rows=rows.to_numpy())


def test_doubled_columns_are_named(candidates: Any) -> None:
    rows = table(5, seed=8)[["size", "colour", "day", "size"]]
    with pytest.raises(UsageError, match="The rows have several columns 'size'"):
        candidates["linear"].contributions(rows)


@pytest.mark.parametrize("asked", [{"values": []}, {"rows": table(3, seed=8).assign(size=np.nan)}])
def test_a_curve_without_values_is_refused(candidates: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="There are no values of 'size' to try"):
        candidates["linear"].partial_dependence("size", **asked)


def test_importance_and_curves_of_any_candidate_are_frames(candidates: Any) -> None:
    for family in ("linear", "lightgbm"):
        found = candidates[family].importance(seconds=2.0)
        assert list(found.columns) == ["column", "drop", "low", "high", "n_shuffles"]
        assert found.iloc[0]["column"] == "size"
    curve = candidates["linear"].partial_dependence("size")
    assert curve["mean"].is_monotonic_increasing
    assert len(curve) == 20
    lines = candidates["linear"].ice("colour", rows=table(5, seed=8))
    assert lines.shape == (5, len(set(lines.columns)))


def test_steps_after_a_model_are_named(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = diagnosis.deployed_model
    with opened(trained) as studio:
        chosen = next(one for one in studio.candidates.list(trained.run.id) if one.family == "linear")

        def stepped(*asked: Any) -> Any:
            folder, candidate = plain(*asked)
            return folder, replace(candidate, postprocess=("cap(high=1)",))

        monkeypatch.setattr(diagnosis, "deployed_model", stepped)
        monkeypatch.setattr("litmus_core.engine.post_of", lambda *_: None)
        found = studio.explanations.contributions(chosen.id, table(3, seed=8))
    assert (found.is_exact, found.why) == (False, "steps after the model change its answers")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    table(30, seed=8).drop(columns="sold").to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path / "rows.csv"


def explained(trained: Trained, *words: object) -> Any:
    call = ["explain", *map(str, words), "--workspace", str(trained.workspace), "--json"]
    return CliRunner().invoke(app, call)


def test_the_command_says_what_each_column_adds(trained: Trained, rows: Path, tmp_path: Path) -> None:
    model = f"{trained.run.id}-linear"
    done = explained(trained, model, rows, "--to", tmp_path / "added.csv")
    facts = json.loads(done.stdout)

    assert (facts["of"], facts["is_exact"], len(facts["rows"])) == ("the log odds of “yes”", True, 30)
    for row in facts["rows"]:
        parts = row["size"] + row["colour"] + row["day"]
        assert facts["base"] + parts == pytest.approx(row["total"], abs=1e-5)
    assert pd.read_csv(tmp_path / "added.csv").to_dict("records") == facts["rows"]


def test_the_command_says_how_much_columns_matter(trained: Trained) -> None:
    lines = json.loads(explained(trained, f"{trained.run.id}-linear", "--seconds", 1).stdout)

    assert lines[0]["column"] == "size"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--to", "added.csv"], "--to and --label are for rows."),
        (["rows.csv", "--to", "added.txt"], "'added.txt' is not the name of a CSV file."),
        (["nowhere.csv"], "There is no file nowhere.csv."),
    ],
)
def test_what_does_not_fit_is_said(trained: Trained, words: list[str], sentence: str) -> None:
    done = explained(trained, f"{trained.run.id}-linear", *words)

    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["message"] == sentence
