"""A predictor with steps after it: labels, values, "don't know", in every form that rows come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Cap, Post, Predictor, Rule, decide, parse_then, parse_when
from tests import tiny
from tests.runtime.test_predictor import Fixed

SHARES = [[0.9, 0.1], [0.45, 0.55], [0.2, 0.8]]


def predictor(raw: list[Any], steps: list[Any], **info: Any) -> Predictor:
    facts = {"problem_type": "binary", "target": "sold", "columns": tiny.COLUMNS, **info}
    pipeline = FeaturePipeline(tiny.COLUMNS).fit(tiny.FRAME)
    return Predictor(facts, pipeline, Fixed(raw), post=Post(steps))


def rule(when: str, then: str, place: int | None = None) -> Rule:
    return Rule(conditions=parse_when(when), then=parse_then(then), columns=tiny.COLUMNS, place=place)


def test_labels_and_probabilities_are_those_after_the_steps() -> None:
    model = predictor(SHARES, [rule("size >= 2", "answer = no", 0)], classes=["no", "yes"])
    rows = [{**tiny.ROW, "size": size} for size in (1, 2, 3)]

    assert model.predict(rows).tolist() == ["no", "no", "no"]
    assert model.predict_proba(rows)[1:].tolist() == [[1, 0], [1, 0]]
    assert model.predict_records(rows)[2] == {"label": "no", "probabilities": {"no": 1.0, "yes": 0.0}}


def test_values_are_those_after_the_steps() -> None:
    model = predictor([-3.0, 5.0], [Cap(low=0.0)], problem_type="regression")

    assert model.predict([tiny.ROW, tiny.ROW]).tolist() == [0, 5]
    assert model.predict_records([tiny.ROW]) == [{"value": 0.0}]
    assert model.predict_values([]).tolist() == []


def test_a_file_a_frame_and_dicts_get_the_same_steps(tmp_path: Path) -> None:
    model = predictor(
        [1.0] * 6, [rule("day < 2024-03-01 and new != false", "value = 9")], problem_type="regression"
    )
    tiny.FRAME.assign(day=tiny.FRAME["day"].dt.strftime("%d/%m/%Y")).to_csv(
        tmp_path / "rows.csv", index=False
    )
    dicts = tiny.FRAME.astype(object).where(tiny.FRAME.notna(), None).to_dict("records")
    expected = [9, 1, 1, 9, 1, 1]

    assert model.predict(tiny.FRAME).tolist() == expected
    assert model.predict(dicts).tolist() == expected
    assert model.predict(tmp_path / "rows.csv").tolist() == expected


def test_an_answer_that_is_not_sure_enough_is_dont_know() -> None:
    unsure = {"abstain_below": 0.7, "abstain_label": "don't know", "classes": ["no", "yes"]}
    model = predictor(SHARES, [], **unsure)
    rows = [tiny.ROW] * 3

    assert model.predict(rows).tolist() == ["no", "don't know", "yes"]
    answers = model.predict_records(rows)
    assert [answer["abstained"] for answer in answers] == [False, True, False]
    assert answers[1]["label"] == "don't know"
    assert answers[1]["probabilities"]["yes"] == pytest.approx(0.55)


def test_labels_of_other_types_keep_theirs_beside_dont_know() -> None:
    model = predictor(SHARES, [], abstain_below=0.7, abstain_label="?", classes=[0, 1])

    assert model.predict([tiny.ROW] * 3).tolist() == [0, "?", 1]


def test_a_model_that_always_answers_says_nothing_of_abstaining() -> None:
    model = predictor(SHARES, [], classes=["no", "yes"])

    assert "abstained" not in model.predict_records([tiny.ROW])[0]
    assert model.labels(np.array(SHARES)).dtype == object


def test_it_is_the_probability_of_the_answer_that_must_be_high_enough() -> None:
    places = decide(np.array([[0.65, 0.35], [0.8, 0.2]]), positive=1, threshold=0.3, below=0.7)

    assert places.tolist() == [-1, 0]


def test_steps_that_read_columns_see_missing_values_of_frames() -> None:
    model = predictor([5.0] * 6, [rule("size is missing", "value = 0")], problem_type="regression")

    assert model.predict(tiny.FRAME).tolist() == [5, 5, 0, 5, 5, 5]
    assert model.predict(pd.DataFrame(tiny.FRAME[:0])).tolist() == []
