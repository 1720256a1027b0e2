# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Sample rows from a table larger than memory: DuckDB streams over it and keeps the sample.

Each row, or each group, has a number that depends only on the seed. The smallest numbers are sampled: a
smaller sample is part of a larger one, and the machine's load does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._duckdb import identifier, open_duckdb, path_literal
from litmus_core.data._rows.read import check_names, table_path, to_pandas
from litmus_core.data._split.cutters import Ints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from litmus_core.data._split.overlap import SplitOverlap
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, SplitPlan, Task

_MOST_CLASSES = 10_000  # beyond that, sampling is not stratified
_FEWEST_GROUPS = 50  # sampled as a whole; if they would be fewer, some rows of each group are sampled
_LEAST_FILLED = 0.5  # of the requested rows, at least, from whole groups
_NUMBERS = 2.0**64
_MARGIN = 6.0  # standard deviations that the first pass takes in excess
_GROUPS_MEASURED, _ROWS_MEASURED = 4, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSample:
    """Ascending positions of the ``rows`` sampled from a table, all of which have a target.

    ``n_without_target`` rows have none.
    """

    rows: Ints
    n_without_target: int = 0


def sample_rows(
    workspace: Workspace,
    version: DatasetVersion,
    *,
    target: str,
    n_rows: int,
    split: SplitPlan,
    by_class: bool,
    seed: int,
) -> TableSample:
    """Sample about ``n_rows`` of the version's rows that have a ``target``, the same ones for the same seed.

    ``by_class``: each class in its share. By group whole groups are sampled; if these would be few, some rows
    of each. Otherwise each row has the same chance, so that a sample is spread evenly over time. Memory is
    bounded by the sample.
    """
    columns = [target, *split.columns]
    check_names(version, columns)
    with open_duckdb(f"draw rows of '{version.name}'", plans_fully=True) as connection:
        _open(connection, table_path(workspace, version), target=target, unit=_unit(split), seed=seed)
        n_labelled = _fetch_one(connection, "SELECT count(*) FROM known")
        missing = version.n_rows - n_labelled
        if split.kind == "group":
            rows = _sample_groups(connection, n_rows)
            if rows is not None:
                return TableSample(rows=rows, n_without_target=missing)
        is_stratified = by_class and _fetch_one(connection, _COUNT_CLASSES) <= _MOST_CLASSES
        counts = _classes(connection, is_stratified=is_stratified)
        rows = _sample_classes(connection, counts, quotas_of(counts, n_rows=n_rows))
    return TableSample(rows=np.sort(rows), n_without_target=missing)


def quotas_of(counts: Ints, *, n_rows: int) -> Ints:
    """Return how many rows of each class are sampled: its share.

    >>> quotas_of(np.array([99_000, 900, 100]), n_rows=10_000).tolist()
    [9900, 90, 10]
    """
    n_rows = min(n_rows, int(counts.sum()))
    shares = counts * (n_rows / max(1, counts.sum()))
    quotas: Ints = np.floor(shares).astype(np.int64)
    for at in np.argsort(-(shares - quotas), kind="stable")[: n_rows - int(quotas.sum())]:
        quotas[at] += 1
    return quotas


def restrict_to_sample(task: Task, overlap: SplitOverlap, *, places: Ints) -> tuple[Task, SplitOverlap]:
    """Return the task and the excluded rows in terms of the sampled rows.

    ``places`` (ascending) are the sampled rows' positions in the tables, appended to each other.
    """
    inside = np.flatnonzero(np.isin(places, overlap.rows))
    grown = tuple(int(np.searchsorted(places, row)) for row in task.split.grown_from)
    sampled = replace(task, split=replace(task.split, grown_from=grown))
    return sampled, replace(overlap, rows=inside)


def bytes_per_row(workspace: Workspace, version: DatasetVersion, *, columns: Sequence[str]) -> float:
    """Return a row's bytes in pandas for ``columns``, measured on 2,000 rows from four places."""
    import pyarrow.parquet as pq

    wanted = check_names(version, columns)
    n_bytes = n_rows = 0
    with pq.ParquetFile(table_path(workspace, version)) as file:
        places = np.unique(np.linspace(0, file.num_row_groups - 1, _GROUPS_MEASURED).astype(int))
        for place in places.tolist():
            batches = file.iter_batches(_ROWS_MEASURED, row_groups=[place], columns=wanted, use_threads=False)
            frame = to_pandas(_table_of(next(batches)))
            n_bytes += int(frame.memory_usage(deep=True, index=False).sum())
            n_rows += len(frame)
    return n_bytes / max(1, n_rows)


