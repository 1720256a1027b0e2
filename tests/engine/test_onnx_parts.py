"""What ONNX has no operator for is made of those that it has, and says the same."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from litmus_core.compiled import PlanStep
from litmus_core.compiled._quantiles import Quantiles
from litmus_core.compiled._steps.off_edges import OffEdges
from litmus_core.compiled._steps.temperature import Temperature
from litmus_core.engine._compile.trees import Number, Symmetric, TreeMember, Trees, TreeTable
from litmus_core.engine._onnx import _head, _normal_deviates, _operations, _search, _steps, _trees
from litmus_core.engine._onnx._input import are_numbers
from litmus_core.engine._onnx.columns import OnnxColumns
from litmus_core.engine._onnx.writer import IR_VERSION, ML, ML_OPSET, OPSET, OnnxWriter
from litmus_core.frame import FeaturePipeline
from litmus_core.frame._operations.moments import MOMENT_OPERATIONS
from litmus_core.runtime import ModelInfo
from litmus_core.types import Column, to_plain

KINDS = {"f": TensorProto.DOUBLE, "i": TensorProto.INT64, "O": TensorProto.STRING}


def asked(write: Callable[[OnnxWriter], str], writer: OnnxWriter | None = None, **given: Any) -> Any:
    """Return what the graph that ``write`` writes makes of ``given``, arrays of (n, 1) or (n, k)."""
    writer = writer or OnnxWriter()
    name = write(writer)
    given = {each: np.asarray(values) for each, values in given.items()}
    nodes, constants = writer.used([name])
    graph = helper.make_graph(
        nodes,
        "test",
        [
            helper.make_tensor_value_info(each, KINDS[values.dtype.kind], [None, values.shape[1]])
            for each, values in given.items()
        ],
        [helper.make_empty_tensor_value_info(name)],
        constants,
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    return session.run([name], given)[0]


@pytest.mark.parametrize("part", ["year", "month", "day", "weekday", "hour", "minute of day", "days"])
def test_parts_of_moments_are_numpys(part: str) -> None:
    rng = np.random.default_rng(0)
    span = np.array(["0001-01-01", "9999-12-31"], dtype="datetime64[us]").astype(np.int64)
    edges = ["1970-01-01", "1969-12-31T23:59:59", "2000-02-29", "1900-03-01", "2100-02-28T23:00", "NaT"]
    when = np.concatenate([
        rng.integers(*span, 2_000),
        np.array(edges, dtype="datetime64[us]").astype(np.int64),
    ])  # fmt: skip

    operation = _operations.OPERATIONS[part]
    found = asked(lambda writer: operation(writer, "when"), when=when[:, np.newaxis])[:, 0]

    frame = next(each for each in MOMENT_OPERATIONS if each.name == part)
    wanted = frame.columns(when.astype("datetime64[us]"))
    np.testing.assert_array_equal(found, wanted)


def test_the_normal_distribution_is_inverted_to_the_last_digits() -> None:
    shares = np.concatenate([np.linspace(1e-7, 1 - 1e-7, 3_001), 10.0 ** -np.arange(1, 8), [0.075, 0.925]])

    found = asked(lambda writer: _normal_deviates.inverse(writer, "p"), p=shares[:, np.newaxis])[:, 0]

    wanted = [NormalDist().inv_cdf(share) for share in shares.tolist()]
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_skewed_numbers_become_the_deviates_that_the_compiled_step_makes() -> None:
    knots = [np.array([0.0, 1.0, 4.0, 9.0]), np.array([-2.0, 5.0])]
    at = [np.array([0.0, 0.25, 0.6, 1.0]), np.array([0.2, 1.0])]
    after = [np.array([0.1, 0.3, 0.6, 1.0]), np.array([0.2, 1.0])]
    slope = [np.array([0.15, 0.1, 0.08, 0.0]), np.array([0.8 / 7, 0.0])]
    parts = {"knots": knots, "at": at, "after": after, "slope": slope}
    arrays = {name: np.concatenate(each) for name, each in parts.items()}
    arrays |= {"start": np.array([0, 4, 6]), "fill": np.array([2.0, 0.0])}
    values = np.array(
        [[v, w] for v in (-1, 0, 0.5, 1, 4, 8.9999, 9, 1e9, np.nan) for w in (-2, 0, 5, np.nan)]
    )

    found = asked(lambda writer: _normal_deviates.deviates(writer, "x", arrays), x=values)

    columns = [
        Quantiles(*(parts[name][place] for name in parts), fill=fill) for place, fill in enumerate([2.0, 0.0])
    ]
    wanted = np.stack([each.deviates(values[:, place]) for place, each in enumerate(columns)], axis=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("beyond_equal", "side"), [(False, "left"), (True, "right")])
def test_places_in_sorted_lists_are_numpys(beyond_equal: bool, side: Any) -> None:
    lists = [np.array([1.0]), np.arange(8.0), np.array([-3.0, 0.0, 0.5, 7.0, 7.5])]
    values = np.random.default_rng(1).integers(-4, 9, (200, 3)).astype(float)

    found = asked(lambda writer: _search.places(writer, "x", lists, beyond_equal=beyond_equal), x=values)

    wanted = [np.searchsorted(each, values[:, place], side=side) for place, each in enumerate(lists)]
    assert found.T.tolist() == [each.tolist() for each in wanted]


def test_infinite_and_huge_numbers_are_bounded_and_missing_ones_stay() -> None:
    values = np.array([[np.inf], [-np.inf], [1e300], [-1e300], [2.5], [np.nan]])

    found = asked(lambda writer: _operations._bound(writer, "x", limit=3e38, low=-1.0, high=7.0), x=values)

    np.testing.assert_array_equal(found[:, 0], [7.0, -1.0, 3e38, -3e38, 2.5, np.nan])


def test_texts_get_their_codes_and_the_empty_one_is_missing() -> None:
    texts = np.array([["b"], ["a"], ["c"], [""], ["ä"]], dtype=object)

    found = asked(
        lambda writer: _operations.code(writer, "x", vocabulary=("a", "b", "ä"), numeric=False), x=texts
    )

    assert found[:, 0].tolist() == [1, 0, 3, 4, 2]


def test_numbers_that_stand_for_categories_get_their_codes() -> None:
    values = np.array([[10.0], [2.0], [3.0], [np.nan], [1e300], [-0.5]])

    found = asked(
        lambda writer: _operations.code(writer, "x", vocabulary=("2", "10", "-0.5"), numeric=True), x=values
    )

    assert found[:, 0].tolist() == [1, 0, 3, 4, 3, 2]


@pytest.mark.parametrize(
    ("words", "told_apart"),
    [(("1", "2.5"), True), (("9007199254740993", "1"), False), (("1.0",), False), (("x",), False)],
)
def test_only_words_that_doubles_tell_apart_are_taken_as_numbers(
    words: tuple[str, ...], told_apart: bool
) -> None:
    column = Column(name="c", original_name="c", kind="category", storage="BIGINT")

    assert are_numbers(column, words) is told_apart


@pytest.mark.parametrize("width", [1, 3])
def test_probabilities_are_moved_off_the_edges_and_calibrated_as_the_compiled_steps_do(width: int) -> None:
    given = np.random.default_rng(2).dirichlet([0.02] * max(2, width), 500)[:, :width].astype(np.float32)
    given[:2] = [[0.0] * width, [1.0] + [0.0] * (width - 1)]
    given[0, -1] = 1.0
    own = given[:, 0] if width == 1 else given
    edges = OffEdges(PlanStep(id="e", kind="off_edges", of=("a",)))
    cooler = Temperature(PlanStep(id="t", kind="temperature", of=("a",), settings={"temperature": 1.7}))
    x = given.astype(np.float64)

    moved = asked(lambda writer: _steps._clip_probabilities(writer, "x", width), x=x)
    cooled = asked(lambda writer: _steps._scale_by_temperature(writer, "x", width, 1.7), x=x)

    answers: Any = {"a": own}
    nothing: Any = None
    np.testing.assert_allclose(moved.reshape(own.shape), edges.run(nothing, answers), rtol=0, atol=2e-7)
    np.testing.assert_allclose(cooled.reshape(own.shape), cooler.run(nothing, answers), rtol=0, atol=2e-7)


def columns_of(writer: OnnxWriter) -> OnnxColumns:
    """Two numbers and a category of the codes 0 to 3."""
    numbers = [Column(name=name, original_name=name, kind="number", storage="FLOAT") for name in "ab"]
    category = Column(name="c", original_name="c", kind="category", storage="VARCHAR")
    state = {
        "format": 1,
        "encoders": [
            *({"column": to_plain(each), "kind": "number", "low": 0.0, "high": 1.0} for each in numbers),
            {"column": to_plain(category), "kind": "category", "vocabulary": ["x", "y"]},
        ],
        "dropped": [],
    }
    return OnnxColumns(writer, FeaturePipeline.from_state(state))


ROWS = {
    "a": np.array([[-1.0], [0.0], [0.5], [2.0], [np.nan]]),
    "b": np.array([[0.0], [3.0], [np.nan], [-3.0], [9.0]]),
    "c": np.array([["x"], ["y"], ["z"], [""], ["x"]], dtype=object),
}


def test_trees_go_where_their_cuts_say_also_those_that_decide_alone() -> None:
    """A leaf alone, cuts that always go one way, missing values and zeros on sides of their own."""
    trees = Trees(
        columns=(
            Number(("number", 0), "high"),
            Number(("number", 1), "low", "high"),
            TreeTable(("category", 0), (0, 1, 1)),
        ),
        column=np.array([0, 1, 0, 2]),
        cut=np.array([0.0, -1.0, np.inf, 0.0]),
        left=np.array([1, ~0, 3, ~3]),
        right=np.array([~2, ~1, ~5, ~4]),
        leaves=np.array([[1.0], [2.0], [4.0], [10.0], [20.0], [1e6], [0.5]]),
        cover=np.ones(7),
        roots=np.array([0, 2, ~6]),
        target=np.zeros(3, dtype=np.int64),
    )  # fmt: skip
    member = TreeMember(trees=trees, base=np.array([100.0]), scale=2.0)
    writer = OnnxWriter()

    found = asked(lambda writer: _trees.margins(writer, member, columns_of(writer)), writer, **ROWS)

    # a at most 0 asks for b (zero lies above, missing below), else 4; then 10 for x, else 20
    first, second = np.array([2.0, 2.0, 4.0, 4.0, 4.0]), np.array([10.0, 20.0, 20.0, 20.0, 10.0])
    assert found[:, 0].tolist() == (101.0 + 2 * (first + second)).tolist()


def test_symmetric_trees_of_any_depth_are_walked_as_any_others() -> None:
    """Levels count from the lowest; a tree that is one leaf, one of a level, one of two."""
    trees = Symmetric(
        columns=(Number(("number", 0)), Number(("number", 1), "high")),
        column=np.array([[0, 0], [1, 0], [0, 1]]),
        cut=np.array([[np.inf, np.inf], [0.0, np.inf], [0.25, 1.0]]),
        leaves=np.array([[7.0, 0.0], [1, 0], [2, 0], [0, 10], [0, 20], [0, 30], [0, 40.0]]),
        first=np.array([0, 1, 3]),
    )
    member = TreeMember(trees=trees, base=np.array([0.0, 0.0]))

    found = asked(lambda writer: _trees.margins(writer, member, columns_of(writer)), **ROWS)

    assert found.tolist() == [[8, 10], [9, 30], [9, 40], [8, 20], [9, 30]]


def test_trees_without_any_decision_answer_every_row() -> None:
    trees = Symmetric(
        columns=(Number(("number", 0)),),
        column=np.zeros((1, 1), dtype=np.int64),
        cut=np.full((1, 1), np.inf),
        leaves=np.array([[3.0]]),
        first=np.array([0]),
    )
    member = TreeMember(trees=trees, base=np.array([1.0]))

    found = asked(lambda writer: _trees.margins(writer, member, columns_of(writer)), a=ROWS["a"])

    assert found[:, 0].tolist() == [4.0] * 5


@pytest.mark.parametrize(
    ("positive", "wanted"),
    [("b", ["a", "a", "b", "b"]), ("a", ["a", "a", "a", "b"]), (None, ["a", "a", "b", "b"])],
)
def test_the_threshold_is_the_positive_classs_which_reaches_it_by_being_it(
    positive: str | None, wanted: list[str]
) -> None:
    info = ModelInfo(
        problem_type="binary",
        target="t",
        columns=(),
        classes=("a", "b"),
        positive_class=positive,
        threshold=0.25,
    )
    second = (
        np.array([[0.0], [0.125], [0.75], [0.875]])
        if positive == "a"
        else np.array([[0.0], [0.2], [0.25], [1.0]])
    )

    def write(writer: OnnxWriter) -> str:
        return _head.outputs(writer, "second", info, names=())[0].name

    assert asked(write, second=second).tolist() == wanted
