"""Write docs/guides/frame-coverage.md, what pandas-shaped code can say: ``python -m scripts.frame_coverage``.

Each example below is traced on symbolic columns. Its operations, their types and how each layout computes
them come from the registry and the plan. An operation that no example uses is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.frame import FramePlan, cut, to_datetime, to_numeric
from litmus_core.frame._graph import GraphStep
from litmus_core.frame._kernel._program import why_not
from litmus_core.frame._layouts.polars_layout import PolarsLayout
from litmus_core.frame._layouts.polars_values import series_reader
from litmus_core.frame._operations.registry import OPERATIONS
from litmus_core.frame._symbolic.fit_statistics import ANSWERS
from litmus_core.types import Column

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "frame-coverage.md"
COLUMNS = tuple(
    Column(name=name, original_name=name, kind=kind, storage=storage)
    for name, kind, storage in (
        ("x", "number", "DOUBLE"),
        ("y", "number", "DOUBLE"),
        ("text", "text", "VARCHAR"),
        ("name", "text", "VARCHAR"),
        ("when", "date", "TIMESTAMP"),
        ("seen", "date", "TIMESTAMP"),
    )
)
# Examples by topic, on a frame `f` with the columns `text`, `name`, `x`, `y`, `when` and `seen`.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "Numbers": (
        "x + y",
        "x - y",
        "x * y",
        "x / y",
        "x // y",
        "x % y",
        "x ** y",
        "x ** 2",
        "-x",
        "x.abs()",
        "x.round(2)",
        "x.clip(0, 5)",
        "x.fillna(0)",
        "x.isin([1, 2])",
        "x.map({1: 5})",
        "x.map({1: 'one'})",
        "x.replace(1, 2)",
        "x.astype(int)",
        "x.astype('int8')",
        "x.astype(bool)",
        "x.astype(str)",
        "x.astype(int).astype(str)",
        "cut(x, [0, 5, 10], labels=False)",
        "cut(x, [0, 5, 10], labels=['low', 'high'])",
    ),
    "NumPy's functions": (
        "np.log1p(x)",
        "np.log(x)",
        "np.log2(x)",
        "np.log10(x)",
        "np.exp(x)",
        "np.exp2(x)",
        "np.expm1(x)",
        "np.sqrt(x)",
        "np.cbrt(x)",
        "np.square(x)",
        "np.sin(x)",
        "np.cos(x)",
        "np.tan(x)",
        "np.arctan(x)",
        "np.tanh(x)",
        "np.floor(x)",
        "np.ceil(x)",
        "np.trunc(x)",
        "np.rint(x)",
        "np.sign(x)",
        "np.isfinite(x)",
        "np.maximum(x, y)",
        "np.minimum(x, y)",
        "np.arctan2(x, y)",
        "np.hypot(x, y)",
        "np.where(x > 0, y, -1)",
        "np.where(x > 0, 5, y)",
        "np.where(x > 0, 1, 0)",
        "np.select([x > 3, x > 0], [2, y], default=0)",
    ),
    "Conditions": (
        "x < y",
        "x <= y",
        "x == y",
        "x != 1",
        "(x > 0) & (y > 0)",
        "(x > 0) | (y > 0)",
        "(x > 0) ^ (y > 0)",
        "~(x > 0)",
        "x.between(0, 5)",
        "x.isna()",
        "x.where(x > 0, y)",
        "x.mask(x > 5)",
        "text.where(x > 0, 'none')",
        "text.where(x > 0, name)",
        "np.where(x > 0, 'yes', 'no')",
        "(x > 0).astype(float)",
    ),
    "Texts": (
        "text + '!'",
        "text + name",
        "text == 'red'",
        "text == name",
        "text.isna()",
        "text.fillna('none')",
        "text.isin(['red', 'box'])",
        "text.map({'red': 1})",
        "text.map({'red': 'r'})",
        "text.astype(float)",
        "text.str.lower()",
        "text.str.upper()",
        "text.str.title()",
        "text.str.capitalize()",
        "text.str.casefold()",
        "text.str.swapcase()",
        "text.str.strip()",
        "text.str.lstrip()",
        "text.str.rstrip()",
        "text.str.len()",
        "text.str[:10]",
        "text.str[0]",
        "text.str.replace('a', 'b', regex=False)",
        r"text.str.replace(r'\d+', '#', regex=True)",
        r"text.str.replace(r'[^\w\s]', '', regex=True)",
        r"text.str.replace(r'\b(?:a|the)\b', '', regex=True)",
        "text.str.split().str.join(' ')",
        "text.str.split().str.len()",
        "text.str.split('-').str[0]",
        "text.str.split('-').str.len()",
        "text.str.contains('red')",
        r"text.str.contains(r'\bred\b')",
        "text.str.match('red')",
        "text.str.fullmatch('red')",
        "text.str.startswith('red')",
        "text.str.endswith('box')",
        "text.str.count('e')",
        r"text.str.count(r'\w')",
        "text.str.find('e')",
        "text.str.rfind('e')",
        r"text.str.extract(r'(\d+)')[0]",
        "text.str.zfill(5)",
        "text.str.pad(5)",
        "text.str.repeat(2)",
        "text.str.removeprefix('a')",
        "text.str.removesuffix('s')",
        "text.str.normalize('NFKC')",
        "text.str.cat(name, sep=' ')",
        "text.str.isalnum()",
        "text.str.isalpha()",
        "text.str.isdecimal()",
        "text.str.isdigit()",
        "text.str.islower()",
        "text.str.isnumeric()",
        "text.str.isspace()",
        "text.str.istitle()",
        "text.str.isupper()",
        "text.astype(pd.CategoricalDtype(['red', 'box'])).cat.codes",
        "text.replace({'red': 1, 'box': 2})",
        "to_numeric(text, errors='coerce')",
        "to_datetime(text, format='%d.%m.%Y')",
    ),
    "Dates": (
        "when.dt.year",
        "when.dt.month",
        "when.dt.day",
        "when.dt.hour",
        "when.dt.minute",
        "when.dt.second",
        "when.dt.microsecond",
        "when.dt.quarter",
        "when.dt.dayofweek",
        "when.dt.dayofyear",
        "when.dt.days_in_month",
        "when.dt.isocalendar().week",
        "when.dt.isocalendar().year",
        "when.dt.is_month_start",
        "when.dt.is_month_end",
        "when.dt.is_quarter_start",
        "when.dt.is_quarter_end",
        "when.dt.is_year_start",
        "when.dt.is_year_end",
        "when.dt.is_leap_year",
        "when.dt.day_name()",
        "when.dt.month_name()",
        "when.dt.normalize()",
        "when.isna()",
        "when < seen",
        "when <= seen",
        "when == pd.Timestamp(2024, 1, 1)",
        "(when - seen).dt.days",
        "(when - seen).dt.total_seconds()",
        "(when - seen) / pd.Timedelta(1, 'ns')",
        "when + pd.Timedelta(days=1)",
        "when.where(x > 0, seen)",
        "when.dt.floor('h')",
        "when.dt.strftime('%Y-%m')",
        "to_datetime(x, unit='s')",
        "to_datetime({'year': x, 'month': y, 'day': y})",
    ),
    "A function for each value": (
        "x.map(float)",
        "x.map(bool)",
        "x.map(str)",
        "text.map(len)",
        "text.apply(bool)",
        "text.map(str)",
        "(x > 0).map(float)",
        "(x > 0).map(bool)",
        "(x > 0).map(str)",
    ),
    "Along the row": (
        "f[['x', 'y']].sum(axis=1)",
        "f[['x', 'y']].mean(axis=1)",
        "f[['x', 'y']].max(axis=1)",
        "f[['x', 'y']].median(axis=1)",
        "f[['text', 'name']].nunique(axis=1)",
        "f[['x', 'text', 'name']].isna().sum(axis=1)",
        "(f[['x', 'y']] > 0).nunique(axis=1)",
        "(f[['x', 'y']] > 0).any(axis=1)",
        "f[['text', 'name']].agg(' '.join, axis=1)",
        "f[['x', 'text']].apply(row_as_number, axis=1)",
        "f[['x', 'text']].apply(row_as_text, axis=1)",
        "f[['x', 'text']].apply(row_as_condition, axis=1)",
    ),
    "In pandas, with else_pandas=True": (
        "text.str.wrap(20)",
        "text.str.slice_replace(0, 1, '-')",
        "when.dt.round('h')",
        "when.dt.ceil('h')",
        "when.dt.floor('15min')",
        "when.dt.strftime('%c')",
    ),
}
# Operations that code cannot name: those of models' encoders, and of rewritten graphs.
INNER = (
    "bound",
    "missing as moment",
    "days",
    "minute of day",
    "code",
    "phrases",
    "drop words",
    "digits",
    "capitals",
)


def row_as_number(row: Any) -> float:
    """Return a number from a row."""
    return float(row["x"])


def row_as_text(row: Any) -> str:
    """Return a text from a row."""
    return str(row["text"])


def row_as_condition(row: Any) -> bool:
    """Return a condition on a row."""
    return bool(row["x"] > 0)


FUNCTIONS = {
    "cut": cut,
    "row_as_condition": row_as_condition,
    "row_as_number": row_as_number,
    "row_as_text": row_as_text,
    "to_datetime": to_datetime,
    "to_numeric": to_numeric,
}


def page() -> str:
    """Return the guide's text."""
    parts, operations = [_HEAD], set()
    for title, examples in EXAMPLES.items():
        rows = []
        for example in examples:
            plan = _plan(example)
            operations |= {step.operation.name for step in plan.graph.steps}
            rows.append(_row(example, plan))
        parts.append(f"## {title}\n\n" + "\n".join((_TITLES, *rows)) + "\n")
    missing = OPERATIONS.keys() - operations - set(INNER)
    if missing or operations & set(INNER):
        raise SystemExit(
            f"Without an example: {sorted(missing)}; internal, but in one: {sorted(operations & set(INNER))}"
        )
    inner = ", ".join(f"`{name}`" for name in INNER)
    parts.append(
        f"## Not for code\n\nThe registry's other operations, {inner}, are what a model's encoders and "
        "rewritten graphs ask for.\n"
    )
    return "\n".join(parts)


