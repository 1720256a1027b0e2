"""Tables, the graph and a plain walk give random trees the same answers, whatever the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litmus_core.compiled import CompiledModel, Plan
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._compile import _tree_graph, _tree_tables
from litmus_core.engine._compile._tree_steps import tree_steps
from litmus_core.engine._compile.trees import Link, Number, Symmetric, TreeMember, Trees
from litmus_core.errors import NotCompilableError
from litmus_core.frame import Features
from tests.cases import examples
from tests.compiled.hand_made import Told, TreesBuilder

Array = np.ndarray[Any, Any]
INF = float("inf")
CUTS = (-1e300, -1.0, -5e-324, 0.0, 5e-324, 0.1, 1.0, 2.0**53, 1e300)
VALUES = np.array(
    [each for cut in CUTS for each in (np.nextafter(cut, -INF), cut, np.nextafter(cut, INF))]
    + [-0.0, INF, -INF, np.nan]
)
N_NUMBERS, N_TOKENS, N_CATEGORIES, N_CODES = 3, 8, 2, 5


def _rows(rng: np.random.Generator, n_rows: int) -> Features:
    return Features(
        rng.choice(VALUES, (n_rows, N_NUMBERS)),
        rng.integers(0, 2, (n_rows, N_TOKENS)).astype(np.uint8),
        rng.integers(0, N_CODES + 3, (n_rows, N_CATEGORIES)).astype(np.int32),  # some are not known
    )


def _told(builder: TreesBuilder, rng: np.random.Generator) -> Told:
    """Return a decision about something."""
    kind = rng.integers(0, 4)
    if kind == 0:
        return builder.number(("token", int(rng.integers(N_TOKENS))), 0.5, missing_left=bool(rng.integers(2)))
    if kind == 1:
        lefts = (rng.random(int(rng.integers(2, N_CODES + 1))) < 0.5).tolist()
        return builder.table(("category", int(rng.integers(N_CATEGORIES))), lefts=lefts)
    zero = None if kind == 2 else bool(rng.integers(2))
    source = ("number", int(rng.integers(N_NUMBERS)))
    cut = float(rng.choice(CUTS))
    return builder.number(source, cut, missing_left=bool(rng.integers(2)), zero_left=zero)


def _grow(builder: TreesBuilder, rng: np.random.Generator, n_leaves: int, width: int) -> int:
    """Return the root of a random tree."""
    if n_leaves == 1:
        return builder.leaf(rng.normal(size=width).tolist(), float(rng.integers(1, 100)))
    place = builder.decision(_told(builder, rng))
    on_left = int(rng.integers(1, n_leaves))
    left = _grow(builder, rng, on_left, width)
    right = _grow(builder, rng, n_leaves - on_left, width)
    builder.branch(place, left=left, right=right)
    return place


def _trees(
    rng: np.random.Generator, sizes: Sequence[int], *, n_outputs: int = 1, width: int = 1
) -> TreeMember:
    builder = TreesBuilder()
    for at, n_leaves in enumerate(sizes):
        builder.tree(_grow(builder, rng, n_leaves, width), target=at % n_outputs if width == 1 else 0)
    base = rng.normal(size=n_outputs if width == 1 else width)
    return TreeMember(trees=builder.trees(), base=base, scale=0.5)


def _chains(sizes: Sequence[int], *, width: int = 1) -> TreeMember:
    """Return trees that go down one number's cuts."""
    builder = TreesBuilder()
    for n_leaves in sizes:
        below = builder.leaf([0.0] * width, 1)
        for cut in range(n_leaves - 1):
            place = builder.decision(builder.number(("number", 0), float(cut), missing_left=True))
            builder.branch(place, left=builder.leaf([float(cut)] * width, 1), right=below)
            below = place
        builder.tree(below)
    return TreeMember(trees=builder.trees(), base=np.zeros(width))


