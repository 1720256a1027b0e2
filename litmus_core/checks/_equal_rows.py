# ruff: noqa: S608 - names are quoted by identifier
"""Empty rows, repeated rows, and rows that are equal except for their label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._context.split_optimism import optimism_by_group
from litmus_core.checks._context.whole_groups import sample_whole_groups
from litmus_core.checks._format import short_cell
from litmus_core.checks._label_balance import is_classes, required_target
from litmus_core.checks._similarity.expected_duplicates import not_empty, row_hash, why_equal
from litmus_core.data import identifier
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.quick_model import Ints
    from litmus_core.checks._context.split_optimism import SplitOptimism
    from litmus_core.checks._context.table import CheckContext

_MANY, _WARNED_SHARE = 0.05, 0.01
_CONFLICTS, _FEW_KINDS_OF_ROWS = 0.005, 0.5
_MOST_NAMED = 100_000  # rows that a fix lists
_SHOWN, _COLUMNS_SHOWN = 5, 6
_PLACES_SHOWN = 3  # of equal rows


def listed_columns(table: CheckContext) -> list[str]:
    """Return the informative columns besides the target: no ids, and no constant ones."""
    return [
        column.name for column in table.columns if not column.traits.is_identifier and column.n_distinct > 0
    ]


def empty_rows(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if rows have no value in any column except ids and the target."""
    names = listed_columns(table)
    if not names:
        return
    rows = [
        row
        for (row,) in table.query(f"SELECT file_row_number FROM rows WHERE NOT {not_empty(names)} ORDER BY 1")
    ]
    if rows:
        statement = partial(Statement.of, "empty_rows", n_rows=len(rows))
        yield Finding(
            kind="empty_rows",
            severity="warning",
            statement=statement("empty", share=len(rows) / table.n_rows),
            evidence=(statement("places", places=[f"{row + 1:,}" for row in rows[:_PLACES_SHOWN]]),),
            fix=Fix(kind="drop_rows", rows=tuple(rows), safe=True) if len(rows) <= _MOST_NAMED else None,
            n_rows=len(rows),
            score=len(rows) / table.n_rows,
        )