def _plan(example: str) -> FramePlan:
    def code(f: Any) -> Any:
        names = {"np": np, "pd": pd, "f": f, **FUNCTIONS, **{name: f[name] for name in f.columns}}
        f["made"] = eval(example, names)  # noqa: S307 - the examples above
        return f[["made"]]

    return FramePlan(COLUMNS, code, else_pandas=True)


def _row(example: str, plan: FramePlan) -> str:
    graph, cell = plan.graph, example.replace("|", "\\|")
    read = {place for step in graph.steps for place in step.inputs}
    inputs = dict.fromkeys(each.dtype for place, each in enumerate(graph.sources) if place in read)
    columns = dict.fromkeys(map(_in_columns, graph.steps))
    readers = {each.name: series_reader(each) for each in COLUMNS}
    ways = PolarsLayout().compile(graph, readers).ways
    polars = dict.fromkeys(_WAYS[each.how] for each in ways if each.how != "constant")
    kernel = {
        why_not(graph.only(place)) is None
        for place, step in enumerate(graph.steps, start=len(graph.sources))
        if "text" in step.operation.input_types
    }
    output = graph.steps[-1].operation.gives
    cells = (
        ", ".join(inputs),
        output,
        ", ".join(columns),
        ", ".join(polars),
        "yes" if kernel == {True} else "",
    )
    return f"| `{cell}` | {' | '.join(_TYPES.get(each, each) for each in cells)} |"