def _symmetric(rng: np.random.Generator, depths: Sequence[int], *, width: int = 1) -> TreeMember:
    builder = TreesBuilder()
    deepest = max(depths)
    for depth in depths:
        for level in range(deepest):
            builder.decision(_told(builder, rng) if level < depth else (0, INF))
    sizes = [1 << depth for depth in depths]
    leaves = rng.normal(size=(sum(sizes), width)).tolist()
    first = (np.cumsum(sizes) - sizes).tolist()
    return TreeMember(trees=builder.symmetric(first, leaves), base=rng.normal(size=width), scale=2.0)


def _goes_left(trees: Trees | Symmetric, column: int, cut: float, features: Features, row: int) -> bool:
    """Decide as ``Trees`` and ``Columns`` describe it, for one row."""
    if np.isinf(cut):
        return bool(cut > 0)
    read = trees.columns[column]
    block, place = read.source
    if isinstance(read, Number):
        value = features.numbers[row, place]
        side = read.missing if np.isnan(value) else read.zero if value == 0.0 else None
        return bool(value <= cut) if side is None else side == "low"
    code = features.tokens[row, place] if block == "token" else features.categories[row, place]
    return bool(read.entries[min(int(code), len(read.entries) - 1)] <= cut)


def _leaf(trees: Trees, root: int, features: Features, row: int) -> int:
    place = root
    while place >= 0:
        left = _goes_left(trees, int(trees.column[place]), float(trees.cut[place]), features, row)
        place = int(trees.left[place] if left else trees.right[place])
    return ~place


def _walked(member: TreeMember, features: Features) -> Array:
    """Return (n, outputs) answers by the plainest walk."""
    trees, sums = member.trees, np.zeros((features.n_rows, member.n_outputs))
    for row in range(features.n_rows):
        if isinstance(trees, Symmetric):
            for first, columns, cuts in zip(trees.first.tolist(), trees.column, trees.cut, strict=True):
                lefts = [
                    _goes_left(trees, int(column), float(cut), features, row)
                    for column, cut in zip(columns, cuts, strict=True)
                ]
                sums[row] += trees.leaves[first + sum(1 << at for at, left in enumerate(lefts) if not left)]
            continue
        for root, target in zip(trees.roots.tolist(), trees.target.tolist(), strict=True):
            values = trees.leaves[_leaf(trees, root, features, row)]
            sums[row, target : target + len(values)] += values
    return member.base + member.scale * sums


def _answers(members: Sequence[TreeMember], features: Features) -> list[Array]:
    """Return each member's (n, outputs) answers, which must be the same alone, by few and by many."""
    steps = tree_steps([(f"m{at}", member) for at, member in enumerate(members)])
    runner = CompiledModel(Plan(problem_type="regression", n_classes=1, steps=tuple(steps[:1])))
    together = runner.predict_features(features)
    for size in (1, 3):
        starts = range(0, features.n_rows, size)
        parts = [runner.predict_features(features.rows(at, at + size)) for at in starts]
        assert np.array_equal(np.concatenate(parts), together)
    place = {step.id: step.settings for step in steps[1:]}
    return [
        together[:, place[f"m{at}"]["start"] :][:, : member.n_outputs] for at, member in enumerate(members)
    ]


def _check(members: Sequence[TreeMember], rng: np.random.Generator, *, n_rows: int = 40) -> None:
    features = _rows(rng, n_rows)
    for answer, member in zip(_answers(members, features), members, strict=True):
        np.testing.assert_allclose(answer, _walked(member, features), rtol=1e-6, atol=1e-6)


def _kinds(members: Sequence[TreeMember]) -> tuple[bool, bool]:
    """Return whether the members make tables, and a graph."""
    (trees, *_) = tree_steps([(f"m{at}", member) for at, member in enumerate(members)])
    return "tables" in trees.settings, bool(trees.files)


