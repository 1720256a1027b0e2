"""Operations that choose values: by a table, or by a condition."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.errors import RowError
from litmus_core.frame._layouts import polars_texts
from litmus_core.frame._operations.operation import Operation
from litmus_core.frame._values.number_parsing import shown

# Tables are pairs of a value and its replacement: they must be hashable.
_Pairs = Sequence[tuple[Any, Any]]


def _to_number(table: _Pairs | Mapping[Any, float], is_whole: bool = False) -> Mapping[str, Any]:
    del is_whole  # pandas' type, which does not change a value
    return {"find": dict(table).get, "nan": math.nan}


def _to_text(table: _Pairs) -> Mapping[str, Any]:
    return {"find": dict(table).get}


def _to_its_number(table: _Pairs, is_whole: bool = False) -> Mapping[str, Any]:
    del is_whole
    numbers = dict(table)

    def find(text: str | None) -> float:
        if text is None:
            return math.nan
        number: float | None = numbers.get(text)
        if number is None:
            raise MissingReplacementError(
                f"replace has no number for the text {shown(text)}, which would stay a text among numbers.",
                hint="Say map({…}), which makes what is not in it missing, or give the text a number.",
            )
        return number

    return {"find": find}


class MissingReplacementError(RowError, ValueError):
    """Raised for a text that has no number where others are replaced by numbers."""


def _find_numbers(values: Any, *, find: Any, nan: float) -> Any:
    return np.array([find(value, nan) for value in _listed(values)], dtype=np.float64)


def _find_texts(values: Any, *, find: Any) -> list[str | None]:
    return [find(value) for value in _listed(values)]


def _listed(values: Any) -> list[Any]:
    items: list[Any] = values if isinstance(values, list) else values.tolist()
    return items


def _chosen(mask: Any, yes: Sequence[str | None], no: Sequence[str | None]) -> list[str | None]:
    return [one if keep else other for keep, one, other in zip(mask.tolist(), yes, no, strict=True)]


def _pandas_chosen(flags: Any, *, yes: str | None, no: str | None) -> Any:
    return flags.map({True: yes, False: no}).astype(object)


CHOICE_OPERATIONS = (
    Operation(
        name="text to number",
        input_types=("text",),
        gives="number",
        record="{find}({0}, {nan})",
        columns=_find_numbers,
        pandas=lambda texts, table, is_whole=False: texts.map(dict(table)).astype("float64"),
        bind=_to_number,
        polars=polars_texts.text_to_number,
    ),
    Operation(
        name="text to its number",
        input_types=("text",),
        gives="number",
        record="{find}({0})",
        columns=lambda texts, find: np.array([find(text) for text in texts], dtype=np.float64),
        pandas=lambda texts, table, is_whole: texts.map(dict(table)).astype("float64"),
        bind=_to_its_number,
    ),
    Operation(
        name="text to text",
        input_types=("text",),
        gives="text",
        record="{find}({0})",
        columns=_find_texts,
        pandas=lambda texts, table: texts.map(dict(table)).astype(object),
        bind=_to_text,
        polars=polars_texts.text_to_text,
    ),
    Operation(
        name="number to number",
        input_types=("number",),
        gives="number",
        record="{find}({0}, {nan})",
        columns=_find_numbers,
        pandas=lambda values, table, is_whole=False: values.map(dict(table)).astype("float64"),
        bind=_to_number,
    ),
    Operation(
        name="number to text",
        input_types=("number",),
        gives="text",
        record="{find}({0})",
        columns=_find_texts,
        pandas=lambda values, table: values.map(dict(table)).astype(object),
        bind=_to_text,
    ),
    Operation(
        name="where text",
        input_types=("text", "flag", "text"),
        gives="text",
        record="{0} if {1} else {2}",
        columns=lambda texts, mask, other: _chosen(mask, texts, other),
        pandas=lambda texts, mask, other: texts.where(mask, other),
        polars=polars_texts.where_text,
    ),
    Operation(
        name="where else",
        input_types=("text", "flag"),
        gives="text",
        record="{0} if {1} else {value}",
        columns=lambda texts, mask, value: [
            text if keep else value for text, keep in zip(texts, mask.tolist(), strict=True)
        ],
        pandas=lambda texts, mask, value: texts.where(mask, value),
        polars=polars_texts.where_else,
    ),
    Operation(
        name="choose",
        input_types=("flag",),
        gives="text",
        record="{yes} if {0} else {no}",
        columns=lambda flags, yes, no: [yes if flag else no for flag in flags.tolist()],
        pandas=_pandas_chosen,
        polars=polars_texts.choose,
    ),
    Operation(
        name="exclusive or",
        input_types=("flag", "flag"),
        gives="flag",
        record="{0} is not {1}",
        columns=np.not_equal,
        pandas=lambda left, right: left ^ right,
    ),
    Operation(
        name="not zero",
        input_types=("number",),
        gives="flag",
        record="{0} != 0",
        columns=lambda values: values != 0,
        pandas=lambda values: values.astype(bool),
    ),
)
