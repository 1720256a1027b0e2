"""Decision trees of every family in one form: decisions, branches and leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from litmus_core.compiled import PlanStep, Source

Array = np.ndarray[Any, Any]
Side = Literal["low", "high"]
Link = Literal["identity", "sigmoid", "softmax", "exp"]
LEFT, RIGHT = np.inf, -np.inf  # cuts with a fixed outcome
_ALL, _BEYOND = float(np.finfo(np.float64).max), 2.0**128


@dataclass(frozen=True, slots=True)
class Number:
    """A double as decisions see it. A missing value lies below all cuts (``low``) or above them.

    ``zero`` not None: 0.0 lies there too, whatever the cuts.
    """

    source: Source
    missing: Side = "low"
    zero: Side | None = None


@dataclass(frozen=True, slots=True)
class TreeTable:
    """A code as decisions see it: the code's entry, a small integer; the last one for all unknown codes."""

    source: Source
    entries: tuple[int, ...]


Column = Number | TreeTable
ColumnsAndCuts = tuple[Array, Array]  # columns and cuts


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """t binary trees with n decisions and m leaves in all.

    A decision goes ``left`` if its column's value is at most its ``cut`` (a double, compared exactly), else
    ``right``; LEFT and RIGHT as cuts have a fixed outcome. A branch or root >= 0 is the index of a decision,
    a negative one ``~index`` of a leaf. ``leaves`` is (m, w); the output (n_outputs,) is the sum of the
    trees' leaves, where a tree's w values add to the outputs from ``target`` (t,) on. ``cover`` (m,) is the
    number (or weight) of training rows in a leaf.
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
    """t symmetric trees: each makes the same decision on a whole level, so they are summed without walking.

    ``column`` and ``cut`` are (t, levels), the lowest level first; levels that a tree lacks have LEFT as cut.
    A row that goes right on the levels of ``bits`` reaches the tree's leaf ``first`` (t,) + bits. ``leaves``
    is (m, n_outputs).
    """

    columns: tuple[Column, ...]
    column: Array
    cut: Array
    leaves: Array
    first: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeMember:
    """One model made of trees: its output is ``link(base + scale * sum of leaves)``, in double precision.

    ``base`` is (n_outputs,). ``off_edges`` keeps probabilities away from 0 and 1, as AutoGluon does for some
    metrics; ``temperature`` is its calibration of probabilities. ``before`` computes columns that trees read.
    ``in_singles``: its library adds up float32, the base first, then tree after tree; so do its tables.
    ``is_read``: other models read its output and may cut it anywhere, so that the last bit counts.
    """

    trees: Trees | Symmetric
    base: Array
    scale: float = 1.0
    link: Link = "identity"
    off_edges: bool = False
    temperature: float | None = None
    before: PlanStep | None = None
    in_singles: bool = False
    is_read: bool = False

    @property
    def n_outputs(self) -> int:
        """Number of values before the link."""
        return len(self.base)


class TreeColumns:
    """Collects the distinct columns that decisions read."""

    def __init__(self) -> None:
        self._places: dict[Column, int] = {}

    def all(self) -> tuple[Column, ...]:
        """Return all columns, by index."""
        return tuple(self._places)

    def numbers(
        self, source: Source, cuts: Array, *, missing_left: Array, zero_left: Array | None = None
    ) -> ColumnsAndCuts:
        """Return the columns and cuts for ``source <= cuts``; missing values go left where ``missing_left``
        (n,).

        ``zero_left`` (n,) says where 0.0 goes, whatever the cut.
        """
        is_cut = cuts >= 0
        zero = is_cut if zero_left is None else zero_left
        kinds = 2 * missing_left + (is_cut != zero) * (4 + 8 * zero)
        if source[0] == "token":
            kinds = 2 * zero + (cuts >= 1)
        column, cut = np.zeros(len(cuts), dtype=np.int64), np.array(cuts, dtype=np.float64)
        for kind in np.unique(kinds).tolist():
            of_kind = kinds == kind
            if source[0] == "token":
                column[of_kind], cut[of_kind] = self.table(source, lefts=(kind >= 2, kind % 2 == 1))
            else:
                side = None if kind < 4 else _side(kind >= 8)
                column[of_kind] = self._place(Number(source, _side(kind & 2 > 0), side))
        return column, cut

    def table(self, source: Source, *, lefts: Sequence[bool]) -> tuple[int, float]:
        """Return the column and cut that send codes left where ``lefts`` says so, its last entry for unknown
        codes.
        """
        if all(lefts) or not any(lefts):
            return self._any_column(source), LEFT if lefts[0] else RIGHT
        return self._place(TreeTable(source, tuple(0 if left else 1 for left in lefts))), 0.0

    def ranked(self, source: Source, entries: Sequence[int]) -> int:
        """Return the column of ``entries[code]``, which is compared with cuts."""
        return self._place(TreeTable(source, tuple(entries)))

    def _any_column(self, source: Source) -> int:
        """Return some column, for a cut with a fixed outcome."""
        if self._places:
            return 0
        return self._place(TreeTable(source, (0,)) if source[0] in ("token", "category") else Number(source))

    def _place(self, column: Column) -> int:
        return self._places.setdefault(column, len(self._places))


def _side(left: bool) -> Side:
    return "low" if left else "high"


def trees_of_nodes(
    columns: TreeColumns, nodes: ColumnsAndCuts, *,
    left: Array, right: Array, sizes: Array, values: Array, cover: Array,
    target: Array,
) -> Trees:  # fmt: skip
    """Return trees from nodes as their libraries store them, decisions and leaves together.

    ``sizes`` (t,) nodes form one tree, root first; ``left`` and ``right`` (n,) count from there and are
    negative at leaves. ``nodes`` (n,) columns and cuts, ``values`` (n, w) and ``cover`` (n,) of all nodes.
    """
    starts = np.cumsum(sizes) - sizes
    inner = left >= 0
    place = np.where(inner, np.cumsum(inner) - 1, np.cumsum(~inner) * -1)
    start = np.repeat(starts, sizes)[inner]
    column, cut = nodes
    return Trees(
        columns=columns.all(),
        column=column[inner],
        cut=cut[inner],
        left=place[left[inner] + start],
        right=place[right[inner] + start],
        leaves=np.asarray(values[~inner], dtype=np.float64),
        cover=np.asarray(cover[~inner], dtype=np.float64),
        roots=place[starts],
        target=target,
    )


def cuts_of_float32(values: Any, *, inclusive: bool) -> Array:
    """Return the largest doubles that float32 rounds to at most (``inclusive``) or to less than ``values``.

    ``values`` (n,) may be any doubles. Rounding to the nearest float32 is monotone, so a decision over
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
    rounded: Array = np.where(below == infinity, _ALL, cuts)
    return rounded
