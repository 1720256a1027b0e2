"""A weight is learned with, scored by, told of and not asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from litmus_core import Compute, Data, Training, load_bundle, train
from litmus_core.errors import UsageError
from litmus_core.experiments import TaskWishes, TrainingHandle, make_task
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.jobs import predictions_on_test, read_validated
from litmus_core.types import ColumnRules, RunPlan


def survey(n_rows: int = 300) -> pd.DataFrame:
    """Return rows of which a quarter, ten times as heavy, hang on ``x`` the other way."""
    random = np.random.default_rng(0)
    x, heavy = random.normal(size=n_rows), np.arange(n_rows) % 4 == 0
    yes = random.random(n_rows) < 1 / (1 + np.exp(np.where(heavy, 3, -3) * x))
    weight = np.where(heavy, 10.0, 1.0) * random.uniform(0.5, 1.5, n_rows).round(3)
    return pd.DataFrame({"x": x, "persons": weight, "bought": np.where(yes, "yes", "no")})


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHandle]:
    folder = tmp_path_factory.mktemp("weighed")
    handle = train(
        Data(survey(), weight="persons"),
        "bought",
        goal=["roc_auc", "average_precision"],
        training=Training(models=["linear"], keep_judged=True),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=folder / "workspace",
    )
    yield handle.wait(timeout_s=200)
    handle.studio.close()


def test_scores_of_validation_and_test_are_weighted(weighed: TrainingHandle) -> None:
    context = weighed.studio.candidates.context
    data, verdict = run_data(context, weighed.run), weighed.verdict
    assert verdict is not None
    best = context.candidate(verdict.candidate_id)
    folder = context.workspace.run_dir(weighed.run.id)
    found = predictions_on_test(folder, data, best)
    truth, weights = (data.frame[name].to_numpy()[found.index] for name in ("bought", "persons"))
    named: dict[str, Any] = {"y_true": truth == "yes", "y_score": found.raw[:, 1], "sample_weight": weights}
    assert verdict.score.value == pytest.approx(roc_auc_score(**named), abs=1e-12)
    assert best.also_test[0].value == pytest.approx(average_precision_score(**named), abs=1e-12)

    kept = read_validated(folder)
    assert best.validation is not None
    expected = roc_auc_score(kept.truth == "yes", kept.predictions[:, 1], sample_weight=kept.weights)
    assert best.validation.value == pytest.approx(expected, abs=1e-12)
    assert best.validation.value > 0.7 > roc_auc_score(kept.truth == "yes", kept.predictions[:, 1])


def test_it_is_told_wherever_the_score_is(weighed: TrainingHandle) -> None:
    verdict = weighed.verdict
    assert verdict is not None
    assert verdict.score.n_effective is not None
    assert verdict.score.n_effective < 0.6 * verdict.score.n_rows
    assert "60 rows it had never seen, weighted by persons. With these" in weighed.sentence
    assert "weight='persons'" in weighed.code
    assert ", weighted by persons" in weighed.studio.reports.experiment(weighed.experiment.id)


def test_no_bundle_asks_for_it(weighed: TrainingHandle, tmp_path: Path) -> None:
    assert weighed.best is not None
    weighed.best.export(tmp_path / "bought.zip")
    bundle = load_bundle(tmp_path / "bought.zip")
    assert bundle.predict(pd.DataFrame({"x": [-2.0, 2.0]})).tolist() == ["yes", "no"]
    assert bundle.predict(survey()[["x", "persons"]].head(1)).tolist() in (["yes"], ["no"])


def test_steps_of_ones_own_that_take_no_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / "steps.py").write_text(
        "class Shifts:\n"
        "    def fit(self, frame, target):\n        self.mean = frame['x'].mean()\n"
        "    def transform(self, frame):\n        return frame.assign(x=frame['x'] - self.mean)\n\n"
        "class Keeps:\n"
        "    def fit(self, answers, rows, truth):\n        self.n = len(truth)\n"
        "    def apply(self, answers, rows):\n        return answers\n"
    )
    file = tmp_path / "steps.py"
    handle = train(
        Data(survey(), weight="persons"),
        "bought",
        goal="roc_auc",
        training=Training(models=["linear"], preprocess=[f"{file}:Shifts"], postprocess=[f"{file}:Keeps"]),
        compute=Compute(time_limit_s=20),
        workspace=tmp_path / "workspace",
    )
    message = handle.wait(timeout_s=200).run.message
    handle.studio.close()
    for name in ("pre-processor Shifts", "step Keeps"):
        assert f"Your {name} learned from the rows as they are: its fit takes no sample_weight." in message


def test_what_would_not_weigh_is_refused(weighed: TrainingHandle) -> None:
    with pytest.raises(UsageError, match="weighted by 'persons'; a faster variant would learn"):
        weighed.studio.compression.start(weighed.run.id)


def test_a_weight_is_no_feature_unless_someone_insists(studio: Any, tmp_path: Path) -> None:
    survey().to_csv(tmp_path / "survey.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "survey.csv")
    task = make_task(studio.workspace, version, "bought", TaskWishes(rules=ColumnRules(weight="persons")))
    assert task.features == ("x",)
    studio.runs.check_plan(task, RunPlan())
    insists = TaskWishes(rules=ColumnRules(weight="persons"), only=["x", "persons"])
    with pytest.raises(UsageError, match="'persons' is the weight, so models may not look at it"):
        make_task(studio.workspace, version, "bought", insists)


def test_the_usual_word_leads_to_it() -> None:
    with pytest.raises(UsageError, match=r"Data\('shop.csv', weight='COLUMN'\)"):
        train("shop.csv", "sold", sample_weight="persons")  # type: ignore[call-arg]
