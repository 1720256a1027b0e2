"""Strangers' paradigms: the guide's own files, each from a table to an endpoint in one training."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import load_bundle
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.errors import LitmusError
from litmus_core.experiments import Studio
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.runtime import Bundle
from litmus_core.serving import create_app
from litmus_core.types import Run
from tests.experiments.paradigms import follow, only_run, opened
from tests.guides.blocks import ROOT
from tests.serving.client import Client

GUIDE = "docs/guides/paradigms.md"
ROW = {"exposure": 0.5, "age": 20, "region": "south"}


def policies(n_rows: int = 600) -> pd.DataFrame:
    """Return policies of different lengths; young people, and the south, have more claims."""
    draw = np.random.default_rng(0)
    age, region = draw.integers(18, 80, n_rows), draw.choice(["north", "south"], n_rows)
    exposure = draw.uniform(0.02, 1.0, n_rows).round(3)
    rate = np.exp(-1 + 1.5 * (age < 30) + 1.0 * (region == "south"))
    claims = draw.poisson(rate * exposure)
    return pd.DataFrame({"claims": claims, "exposure": exposure, "age": age, "region": region})


@pytest.fixture(scope="module")
def reader(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, in which the guide's commands have run."""
    return follow(GUIDE, tmp_path_factory.mktemp("paradigms"), policies(), name="policies.csv")


@pytest.fixture(scope="module")
def studio(reader: Path) -> Iterator[Studio]:
    with opened(reader) as studio:
        yield studio


@pytest.fixture(scope="module")
def run(studio: Studio) -> Run:
    return only_run(studio)


@pytest.fixture(scope="module")
def bundle(reader: Path) -> Iterator[Bundle]:
    with load_bundle(reader / "counts.zip") as bundle:
        yield bundle


def test_models_learn_rates_weighed_by_exposure_and_do_not_see_it(studio: Studio, run: Run) -> None:
    folder = studio.workspace.path / "runs" / run.id
    trainer, frame = open_trainer(folder), policies()
    rows = pd.read_parquet(folder / "parts.parquet")["part"].eq(0)
    model = trainer.load_model("lightgbm")

    assert np.allclose(trainer.load_y(), (frame["claims"] / frame["exposure"])[rows])
    weights = trainer.load_X()[trainer.sample_weight]
    assert np.allclose(weights, frame["exposure"][rows] / frame["exposure"][rows].mean())
    assert "objective=poisson" in model.model.model_to_string()
    assert not [name for name in model.features if "exposure" in name]


def test_guessing_is_the_same_rate_for_every_row(studio: Studio, run: Run) -> None:
    parts = pd.read_parquet(studio.workspace.path / "runs" / run.id / "parts.parquet")["part"]
    frame = policies()
    train, held = frame[parts == 0], frame[parts == 2]
    expected = train["claims"].sum() / train["exposure"].sum() * held["exposure"]
    claims = held["claims"].to_numpy()
    logs = np.where(claims > 0, claims * np.log(np.maximum(claims, 1) / expected), 0)
    deviance = 2 * np.mean(logs - claims + expected)

    assert run.verdict is not None
    assert run.verdict.score.metric == "poisson_deviance"
    assert run.verdict.baseline == pytest.approx(deviance)
    assert run.verdict.score.value < deviance


def test_a_bundle_and_a_scored_file_answer_by_the_exposure_of_each_row(bundle: Bundle, reader: Path) -> None:
    half, whole = bundle.predict_values([ROW, {**ROW, "exposure": 1.0}])
    scored, frame = pd.read_csv(reader / "expected.csv"), policies()

    assert whole == pytest.approx(2 * half)
    assert whole == pytest.approx(np.exp(-1 + 1.5 + 1.0), rel=0.5)
    assert bundle.manifest.executor == "compiled"
    assert np.allclose(scored["prediction"], bundle.predict_values(frame.drop(columns="claims")), atol=1e-6)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "exposure": None}, "'exposure' is missing in row 0, and there is no answer without it."),
        ({"age": 20, "region": "south"}, "Row 0 has no field 'exposure'."),
        ({**ROW, "exposure": 0}, "'exposure' is not above 0; the first such row is row 0 of 1 (from 0)"),
    ],
)
def test_an_endpoint_asks_for_the_exposure_of_each_row(
    bundle: Bundle, row: dict[str, object], message: str
) -> None:
    with Client(create_app(bundle)) as client:
        schema = client.get("/openapi.json").text
        right, wrong = (client.request("POST", "/predict", json={"rows": [each]}) for each in (ROW, row))

    assert '"exposure"' in schema
    assert right.json()["predictions"][0]["value"] > 0
    assert (wrong.status_code, wrong.json()["detail"]["message"][: len(message)]) == (422, message)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"claims": -1}, "EventCounts", "2 rows count less than nothing."),
        ({"exposure": 0.0}, "EventCounts", "'exposure' is not above 0 in 2 rows, so nothing can"),
        ({"exposure": None}, "EventCounts", "'exposure' is missing in 2 rows of 'changed'"),
        ({}, "EventCounts(exposure='exposur')", "Did you mean 'exposure'"),
        ({}, "EventCounts(exposure='claims')", "'claims' is what to predict"),
        ({}, "EventCounts(exposure='region')", "'region' holds no numbers"),
    ],
)
def test_what_cannot_be_counted_is_said_before_training(
    studio: Studio, tmp_path: Path, change: dict[str, object], kind: str, message: str
) -> None:
    frame = policies(60)
    for name, value in change.items():
        frame[name] = frame[name].astype(object)
        frame.loc[[3, 4], name] = value
    frame.to_csv(tmp_path / "changed.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "changed.csv")
    with pytest.raises(LitmusError) as error:
        make_task(studio.workspace, version, "claims", TaskWishes(task_type=kind))

    assert message in f"{error.value} {error.value.hint}"


def test_no_file_of_the_product_names_them() -> None:
    names = re.compile(r"\b(poisson_deviance|EventCounts)\b")
    files = [path for folder in ("litmus_core", "app", "pages") for path in (ROOT / folder).rglob("*.py")]
    named = [path for path in files if names.search(path.read_text(encoding="utf-8"))]

    assert named == []
