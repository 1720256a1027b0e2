# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Evidence that a column of texts holds numbers, dates or booleans: from a sample, then from all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import text_literal
from litmus_core.data._rows.wide_tables import CELL, Measure
from litmus_core.data._types.hypotheses import ColumnHypotheses, StrippedTexts, hypotheses_of
from litmus_core.data._types.numbers.formats import are_codes, are_long_codes, plain_number
from litmus_core.data._types.sql_predicates import (
    INTEGRAL,
    WHOLE,
    first_measures,
    has_many_digits,
    is_rounded,
    matches,
    of_forms,
    of_mark,
    of_shape,
)
from litmus_core.frame import COMPOUND_UNITS, NumberForm
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._rows.wide_tables import WideCells

LARGEST = 2**53  # whole numbers below survive as float64
_MISSING_LITERALS = ", ".join(map(text_literal, MISSING_WORDS))
_PLACEHOLDER_LITERALS = ", ".join(map(text_literal, PLACEHOLDER_WORDS))
_ROWS_SEEN = 1_000
_CELLS_SEEN = 400_000
_COLUMNS_AT_ONCE = 20  # planning time is quadratic in the number of measures


class Evidence(Counter[str]):
    """Counts over all rows of one column by measure (dates by format); 0 if not counted."""

    @property
    def wanted(self) -> int:
        """The number of values that must fit: all but placeholders."""
        return self["values"] - self["placeholders"]

    @property
    def are_long_codes(self) -> bool:
        """Whether whole numbers are so long that each of their digits matters."""
        return are_long_codes(
            self.wanted,
            n_distinct=self["distinct"],
            n_beyond=self["beyond"],
            n_rounded=self["rounded"],
        )


def find_evidence(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    names: Sequence[str],
    *,
    places: Sequence[int],
    spellings_matter: bool = False,
    wide: WideCells | None = None,
) -> list[tuple[ColumnHypotheses, Evidence]]:
    """Return hypotheses and evidence for the columns at ``places`` of ``cells`` (SQL: ``c0``, ``c1`` …).

    ``names`` are the real names of all columns. ``spellings_matter``: also count the formats of plain
    numbers. ``wide`` holds the same cells in memory; each distinct text is then evaluated once.
    """
    if not places:
        return []
    all_hypotheses = _hypotheses_of_sample(connection, cells, names, places, wide)
    if wide is not None:
        gathered = _gather(connection, cells, all_hypotheses, spellings_matter=spellings_matter, wide=wide)
        return list(zip(all_hypotheses, gathered, strict=True))
    evidence: list[Evidence] = []
    for start in range(0, len(all_hypotheses), _COLUMNS_AT_ONCE):
        batch = all_hypotheses[start : start + _COLUMNS_AT_ONCE]
        evidence += _gather(connection, cells, batch, spellings_matter=spellings_matter)
    return list(zip(all_hypotheses, evidence, strict=True))


def is_present(cells: str) -> str:
    """Return the SQL that tests whether a text is neither a word nor a placeholder for "missing"."""
    return f"({cleaned(cells)} IS NOT NULL AND lower(trim({cells})) NOT IN ({_PLACEHOLDER_LITERALS}))"


