"""Near-duplicate rows: a random split puts copies on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.split_optimism import SplitOptimism, optimism_by_group
from litmus_core.checks._context.whole_groups import rows_of_some_groups
from litmus_core.checks._format import n_sampled, short_cell
from litmus_core.checks._similarity.row_pairs import nearly_equal_pairs
from litmus_core.checks._similarity.rows import ComparedRows, Ints, clusters, share_of_all
from litmus_core.data import looks_like_id
from litmus_core.types import EvidenceTable, Finding, Fix, SplitPlan, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_FEWEST_ROWS = 30
_FEWEST_COPIES = 3
_REPORTED_SHARE = 0.005  # share of rows
_NATURALLY_ALIKE = 0.5  # of the rows, each with an ID of its own: few values, which have to repeat
_MOSTLY = 0.9  # of the pairs of near-duplicates
_ROWS_PER_GROUP = 20
_MORE_ROWS, _MOST_CELLS = 5, 3_000_000  # times the sample: of two copies, a sample often holds one
_MOST_DISTINCT = 0.3  # distinct values a row, up to which a column may tell another one
_SHOWN_PAIRS, _SHOWN_COLUMNS = 4, 5


def near_duplicates(table: CheckContext) -> Iterator[Finding]:
    """Yield one finding with the rows that nearly repeat an earlier one."""
    columns = compared_columns(table)
    if not columns or len(table.sample) < _FEWEST_ROWS:
        return
    compared = _with_more_rows(table, columns)
    rows = ComparedRows(compared.sample, columns, seed=table.seed)
    pairs = rows.pairs()
    unequal = pairs[rows.differ(pairs)] if len(pairs) else pairs
    has_equal = len(unequal) < len(pairs)
    if rows.is_by_chance(len(unequal)):
        unequal = unequal[:0]
    few_differ = _pairs_differing_in_few(compared, columns)
    unequal = _of_labelled(compared, np.concatenate([unequal, *few_differ.values()]))
    if not len(unequal):
        return
    cluster = clusters(unequal, rows.n_rows)
    share = share_of_all(cluster, read=rows.n_rows / table.n_rows)
    if rows.n_rows - len(np.unique(cluster)) < _FEWEST_COPIES or share < _REPORTED_SHARE:
        return
    optimism = _optimism_of_copies(table, compared, cluster, share)
    flatters = optimism is not None and optimism.is_material
    if share > _NATURALLY_ALIKE and not flatters and _id_columns(compared, unequal):
        return
    mostly = [names for names, pairs in few_differ.items() if len(pairs) >= _MOSTLY * len(unequal)]
    yield _finding(
        compared,
        columns,
        unequal,
        cluster,
        optimism,
        share=share,
        differing=mostly[0] if mostly else (),
        has_equal=has_equal,
    )


def _of_labelled(table: CheckContext, pairs: Ints) -> Ints:
    """Return the pairs of rows that have a label, if there is a target: no score looks at the others."""
    if table.target is None:
        return pairs
    has_label = table.sample[table.target.name].notna().to_numpy()
    return pairs[has_label[pairs].all(axis=1)]


def _with_more_rows(table: CheckContext, columns: list[Column]) -> CheckContext:
    """Return the table with five times as many rows in its sample, all if it has no more."""
    n_rows = len(table.rows)
    n_more = min(table.n_rows, _MORE_ROWS * n_rows, max(n_rows, _MOST_CELLS // (len(columns) + 1)))
    if n_more == n_rows:
        return table
    drawn = np.random.default_rng([table.seed, 37]).choice(table.n_rows, n_more, replace=False)
    return table.with_rows(np.sort(drawn), keep=[find_followers])


def _optimism_of_copies(
    table: CheckContext, compared: CheckContext, cluster: Ints, share: float
) -> SplitOptimism | None:
    """Return the optimism of a random split of rows of which ``share`` have their copies beside them."""
    if table.target is None:
        return None
    if compared is table:
        return optimism_by_group(table, cluster)
    has_copy = np.bincount(cluster)[cluster] > 1
    copies, others = np.flatnonzero(has_copy), np.flatnonzero(~has_copy)
    n_rows = min(len(table.rows), len(copies) / share)
    rng = np.random.default_rng([table.seed, 41])
    codes = np.unique(cluster[copies], return_inverse=True)[1]
    some = copies[rows_of_some_groups(codes, round(n_rows * share), rng, fewest=1)]
    more = rng.permutation(others)[: round(n_rows * (1 - share))]
    chosen = np.sort(np.concatenate([some, more]))
    sample = table.with_rows(compared.rows[chosen], keep=[find_leaks])
    return optimism_by_group(sample, cluster[chosen])


def _pairs_differing_in_few(table: CheckContext, columns: list[Column]) -> dict[tuple[str, ...], Ints]:
    """Return the pairs of rows that differ in one or two cells, but not in the target."""
    names = _own_columns(table, columns)
    if table.target is None:
        return nearly_equal_pairs(table.sample, names, seed=table.seed)
    row_pairs = nearly_equal_pairs(table.sample, [*names, table.target.name], seed=table.seed)
    return {differ: pairs for differ, pairs in row_pairs.items() if table.target.name not in differ}


def _own_columns(table: CheckContext, columns: list[Column]) -> list[str]:
    """Return the columns without those whose value another one tells: equal cells there are no evidence."""
    import pandas as pd

    names: list[str] = []
    few = sorted(columns, key=lambda column: -column.n_distinct)
    codes = {column.name: pd.factorize(table.sample[column.name])[0] for column in columns}
    for column in few:
        most = _MOST_DISTINCT * table.n_rows
        finer = (name for name in names if table.version.column(name).n_distinct <= most)
        if not any(_tells(codes[name], codes[column.name]) for name in finer):
            names.append(column.name)
    return [column.name for column in columns if column.name in names]


def _tells(finer: Ints, coarser: Ints) -> bool:
    """Return whether equal codes of one column have equal codes of the other, where both have a value.

    In few rows any column could tell any other one.
    """
    both = (finer >= 0) & (coarser >= 0)
    if both.sum() < _MOSTLY * (coarser >= 0).sum():
        return False
    pairs = finer[both].astype(np.int64) * (int(coarser.max(initial=0)) + 1) + coarser[both]
    return len(np.unique(pairs)) == len(np.unique(finer[both]))


def _finding(
    table: CheckContext,
    columns: list[Column],
    pairs: Ints,
    cluster: Ints,
    optimism: SplitOptimism | None,
    *,
    share: float,
    differing: tuple[str, ...],
    has_equal: bool,
) -> Finding:
    flatters = optimism is not None and optimism.is_material
    touched, n_looked = len(np.unique(pairs)), n_sampled(table)
    names = _id_columns(table, pairs)
    statement = partial(
        Statement.of,
        "near_duplicates",
        n_rows=touched,
        n_looked=n_looked,
        share=share,
        columns=names or differing,
    )
    if names:
        fix = _split_fix(table, pairs)
        message = statement("ids", can_split=fix is not None)
    else:
        later = np.setdiff1d(np.arange(len(cluster)), np.unique(cluster, return_index=True)[1])
        fix = Fix(kind="drop_rows", rows=tuple(int(place) for place in table.rows[later]))
        worth = "unknown" if optimism is None else "too good" if flatters else "same score"
        message = statement("copies", worth=worth)
    return Finding(
        kind="near_duplicates",
        severity="harmful" if flatters else "hint" if names else "warning",
        statement=message,
        evidence=(
            *(() if optimism is None else (optimism.comparison("copies"),)),
            *((statement("equal"),) if has_equal else ()),
            *(() if n_looked is None else (statement("estimated"),)),
        ),
        table=_evidence_table(table, [*(table.version.column(name) for name in names), *columns], pairs),
        fix=fix,
        n_rows=touched,
        score=share,
    )


def _id_columns(table: CheckContext, pairs: Ints) -> list[str]:
    """Return the columns that identify rows and differ between near-duplicates, which then are not copies."""
    names = []
    for column in table.version.columns:
        counts_rows = column.name in table.once(find_followers) and not looks_like_id(column.name)
        if column == table.target or not column.traits.is_identifier or counts_rows:
            continue
        values = table.sample[column.name].to_numpy()
        if (values[pairs[:, 0]] != values[pairs[:, 1]]).mean() >= _MOSTLY:
            names.append(column.name)
    return names


def _split_fix(table: CheckContext, pairs: Ints) -> Fix | None:
    """Return the split by the column with many values that near-duplicates share, if there is one."""
    best, most = None, 2 * len(pairs) // _ROWS_PER_GROUP
    for column in table.columns:
        if column.traits.reads != "text" or not most < column.n_distinct < table.n_rows:
            continue
        values = table.sample[column.name].to_numpy()
        if (values[pairs[:, 0]] == values[pairs[:, 1]]).mean() >= _MOSTLY:
            best, most = column.name, column.n_distinct
    if best is None:
        return None
    split = SplitPlan(kind="group", column=best)
    return Fix(kind="split", columns=(best,), split=split)


def compared_columns(table: CheckContext) -> list[Column]:
    """Return the columns to compare: all except the target, ids and row counters."""
    return [
        column
        for column in table.columns
        if not column.traits.is_identifier
        and column.name not in table.once(find_followers)
        and column.n_distinct > 1
    ]


def _evidence_table(table: CheckContext, columns: list[Column], pairs: Ints) -> EvidenceTable:
    names = [column.name for column in sorted(columns, key=lambda column: not column.traits.is_prose)][
        :_SHOWN_COLUMNS
    ]
    rows = []
    for pair in pairs[:_SHOWN_PAIRS]:
        for place in pair:
            values = table.sample[names].iloc[int(place)]
            rows.append((f"{table.rows[place] + 1:,}", *(short_cell(value) for value in values)))
    return EvidenceTable(header=("row", *names), rows=tuple(rows))
