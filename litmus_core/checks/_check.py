"""A check: a key, a title, what it needs, and the function that finds problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Finding

Needs = Literal["table", "target", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check: ``find`` inspects one :class:`CheckContext` and yields findings of this ``kind``.

    ``title`` names it for people ("Constant columns"). A check that needs a ``target``, or separate ``test``
    rows, is skipped without them. ``slow`` checks fit models; they run last. Their sentences are in
    ``_texts.py``.
    """

    kind: str
    title: str
    find: Callable[[CheckContext], Iterable[Finding]]
    needs: Needs = "table"
    slow: bool = False