def _hypotheses_of_sample(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    names: Sequence[str],
    places: Sequence[int],
    wide: WideCells | None,
) -> list[ColumnHypotheses]:
    n_rows = max(50, min(_ROWS_SEEN, _CELLS_SEEN // max(len(names), 1)))
    sample = f"USING SAMPLE reservoir({n_rows} ROWS) REPEATABLE (0)"
    columns: Iterable[Sequence[str | None]]
    if wide is None:
        chosen = ", ".join(f"c{place}" for place in places)
        rows = connection.execute(f"SELECT {chosen} FROM {cells} {sample}").fetchall()
        columns = zip(*rows, strict=True) if rows else ((),) * len(places)
    else:  # the same rows
        drawn = connection.execute(f"SELECT * FROM range({wide.n_rows}) {sample}").fetchall()
        columns = wide.values(places, [row for (row,) in drawn])
    stripped = StrippedTexts()
    return [
        hypotheses_of(f"c{place}", names[place], values, stripped)
        for place, values in zip(places, columns, strict=True)
    ]


def cleaned(column: str) -> str:
    """Return the SQL of a text, NULL if it is one of the words for "missing"."""
    return f"CASE WHEN {is_missing(column)} THEN NULL ELSE {column} END"


def is_missing(column: str) -> str:
    """Return the SQL that tests whether a text is one of the words for "missing" (NULL for NULL)."""
    # Few texts have spaces around them: the others need not be trimmed, which copies them.
    trimmed = (
        f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN trim({column}, ' ') ELSE {column} END"
    )
    return f"list_contains([{_MISSING_LITERALS}], {trimmed})"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    all_hypotheses: Sequence[ColumnHypotheses],
    *,
    spellings_matter: bool,
    wide: WideCells | None = None,
) -> list[Evidence]:
    """Count over all rows; count more if the first counts do not decide."""

    def count(measures: Sequence[Mapping[str, Measure]]) -> list[Evidence]:
        if wide is None:
            return _count(connection, cells, all_hypotheses, measures)
        by_place = {
            int(hypotheses.column[1:]): measured
            for hypotheses, measured in zip(all_hypotheses, measures, strict=True)
        }
        counts = wide.count(connection, by_place, cleaned=cleaned(CELL))
        return [Evidence(answer) for answer in counts.values()]

    columns = [
        hypotheses.column if wide is None else hypotheses.digits_in(CELL) for hypotheses in all_hypotheses
    ]
    counted = count(
        [_measures(hypotheses, column) for hypotheses, column in zip(all_hypotheses, columns, strict=True)]
    )
    doubts = [
        _doubts(hypotheses, column, evidence, spellings_matter=spellings_matter)
        for hypotheses, column, evidence in zip(all_hypotheses, columns, counted, strict=True)
    ]
    if any(doubts):
        for evidence, more in zip(counted, count(doubts), strict=True):
            evidence.update(more)
    losses = [
        _losses(hypotheses, column, evidence)
        for hypotheses, column, evidence in zip(all_hypotheses, columns, counted, strict=True)
    ]
    if any(losses):
        for evidence, more in zip(counted, count(losses), strict=True):
            evidence.update(more)
    return counted


def _count(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    all_hypotheses: Sequence[ColumnHypotheses],
    measures: Sequence[Mapping[str, Measure]],
) -> list[Evidence]:
    """Return the counts that ``measures`` name for each column, in one pass over the rows."""
    used = [hypotheses for hypotheses, wanted in zip(all_hypotheses, measures, strict=True) if wanted]
    texts = ", ".join(f"{_cleaned_digits(wanted)} AS {wanted.column}" for wanted in used)
    flat = ", ".join(measure.aggregate for wanted in measures for measure in wanted.values())
    counts = iter(connection.execute(f"SELECT {flat} FROM (SELECT {texts} FROM {cells})").fetchone() or ())
    return [Evidence({key: int(next(counts) or 0) for key in wanted}) for wanted in measures]


def _cleaned_digits(hypotheses: ColumnHypotheses) -> str:
    return hypotheses.digits_in(f"trim({cleaned(hypotheses.column)})")


def _doubts(
    hypotheses: ColumnHypotheses, column: str, evidence: Evidence, *, spellings_matter: bool
) -> dict[str, Measure]:
    """Return further measures of a column (SQL): of placeholders, commas and very long numbers."""
    if not hypotheses.could_be_more_than_text or evidence["values"] == 0:
        return {}
    measures = {}
    is_in_doubt = (
        max(evidence[key] for key in ("plain", "boolean", *hypotheses.date_forms)) < evidence["values"]
    )
    if is_in_doubt:
        measures["placeholders"] = Measure(
            f"lower({column}) IN ({_PLACEHOLDER_LITERALS})", "true", is_of_shape=True
        )
    if hypotheses.may_be_number and (
        is_in_doubt or spellings_matter or hypotheses.evidence.ambiguous or not hypotheses.is_plain
    ):
        measures |= of_forms(column, hypotheses.forms)
        measures["lengths"] = Measure(f"length({column})", "spread", is_of_shape=True)
        measures["many digits"] = Measure(has_many_digits(column), "true", is_of_shape=True)
        measures["fractions"] = Measure(
            f"regexp_matches({column}, '[.,]\\d{{1,2}}$')", "true", is_of_shape=True
        )
    if evidence["whole"] < evidence["plain"] and are_codes(hypotheses.name, LARGEST):
        measures["integral"] = of_shape(column, INTEGRAL)
    if mark := hypotheses.evidence.ambiguous:
        measures |= of_mark(column, mark)
    if evidence["largest"] >= LARGEST:
        measures["distinct"] = Measure(column, "different")
        measures["beyond"] = Measure(f"abs(try_cast({column} AS DOUBLE)) >= {LARGEST}", "true")
        measures["rounded"] = Measure(is_rounded(column), "true")
        measures["infinite"] = Measure(f"isinf(try_cast({column} AS DOUBLE))", "true")
        measures["too long"] = Measure(
            f"{matches(column, WHOLE)} AND try_cast({column} AS BIGINT) IS NULL", "true"
        )
    return measures


def _losses(hypotheses: ColumnHypotheses, column: str, evidence: Evidence) -> dict[str, Measure]:
    """Return the measures (SQL) of numbers that are rounded, for each format that all rows fit."""
    if not evidence["many digits"]:
        return {}
    return {
        rounded_in(form): Measure(is_rounded(plain_number(form, column)), "true")
        for form in hypotheses.forms
        if form.written_as
        and form.unit not in COMPOUND_UNITS
        and evidence[form.written_as] == evidence.wanted
    }


def rounded_in(form: NumberForm) -> str:
    """Return the name of the measure of rounded numbers in a format."""
    return f"rounded {form.written_as}".strip()


def _measures(hypotheses: ColumnHypotheses, column: str) -> Mapping[str, Measure]:
    """Return the first measures of a column (SQL), by name or date format."""
    return first_measures(
        column,
        hypotheses.date_forms,
        may_be_number=hypotheses.may_be_number,
        may_be_codes=hypotheses.may_be_codes,
        may_be_boolean=hypotheses.may_be_boolean,
    )
