"""What a frame's plan makes of an idiom of pandas, beside what pandas makes of it."""

from __future__ import annotations

import ast
import inspect
import math
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import polars as pl

from benchmarks._pandas_idioms_tables import FITTED, LATER, Idiom
from litmus_core.errors import LitmusError
from litmus_core.frame import FramePlan
from litmus_core.types import Column

Verdict = Literal["equal", "refused by name", "silently different", "refused without a usable word"]
Rows = list[dict[str, Any]]
_FORMS: Mapping[str, tuple[str, ...]] = {
    "records": ("record", "columns", "polars"),
    "columns": ("columns", "polars"),
    "pandas": ("columns", "polars"),
    "polars": ("columns", "polars"),
}


@dataclass
class Outcome:
    """The verdict on one idiom: its reason, and columns of whole numbers that came back as floats."""

    verdict: Verdict
    why: str = ""
    n_compared: int = 0
    made_floats: set[str] = field(default_factory=set)


class _Function:
    """A function of a frame as code that learns nothing."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.transform = function

    def fit(self, df: Any) -> _Function:
        del df
        return self


def schema_of(rows: Rows) -> list[Column]:
    """Return the columns of a table as import has them."""
    columns = []
    for name in rows[0]:
        values = [row[name] for row in rows if row[name] is not None]
        kind, storage = "text", "VARCHAR"
        if all(isinstance(value, int | float) for value in values):
            whole = all(isinstance(value, int) for value in values)
            kind, storage = "number", "BIGINT" if whole and len(values) == len(rows) else "DOUBLE"
        columns.append(Column(name=name, original_name=name, kind=kind, storage=storage))
    return columns


def as_pandas(rows: Rows, columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as pandas holds them: whole numbers as such where none is missing, texts as objects."""
    made = {}
    for column in columns:
        values = [row[column.name] for row in rows]
        if column.kind != "number":
            made[column.name] = pd.Series(values, dtype=object)
        elif column.storage == "BIGINT" and None not in values:
            made[column.name] = pd.Series(values, dtype="int64")
        else:
            made[column.name] = pd.Series(
                [math.nan if value is None else value for value in values], dtype=float
            )
    return pd.DataFrame(made)


def _as_polars(rows: Rows, columns: Sequence[Column]) -> pl.DataFrame:
    types: dict[str, Any] = {"BIGINT": pl.Int64, "DOUBLE": pl.Float64, "VARCHAR": pl.String}
    return pl.DataFrame(rows, schema={column.name: types[column.storage] for column in columns})


def in_form(form: str, rows: Rows, columns: Sequence[Column]) -> Any:
    """Return rows in one of the forms that a plan takes."""
    if form == "records":
        return [dict(row) for row in rows]
    if form == "columns":
        return {column.name: [row[column.name] for row in rows] for column in columns}
    return as_pandas(rows, columns) if form == "pandas" else _as_polars(rows, columns)


def tables_of(name: str) -> Iterator[Rows]:
    """Yield the rows fitted on, later rows, and each of them alone."""
    yield FITTED[name]
    yield LATER[name]
    for row in (*FITTED[name], *LATER[name]):
        yield [row]


