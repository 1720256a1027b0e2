from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from autogluon.core.utils.exceptions import NoValidFeatures, TimeLimitExceeded
from autogluon.tabular import TabularPredictor

from litmus_core.engine._text_models.columns import TextAndColumns
from litmus_core.engine._text_models.linear import TextLinearModel
from litmus_core.engine._text_models.linear_fit import Pace, held_out
from litmus_core.engine._text_models.tfidf import NgramTfidf
from litmus_core.frame import FeaturePipeline, char_ngrams
from litmus_core.types import Column

TITLE = Column(name="title", original_name="title", kind="text", storage="VARCHAR")
SHELF = Column(name="shelf", original_name="shelf", kind="category", storage="VARCHAR")
WEIGHT = Column(name="weight", original_name="weight", kind="number", storage="DOUBLE")
NOUNS = {
    "fridge": ["fridge", "refrigerator", "cooler"],
    "phone": ["phone", "smartphone"],
    "tv": ["tv", "screen"],
}


def table(n_rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Titles whose noun says the kind, in 95 of 100 rows; a price that the noun and the weight make."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(list(NOUNS), n_rows)
    said = np.where(rng.random(n_rows) < 0.05, rng.choice(list(NOUNS), n_rows), kind)
    frame = pd.DataFrame(
        {"kind": kind, "weight": rng.normal(size=n_rows), "shelf": rng.choice(list("ab"), n_rows)}
    )
    frame["title"] = [
        f"{rng.choice(['acme', 'best', 'zeta'])} {rng.choice(NOUNS[each])} {rng.integers(10, 99)}"
        for each in said
    ]
    price = {"fridge": 9.0, "phone": 5.0, "tv": 1.0}
    frame["price"] = [price[each] for each in said] + frame["weight"] + rng.normal(scale=0.1, size=n_rows)
    return frame


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return FeaturePipeline([TITLE, SHELF, WEIGHT]).fit(frame).transform(frame)


def fitted(
    problem_type: str, y: Any, *, n_rows: int = 600, path: Path, **params: Any
) -> tuple[Any, pd.DataFrame]:
    frame = features(table(n_rows))
    model = TextLinearModel(path=str(path), name="text", problem_type=problem_type, hyperparameters=params)
    model.fit(X=frame, y=pd.Series(y), num_classes=len(set(y)) if problem_type != "regression" else None)
    return model, frame


def kinds(frame: pd.DataFrame) -> Any:
    return np.unique(frame["kind"], return_inverse=True)[1]


def test_many_classes_are_told_apart_with_honest_probabilities(tmp_path: Path) -> None:
    train, test = table(600), table(400, seed=1)
    pipeline = FeaturePipeline([TITLE, SHELF, WEIGHT]).fit(train)
    model = TextLinearModel(path=str(tmp_path), name="text", problem_type="multiclass")
    model.fit(X=pipeline.transform(train), y=pd.Series(kinds(train)), num_classes=3)
    shares = model.predict_proba(pipeline.transform(test))
    right = shares.argmax(axis=1) == kinds(test)
    assert right.mean() > 0.92
    assert shares.sum(axis=1) == pytest.approx(np.ones(400), abs=1e-5)
    assert shares.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.04)


def test_two_classes_give_the_second_one_s_probability(tmp_path: Path) -> None:
    frame = table(600)
    y = (frame["kind"] == "tv").astype(int).to_numpy()
    model, rows = fitted("binary", y, path=tmp_path)
    probability = model.predict_proba(rows)
    assert probability.shape == (600,)
    assert ((probability > 0.5) == y).mean() > 0.93
    assert probability.mean() == pytest.approx(y.mean(), abs=0.03)


def test_values_use_the_text_and_the_columns_beside_it(tmp_path: Path) -> None:
    price = table(600)["price"].to_numpy()
    model, rows = fitted("regression", price, path=tmp_path)
    alone, _ = fitted("regression", price, path=tmp_path, use_columns=False)
    error = np.sqrt(((model.predict(rows) - price) ** 2).mean())
    error_alone = np.sqrt(((alone.predict(rows) - price) ** 2).mean())
    assert error < 0.6 < error_alone < 1.2
    assert price.min() <= model.predict(rows).min()


def test_one_row_gets_exactly_what_it_gets_within_a_batch(tmp_path: Path) -> None:
    model, rows = fitted("multiclass", kinds(table(600)), path=tmp_path)
    batch = model.predict_proba(rows)
    for place in (0, 17, 599):
        assert (model.predict_proba(rows.iloc[[place]])[0] == batch[place]).all()


def test_the_same_rows_and_seed_give_the_same_model(tmp_path: Path) -> None:
    first, rows = fitted("multiclass", kinds(table(600)), path=tmp_path)
    second, _ = fitted("multiclass", kinds(table(600)), path=tmp_path)
    assert (first.predict_proba(rows) == second.predict_proba(rows)).all()


