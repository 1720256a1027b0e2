"""Tables come in, and grow: import, rows appended, labels corrected, and what differs between versions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.store import Store, Workspace
from litmus_core.types import (
    AS_FOUND,
    DatasetImported,
    DatasetVersion,
    Difference,
    Fact,
    Fix,
    ReadOptions,
)


@contextmanager
def _staged(workspace: Workspace, location: str) -> Iterator[Path]:
    """Give a file with the table at a data source's location."""
    import pandas as pd

    from litmus_core.plugins import table_at

    with (
        tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch,
        table_at(workspace.path, location) as (table, source),
    ):
        if isinstance(table, Path):
            yield table
            return
        if not isinstance(table, pd.DataFrame):
            raise DataError(
                f"The data source {source} read neither a table nor a file from {location}.",
                hint=f"Run 'litmus plugins check' on the file that holds {source}.",
            )
        file = Path(scratch, "table.parquet")
        table.reset_index(drop=True).to_parquet(file)
        yield file


class Versioning:
    """The part of a Studio that makes versions of tables out of files."""

    workspace: Workspace
    store: Store

    if TYPE_CHECKING:

        def record(self, *facts: Fact) -> None: ...

        def _unmended(self, version: DatasetVersion) -> DatasetVersion: ...

        def _mended(
            self, base: DatasetVersion, fixes: Sequence[Fix], *, parent: DatasetVersion
        ) -> DatasetVersion: ...

    def import_data(
        self,
        source: Path | str,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        like: DatasetVersion | None = None,
        options: ReadOptions = AS_FOUND,
    ) -> DatasetVersion:
        """Import a file as a new data set, or as a new version of ``dataset_id``.

        It is a CSV, JSON or Parquet file, a workbook, an SQLite or DuckDB file, or a folder of Parquet files;
        ``options`` say how to read it where that should not be found out. Columns take the types they have in
        ``like``, which the own files of a task need. A table that is already here under the same name, with
        the same rows, is returned as it is. A location such as ``shop://orders`` is read by the data source
        plug-in of that prefix, in a process of its own.
        """
        from litmus_core.data import import_table
        from litmus_core.plugins import as_location

        location = as_location(source)
        if location is not None:
            with _staged(self.workspace, location) as file:
                name = name or location.partition("://")[2] or location
                return self.import_data(file, name=name, dataset_id=dataset_id, like=like, options=options)
        number = 1
        if dataset_id is not None:
            latest = self.store.versions(dataset_id)[-1]
            number, name = latest.version + 1, name or latest.name
        version = import_table(
            self.workspace,
            Path(source),
            name=name,
            dataset_id=dataset_id,
            version=number,
            like=like,
            options=options,
        )
        for known in self.store.datasets() if dataset_id is None else ():
            if (known.name, known.content_hash) == (version.name, version.content_hash):
                shutil.rmtree(self.workspace.dataset_dir(version.dataset_id))
                return known
        self.record(DatasetImported(version=version))
        return version

    def append_rows(
        self, version_id: str, source: Path | str, *, options: ReadOptions = AS_FOUND
    ) -> DatasetVersion:
        """Return a new version: this one with the rows of a file below its own.

        Columns are matched by name and read with this version's types; what the file lacks is missing in its
        rows, what only it has is left out, and both are said in the notes. Fixes that this version carries
        are applied to the new rows, too. Raises DataError where the file does not fit: nothing changes then.
        """
        from litmus_core.data import append_rows

        version = self.store.dataset_version(version_id)
        made = append_rows(
            self.workspace,
            self._unmended(version),
            Path(source),
            number=self._next_number(version),
            options=options,
        )
        return self._kept(made, version)

    def correct_labels(
        self,
        version_id: str,
        source: Path | str,
        *,
        key: str,
        column: str,
        options: ReadOptions = AS_FOUND,
    ) -> DatasetVersion:
        """Return a new version: this one with the values of ``column`` that a file corrects.

        The file names rows by the column ``key`` and has the right values in ``column``; blank ones correct
        nothing. The notes count what was corrected, what was right already, and keys that no row has. Raises
        UnknownNameError for a column that is not there, DataError where the file contradicts itself or
        corrects nothing; nothing is changed then.
        """
        from litmus_core.data import correct_labels

        version = self.store.dataset_version(version_id)
        made = correct_labels(
            self.workspace,
            self._unmended(version),
            Path(source),
            key=key,
            column=column,
            number=self._next_number(version),
            options=options,
        )
        return self._kept(made, version)

    def difference(self, version_id: str, other_id: str, *, key: str | None = None) -> Difference:
        """Return how the version ``other_id`` differs from ``version_id``: rows, columns and cells.

        Rows are the same where ``key`` is equal; without one an id that both have is taken, else their place,
        else all that is in them.
        """
        from litmus_core.data import difference

        before, after = self.store.dataset_version(version_id), self.store.dataset_version(other_id)
        return difference(self.workspace, before, after, key=key)

    def _next_number(self, version: DatasetVersion) -> int:
        return self.store.versions(version.dataset_id)[-1].version + 1

    def _kept(self, made: DatasetVersion, version: DatasetVersion) -> DatasetVersion:
        """Record what was made out of ``version`` before its fixes, and apply these to it, too."""
        self.record(DatasetImported(version=made))
        return self._mended(made, version.fixes, parent=made) if version.fixes else made
