# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Columns that would not help a model, or would make it look better than it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb
from litmus_core.data._profile.order_leak import follows_row_order, may_follow
from litmus_core.data._profile.univariate_score import UnivariateScorer
from litmus_core.data._rows.read import read_rows, read_some_rows, table_path
from litmus_core.data._types.semantic import runs_in_row_order
from litmus_core.types import LeftOut

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pandas as pd

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, ProblemType

_COLUMNS_AT_ONCE = 40
_SAME_CORRELATION = 1 - 1e-5  # rounding in either column keeps near-identical ones slightly below 1
_ROWS_SEEN = 2_000
_ORDER_ROWS = 20_000
_LEAK_SKILL = 0.5  # from 0 (guessing) to 1 (always right), of a column that follows the row order
_FEWEST_ROWS_A_VALUE = 1.5  # on average
_MOST_CLASSES = 1_000  # up to which a column is compared with the target value by value


def find_left_out(
    workspace: Workspace, version: DatasetVersion, target: Column, *, problem_type: ProblemType
) -> tuple[LeftOut, ...]:
    """Return the columns to leave out when ``target`` is predicted, each with a reason for people."""
    table = table_path(workspace, version)
    others = [column for column in version.columns if column.name != target.name]
    reasons = {column.name: _univariate_reason(column, version, table) for column in others}
    remaining = [column for column in others if not reasons[column.name]]
    possible = _possible_target_copies(
        read_rows(
            workspace,
            version,
            columns=[target.name, *(column.name for column in remaining)],
            n_rows=_ROWS_SEEN,
        ),
        target,
        remaining,
    )
    with reuse_duckdb("compare columns with the target") as connection:
        copies = _target_copies(connection, table, target, possible)
        for name in copies:
            reasons[name] = (
                f"It carries the same information as '{target.name}', so it would give the answer away."
            )
    remaining = [column for column in others if not reasons[column.name]]
    for name in _order_leaks(workspace, version, target, remaining, problem_type):
        reasons[name] = "It follows the order of the rows, which gives the answer away."
    return tuple(
        LeftOut(column=name, reason=reason, repeats_target=name in copies)
        for name, reason in reasons.items()
        if reason
    )


def _order_leaks(
    workspace: Workspace,
    version: DatasetVersion,
    target: Column,
    columns: list[Column],
    problem_type: ProblemType,
) -> list[str]:
    """Return the columns that nearly follow the row order and so reveal the target."""
    possible = [column for column in columns if may_follow(column, n_rows=version.n_rows)]
    if not possible:
        return []
    rows = np.arange(version.n_rows)
    if version.n_rows > _ORDER_ROWS:
        rows = np.sort(np.random.default_rng(7).choice(version.n_rows, _ORDER_ROWS, replace=False))
    names = [target.name, *(column.name for column in possible)]
    frame = read_some_rows(workspace, version, rows, columns=names)
    following = [
        column for column in possible if follows_row_order(column, frame[column.name].to_numpy(), rows)
    ]
    if not following:
        return []
    scorer = UnivariateScorer.of(frame[target.name], problem_type, seed=0, merge=True)
    return [
        column.name
        for column in following
        if scorer.skill(scorer.column_score(frame[column.name].to_numpy(), column.kind)) >= _LEAK_SKILL
    ]


def _univariate_reason(column: Column, version: DatasetVersion, table: Path) -> str:
    if column.n_missing >= version.n_rows:
        return "It is empty in every row."
    if column.n_distinct < 2 and not column.n_missing:
        return "It has the same value in every row."
    in_row_order = column.stores_whole_numbers and _numbers_the_rows(column, version, table)
    if column.traits.is_identifier:
        if in_row_order:
            return "It numbers the rows in their order, which can give the answer away."
        return "It is an ID (nearly every value is different), so it does not help prediction."
    if in_row_order:
        return "Its numbers follow the order of the rows, which can give the answer away."
    return ""


def _numbers_the_rows(column: Column, version: DatasetVersion, table: Path) -> bool:
    nearly_unique = column.n_distinct >= 0.99 * version.n_rows and version.n_rows >= 20
    return nearly_unique and not column.n_missing and runs_in_row_order(table, column.name)


def _possible_target_copies(head: pd.DataFrame, target: Column, columns: list[Column]) -> list[Column]:
    """Return the columns that the first rows do not already distinguish from the target."""
    import pandas as pd

    labels, _ = pd.factorize(head[target.name])
    possible = []
    for column in columns:
        codes, _ = pd.factorize(head[column.name])
        both = (codes >= 0) & (labels >= 0)
        first, second = labels[both].astype(np.int64), codes[both].astype(np.int64)
        n_pairs = len(np.unique(first * (int(codes.max(initial=0)) + 1) + second))
        if n_pairs == len(np.unique(first)) == len(np.unique(second)):
            possible.append(column)
    return possible


def _target_copies(
    connection: duckdb.DuckDBPyConnection, table: Path, target: Column, columns: list[Column]
) -> list[str]:
    """Return the columns that map one to one to the target in every row."""
    queried = [(column, _one_to_one_sql(target, column)) for column in columns]
    queried = [(column, sql) for column, sql in queried if sql]
    names = []
    for start in range(0, len(queried), _COLUMNS_AT_ONCE):
        batch = queried[start : start + _COLUMNS_AT_ONCE]
        tests = ", ".join(sql for _, sql in batch)
        record = connection.execute(f"SELECT {tests} FROM {parquet(table)}").fetchone() or ()
        names += [column.name for (column, _), answer in zip(batch, record, strict=True) if answer]
    return names


def _one_to_one_sql(target: Column, column: Column) -> str:
    """Return the SQL that tests whether two columns map one to one; "" if no test is needed."""
    first, second = identifier(target.name), identifier(column.name)
    if target.stores_numbers and column.stores_numbers and target.n_distinct > 2:
        return f"abs(corr({first}, {second})) > {_SAME_CORRELATION}"
    if column.n_distinct != target.n_distinct or target.n_distinct > _MOST_CLASSES:
        return ""
    both = f"FILTER ({first} IS NOT NULL AND {second} IS NOT NULL)"
    pairs = f"count(DISTINCT ({first}, {second})) {both}"
    firsts, seconds = f"count(DISTINCT {first}) {both}", f"count(DISTINCT {second}) {both}"
    again = f"count(*) {both} >= {_FEWEST_ROWS_A_VALUE} * {pairs}"  # otherwise each value identifies one row
    return f"{firsts} > 1 AND {pairs} = {firsts} AND {pairs} = {seconds} AND {again}"