def _in_columns(step: GraphStep) -> str:
    if step.operation.runs != "here":
        return _WAYS[step.operation.runs]
    return "lists" if "text" in (step.operation.gives, *step.operation.input_types) else "NumPy"


_TYPES = {"flag": "condition", "moment": "date"}
_WAYS = {
    "polars": "Polars",
    "numpy": "NumPy",
    "python": "lists",
    "function": "the function",
    "pandas": "pandas",
}
_TITLES = "| said | of | gives | columns | polars | kernel |\n|---|---|---|---|---|---|"
_HEAD = f"""# What code for pandas can say

Generated from the registry of operations by `python -m scripts.frame_coverage`; a test holds it up to date.
`x` and `y` are columns of numbers, `text` and `name` of texts, `when` and `seen` of dates, of the frame `f`.
`cut`, `to_datetime` and `to_numeric` are those of `litmus_core.frame`. The [guide](frame.md) says what
to do with them.

One dict is computed by generated Python, whatever is said. The table tells how the layouts for many rows do
it: *NumPy* on the columns' own buffers, *lists* of Python, or a *Polars* expression. It says whether the
compiled *kernel* for texts takes it, in a run of two or more steps. Values are the same everywhere.

Of frames: `frame["a"] = …`, `frame[["a", "b"]]` and `= …`, `assign`, `drop(columns=…)`, `rename(columns=…)`,
`copy`, `pop`, `insert`, `loc[condition, "a"] = …`, `fillna`, `astype`, `replace`, `isna`, `clip`, `round`,
`filter`, `select_dtypes`, `dtypes`, `add_prefix`, `reindex(columns=…)`, `pipe`, `eval`, operators and NumPy's
functions column by column, `merge(table, how="left")`, `join`, `get_dummies`,
`litmus_core.frame.concat([…], axis=1)`. Of one made of rows also `frame[condition]`.

Of all rows, in `fit` or of a `ScalableDataFrame` made of rows: {", ".join(f"`{name}`" for name in ANSWERS)}.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
