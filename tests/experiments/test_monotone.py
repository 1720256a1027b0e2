"""A question whose answer only rises with a column: asked, kept by every run, told and proven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core import Compute, Goal, Training, load_bundle, train
from litmus_core.deploy._certificates.monotone import probe_monotone
from litmus_core.errors import UsageError
from litmus_core.experiments import TaskWishes, TrainingHandle, make_task
from litmus_core.experiments._api.goal import read_monotone
from litmus_core.types import ColumnRules, PluginRef, RunPlan

RULES = ColumnRules(monotone=(("area", "increasing"),))
STEPS = [
    ("rule", (("when", "area > 50"), ("then", "value *= 2")), "rule treats rows differently by 'area'"),
    ("rule", (("when", "town = 'A'"), ("then", "value *= -2")), "rule multiplies by -2"),
    ("steps.py:Mine", (), "steps.py:Mine may turn predictions around"),
]


def flats(n_rows: int = 300) -> pd.DataFrame:
    """Return rows whose price falls with the area where it is large, against all reason."""
    random = np.random.default_rng(0)
    area = random.uniform(20, 120, n_rows)
    price = 3 * area - 0.03 * area**2 + random.normal(0, 4, n_rows)
    return pd.DataFrame({"area": area.round(1), "town": random.choice(["A", "B"], n_rows), "price": price})


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHandle]:
    handle = train(
        flats(),
        "price",
        goal=Goal(metrics="rmse", monotone={"area": "increasing"}),
        training=Training(models=["lightgbm", "linear"]),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=tmp_path_factory.mktemp("held") / "workspace",
    )
    yield handle.wait(timeout_s=200)
    handle.studio.close()


def test_what_cannot_keep_to_it_is_left_out_and_named(held: TrainingHandle) -> None:
    assert [name.split(" (")[0] for name in held.leaderboard()["name"]] == ["Fast boosted trees"]
    assert held.run.left_out == (
        "Linear model was left out: it cannot be held to rising or falling with 'area'.",
    )
    assert held.run.status == "finished"


def test_it_is_told_where_the_question_is(held: TrainingHandle) -> None:
    assert "monotone={'area': 'increasing'}" in held.code
    report = held.studio.reports.experiment(held.experiment.id)
    assert "increasing in area" in report


def test_its_bundle_keeps_to_it(held: TrainingHandle, tmp_path: Path) -> None:
    assert held.best is not None
    held.best.export(tmp_path / "flats", zipped=False)
    with load_bundle(tmp_path / "flats") as bundle:
        assert bundle.manifest.executor == "compiled"
        assert bundle.check() == []
        large = bundle.predict(pd.DataFrame({"area": [60.0, 90.0, 119.0], "town": "A"}))
    assert np.diff(large).min() >= 0
    probes = probe_monotone(tmp_path / "flats", n_probes=20_000)
    assert probes is not None
    assert (probes.columns, probes.n_probes, probes.n_violations) == ("area increasing", 20_000, 0)


@pytest.mark.exhaustive
def test_a_certificate_counts_a_million_probes(held: TrainingHandle, tmp_path: Path) -> None:
    assert held.best is not None
    bundle = held.best.export(tmp_path / "flats.zip")
    certificate = held.studio.certificates.create(bundle.id, full=False)
    line = next(line for line in certificate.lines if line.key == "monotone")
    assert line.passed
    assert line.text == "0 violations in 1,000,000 probes of real rows: area increasing."


def test_what_would_not_keep_to_it_is_refused(held: TrainingHandle, tmp_path: Path) -> None:
    assert held.best is not None
    flats(40).to_csv(tmp_path / "more.csv", index=False)
    held.studio.datasets.append_rows(held.experiment.task.dataset_version_id, tmp_path / "more.csv")
    with pytest.raises(UsageError, match="only rise or fall with 'area'; a faster variant would not"):
        held.studio.compression.start(held.run.id)
    with pytest.raises(UsageError, match="only rise or fall with 'area'; trees that are added"):
        held.studio.warm_start.start(held.best.id)


@pytest.mark.parametrize(("reference", "parameters", "message"), STEPS)
def test_a_step_that_may_turn_it_around_is_refused(
    studio: Any, tmp_path: Path, reference: str, parameters: Any, message: str
) -> None:
    flats().to_csv(tmp_path / "flats.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "flats.csv")
    step = PluginRef(point="postprocess", reference=reference, parameters=parameters)
    fine = PluginRef(point="postprocess", reference="cap", parameters=(("low", 0),))
    task = make_task(studio.workspace, version, "price", TaskWishes(rules=RULES))
    studio.runs.check_plan(task, RunPlan(postprocess=(fine,)))
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        studio.runs.check_plan(task, RunPlan(postprocess=(fine, step)))


@pytest.mark.parametrize(
    ("monotone", "message"),
    [
        ({"area": "up"}, "'up' is not a direction for 'area'"),
        ({"area": 2}, "2 is not a direction for 'area'"),
        (["area"], "'area' does not say which way predictions go"),
    ],
)
def test_a_direction_that_is_none_is_refused(monotone: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_monotone(monotone)


def test_the_usual_words_lead_to_it() -> None:
    with pytest.raises(UsageError, match=r"Goal\(monotone="):
        train("shop.csv", "sold", monotone_constraints={"area": 1})  # type: ignore[call-arg]
