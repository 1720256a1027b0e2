"""Decision trees of every family in one form: what decisions read, where they lead, what leaves hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from litmus_core.compiled import Source

Array = np.ndarray[Any, Any]
Side = Literal["low", "high"]
Link = Literal["identity", "sigmoid", "softmax", "exp"]
LEFT, RIGHT = np.inf, -np.inf  # cuts that decide by themselves
_ALL, _BEYOND = float(np.finfo(np.float64).max), 2.0**128


@dataclass(frozen=True, slots=True)
class Number:
    """A double as decisions see it. A missing one lies below all cuts (``low``) or above them.

    ``zero`` not None: 0.0 lies there too, whatever the cuts say.
    """

    source: Source
    missing: Side = "low"
    zero: Side | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A code as decisions see it: the code's entry, a small whole number; the last one for all beyond."""

    source: Source
    entries: tuple[int, ...]


Column = Number | Table


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """t binary trees with n decisions and m leaves in all.

    A decision goes ``left`` where its column's value is at most its ``cut`` (a double, compared exactly),
    else ``right``; LEFT and RIGHT as cuts decide alone. A branch or root >= 0 is the place of a decision, a
    negative one ``~place`` of a leaf. ``leaves`` is (m, w); the answer (n_outputs,) is the sum of the trees'
    leaves, where a tree's w values add to the outputs from ``target`` (t,) on. ``cover`` (m,) says how many
    training rows (or their weight) came to a leaf.
    """

    columns: tuple[Column, ...]
    column: Array
    cut: Array
    left: Array
    right: Array
    leaves: Array
    cover: Array
    roots: Array
    target: Array


@dataclass(frozen=True, slots=True, eq=False)
class Symmetric:
    """t trees, each of the same decision across a level: eight levels at most, seldom walked but added up.

    ``column`` and ``cut`` are (8 t,), the lowest level first; levels that a tree lacks have LEFT as cut. A
    row that goes right on the levels of ``bits`` comes to the tree's leaf ``first`` (t,) + bits. ``leaves``
    is (m, n_outputs).
    """

    columns: tuple[Column, ...]
    column: Array
    cut: Array
    leaves: Array
    first: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeMember:
    """One model made of trees: its answer is ``link(base + scale * sum of leaves)``, in double precision.

    ``base`` is (n_outputs,). ``off_edges`` keeps probabilities away from 0 and 1, as AutoGluon does for some
    metrics; ``temperature`` is its calibration of probabilities.
    """

    trees: Trees | Symmetric
    base: Array
    scale: float = 1.0
    link: Link = "identity"
    off_edges: bool = False
    temperature: float | None = None

    @property
    def n_outputs(self) -> int:
        """Number of values before the link."""
        return len(self.base)


