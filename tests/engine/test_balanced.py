"""Classes that weigh the same in learning, and rows that are not learned from but scored."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from autogluon.tabular.models import LGBModel
from sklearn.metrics import balanced_accuracy_score, log_loss

from litmus_core.engine import open_candidate, store_compiled, validation_predictions
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._fit.refit import _learned
from litmus_core.engine._fit.sample_weights import (
    class_weights,
    folds_without,
    models_without_weights,
    positions_without,
)
from litmus_core.engine._refine.variant import VariantModel
from litmus_core.engine._target import Target
from litmus_core.types import Folds, TrainingOptions
from tests.engine.conftest import table, task, train
from tests.session import once


@pytest.fixture(scope="module")
def rare():
    return seldom_yes()


def seldom_yes():
    """Return a table in which one answer in ten is yes."""
    frame = table(240, seed=5)
    frame["answer"] = np.where(frame["signal"] > np.quantile(frame["signal"], 0.9), "yes", "no")
    return frame


@once()
def weighed(folder: Path):
    """That table trained with classes that weigh the same, in folds that leave three rows unlearned."""
    return train(
        folder,
        seldom_yes(),
        task("binary", "log_loss", positive_class="yes"),
        families=["lightgbm", "linear"],
        folds=Folds(3, refit=True),
        training=TrainingOptions(balanced=True, without_rows=(0, 1, 2)),
    )


def test_each_class_weighs_as_much_as_any_other(rare):
    target = Target.fit(rare["answer"], task("binary", "log_loss", positive_class="yes"))
    codes = target.encode(rare["answer"])
    weights = class_weights(codes, target, None)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[codes == 1].sum() == pytest.approx(weights[codes == 0].sum())
    own = class_weights(codes, target, np.arange(1.0, len(codes) + 1))
    assert own[codes == 1].sum() == pytest.approx(own[codes == 0].sum())
    assert own[1] / own[0] == pytest.approx(2.0 if codes[0] == codes[1] else own[1] / own[0])


def test_probabilities_lean_to_the_rare_class_and_its_score_counts_rows_as_they_are(weighed, rare):
    index, said = validation_predictions(weighed.folder, "linear_BAG_L1")
    truth = rare["answer"].to_numpy()[index]
    by_model = {each.model: each for each in weighed.reported}

    assert len(index) == len(rare)  # those not learned from are scored as well
    assert said[:, 1].mean() > 0.15  # one in ten is yes
    assert balanced_accuracy_score(truth == "yes", said[:, 1] > 0.5) > 0.8
    assert by_model["linear_BAG_L1"].validation_score == pytest.approx(log_loss(truth == "yes", said[:, 1]))


def test_it_compiles_and_answers_as_in_training(weighed, rare):
    rows = rare.drop(columns=["answer", "signal"])
    for model in ("lightgbm_BAG_L1", "WeightedEnsemble_L2_FULL"):
        native = open_candidate(weighed.folder, model).predict_proba(rows)
        assert store_compiled(weighed.folder, model, rows[:40]) == ""
        compiled = open_candidate(weighed.folder, model).predict_proba(rows)
        assert np.allclose(native, compiled, atol=1e-6)
    assert "weight" not in open_trainer(weighed.folder).load_model("linear_BAG_L1").features


def test_a_variant_that_is_trained_again_on_all_rows_weighs_them_too(weighed, tmp_path):
    trainer = open_trainer(weighed.folder)
    bag = trainer.load_model("lightgbm_BAG_L1")
    X, y = trainer.load_X(), trainer.load_y()
    leaned = {}
    for name, weights in (("weighed", X.pop("weight")), ("as they are", None)):
        variant = VariantModel(
            path=str(tmp_path / name),
            name="variant",
            problem_type="binary",
            hyperparameters={"before": bag.path, "share": 1.0},
        )
        variant.fit(X=X, y=y, sample_weight=weights, num_cpus=1, num_gpus=0, verbosity=0)
        leaned[name] = variant.predict_proba(X).mean()
    assert leaned["weighed"] > leaned["as they are"] + 0.02


def test_a_row_is_not_learned_from_in_any_fold_but_tested_where_it_was():
    codes = np.array([0, 0, 1, 1, 1, 1])
    gone = np.array([True, False, True, False, False, False])
    folds = [(np.array([0, 1, 2, 3]), np.array([4, 5])), (np.array([2, 4, 5, 0]), np.array([1, 3]))]
    found = folds_without(folds, codes, gone)
    assert [each.tolist() for each, _ in found] == [
        [1, 3],
        [4, 5, 0],
    ]  # else the second had no row of class 0
    assert [tested.tolist() for _, tested in found] == [[4, 5], [1, 3]]
    assert positions_without(np.arange(2), np.array([0.5, 1.5]), np.array([True, False])).tolist() == [1]


def test_a_model_on_all_rows_leaves_them_out_as_well():
    index = pd.RangeIndex(4)
    trainer = SimpleNamespace(
        load_X=lambda: pd.DataFrame({"a": [1, 2, 3, 4]}, index=index), load_y=lambda: pd.Series([0, 0, 1, 1])
    )
    found = _learned(trainer, (1, 3))
    assert found["X"]["a"].tolist() == [1, 3]
    assert found["y"].tolist() == [0, 1]


def test_models_that_take_no_weights_are_named():
    network = type("Network", (), {"ag_key": "NN_TORCH"})()
    bag = SimpleNamespace(_child_type=type("Trees", (), {"ag_key": "GBM"}))
    models = {"network": network, "lightgbm_BAG_L1": bag}
    trainer = SimpleNamespace(
        sample_weight="weight",
        weight_evaluation=False,
        get_model_names=lambda: list(models),
        load_model=models.get,
    )
    (said,) = models_without_weights(trainer)
    assert said.endswith("learned from the rows as they are: it takes no weights.")
    trainer.sample_weight = None
    assert models_without_weights(trainer) == ()


@pytest.mark.parametrize(("metric", "is_said"), [("f1", True), ("roc_auc", False)])
def test_lightgbm_that_stops_by_a_score_of_ours_is_named_as_one_that_counts_rows_alike(metric, is_said):
    model = SimpleNamespace(
        _child_type=LGBModel, stopping_metric=SimpleNamespace(name=metric), problem_type="binary"
    )
    trainer = SimpleNamespace(
        sample_weight="weight",
        weight_evaluation=True,
        get_model_names=lambda: ["lightgbm"],
        load_model=lambda _: model,
    )
    said = models_without_weights(trainer)
    assert any("stopped by a score that counts rows alike" in sentence for sentence in said) is is_said