def _table_of(batch: object) -> object:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _unit(split: SplitPlan) -> str:
    return identifier(split.column) if split.kind == "group" and split.column else "file_row_number"


def _open(connection: duckdb.DuckDBPyConnection, table: Path, *, target: str, unit: str, seed: int) -> None:
    """Create the view ``known`` of all rows with a target: ``row``, ``label``, and their numbers.

    ``number`` is the row's own, ``unit`` that of its group, evenly spread over 64 bits.
    """
    mixed = int(np.random.SeedSequence([seed, 41]).generate_state(1, np.uint64)[0])
    row, of_unit = (f"hash(xor(hash({name}), {mixed}::UBIGINT))" for name in ("file_row_number", unit))
    connection.execute(
        f"CREATE VIEW known AS SELECT file_row_number AS row, {identifier(target)} AS label, "
        f"{row} AS number, {of_unit} AS unit "
        f"FROM read_parquet({path_literal(table)}, file_row_number = true) "
        f"WHERE {identifier(target)} IS NOT NULL"
    )


_COUNT_CLASSES = "SELECT approx_count_distinct(label) FROM known"


def _classes(connection: duckdb.DuckDBPyConnection, *, is_stratified: bool) -> Ints:
    """Number the classes in a table ``classes`` (a single one if not stratified); return their sizes."""
    label = "label" if is_stratified else "NULL"
    connection.execute(
        "CREATE TABLE classes AS SELECT label, n, row_number() OVER (ORDER BY n DESC, label) - 1 AS code "
        f"FROM (SELECT {label} AS label, count(*) AS n FROM known GROUP BY ALL)"
    )
    counts = connection.execute("SELECT n FROM classes ORDER BY code").fetchnumpy()["n"]
    return np.asarray(counts, dtype=np.int64)


def _sample_classes(connection: duckdb.DuckDBPyConnection, counts: Ints, wanted: Ints) -> Ints:
    """Return the positions of each class's rows with the smallest numbers."""
    shares = (wanted + _MARGIN * np.sqrt(wanted) + 10) / np.maximum(counts, 1)
    bounds = [int(share * _NUMBERS) if share < 1 else int(_NUMBERS) - 1 for share in shares.tolist()]
    connection.execute("CREATE TABLE bounds (code BIGINT, bound UBIGINT)")
    connection.executemany("INSERT INTO bounds VALUES (?, ?)", list(enumerate(bounds)))
    joined = "known CROSS JOIN classes" if len(counts) == 1 else "known JOIN classes USING (label)"
    arrays = connection.execute(
        f"SELECT row, number, code FROM {joined} JOIN bounds USING (code) WHERE number <= bound"
    ).fetchnumpy()
    row, number, code = (np.asarray(arrays[name]) for name in ("row", "number", "code"))
    order = np.lexsort((row, number, code))
    row, code = row[order].astype(np.int64), code[order].astype(np.int64)
    rank = np.arange(len(code)) - np.searchsorted(code, np.arange(len(counts)))[code]
    drawn: Ints = row[rank < wanted[code]]
    return drawn


def _sample_groups(connection: duckdb.DuckDBPyConnection, n_rows: int) -> Ints | None:
    """Return the positions of at most ``n_rows`` rows from whole groups; None if groups are too large."""
    bound, n_groups, n_sampled = connection.execute(
        "SELECT max(unit), count(*), max(total) FROM (SELECT unit, sum(n) OVER (ORDER BY unit) AS total "
        f"FROM (SELECT unit, count(*) AS n FROM known GROUP BY unit)) WHERE total <= {int(n_rows)}"
    ).fetchone() or (None, 0, 0)
    if bound is None or n_groups < _FEWEST_GROUPS or n_sampled < _LEAST_FILLED * n_rows:
        return None
    rows = connection.execute(f"SELECT row FROM known WHERE unit <= {bound}").fetchnumpy()["row"]
    return np.sort(np.asarray(rows, dtype=np.int64))


def _fetch_one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
