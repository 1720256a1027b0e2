"""``--folds`` and the options that belong to it."""

from __future__ import annotations

from typing import get_args

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import FoldKind, Folds


def requested_folds(
    n_folds: int | None,
    *,
    kind: str | None,
    repeats: int,
    parallel: bool = False,
    refit: bool = True,
    outer: int = 0,
    gap: int = 0,
    embargo: str | None = None,
) -> Folds | str | None:
    """Return the folds of the options; for ``column:NAME``, where a column numbers them, that text.

    >>> requested_folds(5, kind="time:day", repeats=1) == Folds(5, kind="time", column="day", refit=True)
    True
    """
    if kind is not None and kind.startswith("column:"):
        if n_folds is not None or repeats > 1 or outer or gap or embargo:
            raise UsageError(
                "The column says how many folds there are.", hint=f"Give --folds-kind {kind} alone."
            )
        return kind
    if n_folds is None and outer:
        n_folds = Folds().n_folds
    if n_folds is None and (gap or embargo) and kind is None:
        n_folds = 0  # a split by time implies no folds
    if n_folds is None:
        if kind is None and repeats == 1 and not parallel:
            return None
        raise UsageError("The number of folds is missing.", hint="Give --folds 5 as well.")
    kind_name, _, column = (kind or "auto").partition(":")
    kinds: dict[str, FoldKind] = {arg: arg for arg in get_args(FoldKind) if arg != "custom"}
    if kind_name not in kinds:
        raise UnknownNameError(kind="kind of folds", name=kind_name, names=kinds)
    return Folds(
        n_folds,
        kind=kinds[kind_name],
        column=column.strip() or None,
        repeats=repeats,
        parallel=parallel or None,
        refit=refit and n_folds > 0,
        outer=outer,
        gap=gap,
        embargo=embargo,
    )
