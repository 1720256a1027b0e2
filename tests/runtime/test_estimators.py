"""A loaded bundle among scikit-learn's tools, and bundles as pickles."""

from __future__ import annotations

import copy
import pickle
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import get_scorer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from litmus_core import load_bundle
from litmus_core.errors import BundleError, MissingExtraError
from tests import tiny

FRAME, LABELS = tiny.FRAME, np.array(["no", "yes", "no", "yes", "no", "yes"])


def test_a_bundle_is_a_fitted_classifier(zipped: Path) -> None:
    bundle = load_bundle(zipped)
    model = bundle.as_estimator()
    assert is_classifier(model)
    assert model.classes_.tolist() == ["no", "yes"]
    assert list(model.feature_names_in_) == ["size", "zip", "day", "new"]
    assert np.array_equal(model.predict_proba(FRAME), bundle.predict_proba(FRAME))
    assert model.score(FRAME, bundle.predict(FRAME)) == 1


def test_its_classes_are_in_the_order_that_scikit_learn_counts_in(tmp_path: Path) -> None:
    record = tiny.bundle(tmp_path / "b", model=tiny.predictor(classes=("stays", "leaves", "asks")))
    bundle = load_bundle(record.path)
    model, truth = bundle.as_estimator(), np.array(["asks", "leaves", "stays", "leaves", "asks", "stays"])
    probabilities = bundle.predict_proba(FRAME)
    assert model.classes_.tolist() == ["asks", "leaves", "stays"]
    assert np.array_equal(model.predict_proba(FRAME), probabilities[:, [2, 1, 0]])
    by_hand = probabilities[np.arange(6), [bundle.classes.index(label) for label in truth]]
    assert get_scorer("neg_log_loss")(model, FRAME, truth) == pytest.approx(np.log(by_hand).mean())


def test_it_cannot_be_fitted_again(zipped: Path) -> None:
    model = load_bundle(zipped).as_estimator()
    assert clone(model) is model
    assert model.fit(FRAME, LABELS[::-1]) is model
    expected = [model.score(FRAME.iloc[at : at + 3], LABELS[at : at + 3]) for at in (0, 3)]
    assert cross_val_score(make_pipeline(model), FRAME, LABELS, cv=_halves()).tolist() == expected


def _halves() -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.arange(3, 6), np.arange(3)), (np.arange(3), np.arange(3, 6))]


def test_its_columns_can_be_inspected(zipped: Path) -> None:
    model = load_bundle(zipped).as_estimator()
    importances = permutation_importance(model, FRAME, model.predict(FRAME), random_state=0)
    assert importances.importances_mean.shape == (4,)
    averages = partial_dependence(model, FRAME.dropna(), ["size"], grid_resolution=3)["average"]
    assert averages.shape == (1, 3)


def test_an_array_has_the_columns_in_their_order(zipped: Path) -> None:
    model = load_bundle(zipped).as_estimator()
    assert np.array_equal(model.predict(FRAME.to_numpy(dtype=object)), model.predict(FRAME))
    with pytest.raises(ValueError, match="X has 3 features, but BundleClassifier is expecting 4"):
        model.predict(FRAME.to_numpy(dtype=object)[:, :3])


def test_a_bundle_of_numbers_is_a_regressor(tmp_path: Path) -> None:
    record = tiny.bundle(tmp_path / "numbers.zip", model=tiny.predictor(classes=()), zipped=True)
    model = load_bundle(record.path).as_estimator()
    assert is_regressor(model)
    assert not hasattr(model, "predict_proba")
    assert np.array_equal(model.predict(FRAME), load_bundle(record.path).predict(FRAME))


def test_without_scikit_learn_the_extra_is_named(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "litmus_core.runtime._estimators", raising=False)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(MissingExtraError, match=r"litmus-automl\[train\]"):
        load_bundle(zipped).as_estimator()


@pytest.mark.parametrize("form", ["zipped", "folder"])
def test_a_pickle_holds_path_and_hash(form: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(form)
    bundle = load_bundle(path)
    held = pickle.dumps(bundle.as_estimator())
    assert len(held) < 1_000
    assert bundle.sha256.encode() in held
    for again in (pickle.loads(held), copy.deepcopy(bundle).as_estimator()):
        assert again.bundle is not bundle
        assert np.array_equal(again.predict(FRAME), bundle.predict(FRAME))


def test_a_pickle_is_not_opened_where_another_bundle_lies(zipped: Path, tmp_path: Path) -> None:
    held = pickle.dumps(load_bundle(zipped))
    shutil.move(
        tiny.bundle(tmp_path / "other.zip", model=tiny.predictor(threshold=0.9), zipped=True).path, zipped
    )
    with pytest.raises(BundleError, match="This is another bundle than expected"):
        pickle.loads(held)
    zipped.unlink()
    with pytest.raises(BundleError, match="There is no bundle at"):
        pickle.loads(held)