def test_a_text_without_known_words_still_gets_an_answer(tmp_path: Path) -> None:
    model, rows = fitted("multiclass", kinds(table(600)), path=tmp_path)
    strange = rows.iloc[[0, 1]].copy()
    strange["title (raw text)"] = ["", "漢字"]
    assert np.isfinite(model.predict_proba(strange)).all()


@pytest.mark.parametrize("codes", [[0] * 10 + [1] * 10 + [2], [0] * 20 + [2], [1] * 21])
def test_classes_with_one_row_or_none_do_no_harm(tmp_path: Path, codes: list[int]) -> None:
    frame = features(table(len(codes)))
    model = TextLinearModel(path=str(tmp_path), name="text", problem_type="multiclass")
    model.fit(X=frame, y=pd.Series(codes), num_classes=3)
    shares = model.predict_proba(frame)
    assert shares.shape == (len(codes), 3)
    assert shares[0].argmax() == codes[0]


def test_a_refit_takes_over_what_the_first_fit_found(tmp_path: Path) -> None:
    y = kinds(table(600))
    model, rows = fitted("multiclass", y, path=tmp_path)
    template = model.convert_to_refit_full_template()
    template.fit(X=rows, y=pd.Series(y), num_classes=3)
    assert template.model.settings == model.model.settings
    assert set(model.params_trained) == {"word_weight", "penalty", "slope", "offset"}
    assert model._get_tags()["can_refit_full"]


def test_no_time_is_told_as_autogluon_wants_it(tmp_path: Path) -> None:
    frame = table(3_000)
    model = TextLinearModel(path=str(tmp_path), name="text", problem_type="multiclass")
    with pytest.raises(TimeLimitExceeded):
        model.fit(X=features(frame), y=pd.Series(kinds(frame)), num_classes=3, time_limit=0.001)


def test_without_text_there_is_nothing_to_fit(tmp_path: Path) -> None:
    model = TextLinearModel(path=str(tmp_path), name="text", problem_type="binary")
    with pytest.raises(NoValidFeatures):
        model.fit(X=pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0]}), y=pd.Series([0, 1, 0, 1]))


def test_held_out_parts_are_even_in_each_class() -> None:
    y = np.array([0] * 8 + [1] * 4)
    parts = list(held_out(y, n_parts=4, rng=np.random.default_rng(0)))
    assert [np.bincount(y[test]).tolist() for _, test in parts] == [[2, 1]] * 4
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(12))


def test_a_pace_without_a_limit_never_ends() -> None:
    assert Pace(time.monotonic(), None).left_s() == float("inf")
    assert Pace(time.monotonic() - 9, 10.0).left_s() < 1.5


def test_rare_ngrams_go_first_and_rows_have_length_one() -> None:
    def cut(texts: Any) -> Any:
        return char_ngrams(texts, orders=(1,))

    vectors = NgramTfidf(cut, min_rows=2, max_features=3, seed=0).fit(["ab", "abc", "abd", "b"])
    assert vectors.keys_.size == 3  # blank, a, b; c and d are in one text each
    matrix = vectors.transform(["abb", "zzz", ""])
    assert np.linalg.norm(matrix.toarray(), axis=1) == pytest.approx([1.0, 1.0, 1.0])


def test_long_texts_are_read_in_parts_with_the_same_result() -> None:
    def cut(texts: Any) -> Any:
        return char_ngrams(texts, orders=(2,))

    texts = ["ab cd " * 60_000, "cd", "ab", "ab cd " * 120_000, "x"]
    vectors = NgramTfidf(cut, min_rows=1, max_features=50, seed=0).fit(texts)
    alone = np.vstack([vectors.transform([each]).toarray() for each in texts])
    assert (vectors.transform(texts).toarray() == alone).all()


def test_only_pipeline_text_counts_as_text() -> None:
    frame = pd.DataFrame({"title (raw text)": ["a"], "other": ["b"], "n (raw text)": [1.0]})
    assert TextAndColumns.texts_of(frame) == ["title (raw text)"]


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> TabularPredictor:
    """The text family and boosted trees in one predictor, loaded again from its folder."""
    frame = table(300)
    train = features(frame)
    train["answer"] = frame["kind"]
    path = tmp_path_factory.mktemp("text") / "predictor"
    TabularPredictor(label="answer", path=str(path), verbosity=0).fit(
        train,
        hyperparameters={TextLinearModel: {}, "GBM": {"num_boost_round": 5}},
        feature_generator=None,
        num_cpus=1,
    )
    return TabularPredictor.load(str(path))


def test_only_the_text_card_sees_raw_text(predictor: TabularPredictor) -> None:
    trainer = predictor._trainer
    assert "title (raw text)" in trainer.load_model("TextLinear").features
    assert "title (raw text)" not in trainer.load_model("LightGBM").features


def test_the_text_card_answers_in_a_predictor_that_was_loaded_again(predictor: TabularPredictor) -> None:
    frame = table(300)
    answers = predictor.predict(features(frame), model="TextLinear")
    assert (answers == frame["kind"]).mean() > 0.9
