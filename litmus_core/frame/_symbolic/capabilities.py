"""What code may say of columns to be, which depends on where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from litmus_core.frame._graph import Node
    from litmus_core.frame._symbolic.bound_rows import RowsAtHand

# What is known of a raw column beyond its type: "whole": all its numbers are; "mixed": some may be, which
# pandas spells by what else is there; "missing": nothing else is in it, so that it may be of any type.
SourceKind = Literal["whole", "mixed", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What may be said beyond the operations that a bundle can hold.

    ``functions``: Python functions may be called by value. ``pandas``: words that are not known here run in
    pandas, where pandas looks at each row alone. ``rows`` answer what is asked of all of them. ``kinds`` are
    of raw columns by name.
    """

    functions: bool = False
    pandas: bool = False
    rows: RowsAtHand | None = None
    kinds: Mapping[str, SourceKind] = field(default_factory=dict)


FOR_BUNDLES = Terms()


def terms_of(node: Node) -> Terms:
    """Return the terms of the columns that a node is computed from."""
    while node.terms is None and len(node.inputs) == 1:  # most have one input
        [node] = node.inputs
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.terms is not None:
            return each.terms
        waiting += each.inputs
    return FOR_BUNDLES
