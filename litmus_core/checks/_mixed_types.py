# ruff: noqa: S608 - names are quoted by identifier
"""Columns that would be numbers or dates without a few odd values, and words that import read as missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from litmus_core.checks._context.aggregates import numbers_of, query_each, texts_of
from litmus_core.checks._context.extra_rows import find_extra_rows
from litmus_core.data import identifier
from litmus_core.frame import number_form
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_NUMBER = r"[+-]?(\d{1,3}([,. '']\d{3})+|\d+|)([.,]\d*)?([eE][+-]?\d+)?"
_DAY = "|".join(rf"\d{{1,4}}{mark}\d{{1,2}}{mark}\d{{1,4}}" for mark in ("-", "/", r"\."))
_DATE = rf"({_DAY}|\d{{1,2}}[ -][A-Za-z]{{3,9}}[ -,]+\d{{2,4}})([ T].*)?"
_PADDED = r"0\d+"
_MOSTLY = 0.8
_MOST_ODD = 100
_ROWS_SEEN = 1_000
_SHOWN = 10
_NO_VALUE = ("not known", "not applicable", "not measured", "not tested", "unspecified", "undefined", "nil")


def mixed_types(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which most values are numbers or dates, and some are not."""
    for column in numbers_of(table, with_target=True):
        yield from _words_read_as_missing(table, column)
    columns = [text for text in texts_of(table, with_target=True) if _may_be_mixed(table, text)]
    counts = query_each(
        table,
        columns,
        lambda c: [
            f"count({c})",
            f"count(*) FILTER ({_fits(c, _NUMBER)} AND {c} SIMILAR TO '.*[0-9].*')",
            f"count(DISTINCT {c}) FILTER ({_fits(c, _NUMBER)})",
            f"count(*) FILTER ({_fits(c, _DATE)})",
            f"count(*) FILTER ({_fits(c, _PADDED)})",
        ],
    )
    for column, (n_values, n_numbers, n_different, n_dates, n_padded) in zip(columns, counts, strict=True):
        if _MOSTLY * n_values <= n_dates and n_values:
            yield from _mixed_findings(table, column, n_dates, n_values, shape=_DATE, kind="dates")
        elif _MOSTLY * n_values <= n_numbers < n_values and n_different > 5 and not n_padded:
            yield from _mixed_findings(table, column, n_numbers, n_values, shape=_NUMBER, kind="numbers")


def _words_read_as_missing(table: CheckContext, column: Column) -> Iterator[Finding]:
    """Yield a finding on words among numbers that import dropped, unless they only say "no value"."""
    form = number_form(column.written_as)
    words = [] if form is None else [word for word in form.missing if word.casefold() not in _NO_VALUE]
    if not words or table.once(find_extra_rows).explain(column.name, words, 1):
        return
    statement = partial(Statement.of, "mixed_types", columns=[column.name])
    share = column.n_missing / table.n_rows
    yield Finding(
        kind="mixed_types",
        severity="warning",
        columns=(column.name,),
        statement=statement("dropped words", values=words[:_SHOWN], n_values=len(words)),
        evidence=(statement("without", n_rows=column.n_missing, share=share), statement("own column")),
        n_rows=column.n_missing,
        score=share,
    )


def _may_be_mixed(table: CheckContext, column: Column) -> bool:
    """Return whether enough of the values look like numbers or dates to check all of them."""
    texts = table.sample[column.name].dropna().head(_ROWS_SEEN).str.strip()
    return any(texts.str.fullmatch(shape).mean() > _MOSTLY - 0.1 for shape in (_NUMBER, _DATE) if len(texts))


def _fits(cell: str, shape: str) -> str:
    return f"regexp_full_match(trim({cell}), '{shape}')"


def _mixed_findings(
    table: CheckContext, column: Column, n_fitting: int, n_values: int, *, shape: str, kind: str
) -> Iterator[Finding]:
    cell = identifier(column.name)
    odd: list[tuple[Any, ...]] = table.query(
        f"SELECT {cell}, count(*), bool_or({cell} SIMILAR TO '.*[0-9].*') FROM rows "
        f"WHERE {cell} IS NOT NULL AND NOT {_fits(cell, shape)} GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    n_odd = n_values - n_fitting
    if not odd:
        yield _unread_finding(column, kind)
        return
    if table.once(find_extra_rows).explain(column.name, [word for word, *_ in odd], n_odd):
        return
    digit_words = sum(n for _, n, has_digits in odd if has_digits)
    statement = partial(Statement.of, "mixed_types", columns=[column.name], holds=kind)
    words = [word for word, *_ in odd]
    fix = None
    if len(odd) <= _MOST_ODD and digit_words <= 0.5 * n_odd:
        fix = Fix(
            kind="as_missing",
            columns=(column.name,),
            values=tuple((word, None) for word in words),
        )
    yield Finding(
        kind="mixed_types",
        severity="warning" if fix else "hint",
        columns=(column.name,),
        statement=statement("mixed", share=n_fitting / n_values),
        evidence=(
            statement("odd rows", n_rows=n_odd, values=words[:_SHOWN], n_values=len(words)),
            statement("consequence"),
        ),
        table=EvidenceTable(
            header=("value", "rows"), rows=tuple((str(w), f"{n:,}") for w, n, _ in odd[:_SHOWN])
        ),
        fix=fix,
        n_rows=n_odd,
        score=n_odd / table.n_rows,
    )


def _unread_finding(column: Column, kind: str) -> Finding:
    statement = partial(Statement.of, "mixed_types", columns=[column.name], holds=kind)
    return Finding(
        kind="mixed_types",
        severity="warning" if kind == "dates" else "hint",
        columns=(column.name,),
        statement=statement("unread"),
        evidence=(statement("examples", values=column.examples), statement("read as text")),
    )