@dataclass(slots=True)
class TreesBuilder:
    """Collects trees decision by decision."""

    _columns: dict[Column, int] = field(default_factory=dict)
    _decisions: list[tuple[int, float]] = field(default_factory=list)
    _branches: list[list[int]] = field(default_factory=list)
    _leaves: list[Sequence[float]] = field(default_factory=list)
    _cover: list[float] = field(default_factory=list)
    _roots: list[int] = field(default_factory=list)
    _targets: list[int] = field(default_factory=list)

    def number(
        self, source: Source, cut: float, *, missing_left: bool, zero_left: bool | None = None
    ) -> tuple[int, float]:
        """Return the column and cut that tell ``source <= cut``, and whether missing ones go left.

        ``zero_left`` not None says where 0.0 goes, whatever the cut.
        """
        if zero_left == (cut >= 0):
            zero_left = None
        if source[0] == "token":
            zero = zero_left if zero_left is not None else cut >= 0
            return self.table(source, lefts=(zero, cut >= 1))
        return self._place(Number(source, _side(missing_left), _side(zero_left))), cut

    def table(self, source: Source, *, lefts: Sequence[bool]) -> tuple[int, float]:
        """Return the column and cut that send codes left where ``lefts`` says so, its last for all beyond."""
        if all(lefts) or not any(lefts):
            return self._any(source), LEFT if lefts[0] else RIGHT
        return self._place(Table(source, tuple(0 if left else 1 for left in lefts))), 0.0

    def ranked(self, source: Source, entries: Sequence[int], cut: int) -> tuple[int, float]:
        """Return the column and cut that tell ``entries[code] <= cut``."""
        return self._place(Table(source, tuple(entries))), float(cut)

    def decision(self, told: tuple[int, float]) -> int:
        """Add a decision and return its place; its branches are to be set."""
        self._decisions.append(told)
        self._branches.append([0, 0])
        return len(self._decisions) - 1

    def branch(self, place: int, *, left: int, right: int) -> None:
        """Say where a decision leads."""
        self._branches[place] = [left, right]

    def leaf(self, values: Sequence[float], cover: float) -> int:
        """Add a leaf and return what stands for it as a branch."""
        self._leaves.append(values)
        self._cover.append(cover)
        return ~(len(self._leaves) - 1)

    def tree(self, root: int, *, target: int = 0) -> None:
        """Add a tree whose parts were all added before."""
        self._roots.append(root)
        self._targets.append(target)

    def symmetric(self, first: Sequence[int], leaves: Sequence[Sequence[float]]) -> Symmetric:
        """Return the decisions, eight a tree, as symmetric trees."""
        return Symmetric(
            columns=tuple(self._columns),
            column=np.array([column for column, _ in self._decisions], dtype=np.int64),
            cut=np.array([cut for _, cut in self._decisions], dtype=np.float64),
            leaves=np.array(leaves, dtype=np.float64),
            first=np.array(first, dtype=np.int64),
        )

    def trees(self) -> Trees:
        """Return all that was added."""
        branches = np.array(self._branches, dtype=np.int64).reshape(-1, 2)
        leaves = np.array(self._leaves, dtype=np.float64)
        return Trees(
            columns=tuple(self._columns),
            column=np.array([column for column, _ in self._decisions], dtype=np.int64),
            cut=np.array([cut for _, cut in self._decisions], dtype=np.float64),
            left=branches[:, 0],
            right=branches[:, 1],
            leaves=leaves if leaves.ndim == 2 else leaves.reshape(len(leaves), -1),
            cover=np.array(self._cover, dtype=np.float64),
            roots=np.array(self._roots, dtype=np.int64),
            target=np.array(self._targets, dtype=np.int64),
        )

    def _any(self, source: Source) -> int:
        """Return some column: the cut decides alone."""
        if self._columns:
            return 0
        return self._place(Table(source, (0,)) if source[0] in ("token", "category") else Number(source))

    def _place(self, column: Column) -> int:
        return self._columns.setdefault(column, len(self._columns))


def _side(left: bool | None) -> Any:
    return None if left is None else "low" if left else "high"


def cuts_of_float32(values: Any, *, inclusive: bool) -> Array:
    """Return the largest doubles that float32 rounds to at most (``inclusive``) or to less than ``values``.

    ``values`` (n,) may be any doubles. Rounding to the nearest float32 is monotone, so that a decision over
    rounded inputs is one over doubles.

    >>> cuts_of_float32([0.5], inclusive=True) > 0.5, cuts_of_float32([0.5], inclusive=False) < 0.5
    (array([ True]), array([ True]))
    """
    values = np.asarray(values, dtype=np.float64)
    infinity = np.float32(np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        below = values.astype(np.float32)
        beyond = below.astype(np.float64) > values if inclusive else below.astype(np.float64) >= values
        below = np.where(beyond, np.nextafter(below, -infinity), below)
        # Beyond the largest float32 rounding works as if the next one were 2**128, not infinity.
        low = np.clip(below.astype(np.float64), -_BEYOND, _BEYOND)
        middle = (low + np.clip(np.nextafter(below, infinity).astype(np.float64), -_BEYOND, _BEYOND)) / 2
        cuts = np.where(middle.astype(np.float32) <= below, middle, np.nextafter(middle, -np.inf))
    found: Array = np.where(below == infinity, _ALL, cuts)
    return found
