"""Random trees and networks, which machine code and NumPy are asked about."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from litmus_core.compiled import PlanStep
from litmus_core.compiled import _native as native
from litmus_core.engine._compile.first_layer import FirstLayer
from litmus_core.engine._compile.trees import Number, Symmetric, TreeMember, Trees, TreeTable
from litmus_core.frame import Features

RNG = np.random.default_rng


def only_machine_code() -> str:
    """Skip the test where there is no build; one that is there has to load."""
    if not native.build_path().exists():
        pytest.skip(f"no machine code: {native.unavailable_reason()}")
    assert native.unavailable_reason() is None
    return "machine code"


def random_features(n_rows: int, seed: int = 0) -> Features:
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
    *(TreeTable(("token", at), (0, 1)) for at in (0, 7, 8)),
    TreeTable(("category", 1), (0, 1, 0, 1, 0)),
    Number(("m.before", 0)),
)


def random_trees(seed: int, *, n_trees: int, depth: int, width: int, n_targets: int = 1) -> Trees:
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


def random_symmetric(seed: int, *, n_trees: int, depth: int, width: int) -> Symmetric:
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
        trees=random_trees(1, n_trees=70, depth=4, width=1, n_targets=3), base=np.ones(3), link="softmax"
    ),
    "words of 8 bytes": TreeMember(
        trees=random_trees(2, n_trees=40, depth=6, width=1), base=np.ones(1), link="sigmoid"
    ),
    "in singles": TreeMember(
        trees=random_trees(3, n_trees=90, depth=5, width=1), base=np.array([0.3]), in_singles=True
    ),
    "words of 1 byte": TreeMember(
        trees=random_symmetric(4, n_trees=300, depth=6, width=2), base=np.zeros(2), scale=0.5
    ),
    "words of 2 bytes": TreeMember(
        trees=random_symmetric(5, n_trees=20, depth=10, width=1), base=np.zeros(1), link="exp"
    ),
    "walked, vectors": TreeMember(trees=random_trees(6, n_trees=37, depth=8, width=5), base=np.zeros(5)),
    "walked": TreeMember(trees=random_trees(7, n_trees=16, depth=9, width=1), base=np.zeros(1), scale=0.1),
    "walked, outputs": TreeMember(
        trees=random_trees(8, n_trees=50, depth=7, width=1, n_targets=10), base=np.zeros(10), link="softmax"
    ),
}


def random_network(
    seed: int, activation: str, *, sizes: tuple[int, ...] = (9, 7, 3), limit: bool = True, doubles: int = 1
) -> PlanStep:
    """Return a network whose last ``doubles`` layers have weights in double precision."""
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
        dtype = np.float64 if place >= len(sizes) - 1 - doubles else np.float32
        arrays[f"weights{place}"] = rng.normal(size=(above, below)).astype(dtype)
        arrays[f"offset{place}"] = rng.normal(size=below)
    settings = layer.settings | {
        "activation": activation,
        "n_layers": len(sizes) - 1,
        "link": {"kind": "softmax"},
    }
    return PlanStep(id="n", kind="dense", settings=settings, arrays=arrays)
