"""Errors for methods that symbolic columns do not have, with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from litmus_core.errors import UsageError

_LOOKS_AT_ROWS = frozenset((
    "agg", "aggregate", "all", "any", "autocorr", "bfill", "corr", "count", "cov", "cummax",
    "cummin", "cumprod", "cumsum", "describe", "diff", "duplicated", "expanding", "ewm", "ffill",
    "groupby", "idxmax", "idxmin", "interpolate", "iloc", "kurt", "max", "mean", "median", "min",
    "mode", "nlargest", "nsmallest", "nunique", "pct_change", "prod", "quantile", "rank",
    "resample", "rolling", "sem", "shift", "skew", "std", "sum", "transform", "unique",
    "value_counts", "var",
))  # fmt: skip
_CHANGES_ROWS = frozenset((
    "append", "at_time", "between_time", "dropna", "drop_duplicates", "explode", "head", "join",
    "melt", "merge", "nlargest", "pivot", "query", "reindex", "reset_index", "sample", "set_index",
    "sort_index", "sort_values", "stack", "tail", "truncate", "unstack",
))  # fmt: skip
_CALLS_BACK = frozenset((
    "apply", "applymap", "combine", "map",
))  # fmt: skip
_NEEDS_ROWS = frozenset((
    "array", "at", "codes", "dtype", "empty", "hasnans", "iat", "index", "items", "iterrows",
    "itertuples", "len", "ndim", "shape", "size", "to_dict", "to_list", "to_numpy", "tolist",
    "values",
))  # fmt: skip


class UnsupportedMethodError(UsageError):
    """A pandas method that is not supported. ``hasattr`` does not hide it: pandas has the method."""


class UnknownMethodError(UnsupportedMethodError, AttributeError):
    """A name that pandas does not have either; ``hasattr`` and ``getattr`` with a default see it as
    missing."""


def unsupported(
    owner: str, name: str, names: Sequence[str] = (), *, in_pandas: bool = False, has_rows: bool = False
) -> UnsupportedMethodError:
    """Return the error for pandas' ``name`` on ``owner`` ("frame", "column", "column.str" …).

    ``names`` are the supported names. ``in_pandas``: it could run in pandas if that were enabled.
    ``has_rows``: there are rows, which ``to_pandas()`` returns.
    """
    if in_pandas:
        hint = "else_pandas=True has pandas do it, for this step alone."
    elif has_rows and name in _LOOKS_AT_ROWS | _CHANGES_ROWS | _NEEDS_ROWS:
        hint = "Call to_pandas() to compute the rows, and use pandas on the result."
    elif name in _LOOKS_AT_ROWS:
        hint = "Each row is on its own here: learn what other rows say in fit, and keep it on self."
    elif name in _CHANGES_ROWS:
        hint = "Pre-processing keeps the rows as they are, in their order: fill, clip or mark values instead."
    elif name in _CALLS_BACK:
        hint = "Say it with operations on whole columns, or map by a dict."
    elif name in _NEEDS_ROWS:
        hint = f"A function that wants a {owner}'s values cannot be traced: say what to do with a column."
    elif names:
        near = get_close_matches(name, names, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known are {', '.join(sorted(names))}."
    else:
        hint = "docs/guides/pre-processing.md lists what can be said; the rest runs as Python, more slowly."
    error_class = UnsupportedMethodError if _is_pandas(name) else UnknownMethodError
    return error_class(f"A traced {owner} has no '{name}'.", hint=hint)


@lru_cache(maxsize=1024)
def _is_pandas(name: str) -> bool:
    """Return whether pandas' frames, columns or accessors have this name: code may test for it first."""
    if name.startswith("_"):
        return False
    from pandas.core.api import DataFrame, Series  # from core: pandas.Series may be patched

    accessors = (vars(Series)[accessor] for accessor in ("str", "dt", "cat"))
    owners = (DataFrame, Series, *(accessor.__get__(None, Series) for accessor in accessors))
    return any(hasattr(owner, name) for owner in owners)


def public_names(words: type) -> list[str]:
    """Return the public names of a class."""
    return [name for name in dir(words) if not name.startswith("_")]


def check_code(code: Any) -> None:
    """Raise UsageError unless ``code`` is an object with ``fit(frame)`` and ``transform(frame)``."""
    name = getattr(code, "__name__", type(code).__name__)
    if isinstance(code, type):
        raise UsageError(f"{name} is a class, and code is an object of one.", hint=f"Give {name}().")
    if not callable(getattr(code, "transform", None)):
        hint = "Code with a fit needs transform(frame), too, which returns the frame."
        if callable(code):
            hint = "A function of the frame learns nothing: FramePlan(columns, function) takes it."
        raise UsageError(f"{name} has no transform(frame).", hint=hint)
    if not callable(getattr(code, "fit", None)):
        hint = "Code that learns nothing needs none: FramePlan(columns, code.transform) takes it."
        raise UsageError(f"{name} has no fit(frame).", hint=hint)


def not_a_function(code: Any) -> UsageError:
    """Return the error for ``code`` that should be a function of the frame."""
    if callable(getattr(code, "fit", None)):
        hint = "FramePlan.fitted(code, columns, rows) takes code with a fit."
    else:
        hint = "Give a function that takes a frame and returns one, such as code.transform."
    return UsageError(f"{type(code).__name__} is not a function of the frame.", hint=hint)


def with_article(noun: str, *, begins: bool = False) -> str:
    """Return a noun after "a" or "an"; ``begins`` capitalises it for the start of a sentence.

    >>> with_article("Series"), with_article("int", begins=True)
    ('a Series', 'An int')
    """
    article = "an" if noun[:1].lower() in "aeiou" else "a"
    return f"{article.capitalize() if begins else article} {noun}"


def no_options(method: str, options: Mapping[str, Any]) -> None:
    """Raise UsageError for options of pandas' ``method``, by name: supported ones are parameters."""
    if options:
        options_text = ", ".join(f"{name}={value!r}" for name, value in options.items())
        raise untraceable(
            f"{method}(…, {options_text})",
            f"Leave {' and '.join(options)} out. Columns are not changed in place: "
            f"keep what {method} returns.",
        )


def untraceable(subject: str, hint: str) -> UsageError:
    """Return the error for a use of ``subject`` that tracing cannot follow."""
    return UsageError(f"{subject} cannot be traced.", hint=hint)
