"""Joins of lookup tables to a frame: ``merge(table, on="key", how="left")`` and ``join(table, on="key")``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._values import raw_values

_ROWS = "Pre-processing keeps each row once: say how='left', with one row of the table for each key."


def left_join(
    columns: Mapping[str, ScalableSeries],
    table: Any,
    keys: Sequence[str],
    table_keys: Sequence[str],
    suffixes: Sequence[str | None] = ("_x", "_y"),
) -> dict[str, ScalableSeries]:
    """Return columns joined with the columns of a pandas table by keys; missing where no key matches."""
    missing = [name for name in keys if name not in columns]
    if missing or any(name not in table.columns for name in table_keys):
        names = missing or [name for name in table_keys if name not in table.columns]
        raise UsageError(f"merge on {names}: no such column.", hint="Name a key that both sides have.")
    if table[list(table_keys)].isna().any(axis=None):
        raise untraceable(
            "merge with a table that has a missing key", "Leave that row of the table out: dropna()."
        )
    if table.duplicated(list(table_keys)).any():
        raise untraceable("merge with a table that has a key twice, which repeats rows,", _ROWS)
    values = [name for name in table.columns if name not in table_keys]
    same = [one for one, other in zip(keys, table_keys, strict=True) if one != other]
    values += [other for one, other in zip(keys, table_keys, strict=True) if one != other]
    key, codes = _key([columns[name] for name in keys], table, table_keys)
    del same
    twice = set(values) & set(columns)
    left, right = (suffix or "" for suffix in suffixes)
    result = {f"{name}{left}" if name in twice else name: column for name, column in columns.items()}
    for name in (one for one in table.columns if one in values):
        values_of = dict(zip(codes, table[name].tolist(), strict=True))
        result[f"{name}{right}" if name in twice else str(name)] = key.map(_plain(values_of, name))
    return result


def _key(
    columns: Sequence[ScalableSeries], table: Any, names: Sequence[str]
) -> tuple[ScalableSeries, list[Any]]:
    """Return one column of keys, and the table rows' keys; several keys become a number for each
    combination."""
    for name, column in zip(names, columns, strict=True):
        is_text = all(isinstance(value, str) for value in table[name].tolist())
        if len(table) and is_text != (column.node.dtype == "text"):
            raise untraceable(
                f"merge of texts with numbers, on '{name}',", "Make both sides the same type first."
            )
    if len(columns) == 1:
        return columns[0], table[names[0]].tolist()
    codes, key = [0.0] * len(table), None
    for name, column in zip(names, columns, strict=True):
        places = {value: float(at) for at, value in enumerate(dict.fromkeys(table[name].tolist()))}
        place, n_places = column.map(places), float(len(places))
        key = place if key is None else key * n_places + place
        codes = [
            code * n_places + places[value] for code, value in zip(codes, table[name].tolist(), strict=True)
        ]
    assert key is not None  # noqa: S101  (there is a key)
    return key, codes


def _plain(values_of: dict[Any, Any], name: str) -> dict[Any, Any]:
    odd = [
        one
        for one in values_of.values()
        if not raw_values.is_missing(one) and not isinstance(one, str | int | float)
    ]
    if odd:
        raise untraceable(
            f"merge with a column of {type(odd[0]).__name__} ('{name}')", "Use texts or numbers."
        )
    return values_of


def merged(frame: Any, table: Any, **options: Any) -> dict[str, ScalableSeries]:
    """Return the columns of ``frame.merge(table, …)``."""
    how = options.pop("how", "inner")
    if how != "left":
        raise untraceable(f"merge(…, how='{how}'), which can leave rows out,", _ROWS)
    if not hasattr(table, "duplicated"):
        raise untraceable(
            "merge with another traced frame", "Give a table of pandas, such as one learned in fit."
        )
    on, left_on, right_on = (_listed(options.pop(name, None)) for name in ("on", "left_on", "right_on"))
    by_index = options.pop("right_index", False)
    suffixes = options.pop("suffixes", ("_x", "_y"))
    options.pop("copy", None)
    if options:
        raise untraceable(f"merge(…, {', '.join(options)}=…)", "Say on=…, or left_on=… and right_on=….")
    if by_index and left_on:
        return joined(frame, table, on=left_on)
    keys = on or left_on or [name for name in table.columns if name in frame._columns]
    return left_join(frame._columns, table, keys, on or right_on or keys, suffixes)


def joined(
    frame: Any, table: Any, *, on: Any = None, lsuffix: str = "", rsuffix: str = ""
) -> dict[str, ScalableSeries]:
    """Return the columns of ``frame.join(table, …)``, of a lookup table by index or a frame of the same
    rows."""
    columns: dict[str, ScalableSeries] = frame._columns
    if not hasattr(type(table), "_name_in_errors"):  # a pandas table, not a traced one
        if hasattr(table, "to_frame"):
            table = table.to_frame()
        if not hasattr(table, "reset_index"):
            raise untraceable(
                f"join of {type(table).__name__}", "Give a frame of the same rows, or a table of pandas."
            )
        keys = _listed(on)
        if not keys:
            raise untraceable(
                "join by the rows' own index", "Say on='column', or merge(table, on=…, how='left')."
            )
        names = [f"key of the table {at}" for at in range(table.index.nlevels)]
        flat = table.copy()
        flat.index = flat.index.set_names(names)
        result = left_join(columns, flat.reset_index(), keys, names, (lsuffix or "_x", rsuffix or "_y"))
        return {name: column for name, column in result.items() if name not in names}
    others: Mapping[str, ScalableSeries] = vars(table).get("_columns", {})
    twice = set(others) & set(columns)
    if not others or (twice and not (lsuffix or rsuffix)):
        raise untraceable(
            "join of these frames", "Give a frame of the same rows whose columns are called otherwise."
        )
    result = {f"{name}{lsuffix}" if name in twice else name: column for name, column in columns.items()}
    return result | {f"{name}{rsuffix}" if name in twice else name: one for name, one in others.items()}


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
