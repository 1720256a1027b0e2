"""Hand-made trees: every double decides as the tree says, one row as many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmus_core.compiled import CompiledModel, Plan
from litmus_core.engine._compile._tree_steps import tree_steps
from litmus_core.engine._compile.trees import (
    LEFT,
    Symmetric,
    TreeMember,
    Trees,
    cuts_of_float32,
)
from litmus_core.frame import Features
from tests.compiled.hand_made import TreesBuilder

CUTS = (-1e300, -2.5, 0.0, 0.1, 1.0, 2.0**53 + 2, 3e38)
NEAR = tuple(
    value
    for cut in CUTS
    for value in (cut, np.nextafter(cut, np.inf).item(), np.nextafter(cut, -np.inf).item())
)
VALUES = (*NEAR, -0.0, float("inf"), float("-inf"), float("nan"))


def _features(numbers: object = (), tokens: object = (), codes: object = ()) -> Features:
    columns = [np.array(each).reshape(-1) for each in (numbers, tokens, codes)]
    n_rows = max(len(each) for each in columns)
    blocks = [each.reshape(n_rows, -1) for each in columns]
    return Features(blocks[0].astype(float), blocks[1].astype(np.uint8), blocks[2].astype(np.int32))


def _model(*members: TreeMember) -> CompiledModel:
    steps = tree_steps([(f"m{at}", member) for at, member in enumerate(members)])
    return CompiledModel(Plan(problem_type="regression", n_classes=1, steps=tuple(steps)))


def _same(model: CompiledModel, features: Features) -> list[float]:
    """Return the answers, which must be the same one row at a time."""
    many = model.predict_features(features)
    ones = [model.predict_features(features.rows(row, row + 1)) for row in range(features.n_rows)]
    assert np.array_equal(np.concatenate(ones), many)
    return many.tolist()


def _stump(builder: TreesBuilder, told: tuple[int, float], *, cover: tuple[float, float] = (1, 1)) -> None:
    place = builder.decision(told)
    builder.branch(place, left=builder.leaf([1.0], cover[0]), right=builder.leaf([2.0], cover[1]))
    builder.tree(place)


def _member(trees: Trees | Symmetric, **facts: object) -> TreeMember:
    return TreeMember(trees=trees, base=np.zeros(1), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("cover", [(9, 1), (1, 9)])
@pytest.mark.parametrize("missing_left", [True, False])
@pytest.mark.parametrize("cut", CUTS)
def test_a_number_goes_left_up_to_the_cut_and_missing_where_it_is_told(
    cut: float, missing_left: bool, cover: tuple[float, float]
):
    builder = TreesBuilder()
    _stump(builder, builder.number(("number", 0), cut, missing_left=missing_left), cover=cover)

    answers = _same(_model(_member(builder.trees())), _features(VALUES))

    left = [missing_left if value != value else value <= cut for value in VALUES]
    assert answers == [1.0 if each else 2.0 for each in left]


@pytest.mark.parametrize("zero_left", [True, False])
@pytest.mark.parametrize("cut", [-1.0, 1.0])
def test_zero_goes_where_missing_ones_go_when_it_means_missing(cut: float, zero_left: bool):
    builder = TreesBuilder()
    told = builder.number(("number", 0), cut, missing_left=zero_left, zero_left=zero_left)
    _stump(builder, told)

    answers = _same(_model(_member(builder.trees())), _features([-2.0, 0.0, -0.0, 2.0, np.nan]))

    there = 1.0 if zero_left else 2.0
    assert answers == [1.0, there, there, 2.0, there]


def test_codes_go_where_the_table_says_and_unseen_ones_as_its_last_entry():
    builder = TreesBuilder()
    _stump(builder, builder.table(("category", 0), lefts=[True, False, True, False]))

    assert _same(_model(_member(builder.trees())), _features(codes=[0, 1, 2, 3, 99])) == [1, 2, 1, 2, 2]


def test_words_are_there_or_not():
    builder = TreesBuilder()
    _stump(builder, builder.number(("token", 0), 0.5, missing_left=False))
    _stump(builder, builder.number(("token", 0), 0.5, missing_left=True, zero_left=False))

    assert _same(_model(_member(builder.trees())), _features(tokens=[0, 1])) == [1 + 2, 2 + 2]


def test_trees_that_are_one_leaf_add_up():
    builder = TreesBuilder()
    builder.tree(builder.leaf([0.25], 3))
    builder.tree(builder.leaf([0.5], 3))

    assert _same(_model(_member(builder.trees())), _features([1.0, np.nan])) == [0.75, 0.75]


def test_a_decision_that_those_above_it_have_made_changes_nothing():
    builder = TreesBuilder()
    source = ("number", 0)
    above = builder.decision(builder.number(source, 1.0, missing_left=True))
    below = builder.decision(builder.number(source, 2.0, missing_left=True))
    leaves = [builder.leaf([float(each)], 1) for each in range(3)]
    builder.branch(below, left=leaves[0], right=leaves[1])
    builder.branch(above, left=below, right=leaves[2])
    builder.tree(above)

    assert _same(_model(_member(builder.trees())), _features([0.0, 1.5, 3.0])) == [0.0, 2.0, 2.0]


def test_symmetric_trees_answer_as_if_they_were_walked():
    builder = TreesBuilder()
    splits = [
        builder.number(("number", 0), 1.0, missing_left=True),
        builder.table(("category", 0), lefts=[True, False]),
    ]
    for split in [*splits, *[(0, LEFT)] * 6]:
        builder.decision(split)
    member = _member(builder.symmetric([0], [[0.0], [10.0], [20.0], [30.0]]), scale=0.5)

    rows = _features([0.0, 5.0, 0.0, 5.0, np.nan], codes=[0, 0, 1, 1, 1])
    assert _same(_model(member), rows) == [0.0, 5.0, 10.0, 15.0, 10.0]


def test_links_scales_and_bases_are_each_members_own():
    builder = TreesBuilder()
    _stump(builder, builder.number(("number", 0), 0.0, missing_left=True))
    trees = builder.trees()
    steps = tree_steps(
        [
            ("plain", _member(trees)),
            ("share", TreeMember(trees=trees, base=np.array([-1.0]), link="sigmoid")),
            ("power", TreeMember(trees=trees, base=np.array([-1.0]), scale=2.0, link="exp")),
        ]
    )
    for name, expected in (("plain", 1.0), ("share", 0.5), ("power", np.exp(1.0))):
        own = [step for step in steps if step.id in (steps[0].id, name)]
        model = CompiledModel(Plan(problem_type="regression", n_classes=1, steps=tuple(own)))
        assert _same(model, _features([-3.0])) == [pytest.approx(expected, rel=1e-7)]


def test_leaves_of_several_classes_and_trees_of_one_class_each_make_shares():
    wide, narrow = TreesBuilder(), TreesBuilder()
    place = wide.decision(wide.number(("number", 0), 0.0, missing_left=True))
    wide.branch(place, left=wide.leaf([0.2, 0.3, 0.5], 1), right=wide.leaf([1.0, 0.0, 0.0], 1))
    wide.tree(place)
    wide.tree(wide.leaf([0.0, 0.0, 0.0], 1))
    for target in range(3):
        place = narrow.decision(narrow.number(("number", 0), 0.0, missing_left=True))
        narrow.branch(place, left=narrow.leaf([1.0 + target], 1), right=narrow.leaf([0.0], 1))
        narrow.tree(place, target=target)
    steps = tree_steps(
        [
            ("wide", TreeMember(trees=wide.trees(), base=np.zeros(3))),
            ("narrow", TreeMember(trees=narrow.trees(), base=np.zeros(3), link="softmax")),
        ]
    )
    for name, expected in (("wide", [0.2, 0.3, 0.5]), ("narrow", [0.09003057, 0.24472847, 0.66524096])):
        own = [step for step in steps if step.id in (steps[0].id, name)]
        model = CompiledModel(Plan(problem_type="multiclass", n_classes=3, steps=tuple(own)))
        answer = model.predict_features(_features([-1.0, 1.0]))
        assert answer[0] == pytest.approx(expected, abs=1e-7)
        assert np.array_equal(model.predict_features(_features([-1.0])), answer[:1])


def test_many_rows_are_shared_out_and_come_back_in_order():
    builder = TreesBuilder()
    for cut in range(50):
        _stump(builder, builder.number(("number", 0), float(cut), missing_left=True))

    model = _model(_member(builder.trees()))
    values = np.arange(20_000) % 60
    assert np.array_equal(model.predict_features(_features(values)), np.minimum(values, 50) + 50)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.booleans(), st.floats(-1e-6, 1e-6))
def test_a_cut_in_doubles_decides_as_float32_does(limit: float, inclusive: bool, beside: float):
    (cut,) = cuts_of_float32([limit], inclusive=inclusive).tolist()
    values = [cut, np.nextafter(cut, np.inf), limit, limit * (1 + beside), np.nextafter(limit, -np.inf)]

    with np.errstate(over="ignore"):
        rounded = np.array(values, dtype=np.float64).astype(np.float32)
    left = rounded <= np.float32(limit) if inclusive else rounded < np.float32(limit)
    assert (np.array(values) <= cut).tolist() == left.tolist()
