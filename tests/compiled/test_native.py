"""Machine code: what its build says of itself, and the same answers as NumPy's whatever it is given."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from litmus_core.compiled import CompiledModel, Plan, Step
from litmus_core.compiled import _native as native
from litmus_core.compiled._native import _function
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._compile._encoded import FirstLayer
from litmus_core.engine._compile._tree_steps import tree_steps
from litmus_core.engine._compile._trees import Number, Symmetric, Table, TreeMember, Trees
from litmus_core.errors import BundleError
from litmus_core.frame import Features
from scripts.native import build

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng


@pytest.fixture(autouse=True)
def means() -> str:
    """Both are compared here, so that each test runs once."""
    if native.why_not():
        pytest.skip(f"no machine code: {native.why_not()}")
    return "machine code"


def _by_both(make: Callable[[], Any], ask: Callable[[Any], Array]) -> tuple[Array, Array]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_function, "libraries", lambda: None)
        numpy = make()
    return ask(make()), ask(numpy)


def test_the_build_is_of_the_source_as_it_is():
    mark = ctypes.CDLL(str(native.build_path()))["litmus_source"]
    mark.restype = ctypes.c_char_p

    assert mark().decode() == native.source_mark(), "run python -m scripts.native"


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_the_source_compiles_without_a_warning(tmp_path: Path):
    build(tmp_path / "rows.so")

    assert ctypes.CDLL(str(tmp_path / "rows.so"))["litmus_trees"]


@pytest.mark.parametrize(
    ("environment", "said"), [({"LITMUS_NATIVE": "0"}, "LITMUS_NATIVE is 0"), ({}, "None")]
)
def test_it_can_be_turned_off(environment: dict[str, str], said: str):
    code = "from litmus_core.compiled._native import why_not; print(why_not())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == said


def test_a_build_that_cannot_be_loaded_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = tmp_path / "rows.so"
    broken.write_bytes(b"not a library")
    library = native._library
    monkeypatch.setattr(library, "build_path", lambda: broken)

    assert "cannot be loaded" in str(library._loaded.__wrapped__()[1])
    monkeypatch.setattr(library, "build_path", lambda: tmp_path / "none.so")
    assert "there is no build for" in str(library._loaded.__wrapped__()[1])


def _features(n_rows: int, seed: int = 0) -> Features:
    rng = RNG(seed)
    numbers = rng.normal(size=(n_rows, 4)).round(1)
    numbers[rng.random(numbers.shape) < 0.1] = np.nan
    numbers[rng.random(numbers.shape) < 0.05] = np.inf
    numbers[rng.random(numbers.shape) < 0.05] = -0.0
    return Features(
        numbers,
        rng.integers(2, size=(n_rows, 9), dtype=np.uint8),
        rng.integers(7, size=(n_rows, 2), dtype=np.int32),
    )


COLUMNS = (
    *(Number(("number", at), missing, zero) for at, missing, zero in [(0, "low", None), (1, "high", "low")]),
    Number(("number", 3), "low", "high"),
    *(Table(("token", at), (0, 1)) for at in (0, 7, 8)),
    Table(("category", 1), (0, 1, 0, 1, 0)),
    Number(("m.before", 0)),
)


def _trees(seed: int, *, n_trees: int, depth: int, width: int, n_targets: int = 1) -> Trees:
    """Return full random trees of ``depth`` levels."""
    rng = RNG(seed)
    n_inner, n_leaves = 2**depth - 1, 2**depth
    column = rng.integers(len(COLUMNS), size=n_trees * n_inner)
    is_number = np.array([isinstance(each, Number) for each in COLUMNS])[column]
    place = np.arange(n_inner)
    left, right = 2 * place + 1, 2 * place + 2
    left, right = (np.where(each < n_inner, each, n_inner - 1 - each) for each in (left, right))  # ~leaf
    start = np.repeat(np.arange(n_trees), n_inner)
    shift = lambda each: np.where(each >= 0, each + start * n_inner, each - start * n_leaves)  # noqa: E731
    return Trees(
        columns=COLUMNS,
        column=column,
        cut=np.where(is_number, rng.normal(size=column.size).round(1), 0.0),
        left=shift(np.tile(left, n_trees)),
        right=shift(np.tile(right, n_trees)),
        leaves=rng.normal(size=(n_trees * n_leaves, width)),
        cover=rng.integers(1, 50, size=n_trees * n_leaves).astype(float),
        roots=np.arange(n_trees) * n_inner,
        target=np.arange(n_trees) % n_targets,
    )


def _symmetric(seed: int, *, n_trees: int, depth: int, width: int) -> Symmetric:
    rng = RNG(seed)
    column = rng.integers(len(COLUMNS), size=(n_trees, depth))
    is_number = np.array([isinstance(each, Number) for each in COLUMNS])[column]
    return Symmetric(
        columns=COLUMNS,
        column=column,
        cut=np.where(is_number, rng.normal(size=column.shape).round(1), 0.0),
        leaves=rng.normal(size=(n_trees * 2**depth, width)),
        first=np.arange(n_trees) * 2**depth,
    )


MEMBERS = {
    "words of 4 bytes": TreeMember(
        trees=_trees(1, n_trees=70, depth=4, width=1, n_targets=3), base=np.ones(3), link="softmax"
    ),
    "words of 8 bytes": TreeMember(
        trees=_trees(2, n_trees=40, depth=6, width=1), base=np.ones(1), link="sigmoid"
    ),
    "in singles": TreeMember(
        trees=_trees(3, n_trees=90, depth=5, width=1), base=np.array([0.3]), in_singles=True
    ),
    "words of 1 byte": TreeMember(
        trees=_symmetric(4, n_trees=300, depth=6, width=2), base=np.zeros(2), scale=0.5
    ),
    "words of 2 bytes": TreeMember(
        trees=_symmetric(5, n_trees=20, depth=10, width=1), base=np.zeros(1), link="exp"
    ),
    "walked, vectors": TreeMember(trees=_trees(6, n_trees=37, depth=8, width=5), base=np.zeros(5)),
    "walked": TreeMember(trees=_trees(7, n_trees=16, depth=9, width=1), base=np.zeros(1), scale=0.1),
    "walked, outputs": TreeMember(
        trees=_trees(8, n_trees=50, depth=7, width=1, n_targets=10), base=np.zeros(10), link="softmax"
    ),
}


def _answers(members: list[TreeMember], features: Features) -> Array:
    steps = tree_steps([(f"m{at}", member) for at, member in enumerate(members)])
    answers = {"m.before": RNG(9).normal(size=features.n_rows).astype(np.float32)}
    (trees, *_) = steps
    assert runner_of(trees)._native is not None  # type: ignore[attr-defined]
    made, numpy = _by_both(lambda: runner_of(trees), lambda runner: runner.run(features, answers))
    ones = [
        runner_of(trees).run(features.rows(at, at + 1), {"m.before": answers["m.before"][at : at + 1]})
        for at in range(min(features.n_rows, 3))
    ]
    if ones:
        assert np.array_equal(np.concatenate(ones), made[:3])
    assert np.allclose(made, numpy, rtol=1e-6, atol=1e-6)
    assert made.dtype == numpy.dtype
    return made - numpy


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("n_rows", [1, 2, 63, 64, 65, 1_300])
def test_trees_answer_as_they_do_in_numpy(name: str, n_rows: int):
    apart = _answers([MEMBERS[name]], _features(n_rows))

    if not name.startswith("walked"):  # ONNX Runtime adds up singles there
        assert np.abs(apart).max() <= 2**-23  # the last bit, where an exponential differs


def test_all_kinds_of_trees_answer_side_by_side():
    _answers(list(MEMBERS.values()), _features(700))


def test_features_may_be_read_only_or_in_pieces():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])
    runner, features = runner_of(step), _features(20)
    answers = {"m.before": RNG(9).normal(size=20).astype(np.float32)}
    expected = runner.run(features, answers)
    wide = np.zeros((20, 8))
    wide[:, ::2] = features.numbers
    pieces = replace(features, numbers=wide[:, ::2])
    kept = replace(features, tokens=features.tokens.copy())
    kept.tokens.flags.writeable = False

    assert np.array_equal(runner.run(pieces, answers), expected)
    assert np.array_equal(runner.run(kept, answers), expected)


def test_features_with_too_few_columns_are_refused():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])
    features = _features(5)
    few = replace(features, categories=features.categories[:, :1].copy())

    with pytest.raises(IndexError, match="fewer columns"):
        runner_of(step).run(few, {"m.before": np.zeros(5)})


def test_many_threads_may_ask_at_once():
    steps = tree_steps([(f"m{at}", each) for at, each in enumerate(MEMBERS.values())])
    runner, features = runner_of(steps[0]), _features(40)
    before = RNG(9).normal(size=40).astype(np.float32)
    expected = runner.run(features, {"m.before": before})

    def row(at: int) -> Array:
        return runner.run(features.rows(at, at + 1), {"m.before": before[at : at + 1]})

    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            assert np.array_equal(np.concatenate(list(pool.map(row, range(40)))), expected)


Parts = tuple[dict[str, Any], dict[str, Array]]


def _parts(step: Step) -> Parts:
    return deepcopy(dict(step.settings)), {name: np.array(each) for name, each in step.arrays.items()}


def _put(name: str, value: Any) -> Callable[[Parts], None]:
    """Have the last number of an array be ``value``."""
    return lambda parts: parts[1][name].reshape(-1).__setitem__(-1, value)


def _made(name: str, make: Callable[[Array], Array]) -> Callable[[Parts], None]:
    return lambda parts: parts[1].__setitem__(name, make(parts[1][name]))


def _outputs_below_none(parts: Parts) -> None:
    outputs = parts[0]["walk"]["outputs"]
    outputs[0], outputs[1] = -5, outputs[1] + outputs[0] + 5


def _answers_first(parts: Parts) -> None:
    numbers = parts[0]["numbers"]
    parts[0]["numbers"] = [["m.before", 10**9], *numbers[:-1]]


def _rooms_without_end(parts: Parts) -> None:
    parts[1]["tables.room"] = np.full(len(parts[1]["tables.room"]), 2**60)


def _link_beyond(parts: Parts) -> None:
    parts[0]["links"].append(["exp", 10**6, 1, 1])


@pytest.mark.parametrize(
    "change",
    [
        _put("tables.level", 10**6),
        _put("tables.level", -1),
        _put("tables.rows", 10**6),
        _put("tables.room", 10**6),
        _rooms_without_end,
        _made("tables.rows", lambda array: array[:, :1].copy()),
        _made("tables.level", lambda array: np.zeros((len(array), 0), np.int32)),
        _put("walk.roots0", 10**7),
        _put("walk.target0", 99),
        _made("walk.target0", lambda array: array[:1].copy()),
        _put("walk.nodes0", 2**31 - 1),
        _made("walk.nodes0", lambda array: array[:-1].copy()),
        _made("n_cuts", lambda array: array[:1].copy()),
        _made("base", lambda array: array[None]),
        _made("scale", lambda array: array[:1].copy()),
        _outputs_below_none,
        _answers_first,
        _link_beyond,
    ],
)
def test_what_leads_nowhere_is_refused_before_anything_is_read(change: Callable[[Parts], None]):
    (step, *_) = tree_steps([(f"m{at}", each) for at, each in enumerate(MEMBERS.values())])
    settings, arrays = parts = _parts(step)
    change(parts)

    with pytest.raises((BundleError, ValueError, IndexError)):
        runner_of(replace(step, settings=settings, arrays=arrays))


@pytest.mark.parametrize(
    "change",
    [
        _made("number.weights", lambda array: array[:, 0].copy()),
        _made("category.table", lambda array: array[:, 0].copy()),
        _made("category.table", lambda array: array[:1].copy()),
        _made("skewed.after", lambda array: array[:3].copy()),
        _made("weights0", lambda array: array[:-1].copy()),
        _made("weights0", lambda array: np.zeros((*array.shape, 0), np.float32)),
        _made("offset0", lambda array: array[:-1].copy()),
        _put("category.start", 10**6),
        lambda parts: parts[0]["number"].__setitem__(0, ["number", -1]),
    ],
)
def test_a_network_that_leads_nowhere_is_refused_before_anything_is_read(change: Callable[[Parts], None]):
    step = _dense(1, "relu")
    settings, arrays = parts = _parts(step)
    change(parts)

    with pytest.raises((BundleError, ValueError, IndexError)):
        runner_of(replace(step, settings=settings, arrays=arrays))


@pytest.mark.parametrize("part", ["token", "category"])
def test_a_place_counts_whatever_its_block_is_called(part: str):
    step = _dense(1, "relu")
    settings, arrays = _parts(step)
    settings[part][0] = ["nothing", 10**6]

    with pytest.raises((IndexError, MemoryError)):
        runner_of(replace(step, settings=settings, arrays=arrays)).run(_features(1), {})


def test_answers_of_too_few_rows_are_refused():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])

    with pytest.raises(IndexError, match="as many rows"):
        runner_of(step).run(_features(70), {"m.before": np.zeros(1, dtype=np.float32)})


@pytest.mark.parametrize("words", ["any", "none"])
@pytest.mark.parametrize(
    "trees",
    [
        _trees(1, n_trees=1, depth=4, width=1),
        _trees(2, n_trees=1, depth=6, width=1),
        _symmetric(4, n_trees=1, depth=6, width=1),
        _symmetric(5, n_trees=1, depth=10, width=1),
    ],
)
def test_words_that_say_nonsense_still_name_a_leaf_of_their_tree(trees: Trees | Symmetric, words: str):
    (step, *_) = tree_steps([("m", TreeMember(trees=trees, base=np.zeros(1)))])
    settings, arrays = _parts(step)
    table = arrays["tables.table"]
    table[...] = RNG(1).integers(2**63, size=table.shape, dtype=np.uint64) if words == "any" else 0
    leaves = {0.0, *arrays["tables.leaves"].astype(np.float32).tolist()}

    runner = runner_of(replace(step, settings=settings, arrays=arrays))
    answers = runner.run(_features(500), {"m.before": np.zeros(500)})

    assert set(answers.reshape(-1).tolist()) <= leaves


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_older_processors_give_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    build(tmp_path / "rows.so", "-DBASELINE")
    library = ctypes.PyDLL(str(tmp_path / "rows.so"))
    steps = tree_steps([(f"m{at}", each) for at, each in enumerate(MEMBERS.values())])
    features, before = _features(200), {"m.before": RNG(9).normal(size=200).astype(np.float32)}
    network = _dense(1, "elu")
    newer = runner_of(steps[0]).run(features, before), runner_of(network).run(_features(1), {})

    monkeypatch.setattr(_function, "libraries", lambda: (library, library))
    older = runner_of(steps[0]).run(features, before), runner_of(network).run(_features(1), {})

    assert all(np.array_equal(one, other) for one, other in zip(newer, older, strict=True))


def _dense(seed: int, activation: str, *, sizes: tuple[int, ...] = (9, 7, 3), limit: bool = True) -> Step:
    rng = RNG(seed)
    layer = FirstLayer(rng.normal(size=9))
    layer.numbers(
        [("number", 0), ("number", 2)],
        rng.normal(size=(2, 9)),
        center=np.array([0.5, -1.0]),
        scale=np.array([2.0, 0.1]),
        fill=np.array([0.2, 0.3]),
        limit=1.5 if limit else None,
    )
    layer.skewed(
        [("number", 1), ("number", 3)],
        rng.normal(size=(2, 9)),
        quantiles=np.sort(rng.normal(size=(40, 2)).round(1), axis=0),
        references=np.linspace(0, 1, 40),
        fill=np.array([0.1, -0.4]),
    )
    layer.values([("number", 0), ("number", 3)], rng.normal(size=(2, 9)), values=np.array([0.5, -0.1]))
    layer.flags(
        [("token", 2), ("token", 8)], rng.normal(size=(2, 9)), center=np.array([0.1, 0.2]), scale=np.ones(2)
    )
    layer.categories([("category", 0), ("category", 1)], [rng.normal(size=(7, 9)), rng.normal(size=(7, 9))])
    arrays = dict(layer.arrays)
    for place, (above, below) in enumerate(itertools.pairwise(sizes)):
        arrays[f"weights{place}"] = rng.normal(size=(above, below)).astype(np.float32)
        arrays[f"offset{place}"] = rng.normal(size=below)
    settings = layer.settings | {
        "activation": activation,
        "n_layers": len(sizes) - 1,
        "link": {"kind": "softmax"},
    }
    return Step(id="n", kind="dense", settings=settings, arrays=arrays)


@pytest.mark.parametrize("activation", ["relu", "elu", "tanh", "identity"])
@pytest.mark.parametrize(("sizes", "limit"), [((9, 7, 3), True), ((9, 300, 5, 4), False), ((9,), True)])
def test_a_network_answers_as_it_does_in_numpy(activation: str, sizes: tuple[int, ...], limit: bool):
    step, features = _dense(1, activation, sizes=sizes, limit=limit), _features(300)
    features.numbers[np.isinf(features.numbers)] = 7.0

    def ask(runner: Any) -> Array:
        return np.concatenate([runner.run(features.rows(at, at + 1), {}) for at in range(300)])

    made, numpy = _by_both(lambda: runner_of(step), ask)

    assert runner_of(step)._native is not None  # type: ignore[attr-defined]
    assert np.isfinite(made).all()
    assert np.abs(made - numpy).max() <= 2**-23


def test_a_number_just_below_the_least_quantile_is_as_in_a_batch():
    step = _dense(1, "identity", sizes=(9,))
    features = _features(2)
    least = step.arrays["skewed.knots"][0]
    features.numbers[:] = 0.5
    features.numbers[:, 1] = least - 5e-8  # nearer than what counts as beyond

    one, many = runner_of(step).run(features.rows(0, 1), {}), runner_of(step).run(features, {})

    assert np.abs(one - many[:1]).max() <= 2**-23


def test_normal_deviates_are_those_of_python():
    shares = [*np.linspace(1e-9, 1 - 1e-9, 4_001).tolist(), 1e-7, 1 - 1e-7, 0.075, 0.925, 0.5]
    inverse = ctypes.CDLL(str(native.build_path()))["litmus_inverse"]
    inverse.argtypes, inverse.restype = [ctypes.c_double], ctypes.c_double

    assert [inverse(each) for each in shares] == [NormalDist().inv_cdf(each) for each in shares]


def test_a_whole_model_of_an_older_plan_without_packed_trees_runs():
    steps = tree_steps([("m", MEMBERS["walked"])])
    walk = {key: each for key, each in steps[0].settings["walk"].items() if key != "outputs"}
    arrays = {
        name: each
        for name, each in steps[0].arrays.items()
        if name.split(".")[-1].rstrip("0123456789") not in ("nodes", "roots", "target", "values")
    }
    old = replace(steps[0], settings=steps[0].settings | {"walk": walk}, arrays=arrays)
    features, before = _features(50), {"m.before": np.zeros(50, dtype=np.float32)}

    expected = runner_of(steps[0]).run(features, before)

    assert np.allclose(runner_of(old).run(features, before), expected, atol=1e-6)
    assert CompiledModel(Plan(problem_type="regression", n_classes=1, steps=(old,))).n_classes == 1
