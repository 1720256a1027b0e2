"""Plans that were changed: whatever leads nowhere is refused, and never read."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from litmus_core.compiled import PlanStep
from litmus_core.compiled._runners import runner_of
from litmus_core.compiled._tree_inputs import TreeInputs
from litmus_core.engine._compile._tree_steps import tree_steps
from litmus_core.engine._compile.trees import Symmetric, TreeMember, Trees
from litmus_core.errors import BundleError
from tests.compiled.random_made import (
    MEMBERS,
    RNG,
    only_machine_code,
    random_features,
    random_network,
    random_symmetric,
    random_trees,
)

Array = np.ndarray[Any, Any]


@pytest.fixture(autouse=True)
def means() -> str:
    """NumPy looks where it reads by itself."""
    return only_machine_code()


Parts = tuple[dict[str, Any], dict[str, Array]]


def _parts(step: PlanStep) -> Parts:
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
    step = random_network(1, "relu")
    settings, arrays = parts = _parts(step)
    change(parts)

    with pytest.raises((BundleError, ValueError, IndexError)):
        runner_of(replace(step, settings=settings, arrays=arrays))


@pytest.mark.parametrize("part", ["token", "category"])
def test_a_place_counts_whatever_its_block_is_called(part: str):
    step = random_network(1, "relu")
    settings, arrays = _parts(step)
    settings[part][0] = ["nothing", 10**6]

    with pytest.raises((IndexError, MemoryError)):
        runner_of(replace(step, settings=settings, arrays=arrays)).run(random_features(1), {})


def test_answers_of_too_few_rows_are_refused():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])

    with pytest.raises(IndexError, match="differ in their number of rows"):
        runner_of(step).run(random_features(70), {"m.before": np.zeros(1, dtype=np.float32)})


def test_an_answer_that_is_read_more_often_than_it_has_columns_is_the_same_in_each():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])
    settings, arrays = _parts(step)
    n_more, n_ranks = 1_000, TreeInputs(settings, arrays).n_ranks
    at = n_ranks[: len(settings["numbers"])].sum()
    settings["numbers"] += [["m.before", 0]] * n_more
    arrays["n_cuts"] = np.append(arrays["n_cuts"], np.zeros(n_more, np.int64))
    arrays["tables.level"] = np.insert(arrays["tables.level"], [at] * (2 * n_more), 0)
    before = {"m.before": np.zeros(70, dtype=np.float32)}
    runner = runner_of(replace(step, settings=settings, arrays=arrays))

    assert runner.run(random_features(70), before).shape == (70, 3)
    assert runner._inputs.outputs_read(before).shape == (70, n_more + 1)  # type: ignore[attr-defined]


def test_answers_of_too_few_columns_are_refused():
    (step, *_) = tree_steps([("m", MEMBERS["words of 4 bytes"])])
    function = runner_of(step)._native  # type: ignore[attr-defined]

    for answers in (None, np.zeros((70, 0)), np.zeros((70, 2))):
        with pytest.raises(IndexError, match="another number of columns"):
            function(random_features(70), answers)


def test_a_number_before_the_first_is_refused_beside_answers_of_steps():
    step = random_network(1, "relu")
    settings, arrays = _parts(step)
    settings["number"] = [["n.before", 0], ["number", -1]]

    with pytest.raises(BundleError):
        runner_of(replace(step, settings=settings, arrays=arrays))


@pytest.mark.parametrize("words", ["any", "none"])
@pytest.mark.parametrize(
    "trees",
    [
        random_trees(1, n_trees=1, depth=4, width=1),
        random_trees(2, n_trees=1, depth=6, width=1),
        random_symmetric(4, n_trees=1, depth=6, width=1),
        random_symmetric(5, n_trees=1, depth=10, width=1),
    ],
)
def test_words_that_say_nonsense_still_name_a_leaf_of_their_tree(trees: Trees | Symmetric, words: str):
    (step, *_) = tree_steps([("m", TreeMember(trees=trees, base=np.zeros(1)))])
    settings, arrays = _parts(step)
    table = arrays["tables.table"]
    table[...] = RNG(1).integers(2**63, size=table.shape, dtype=np.uint64) if words == "any" else 0
    leaves = {0.0, *arrays["tables.leaves"].astype(np.float32).tolist()}

    runner = runner_of(replace(step, settings=settings, arrays=arrays))
    answers = runner.run(random_features(500), {"m.before": np.zeros(500)})

    assert set(answers.reshape(-1).tolist()) <= leaves
