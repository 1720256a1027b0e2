"""Acceptance tests of a recipe: the parser, and the generator of their tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, assert_never

from litmus_core.errors import LitmusError
from litmus_core.recipes._conditions import Condition, read_condition
from litmus_core.recipes._file.fields import (
    Field,
    Read,
    number,
    one_of,
    read_fields,
    read_items,
    read_named,
    text,
)
from litmus_core.recipes._file.problems import problem_at, problem_from
from litmus_core.recipes._knobs import Knob, knob_values
from litmus_core.recipes._node import Node, text_of
from litmus_core.recipes._recipe import AcceptanceTest, GeneratedTable
from litmus_core.types import COLUMN_KINDS, KIND_NAMES, Bar, KindName, Scalar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_RUNS_THROUGH = "runs through"
_MOST_ROWS = 2_000
_SIGNAL_SHARE = 0.85  # share of rows that follow the target; the others are random
_WORDS = ("big", "small", "round", "flat", "soft", "new", "old", "light", "heavy", "plain")


def read_tests(node: Node, knobs: Mapping[str, Knob], read_bar: Any) -> tuple[AcceptanceTest, ...]:
    """Return the acceptance tests; ``read_bar`` reads a bar."""
    return read_items(node, lambda item: _test(item, knobs, read_bar), subject="the tests")


def _test(node: Node, knobs: Mapping[str, Knob], read_bar: Any) -> AcceptanceTest:
    fields = {
        "words": Field(text, required=True),
        "target": Field(text, required=True),
        "table": _read_table,
        "data": lambda items: read_items(items, _row, subject="the rows"),
        "knobs": lambda item: _settings(item, knobs),
        "expect": _expected,
        "bar": read_bar,
        "seconds": number(5, 600),
    }
    values = read_fields(node, fields, subject="a test")
    if ("table" in values) == ("data" in values):
        raise problem_at(
            node, "A test needs one table.", "Give it 'table:' to have one made, or 'data:' with its rows."
        )
    inline: tuple[tuple[tuple[str, Scalar], ...], ...] = values.get("data", ())
    if inline and not any(name == values["target"] for name, _ in inline[0]):
        raise problem_at(node, f"Its rows have no '{values['target']}'.", "Name the target as in the rows.")
    bar: Bar | None = values.get("bar")
    return AcceptanceTest(
        name=values["words"],
        line=node.line,
        target=values["target"],
        generated=values.get("table"),
        inline=inline,
        knobs=values.get("knobs", ()),
        expect=values.get("expect"),
        bar=bar,
        seconds=values.get("seconds", 15.0),
    )


def _expected(node: Node) -> Condition | None:
    return None if node.value == _RUNS_THROUGH else read_condition(node)


def _settings(node: Node, knobs: Mapping[str, Knob]) -> tuple[tuple[str, Scalar], ...]:
    def read(name: str, key: Node, value: Node) -> Scalar:
        if isinstance(value.value, list | dict):
            raise problem_at(value, "A knob has one value.", "Write it plainly.")
        try:
            knob_values(knobs, {name: value.value})
        except LitmusError as error:
            raise problem_from(key, error) from None
        return value.value

    return tuple(read_named(node, read, subject="the knobs of a test").items())


def _row(node: Node) -> tuple[tuple[str, Scalar], ...]:
    def read(name: str, key: Node, value: Node) -> Scalar:
        if isinstance(value.value, list | dict):
            raise problem_at(
                value, f"'{name}' holds more than one value.", "A row has one value for each column."
            )
        return value.value

    return tuple(read_named(node, read, subject="a row").items())


def _read_table(node: Node) -> GeneratedTable:
    kinds = tuple(name for name in KIND_NAMES if not COLUMN_KINDS[name].is_identifier)
    fields: dict[str, Field | Read] = {
        "rows": number(40, _MOST_ROWS, integer=True),
        "columns": Field(
            lambda item: tuple(
                read_named(
                    item,
                    lambda _, __, kind: one_of(*kinds, kind="kind of column called")(kind),
                    subject="the columns",
                ).items()
            ),
            required=True,
        ),
        "classes": lambda items: read_items(items, lambda one: text_of(one.value), subject="the classes"),
        "lopsided": number(1, 50),
    }
    return GeneratedTable(**read_fields(node, fields, subject="a table"))


def table_of(test: AcceptanceTest, *, seed: int = 0) -> pd.DataFrame:
    """Return the test's table; in most rows, each generated column predicts the target."""
    import numpy as np
    import pandas as pd

    if test.generated is None:
        return pd.DataFrame([dict(row) for row in test.inline])
    table, random = test.generated, np.random.default_rng(seed)
    n_labels = len(table.classes) or 5
    weights = np.ones(n_labels)
    weights[0] = table.lopsided
    labels = random.choice(n_labels, table.rows, p=weights / weights.sum())
    hints = np.where(
        random.random(table.rows) < _SIGNAL_SHARE, labels, random.integers(0, n_labels, table.rows)
    )
    columns: dict[str, Any] = {name: _column(kind, hints, random) for name, kind in table.columns}
    if table.classes:
        columns[test.target] = [table.classes[place] for place in labels]
    else:
        columns[test.target] = (10.0 * labels + random.normal(0, 2, table.rows)).round(2)
    return pd.DataFrame(columns)


def _column(kind: KindName, hints: np.ndarray[Any, Any], random: np.random.Generator) -> list[Any]:
    """Return values of a column that predicts ``hints`` (n,)."""
    match COLUMN_KINDS[kind].role:
        case "quantity":
            return [round(float(value), 3) for value in 3.0 * hints + random.normal(0, 1, len(hints))]
        case "truth":
            return [bool(hint % 2) for hint in hints]
        case "moment":
            days = random.integers(1, 28, len(hints))
            return [f"2024-{1 + hint % 12:02}-{day:02}" for hint, day in zip(hints, days, strict=True)]
        case "vocabulary":
            return [f"group {chr(97 + hint % 26)}" for hint in hints]
        case "prose" | "identifier":
            return _prose(hints, random)
        case role:
            assert_never(role)


def _prose(hints: np.ndarray[Any, Any], random: np.random.Generator) -> list[Any]:
    drawn = random.choice(_WORDS, (len(hints), 4))
    number = random.integers(10, 9_999, len(hints))
    return [
        f"{' '.join(words)} kind{hint} no {n}" for words, hint, n in zip(drawn, hints, number, strict=True)
    ]