def duplicate_rows(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if there are equal rows, unless the table has so few combinations that rows must
    repeat.
    """
    names = listed_columns(table)
    if table.target is not None:
        names = [*names, table.target.name]
    if not names:
        return
    where = not_empty(listed_columns(table) or names)
    n_different, n_rows = table.query(
        f"SELECT count(DISTINCT {row_hash(names)}), count(*) FROM rows WHERE {where}"
    )[0]
    n_copies = int(n_rows - n_different)
    if not n_copies:
        return
    part = n_copies / table.n_rows
    # the values of a single column repeat in many rows
    why = why_equal(table, names) if len(names) > 1 else "chance"
    natural = why == "chance"
    if natural and part < _WARNED_SHARE:
        return
    has_many = part >= _MANY and table.target is not None and why == "copies"
    optimism = _optimism_of_copies(table) if has_many else None
    does_harm = has_many and (optimism is None or optimism.is_material)
    key = "natural" if natural else "harmful" if does_harm else "copies"
    yield Finding(
        kind="duplicate_rows",
        severity="harmful" if does_harm else "hint" if natural or part < _WARNED_SHARE else "warning",
        columns=(),
        statement=Statement.of("duplicate_rows", key, n_rows=n_copies, share=part),
        evidence=() if optimism is None else (optimism.comparison("copies"),),
        table=_examples(table, names),
        fix=None
        if natural
        else Fix(
            kind="drop_duplicates",
            columns=() if len(names) == len(table.version.columns) else tuple(names),
        ),
        n_rows=n_copies,
        score=part,
    )


def _optimism_of_copies(table: CheckContext) -> SplitOptimism | None:
    names = [*table.suggestion.features, required_target(table).name]
    sample = sample_whole_groups(table, names)
    return optimism_by_group(sample, _row_codes(sample), of_copies=True)


def _row_codes(table: CheckContext) -> Ints:
    """Return a code of each row of the sample (n,), equal for equal rows, target included."""
    import numpy as np
    import pandas as pd

    names = [*table.suggestion.features, required_target(table).name]
    cells = pd.util.hash_pandas_object(table.sample[names], index=False)
    return np.asarray(pd.factorize(cells)[0], dtype=np.int64)


def _examples(table: CheckContext, names: Sequence[str]) -> EvidenceTable:
    shown = list(names)[:_COLUMNS_SHOWN]
    groups = table.query(
        f"WITH often AS (SELECT {row_hash(names)} AS litmus_cells, count(*) AS litmus_n, "
        f"min(file_row_number) AS litmus_first FROM rows WHERE {not_empty(names)} GROUP BY litmus_cells "
        f"HAVING count(*) > 1 ORDER BY litmus_n DESC, litmus_first LIMIT {_SHOWN}) "
        f"SELECT any_value(litmus_n), min(file_row_number, {_PLACES_SHOWN}), "
        f"{', '.join(f'any_value({identifier(name)})' for name in shown)} "
        f"FROM rows JOIN often ON {row_hash(names)} = litmus_cells WHERE {not_empty(names)} "
        "GROUP BY litmus_cells ORDER BY any_value(litmus_n) DESC, any_value(litmus_first)"
    )
    return EvidenceTable(
        header=("rows", *shown),
        rows=tuple((_places(row[1], row[0]), *map(short_cell, row[2:])) for row in groups),
    )


def _places(first: Sequence[int], n_rows: int) -> str:
    shown = ", ".join(f"{row + 1:,}" for row in first)
    return shown if n_rows <= len(first) else f"{shown} and {n_rows - len(first):,} more"


def conflicting_labels(table: CheckContext) -> Iterator[Finding]:
    """Yield a finding if equal rows have different labels: no model can be right on all of them."""
    names = listed_columns(table)
    if not is_classes(table) or not names:
        return
    label = identifier(required_target(table).name)
    n_rows, n_wrong, n_different, total = table.query(
        f"""
        SELECT sum(n) FILTER (n_labels > 1), sum(n - top) FILTER (n_labels > 1), count(*), sum(n) FROM (
            SELECT sum(n) AS n, max(n) AS top, count(*) AS n_labels FROM (
                SELECT {row_hash(names)} AS features, {label} AS label, count(*) AS n FROM rows
                WHERE {label} IS NOT NULL AND {not_empty(names)} GROUP BY 1, 2)
            GROUP BY features)"""
    )[0]
    if not n_rows:
        return
    part = float(n_rows) / float(total)
    natural = n_different < _FEW_KINDS_OF_ROWS * float(total)
    statement = partial(Statement.of, "conflicting_labels")
    yield Finding(
        kind="conflicting_labels",
        severity="warning" if part >= _CONFLICTS and not natural else "hint",
        columns=(required_target(table).name,),
        statement=statement(
            "conflict", columns=[required_target(table).name], n_rows=int(n_rows), share=part
        ),
        evidence=(statement("most", most=1 - float(n_wrong) / float(total)),),
        table=_conflicts(table, names, label),
        n_rows=int(n_rows),
        score=part,
    )


def _conflicts(table: CheckContext, names: Sequence[str], label: str) -> EvidenceTable:
    shown = list(names)[: _COLUMNS_SHOWN - 1]
    condition = f"{label} IS NOT NULL AND {not_empty(names)}"
    groups = table.query(
        "WITH often AS (SELECT litmus_cells, sum(litmus_m)::BIGINT AS litmus_n, "
        "min(litmus_at) AS litmus_first "
        f"FROM (SELECT {row_hash(names)} AS litmus_cells, {label} AS litmus_label, count(*) AS litmus_m, "
        f"min(file_row_number) AS litmus_at FROM rows WHERE {condition} GROUP BY litmus_cells, litmus_label) "
        f"GROUP BY litmus_cells HAVING count(*) > 1 ORDER BY litmus_n DESC, litmus_first LIMIT {_SHOWN}) "
        f"SELECT any_value(litmus_n), min(file_row_number, {_PLACES_SHOWN}), "
        f"list(DISTINCT {label}::VARCHAR ORDER BY {label}::VARCHAR), "
        f"{', '.join(f'any_value({identifier(name)})' for name in shown)} "
        f"FROM rows JOIN often ON {row_hash(names)} = litmus_cells WHERE {condition} "
        "GROUP BY litmus_cells ORDER BY any_value(litmus_n) DESC, any_value(litmus_first)"
    )
    return EvidenceTable(
        header=("rows", required_target(table).name, *shown),
        rows=tuple((_places(row[1], row[0]), ", ".join(row[2]), *map(short_cell, row[3:])) for row in groups),
    )
