# ruff: noqa: S608 - names are quoted by identifier
"""Categories that differ only in spaces or in case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._context.aggregates import query_each, texts_of
from litmus_core.checks._phrases import combine_findings
from litmus_core.data import identifier
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_EDGE = r"^[\s\p{Z}]+|[\s\p{Z}]+$"
_SHORTEST = 3  # in shorter texts case may matter: m and M, kb and kB
_SHOWN, _SPELLINGS_SHOWN = 8, 3
_statement = partial(Statement.of, "whitespace_case")


def tidy(cell: str) -> str:
    """Return the SQL of a text without surrounding whitespace."""
    return f"regexp_replace({cell}, '{_EDGE}', '', 'g')"


def _folded_sql(cell: str) -> str:
    return f"CASE WHEN length({cell}) < {_SHORTEST} THEN {cell} ELSE lower({cell}) END"


def whitespace_case(table: CheckContext) -> Iterator[Finding]:
    """Yield the category columns with surrounding spaces, or with several spellings of one category."""
    target = None if table.target is None else table.target.name
    columns = [text for text in texts_of(table, with_target=True) if text.traits.is_name]
    counts = query_each(
        table,
        columns,
        lambda c: [
            f"count(*) FILTER ({c} <> {tidy(c)})",
            f"count(DISTINCT {c})",
            f"count(DISTINCT {tidy(c)})",
            f"count(DISTINCT {_folded_sql(tidy(c))})",
        ],
    )
    findings = []
    for column, (n_spaced, n_all, n_tidy, n_folded) in zip(columns, counts, strict=True):
        if n_folded < n_tidy and column.traits.is_vocabulary:
            findings.append(
                _spellings_finding(table, column, n_all, n_folded, is_target=column.name == target)
            )
        elif n_spaced:
            is_split = n_tidy < n_all
            findings.append(
                _spaces_finding(column, n_spaced, is_split=is_split, is_target=column.name == target)
            )
    return combine_findings(findings)


def _spaces_finding(column: Column, n_spaced: int, *, is_split: bool, is_target: bool) -> Finding:
    return Finding(
        kind="whitespace_case",
        severity=("harmful" if is_target else "warning") if is_split else "hint",
        columns=(column.name,),
        statement=_statement("spaces", columns=[column.name], is_split=is_split),
        evidence=(_statement("spaced rows", n_rows=n_spaced),),
        fix=Fix(kind="trim", columns=(column.name,), safe=True),
        n_rows=n_spaced,
    )


def _spellings_finding(
    table: CheckContext, column: Column, n_all: int, n_folded: int, *, is_target: bool
) -> Finding:
    cell = identifier(column.name)
    spelled = table.query(
        f"""
        SELECT list(word ORDER BY n DESC, word), list(n ORDER BY n DESC, word), sum(n) FROM (
            SELECT {cell} AS word, lower({tidy(cell)}) AS folded, count(*) AS n FROM rows
            WHERE {cell} IS NOT NULL AND length({tidy(cell)}) >= {_SHORTEST} GROUP BY 1, 2)
        GROUP BY folded HAVING count(*) > 1 ORDER BY 3 DESC"""
    )
    n_rows = sum(sum(counts[1:]) for _, counts, _ in spelled)
    return Finding(
        kind="whitespace_case",
        severity="harmful" if is_target else "warning",
        columns=(column.name,),
        statement=_statement("spellings", columns=[column.name], values=spelled[0][0][:_SPELLINGS_SHOWN]),
        evidence=(_statement("categories", n_spellings=n_all, n_categories=n_folded),),
        table=EvidenceTable(
            header=("spellings", "rows"),
            rows=tuple(
                (", ".join(words), ", ".join(f"{n:,}" for n in ns)) for words, ns, _ in spelled[:_SHOWN]
            ),
        ),
        fix=Fix(
            kind="fold_case",
            columns=(column.name,),
            safe=True,
        ),
        n_rows=n_rows,
        score=n_rows / table.n_rows,
    )