@pytest.fixture(params=["tables", "graph"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have trees looked up, or walked."""
    if request.param == "graph":
        monkeypatch.setattr(_tree_tables, "MOST_BYTES", 0)
    return str(request.param)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 2**32),
    st.lists(st.integers(1, 64), min_size=1, max_size=12),
    st.integers(1, 3),
    st.booleans(),
)
def test_random_trees_answer_as_a_plain_walk(
    form: str, seed: int, sizes: list[int], n_outputs: int, is_read: bool
) -> None:
    rng = np.random.default_rng(seed)
    member = _trees(rng, [*sizes, *[7] * n_outputs], n_outputs=n_outputs)
    member = replace(member, is_read=is_read)

    assert _kinds([member]) == (form == "tables", form == "graph")
    _check([member], rng)


@settings(max_examples=examples(15))
@given(st.integers(0, 2**32), st.lists(st.integers(1, 10), min_size=1, max_size=6), st.integers(1, 3))
def test_random_symmetric_trees_answer_as_a_plain_walk(seed: int, depths: list[int], width: int) -> None:
    rng = np.random.default_rng(seed)
    _check([_symmetric(rng, depths, width=width)], rng)


def test_answers_of_earlier_steps_are_read_as_columns_are(form: str) -> None:
    """Of two steps, one of several columns and in doubles, which are rounded as AutoGluon rounds them."""
    rng = np.random.default_rng(8)
    grown = _trees(rng, [12] * 30).trees
    between = (0.1 + float(np.float32(0.1))) / 2
    cut = np.where(rng.random(len(grown.cut)) < 0.5, between, grown.cut)
    is_number = np.array([isinstance(each, Number) for each in grown.columns])[grown.column]
    member = TreeMember(trees=replace(grown, cut=np.where(is_number, cut, grown.cut)), base=np.zeros(1))
    sources = {("number", 0): ("wide", 2), ("number", 1): ("plain", 0), ("number", 2): ("wide", 0)}
    columns = [
        replace(each, source=sources[each.source])
        if isinstance(each, Number) and each.source[0] == "number"
        else each
        for each in member.trees.columns
    ]
    fed = replace(member, trees=replace(member.trees, columns=columns))
    features = _rows(rng, 600)
    features.numbers[:] = rng.choice([0.1, *rng.normal(size=20)], size=features.numbers.shape)
    answers = {"wide": np.full((600, 3), np.nan), "plain": features.numbers[:, 1].astype(np.float32)}
    answers["wide"][:, [2, 0]] = features.numbers[:, [0, 2]]
    features.numbers[:] = features.numbers.astype(np.float32)
    runner = runner_of(tree_steps([("m", fed)])[0])

    expected = runner_of(tree_steps([("m", member)])[0]).run(features, {})

    assert np.array_equal(runner.run(features, answers), expected)
    for start, stop in [(0, 1), (1, 4), (4, 200)]:
        own = {name: answer[start:stop] for name, answer in answers.items()}
        assert np.array_equal(runner.run(features.rows(start, stop), own), expected[start:stop])


@pytest.mark.parametrize(
    ("link", "n_outputs"), [("sigmoid", 1), ("exp", 1), ("softmax", 3), ("softmax", 7), ("softmax", 9)]
)
def test_a_row_alone_is_linked_as_among_many(link: Link, n_outputs: int) -> None:
    rng = np.random.default_rng(4)
    sizes = [9] * (10 * n_outputs)
    members = [replace(_trees(rng, sizes, n_outputs=n_outputs), link=link, scale=1.0) for _ in range(2)]
    features = _rows(rng, 300)

    for answer, member in zip(_answers(members, features), members, strict=True):
        margins = _walked(member, features)
        raised = np.exp(margins)
        expected = {
            "sigmoid": raised / (1 + raised),
            "exp": raised,
            "softmax": raised / raised.sum(axis=1, keepdims=True),
        }
        np.testing.assert_allclose(answer, expected[link], rtol=1e-6)


def test_members_of_two_links_are_each_linked_by_their_own() -> None:
    rng = np.random.default_rng(6)
    shares = replace(_trees(rng, [9] * 20), link="sigmoid", scale=1.0)
    classes = replace(_trees(rng, [9] * 30, n_outputs=3), link="softmax", scale=1.0)
    features = _rows(rng, 100)

    both = [answers.tolist() for answers in _answers([classes, shares], features)]

    assert both == [_answers([each], features)[0].tolist() for each in (classes, shares)]


def test_margins_far_away_are_nought_and_one() -> None:
    builder = TreesBuilder()
    place = builder.decision(builder.number(("number", 0), 0.0, missing_left=True))
    builder.branch(place, left=builder.leaf([-5000.0], 1), right=builder.leaf([5000.0], 1))
    builder.tree(place)
    member = TreeMember(trees=builder.trees(), base=np.zeros(1), link="sigmoid")
    features = Features(np.array([[-1.0], [1.0]]), np.zeros((2, 0), np.uint8), np.zeros((2, 0), np.int32))

    assert _answers([member], features)[0].ravel().tolist() == [0.0, 1.0]


def test_members_of_all_kinds_share_a_step() -> None:
    rng = np.random.default_rng(5)
    members = [
        _trees(rng, [100, 3]),
        _trees(rng, [20] * 80),
        _symmetric(rng, [6] * 70),
        _trees(rng, [30, 1, 64] * 30, n_outputs=3),
        _trees(rng, [9, 70], width=3),
        _symmetric(rng, [3, 9, 0], width=3),
        _symmetric(rng, [9, 2]),
        _trees(rng, [1]),
    ]
    assert _kinds(members) == (True, True)
    _check(members, rng)


def test_sixty_four_leaves_are_looked_up_and_sixty_five_are_walked() -> None:
    assert _kinds([_chains([64, 2])]) == (True, False)
    assert _kinds([_chains([65, 2])]) == (False, True)


def test_tables_that_would_grow_too_large_are_walked_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    members = [_trees(rng, [30] * 60), _trees(rng, [2]), _symmetric(rng, [4] * 9)]
    large = _tables_bytes(members[:1])
    small = _tables_bytes(members[1:])
    assert large > small

    monkeypatch.setattr(_tree_tables, "MOST_BYTES", small)

    assert _kinds(members) == (True, True)
    assert _tables_bytes(members) <= small
    _check(members, rng)


def _tables_bytes(members: Sequence[TreeMember]) -> int:
    (trees, *_) = tree_steps([(f"m{at}", member) for at, member in enumerate(members)])
    return int(trees.arrays["tables.table"][1:].nbytes)


def test_a_table_row_is_kept_once_for_ranks_that_decide_alike() -> None:
    """Thousands of cuts of other models make no table of this one larger."""
    builder, other = TreesBuilder(), TreesBuilder()
    for cut in (0.25, 0.75):
        place = builder.decision(builder.number(("number", 0), cut, missing_left=True))
        builder.branch(place, left=builder.leaf([1.0], 1), right=builder.leaf([2.0], 1))
        builder.tree(place)
    for cut in np.linspace(0, 1, 2_000):
        place = other.decision(other.number(("number", 0), float(cut), missing_left=False))
        other.branch(place, left=other.leaf([0.0, 1.0], 1), right=other.leaf([1.0, 0.0], 1))
        other.tree(place)
    few, many = (
        TreeMember(trees=builder.trees(), base=np.zeros(1)),
        TreeMember(trees=other.trees(), base=np.zeros(2)),
    )
    assert _tables_bytes([few, many]) == _tables_bytes([few]) == 3 * 32 * 8
    _check([few, many], np.random.default_rng(8))


def test_sums_do_not_depend_on_the_order_of_thousands_of_trees() -> None:
    rng = np.random.default_rng(9)
    member = _trees(rng, [2] * 9_000, n_outputs=3)
    _check([member], rng, n_rows=12)


def test_a_forest_with_more_leaves_than_can_be_told_apart_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tree_graph, "_MOST_LEAVES", 100)
    assert _kinds([_chains([50, 50], width=3)]) == (False, True)
    with pytest.raises(NotCompilableError, match="its trees have 101 leaves, more than 100"):
        tree_steps([("m0", _chains([50, 51], width=3))])
