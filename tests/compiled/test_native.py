"""Machine code: what its build says of itself, and the same answers as NumPy's whatever it is given."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import scripts.native
from litmus_core.compiled import CompiledModel, Plan
from litmus_core.compiled import _native as native
from litmus_core.compiled._native import _function
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._compile._tree_steps import tree_steps
from litmus_core.engine._compile.trees import TreeMember
from litmus_core.frame import Features
from scripts.native import build
from tests.compiled.random_made import MEMBERS, RNG, only_machine_code, random_features, random_network

Array = np.ndarray[Any, Any]


@pytest.fixture(autouse=True)
def means() -> str:
    """Both are compared here, so that each test runs once."""
    return only_machine_code()


def _by_both(make: Callable[[], Any], ask: Callable[[Any], Array]) -> tuple[Array, Array]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_function, "libraries", lambda: None)
        numpy = make()
    return ask(make()), ask(numpy)


def test_the_build_is_of_the_source_as_it_is():
    mark = ctypes.CDLL(str(native.build_path()))["litmus_source"]
    mark.restype = ctypes.c_char_p

    assert mark().decode() == native.source_mark(), "run make native"
    assert list(scripts.native.problems()) == []


def test_a_build_that_is_not_the_one_that_is_recorded_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    recorded = json.loads(scripts.native.RECORDS.read_text())
    recorded["rows-linux-x86_64.so"]["sha256"] = "another"
    (tmp_path / "recorded.json").write_text(json.dumps(recorded | {"rows-linux-mips.so": {}}))
    monkeypatch.setattr(scripts.native, "RECORDS", tmp_path / "recorded.json")

    assert list(scripts.native.problems()) == [
        "rows-linux-mips.so is missing, but recorded in recorded.json: run make native on linux-mips.",
        "rows-linux-x86_64.so is not the build of rows.c that recorded.json records: "
        "run make native on linux-x86_64.",
    ]


@pytest.mark.parametrize("compiler", ["cc", "aarch64-linux-gnu-gcc-12"])
def test_the_same_compiler_builds_the_same_bytes(
    compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    monkeypatch.setenv("CC", compiler)
    kept = scripts.native.built_path()
    recorded = json.loads(scripts.native.RECORDS.read_text())[kept.name]
    if recorded["compiler"] != (name := scripts.native.compiler_name()):
        pytest.skip(f"the recorded build is of {recorded['compiler']}, not of {name}")
    build(tmp_path / "rows.so")

    assert (tmp_path / "rows.so").read_bytes() == kept.read_bytes()


def test_builds_for_both_processors_are_in_the_repository():
    assert set(json.loads(scripts.native.RECORDS.read_text())) == {
        "rows-linux-aarch64.so",
        "rows-linux-x86_64.so",
    }


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_the_source_compiles_without_a_warning(tmp_path: Path):
    build(tmp_path / "rows.so")

    assert ctypes.CDLL(str(tmp_path / "rows.so"))["litmus_trees"]


@pytest.mark.parametrize(
    ("environment", "said"), [({"LITMUS_NATIVE": "0"}, "LITMUS_NATIVE is 0"), ({}, "None")]
)
def test_it_can_be_turned_off(environment: dict[str, str], said: str):
    code = "from litmus_core.compiled._native import unavailable_reason; print(unavailable_reason())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == said


def test_a_build_that_cannot_be_loaded_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = tmp_path / "rows.so"
    broken.write_bytes(b"not a library")
    library = native._library
    monkeypatch.setattr(library, "build_path", lambda: broken)

    assert "cannot be loaded" in str(library._load.__wrapped__()[1])
    monkeypatch.setattr(library, "build_path", lambda: tmp_path / "none.so")
    assert "there is no build for" in str(library._load.__wrapped__()[1])


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
    apart = _answers([MEMBERS[name]], random_features(n_rows))

    if not name.startswith("walked"):  # ONNX Runtime adds up singles there
        assert np.abs(apart).max() <= 2**-23  # the last bit, where an exponential differs


def test_all_kinds_of_trees_answer_side_by_side():
    _answers(list(MEMBERS.values()), random_features(700))


def test_features_may_be_read_only_or_in_pieces():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])
    runner, features = runner_of(step), random_features(20)
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
    features = random_features(5)
    few = replace(features, categories=features.categories[:, :1].copy())

    with pytest.raises(IndexError, match="fewer columns"):
        runner_of(step).run(few, {"m.before": np.zeros(5)})


def test_many_threads_may_ask_at_once():
    steps = tree_steps([(f"m{at}", each) for at, each in enumerate(MEMBERS.values())])
    runner, features = runner_of(steps[0]), random_features(40)
    before = RNG(9).normal(size=40).astype(np.float32)
    expected = runner.run(features, {"m.before": before})

    def row(at: int) -> Array:
        return runner.run(features.rows(at, at + 1), {"m.before": before[at : at + 1]})

    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            assert np.array_equal(np.concatenate(list(pool.map(row, range(40)))), expected)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_older_processors_give_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    build(tmp_path / "rows.so", "-DBASELINE")
    library = ctypes.PyDLL(str(tmp_path / "rows.so"))
    steps = tree_steps([(f"m{at}", each) for at, each in enumerate(MEMBERS.values())])
    features, before = random_features(200), {"m.before": RNG(9).normal(size=200).astype(np.float32)}
    network = random_network(1, "elu")
    newer = runner_of(steps[0]).run(features, before), runner_of(network).run(random_features(1), {})

    monkeypatch.setattr(_function, "libraries", lambda: (library, library))
    older = runner_of(steps[0]).run(features, before), runner_of(network).run(random_features(1), {})

    assert all(np.array_equal(one, other) for one, other in zip(newer, older, strict=True))


@pytest.mark.parametrize("activation", ["relu", "elu", "tanh", "identity"])
@pytest.mark.parametrize(
    ("sizes", "limit", "doubles"),
    [((9, 7, 3), True, 0), ((9, 300, 5, 4), False, 1), ((9, 7, 5, 1), False, 3), ((9,), True, 0)],
)
def test_a_network_answers_as_it_does_in_numpy(
    activation: str, sizes: tuple[int, ...], limit: bool, doubles: int
):
    step = random_network(1, activation, sizes=sizes, limit=limit, doubles=doubles)
    features = random_features(300)
    features.numbers[np.isinf(features.numbers)] = 7.0

    def ask(runner: Any) -> Array:
        return np.concatenate([runner.run(features.rows(at, at + 1), {}) for at in range(300)])

    made, numpy = _by_both(lambda: runner_of(step), ask)

    assert runner_of(step)._native is not None  # type: ignore[attr-defined]
    assert np.isfinite(made).all()
    assert np.abs(made - numpy).max() <= 2**-23


def test_a_number_just_below_the_least_quantile_is_as_in_a_batch():
    step = random_network(1, "identity", sizes=(9,))
    features = random_features(2)
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
    features, before = random_features(50), {"m.before": np.zeros(50, dtype=np.float32)}

    expected = runner_of(steps[0]).run(features, before)

    assert np.allclose(runner_of(old).run(features, before), expected, atol=1e-6)
    assert CompiledModel(Plan(problem_type="regression", n_classes=1, steps=(old,))).n_classes == 1
