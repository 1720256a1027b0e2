"""A CSV as typed columns: read in place with guessed types if they fit, else from staged texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import parquet
from litmus_core.data._rows.wide_tables import FEWEST_COLUMNS, WideCells
from litmus_core.data._sources.csv_files.quote_notes import stray_notes
from litmus_core.data._sources.csv_files.staging import csv_cells, stage_csv
from litmus_core.data._sources.csv_files.wide import read_wide
from litmus_core.data._types.first_rows import Guess
from litmus_core.data._types.inference import find_types
from litmus_core.data._types.typed_column import Typed
from litmus_core.data._types.verification import misfit_of
from litmus_core.types import DETECT_ALL, ReadOptions, tidy_names

if TYPE_CHECKING:
    import duckdb

    from litmus_core.runtime import Dialect, StrayQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """A UTF-8 file and its format; messages call it ``name``, and ``staged`` is the path for texts."""

    connection: duckdb.DuckDBPyConnection
    text: Path
    dialect: Dialect
    name: str
    staged: Path
    options: ReadOptions = DETECT_ALL

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' cleaned names."""
        return tuple(tidy_names(self.dialect.names))

    @property
    def has_decimal_comma(self) -> bool:
        """Whether an ambiguous comma in a number is a decimal mark."""
        return self.dialect.delimiter == ";"

    def read_guessed(self) -> CsvReading:
        """Read the file in place with types guessed from the first rows, or infer them if that is impossible.

        If options say how numbers or dates are written, all cells are checked: one may not fit.
        """
        import duckdb

        cells = csv_cells(self.text, self.dialect)
        options = (self.options.decimal, self.options.thousands, self.options.date_order)
        if cells is None or options != (None, None, None) or len(self.names) >= FEWEST_COLUMNS:
            return self.read_inferred()
        try:
            guess = Guess.of(self.connection, cells, names=self.names, decimal_comma=self.has_decimal_comma)
        except duckdb.Error:
            return self.read_inferred()
        return CsvReading(table=self, readable=guess.readable(), columns=guess.columns(), guess=guess)

    def read_inferred(self) -> CsvReading:
        """Stage the file's cells as texts, and infer the types from all of them."""
        wide, cells, strays = self._stage()
        columns = find_types(
            self.connection,
            cells,
            names=self.names,
            decimal_comma=self.has_decimal_comma,
            options=self.options,
            wide=wide,
        )
        notes = stray_notes(strays, self.names)
        return CsvReading(table=self, readable=cells, columns=columns, wide=wide, notes=notes)

    def _stage(self) -> tuple[WideCells | None, str, Sequence[StrayQuote]]:
        """Return the cells in memory if there are very many columns, and otherwise as SQL.

        The third item is the cells with stray quotes.
        """
        wide = read_wide(self.text, self.dialect, name=self.name)
        if wide is not None and wide[0].num_rows:
            return WideCells(wide[0]), "", wide[1]
        strays = stage_csv(self.connection, self.text, self.dialect, staged=self.staged, name=self.name)
        return WideCells.of(self.staged), parquet(self.staged), strays


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvReading:
    """One way to read a CSV: SQL ("" if it is in memory), the resulting columns, and notes on the file."""

    table: CsvTable
    readable: str
    columns: tuple[Typed, ...]
    guess: Guess | None = None
    wide: WideCells | None = None
    notes: tuple[str, ...] = ()

    @property
    def original_names(self) -> tuple[str, ...]:
        """The column names in the file."""
        return self.table.dialect.names

    def fallback(self, failed: duckdb.Error) -> CsvReading:
        """Return the next way to read the file after this one raised ``failed``.

        Raises ``failed`` if there is no other way.
        """
        import duckdb

        if self.guess is None:
            raise failed
        misfit = misfit_of(failed)
        if misfit is None:
            return self.table.read_inferred()
        try:
            guess = self.guess.without(misfit)
        except duckdb.Error:
            return self.table.read_inferred()
        return CsvReading(table=self.table, readable=guess.readable(), columns=guess.columns(), guess=guess)