def outcome(idiom: Idiom, forms: Sequence[str] = tuple(_FORMS)) -> Outcome:
    """Return how the frame's plan compares to pandas, over all tables and layouts, in these forms."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _outcome(idiom, forms)


def _outcome(idiom: Idiom, forms: Sequence[str]) -> Outcome:
    columns = schema_of(FITTED[idiom.table])
    reference = _code_of(idiom)
    reference.fit(as_pandas(FITTED[idiom.table], columns))
    n_compared, refusal, made_floats = 0, "", set[str]()
    for form in forms:
        try:
            plan = FramePlan.fitted(_code_of(idiom), columns, in_form(form, FITTED[idiom.table], columns))
        except Exception as error:  # noqa: BLE001  (whatever it is)
            return _refused(error, idiom)
        for rows in tables_of(idiom.table):
            try:
                expected = reference.transform(as_pandas(rows, columns))
            except Exception:  # noqa: BLE001  (pandas itself has no answer for these rows)
                continue
            for layout in _FORMS[form]:
                try:
                    made = plan._run(in_form(form, rows, columns), form, layout)  # type: ignore[arg-type]
                except Exception as error:  # noqa: BLE001  (whatever it is)
                    refused = _refused(error, idiom)
                    if refused.verdict != "refused by name":
                        return refused
                    refusal = refused.why
                    continue
                odd = difference(expected, made, form)
                if odd:
                    where = f"{len(rows)} rows, {form} on {layout}"
                    return Outcome("silently different", f"{where}: {odd}", n_compared)
                made_floats |= floats_of_whole(expected, made, form)
                n_compared += 1
    if refusal:
        return Outcome("refused by name", f"at a row: {refusal}", n_compared, made_floats)
    return Outcome("equal" if n_compared else "refused without a usable word", "", n_compared, made_floats)


def _code_of(idiom: Idiom) -> Any:
    return idiom.code() if inspect.isclass(idiom.code) else _Function(idiom.code)


def _refused(error: Exception, idiom: Idiom) -> Outcome:
    """Return whether an error says, in a word of the code itself, what is refused, and what to do instead."""
    hint = getattr(error, "hint", "") if isinstance(error, LitmusError) else ""
    said = str(error)
    is_named = "frame[" in said or bool(_words_of(idiom.code) & set(re.findall(r"[A-Za-z_]\w+", said)))
    if hint and is_named:
        return Outcome("refused by name", said)
    return Outcome("refused without a usable word", f"{type(error).__name__}: {said}")


def _words_of(code: Any) -> set[str]:
    """Return the words of pandas in code: methods, attributes, options, columns and types."""
    words = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(code)))):
        if isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            words.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
    return words


def difference(expected: pd.DataFrame, made: Any, form: str) -> str:
    """Return how an answer differs from pandas': names, their order, values; "" where it does not."""
    names = list(made[0]) if form == "records" else list(made.columns if hasattr(made, "columns") else made)
    if names != list(expected.columns):
        return f"columns {names}, pandas {list(expected.columns)}"
    for name in names:
        given = [row[name] for row in made] if form == "records" else list(_values(made[name]))
        wanted = list(expected[name].astype(object))
        if len(given) != len(wanted):
            return f"{len(given)} rows of '{name}', pandas {len(wanted)}"
        for one, other in zip(given, wanted, strict=True):
            if not same(one, other):
                return f"'{name}' is {one!r}, pandas {other!r}"
    return ""


def _values(column: Any) -> Any:
    if isinstance(column, pl.Series):
        return column.to_list()
    return (
        column.tolist()
        if hasattr(column, "tolist") and getattr(column, "dtype", None) != "M8[us]"
        else column
    )


def floats_of_whole(expected: pd.DataFrame, made: Any, form: str) -> set[str]:
    """Return columns of whole numbers in pandas that came back as floats."""
    odd = set()
    for name in expected.columns:
        if getattr(expected[name].dtype, "kind", "O") in "iu":
            first = made[0][name] if form == "records" else next(iter(_values(made[name])))
            if isinstance(first, float | np.floating):
                odd.add(str(name))
    return odd


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal: missing is missing, True is 1, floats to 1e-12."""
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    if isinstance(other, str) or isinstance(one, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    if hasattr(other, "isoformat"):
        when = pd.Timestamp(one, unit="us") if isinstance(one, int) else pd.Timestamp(one)
        return bool(when == pd.Timestamp(other))
    if isinstance(other, bool | int | float | np.generic) and isinstance(
        one, bool | int | float | np.generic
    ):
        return bool(one == other) or math.isclose(float(one), float(other), rel_tol=1e-12)
    return False


def _is_missing(value: Any) -> bool:
    return value is None or (np.isscalar(value) and bool(pd.isna(value))) or value is pd.NaT or value is pd.NA
