"""Steps after the model: each does what its name says, alone as in a batch, and survives JSON."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmus_core.errors import BundleError, UnknownNameError, UsageError
from litmus_core.plugins import read_part
from litmus_core.runtime import (
    Calibrate,
    Cap,
    Post,
    PostStep,
    Round,
    Rule,
    RuleCondition,
    RuleEffect,
    ShiftClasses,
    Thresholds,
    WeighClasses,
    parameters_of,
    parse_then,
    parse_when,
    part_text,
    segment_keys,
)
from litmus_core.types import Column, PluginRef
from tests import tiny

SIZE, ZIP, DAY, NEW = tiny.COLUMNS
DICTS = [
    {"size": 1.0, "zip": "02134", "day": "2024-01-31", "new": True},
    {"size": None, "zip": None, "day": None, "new": None},
    {"size": 60, "zip": "10115", "day": "08/07/2024", "new": "no"},
]


def rule(when: str, then: str, *, place: int | None = None) -> Rule:
    return Rule(conditions=parse_when(when), then=parse_then(then), columns=tiny.COLUMNS, place=place)


def thresholds(column: Column = ZIP, fallback: float = 0.5, **by_value: float) -> Thresholds:
    return Thresholds(column=column, positive=1, fallback=fallback, by_value=by_value)


def two(*yes: float) -> Any:
    return np.column_stack([1 - np.array(yes), np.array(yes)])


def test_values_are_kept_between_the_limits() -> None:
    values = np.array([-5.0, 3.0, 120.0])

    assert Cap(low=0, high=100).apply(values, []).tolist() == [0, 3, 100]
    assert Cap(high=100).apply(values, []).tolist() == [-5, 3, 100]


@pytest.mark.parametrize(
    ("step", "values", "rounded"),
    [
        (1, [2.5, -0.2, -1.5, 7.49], [3, 0, -1, 7]),
        (0.1, [0.31, 0.25, 0.7], [0.3, 0.3, 0.7]),
        (50, [24.0, 25.0, 130.0], [0, 50, 150]),
    ],
)
def test_values_become_multiples_and_halves_go_up(
    step: float, values: list[float], rounded: list[float]
) -> None:
    assert Round(step=step).apply(np.array(values), []).tolist() == rounded


def test_a_rounded_nothing_has_no_sign() -> None:
    assert str(Round(step=1).apply(np.array([-0.2]), [])[0]) == "0.0"


def test_each_segment_says_yes_from_its_own_threshold_on() -> None:
    step = thresholds(fallback=0.4, **{"02134": 0.2, "10115": 0.9})

    moved = step.apply(two(0.2, 0.4, 0.89), DICTS)

    assert (moved[:, 1] >= 0.5).tolist() == [True, True, False]
    assert moved[0, 1] == 0.5
    assert moved.sum(axis=1).tolist() == [1, 1, 1]


@given(
    line=st.floats(1e-6, 1 - 1e-6),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_no_rounding_moves_a_probability_across_its_threshold(line: float, shares: list[float]) -> None:
    near = [*shares, line, np.nextafter(line, 0.0), np.nextafter(line, 1.0)]
    rows = [{**DICTS[0]}] * len(near)

    moved = thresholds(fallback=line).apply(two(*near), rows)[:, 1]

    assert ((moved >= 0.5) == (np.array(near) >= line)).all()
    assert ((moved >= 0) & (moved <= 1)).all()


def test_classes_get_the_shares_of_production() -> None:
    step = ShiftClasses(factors=(0.5, 2.0))

    assert step.apply(two(0.2, 0.5), []).round(6).tolist() == [[0.5, 0.5], [0.2, 0.8]]


def test_a_row_that_is_sure_of_a_class_that_cannot_be_stays_as_it_was() -> None:
    assert ShiftClasses(factors=(1.0, 0.0)).apply(two(1.0), []).tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("size > 1", [False, False, True]),
        ("size >= 1 and zip = '02134'", [True, False, False]),
        ("size != 1", [False, False, True]),
        ("size is missing", [False, True, False]),
        ("size is known", [True, False, True]),
        ("zip = 10115", [False, False, True]),
        ("zip in ('10115', '75001')", [False, False, True]),
        ("zip != '10115'", [True, False, False]),
        ("day < '2024-02-01'", [True, False, False]),
        ("day >= 2024-02-01", [False, False, True]),
        ("new = true", [True, False, False]),
        ("new = false", [False, False, True]),
        ("new is missing", [False, True, False]),
    ],
)
def test_a_rule_fires_where_all_its_conditions_hold(when: str, fires: list[bool]) -> None:
    found = rule(when, "answer = yes", place=1)

    assert found.fires(DICTS).tolist() == fires
    assert [found.fires([row]).tolist()[0] for row in DICTS] == fires


def test_a_rule_reads_a_frame_as_it_reads_dicts() -> None:
    found = rule("size > 1 and day < 2024-06-01 and new != false", "value = 0")
    dicts = tiny.FRAME.astype(object).where(tiny.FRAME.notna(), None).to_dict("records")

    assert found.fires(tiny.FRAME).tolist() == found.fires(dicts).tolist()
    assert found.fires(tiny.FRAME).tolist() == [False, False, False, True, True, False]


def test_a_rule_settles_the_answer_and_leaves_the_others() -> None:
    answers = two(0.9, 0.8, 0.7)

    settled = rule("size > 1", "answer = no", place=0).apply(answers, DICTS)

    assert settled.tolist() == [*answers[:2].tolist(), [1, 0]]
    assert answers[2].tolist() == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize(
    ("then", "value"),
    [("value = 7", 7), ("value += 5", 15), ("value -= 4", 6), ("value *= 1.5", 15), ("value /= 4", 2.5)],
)
def test_a_rule_changes_a_value(then: str, value: float) -> None:
    assert rule("size > 1", then).apply(np.array([10.0, 10.0, 10.0]), DICTS).tolist() == [10, 10, value]


def test_names_of_several_words_and_quoted_signs_are_read() -> None:
    assert parse_when("Sales Price <= 3 and `a and b` = 'x = 1, y' and kind in ('a, b', c)") == (
        RuleCondition(column="Sales Price", op="<=", values=(3.0,)),
        RuleCondition(column="a and b", op="=", values=("x = 1, y",)),
        RuleCondition(column="kind", op="in", values=("a, b", "c")),
    )


@pytest.mark.parametrize("when", ["", "size", "size >", "= 3", "size > 1 and", "import os"])
def test_what_is_no_condition_is_said(when: str) -> None:
    with pytest.raises(UsageError):
        parse_when(when)


@pytest.mark.parametrize("then", ["", "yes", "answer += 1", "value = many", "value /= 0", "value = nan"])
def test_what_is_nothing_a_rule_does_is_said(then: str) -> None:
    with pytest.raises(UsageError):
        parse_then(then)


STEPS: list[tuple[PostStep, Any]] = [
    (Cap(low=0.5, high=None), np.array([0.1, 2.0, 3.0])),
    (Round(step=0.25), np.array([0.1, 2.0, 3.3])),
    (rule("size > 1 and day >= 2024-01-01", "value *= 2"), np.array([0.1, 2.0, 3.3])),
    (rule("zip in ('10115', x)", "answer = no", place=0), two(0.1, 0.5, 0.9)),
    (thresholds(fallback=0.3, **{"02134": 0.7}), two(0.1, 0.5, 0.9)),
    (thresholds(SIZE, fallback=0.3, **{"60": 0.95}), two(0.1, 0.5, 0.9)),
    (ShiftClasses(factors=(0.3, 1.7)), two(0.1, 0.5, 0.9)),
    (WeighClasses(factors=(0.3, 1.7)), two(0.1, 0.5, 0.9)),
    (Calibrate(power=0.4, shifts=(-0.3, 0.3)), two(0.0, 0.5, 0.9)),
]


@pytest.mark.parametrize(("step", "answers"), STEPS)
def test_every_step_answers_one_row_as_in_a_batch_and_after_json(step: PostStep, answers: Any) -> None:
    before = answers.copy()
    kept = Post.from_state(json.loads(json.dumps(Post([step]).state())))

    batch = step.apply(answers, DICTS)

    assert np.array_equal(kept.apply(answers, DICTS), batch)
    alone = [step.apply(answers[at : at + 1], [row])[0] for at, row in enumerate(DICTS)]
    assert np.array_equal(np.array(alone), batch)
    assert np.array_equal(answers, before)


def test_steps_are_taken_in_their_order() -> None:
    capped, rounded = Cap(high=2.4), Round(step=1)

    assert Post([capped, rounded]).apply(np.array([7.0]), []).tolist() == [2]
    assert Post([rounded, capped]).apply(np.array([7.0]), []).tolist() == [2.4]


def test_steps_of_another_format_or_kind_are_refused() -> None:
    with pytest.raises(BundleError, match="format 9"):
        Post.from_state({"format": 9, "steps": []})
    unknown = {"format": 1, "steps": [{"reference": "dream", "state": {}}]}
    with pytest.raises(BundleError, match="'dream'"):
        Post.from_state(unknown)
    own = {"format": 1, "steps": [{"reference": "caps:Cap", "state": {}}]}
    with pytest.raises(BundleError, match="'caps:Cap'"):
        Post.from_state(own)


@pytest.mark.parametrize(
    "part",
    [
        PluginRef(point="postprocess", reference="cap", parameters=(("low", 0), ("high", 9.5))),
        PluginRef(point="postprocess", reference="abstain"),
        PluginRef(
            point="postprocess", reference="a/caps.py:Cap", parameters=(("top", True), ("word", 'it\'s "so"'))
        ),
        PluginRef(
            point="postprocess", reference="rule", parameters=(("when", "a = 'x'"), ("then", "answer = 'no'"))
        ),
    ],
)
def test_the_text_of_a_step_asks_for_it_again(part: PluginRef) -> None:
    assert read_part("postprocess", part_text(part)) == part


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cap(lo=0)", "Did you mean 'low'"),
        ("capp(low=0)", "Did you mean 'cap'"),
        ("abstain", "abstain needs 'below'"),
        ("abstain(below=2)", "between 0 and 1"),
        ("abstain(below='high')", "not a number"),
        ("thresholds_by_segment(column='zip', min_rows=1.5)", "not a whole number"),
        ("rule(when=3, then='value = 1')", "not a text"),
        ("cap(low=True)", "not a number"),
    ],
)
def test_parameters_that_cannot_be_meant_are_said(text: str, said: str) -> None:
    with pytest.raises((UsageError, UnknownNameError), match=said):
        parameters_of(read_part("postprocess", text))


def test_parameters_that_are_left_out_have_their_defaults() -> None:
    part = read_part("postprocess", "thresholds_by_segment(column=zip)")

    assert parameters_of(part) == {"column": "zip", "min_rows": 100}


def test_a_condition_reads_as_it_was_meant() -> None:
    assert str(RuleCondition(column="a", op="in", values=("x", 2.0))) == "a in ('x', 2)"
    assert RuleEffect(kind="add", value=-4.0) == parse_then("value -= 4")
    assert pd.isna(tiny.FRAME["size"][2])


def test_a_number_names_one_segment_however_it_is_held_and_missing_ones_are_one() -> None:
    texts = np.array(["1", "2.5", None], dtype=object)
    numbers = np.array([1.0, 2.5, np.nan])

    assert segment_keys(numbers) == segment_keys(texts)
    assert segment_keys(np.array([1, 2])) == segment_keys(np.array([1.0, 2.0]))
