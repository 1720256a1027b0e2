# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Evidence that a column of texts holds numbers, dates or booleans: from a sample, then from all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import text_literal
from litmus_core.data._rows.wide_tables import CELL, Measure
from litmus_core.data._types.hypotheses import ColumnHypotheses, StrippedTexts, hypotheses_of
from litmus_core.data._types.numbers.formats import are_codes
from litmus_core.data._types.sql_predicates import (
    INTEGRAL,
    WHOLE,
    first_measures,
    matches,
    of_forms,
    of_mark,
    of_shape,
)
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
    questions = _look(connection, cells, names, places, wide)
    if wide is not None:
        gathered = _gather(connection, cells, questions, spellings_matter=spellings_matter, wide=wide)
        return list(zip(questions, gathered, strict=True))
    evidence: list[Evidence] = []
    for start in range(0, len(questions), _COLUMNS_AT_ONCE):
        some = questions[start : start + _COLUMNS_AT_ONCE]
        evidence += _gather(connection, cells, some, spellings_matter=spellings_matter)
    return list(zip(questions, evidence, strict=True))


def is_present(cells: str) -> str:
    """Return the SQL that says whether a text is neither a word nor a placeholder for "missing"."""
    return f"({cleaned(cells)} IS NOT NULL AND lower(trim({cells})) NOT IN ({_PLACEHOLDER_LITERALS}))"


def _look(
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
    solid = StrippedTexts()
    return [
        hypotheses_of(f"c{place}", names[place], values, solid)
        for place, values in zip(places, columns, strict=True)
    ]


def cleaned(column: str) -> str:
    """Return the SQL of a text, NULL where it is one of the words for "missing"."""
    return f"CASE WHEN {is_missing(column)} THEN NULL ELSE {column} END"


def is_missing(column: str) -> str:
    """Return the SQL that says whether a text is one of the words for "missing" (NULL for NULL)."""
    # Few texts have spaces around them: the others need not be trimmed, which copies them.
    trimmed = f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN trim({column}) ELSE {column} END"
    return f"list_contains([{_MISSING_LITERALS}], {trimmed})"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[ColumnHypotheses],
    *,
    spellings_matter: bool,
    wide: WideCells | None = None,
) -> list[Evidence]:
    """Count over all rows; count more if the first counts do not decide."""

    def count(measures: Sequence[Mapping[str, Measure]]) -> list[Evidence]:
        if wide is None:
            return _count(connection, cells, questions, measures)
        by_place = {int(question.column[1:]): its for question, its in zip(questions, measures, strict=True)}
        counts = wide.count(connection, by_place, cleaned=cleaned(CELL))
        return [Evidence(answer) for answer in counts.values()]

    columns = [question.column if wide is None else question.digits_in(CELL) for question in questions]
    counted = count(
        [_measures(question, column) for question, column in zip(questions, columns, strict=True)]
    )
    again = [
        _doubts(question, column, evidence, spellings_matter=spellings_matter)
        for question, column, evidence in zip(questions, columns, counted, strict=True)
    ]
    if any(again):
        for evidence, more in zip(counted, count(again), strict=True):
            evidence.update(more)
    return counted


def _count(
    connection: duckdb.DuckDBPyConnection,
    cells: str,
    questions: Sequence[ColumnHypotheses],
    measures: Sequence[Mapping[str, Measure]],
) -> list[Evidence]:
    """Return the counts that ``measures`` name for each column, in one pass over the rows."""
    used = [question for question, wanted in zip(questions, measures, strict=True) if wanted]
    texts = ", ".join(f"{_counted(wanted)} AS {wanted.column}" for wanted in used)
    flat = ", ".join(measure.aggregate for wanted in measures for measure in wanted.values())
    counts = iter(connection.execute(f"SELECT {flat} FROM (SELECT {texts} FROM {cells})").fetchone() or ())
    return [Evidence({key: int(next(counts) or 0) for key in wanted}) for wanted in measures]


def _counted(question: ColumnHypotheses) -> str:
    return question.digits_in(f"trim({cleaned(question.column)})")


def _doubts(
    question: ColumnHypotheses, column: str, evidence: Evidence, *, spellings_matter: bool
) -> dict[str, Measure]:
    """Return further measures of a column (SQL): of placeholders, commas and very long numbers."""
    if not question.could_be_more_than_text or evidence["values"] == 0:
        return {}
    measures = {}
    is_in_doubt = (
        max(evidence[key] for key in ("plain", "boolean", *question.date_forms)) < evidence["values"]
    )
    if is_in_doubt:
        measures["placeholders"] = Measure(
            f"lower({column}) IN ({_PLACEHOLDER_LITERALS})", "true", is_of_shape=True
        )
    if question.may_be_number and (
        is_in_doubt or spellings_matter or question.evidence.ambiguous or not question.is_plain
    ):
        measures |= of_forms(column, question.forms)
        measures["lengths"] = Measure(f"length({column})", "spread", is_of_shape=True)
        measures["fractions"] = Measure(
            f"regexp_matches({column}, '[.,]\\d{{1,2}}$')", "true", is_of_shape=True
        )
    if evidence["whole"] < evidence["plain"] and are_codes(question.name, LARGEST):
        measures["integral"] = of_shape(column, INTEGRAL)
    if mark := question.evidence.ambiguous:
        measures |= of_mark(column, mark)
    if evidence["largest"] >= LARGEST:
        measures["distinct"] = Measure(column, "different")
        measures["beyond"] = Measure(f"abs(try_cast({column} AS DOUBLE)) >= {LARGEST}", "true")
        measures["rounded"] = Measure(
            f"{matches(column, WHOLE)} AND try_cast({column} AS HUGEINT) "
            f"IS DISTINCT FROM try_cast(try_cast({column} AS DOUBLE) AS HUGEINT)",
            "true",
        )
        measures["infinite"] = Measure(f"isinf(try_cast({column} AS DOUBLE))", "true")
    return measures


def _measures(question: ColumnHypotheses, column: str) -> Mapping[str, Measure]:
    """Return the first measures of a column (SQL), by name or date format."""
    return first_measures(
        column,
        question.date_forms,
        may_be_number=question.may_be_number,
        may_be_codes=question.may_be_codes,
        may_be_boolean=question.may_be_boolean,
    )
