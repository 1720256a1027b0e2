from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from autogluon.core.utils.exceptions import NoValidFeatures

from litmus_core.compiled._steps.text_nearest import TextNearest
from litmus_core.engine._compile.inputs import Inputs
from litmus_core.engine._families.text_nearest import compile_nearest
from litmus_core.engine._text_models import nearest
from litmus_core.engine._text_models.nearest import TextNearestModel
from litmus_core.frame import RAW_TEXT_SUFFIX, Features

NAME = f"title{RAW_TEXT_SUFFIX}"


def rows(n_rows: int, *, seed: int = 0) -> tuple[pd.DataFrame, Any]:
    """Titles of sixty products, each offered many times with small changes; which three kinds they are of."""
    rng = np.random.default_rng(seed)
    product = rng.integers(0, 60, n_rows)
    title = [f"maker{each % 7} model{each} {rng.choice(['new', 'sale', 'boxed'])}" for each in product]
    return pd.DataFrame({NAME: np.array(title, dtype=object)}), (product * 7919 % 3).astype(int)


def fitted(path: Path, problem_type: str, y: Any, frame: pd.DataFrame, **params: Any) -> TextNearestModel:
    model = TextNearestModel(
        path=str(path), name="near", problem_type=problem_type, hyperparameters=params or None
    )
    n_classes = None if problem_type == "regression" else len(np.unique(y))
    model.fit(X=frame, y=pd.Series(y), num_classes=n_classes)
    return model


def test_known_products_are_recognised_whatever_else_their_titles_say(tmp_path: Path) -> None:
    frame, kind = rows(600)
    test, test_kind = rows(200, seed=1)
    shares = fitted(tmp_path, "multiclass", kind, frame).predict_proba(test)
    assert (shares.argmax(axis=1) == test_kind).mean() > 0.97
    assert shares.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-5)


@pytest.mark.parametrize("problem_type", ["binary", "regression"])
def test_two_classes_and_values_are_answered_too(problem_type: str, tmp_path: Path) -> None:
    frame, kind = rows(600)
    test, test_kind = rows(200, seed=1)
    y = (kind == 1).astype(int) if problem_type == "binary" else kind * 10.0
    answer = fitted(tmp_path, problem_type, y, frame).predict_proba(test)
    wanted = test_kind == 1 if problem_type == "binary" else test_kind * 10.0
    assert np.abs(answer - wanted).mean() < 0.05 * np.ptp(y)


def test_the_compiled_step_answers_as_the_model_does(tmp_path: Path) -> None:
    frame, kind = rows(300)
    test, _ = rows(50, seed=1)
    test.iloc[3, 0] = None
    model = fitted(tmp_path, "multiclass", kind, frame)

    class SecondText(Inputs):
        def __init__(self) -> None: ...

        def sources(self, names: Any) -> Any:
            assert names == [NAME]
            return [("texts", 1)]

    step = compile_nearest("near", model, SecondText())
    texts = [each if isinstance(each, str) else "" for each in test[NAME]]
    nothing = np.zeros((50, 0))
    features = Features(
        nothing, nothing.astype(np.uint8), nothing.astype(np.int32), (["other text"] * 50, texts)
    )
    assert (TextNearest(step).run(features, {}) == model.predict_proba(test)).all()


def test_only_so_many_rows_and_words_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, kind = rows(400)
    few = fitted(tmp_path / "few", "multiclass", kind, frame, max_rows=100)
    assert len(few.model.arrays["codes"]) == 100
    monkeypatch.setattr(nearest, "_MOST_WORDS", 600)  # three words each
    short = fitted(tmp_path / "short", "multiclass", kind, frame)
    assert len(short.model.arrays["codes"]) == 200


def test_words_of_too_many_rows_are_left_out(tmp_path: Path) -> None:
    frame, kind = rows(4000)
    model = fitted(tmp_path, "multiclass", kind, frame)
    n_rows_with = np.diff(model.model.arrays["text0.start"])
    assert n_rows_with.max() <= 200  # five in a hundred
    assert n_rows_with.size == 60  # the models; neither makers nor "new", "sale" and "boxed"


def test_the_same_rows_and_seed_give_the_same_model(tmp_path: Path) -> None:
    frame, kind = rows(300)
    first, second = (
        fitted(tmp_path / name, "multiclass", kind, frame, max_rows=200, random_state=5) for name in "ab"
    )
    assert (first.predict_proba(frame) == second.predict_proba(frame)).all()


def test_without_text_there_is_nothing_to_fit(tmp_path: Path) -> None:
    with pytest.raises(NoValidFeatures):
        fitted(tmp_path, "binary", [0, 1] * 50, pd.DataFrame({"x": np.arange(100.0)}))
