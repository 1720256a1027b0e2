"""Data sets: import, extend, inspect and remove tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.fixes import FixesService
from litmus_core.experiments._data.removal import remove_files, request_logs, versions_of
from litmus_core.experiments._data.sources import check_refreshable, open_source
from litmus_core.experiments._names import require_name
from litmus_core.store import erase_set_aside
from litmus_core.text import join_names, quote_names
from litmus_core.types import (
    DETECT_ALL,
    DatasetDeleted,
    DatasetImported,
    DatasetRenamed,
    DatasetVersion,
    Difference,
    Lineage,
    ReadOptions,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.data import ImportProgress, Page, Profile, Relations

_SPELLING = ("original_name", "written_as", "replaced", "tidied")  # of a column
_ROWS_KEPT = "Rows that were removed one by one are back: their places may be other rows' now."


@dataclass(frozen=True, slots=True)
class DatasetsService:
    """The data sets of a workspace, each with its versions."""

    context: Context
    fixes: FixesService

    def get(self, version_id: str) -> DatasetVersion:
        """Return one version."""
        return self.context.dataset(version_id)

    def named(self, name: str) -> DatasetVersion:
        """Return the version with this id, or the newest version of the table with this name.

        Raises UnknownNameError if there is none, UsageError if several tables have the name.
        """
        if name.startswith("dv_"):
            return self.get(name)
        latest = self.list()
        matches = [version for version in latest if name in (version.name, version.dataset_id)]
        if not matches:
            raise UnknownNameError(kind="table", name=name, names=[version.name for version in latest])
        if len(matches) > 1:
            raise UsageError(
                f"{len(matches)} tables are called '{name}'.",
                hint=f"Name a version: {join_names([version.id for version in matches])}.",
            )
        return matches[0]

    def import_file(
        self,
        source: Any,
        *,
        name: str | None = None,
        dataset_id: str | None = None,
        like: DatasetVersion | None = None,
        part_of: DatasetVersion | None = None,
        options: ReadOptions = DETECT_ALL,
        progress: ImportProgress | None = None,
    ) -> DatasetVersion:
        """Import a table as a new data set, or as a new version of ``dataset_id``.

        It is a CSV, JSON or Parquet file, a workbook, an SQLite or DuckDB file, a folder of Parquet files or
        of a Delta table, or a data frame of pandas or Polars; ``options`` override what would be detected.
        Columns get the types that they have in ``like``, which separate files of a task need. ``part_of`` is
        the version that the rows of a data frame were read from: its file says how rows to score are spelled.
        A table that exists under the same name, with the same rows and spelling, is returned unchanged.
        ``postgresql://user@host/database`` reads the table or query that it or ``options`` name; the
        version's source is the address without its password. A location such as ``shop://orders`` is read by
        the data source plug-in with that prefix, in a separate process. ``progress`` is called with the
        progress.
        """
        from litmus_core.data import import_table

        number = 1
        if dataset_id is not None:
            latest = self.context.store.versions(dataset_id)[-1]
            number, name = latest.version + 1, name or latest.name
        with open_source(self.context.workspace, source, options) as opened:
            version = import_table(
                self.context.workspace,
                opened.path,
                name=name or opened.name,
                dataset_id=dataset_id,
                version=number,
                like=like or part_of,
                options=opened.options,
                progress=progress,
            )
            version = opened.described(version)
        if part_of is not None:
            version = _spelled(version, part_of)
        for dataset in self.context.store.datasets() if dataset_id is None else ():
            if _is_same(dataset, version):
                shutil.rmtree(self.context.workspace.dataset_dir(version.dataset_id))
                return dataset
        self.context.record(DatasetImported(version=version))
        return version

    def refresh(
        self, version_id: str, *, source: str | None = None, options: ReadOptions = DETECT_ALL
    ) -> DatasetVersion:
        """Return a new version with the rows that are now at the address of ``version_id``.

        Columns keep their types, and the version's fixes are applied. If the rows are the same,
        ``version_id`` is returned. Rows that a fix removed by position come back, with a note. ``source`` is
        another address, such as one with a password, or a file. Raises UsageError for a table without either,
        UntrustedError for an address in a foreign workspace.
        """
        from litmus_core.data import import_table

        version = self.context.store.dataset_version(version_id)
        base = self.fixes.base_of(version)
        if source is None:
            check_refreshable(self.context, base)
        with open_source(self.context.workspace, source or base.source, options) as opened:
            newer = import_table(
                self.context.workspace,
                opened.path,
                name=version.name,
                dataset_id=version.dataset_id,
                version=self._next_number(version),
                like=base,
                options=opened.options if source or options != DETECT_ALL else base.options,
            )
        if newer.content_hash == base.content_hash:
            table = self.context.workspace.path / newer.path
            for file in (table, table.with_suffix(".profile.json")):
                file.unlink(missing_ok=True)
            return version
        newer = replace(opened.described(newer), lineage=Lineage(how="refreshed", parent_id=base.id))
        newer = replace(newer, notes=(*_column_notes(base, newer), *newer.notes))
        fixes = tuple(fix for fix in version.lineage.fixes if fix.kind != "drop_rows")
        if fixes != version.lineage.fixes:
            newer = replace(newer, notes=(*newer.notes, _ROWS_KEPT))
        return self._with_fixes(newer, replace(version, lineage=replace(version.lineage, fixes=fixes)))

    def append_rows(
        self, version_id: str, source: Path | str, *, options: ReadOptions = DETECT_ALL
    ) -> DatasetVersion:
        """Return a new version: this one with the rows of a file added at the end.

        Columns are matched by name and read with this version's types. Columns missing in the file are
        missing in its rows, additional columns are ignored, and the notes say so. The version's fixes are
        applied to the new rows, too. Raises DataError if the file does not fit; then nothing changes.
        """
        from litmus_core.data import append_rows

        version = self.context.store.dataset_version(version_id)
        with open_source(self.context.workspace, source, options) as opened:
            appended = append_rows(
                self.context.workspace,
                self.fixes.base_of(version),
                opened.path,
                number=self._next_number(version),
                options=opened.options,
            )
        return self._with_fixes(opened.described(appended), version)

    def correct_labels(
        self,
        version_id: str,
        source: Path | str,
        *,
        key: str,
        column: str,
        options: ReadOptions = DETECT_ALL,
    ) -> DatasetVersion:
        """Return a new version: this one with values of ``column`` corrected by a file.

        The file identifies rows by the column ``key`` and has the right values in ``column``; blank values
        correct nothing. The notes count corrected values, values that were right already, and unknown keys.
        Raises UnknownNameError for an unknown column, DataError if the file contradicts itself or corrects
        nothing; then nothing changes.
        """
        from litmus_core.data import correct_labels

        version = self.context.store.dataset_version(version_id)
        with open_source(self.context.workspace, source, options) as opened:
            corrected = correct_labels(
                self.context.workspace,
                self.fixes.base_of(version),
                opened.path,
                key=key,
                column=column,
                number=self._next_number(version),
                options=opened.options,
            )
        return self._with_fixes(opened.described(corrected), version)

    def difference(self, version_id: str, other_id: str, *, key: str | None = None) -> Difference:
        """Return how the version ``other_id`` differs from ``version_id``: rows, columns and cells.

        Rows are matched by ``key``; without a key by an id column of both versions, else by position, else by
        all their values.
        """
        from litmus_core.data import difference

        before, newer = (
            self.context.store.dataset_version(version_id),
            self.context.store.dataset_version(other_id),
        )
        return difference(self.context.workspace, before, newer, key=key)

    def rename(self, dataset_id: str, name: str) -> None:
        """Rename a data set."""
        self.context.store.versions(dataset_id)
        self.context.record(DatasetRenamed(dataset_id=dataset_id, name=require_name(name)))

    def delete(self, dataset_id: str) -> None:
        """Remove a data set's versions, caches, samples and the request logs of its models' endpoints.

        No bytes of its rows stay in the store's files, the journal or archived files. If the app has the
        workspace open, its store follows within a second; 'litmus doctor' names files that cannot be cleaned.
        Bundles, forecasts and many targets stay, and hold some of its rows.

        Raises UsageError while an experiment depends on it, WorkspaceError if a file cannot be removed.
        """
        context = self.context
        versions = context.store.versions(dataset_id)
        ids = {version.id for version in versions}
        users = [
            experiment.name
            for experiment in context.store.experiments()
            if ids & versions_of(experiment.task)
        ]
        if users:
            raise UsageError(
                f"The data set '{versions[-1].name}' is used by {', '.join(users[:3])}.",
                hint="Delete those experiments first. Nothing was removed.",
            )
        folder, logs = context.workspace.dataset_dir(dataset_id), request_logs(context, ids)
        context.record(DatasetDeleted(dataset_id=dataset_id))
        remove_files(folder, *logs)
        context.store.refresh()  # rewrites the store if this process owns it
        context.journal.empty_log()
        erase_set_aside(context.workspace, dataset_id)

    def preview(self, version_id: str, n_rows: int = 100) -> pd.DataFrame:
        """Return the first rows."""
        from litmus_core.data import read_rows

        return read_rows(
            self.context.workspace, self.context.store.dataset_version(version_id), n_rows=n_rows
        )

    def page(
        self,
        version_id: str,
        *,
        offset: int,
        n_rows: int,
        search: str | None = None,
        sort: str | None = None,
        descending: bool = False,
        columns: Sequence[str] | None = None,
    ) -> Page:
        """Return a page of a table's rows, searched or sorted; BusyError if that takes too long."""
        from litmus_core.data import page_of

        return page_of(
            self.context.workspace,
            self.context.store.dataset_version(version_id),
            offset=offset,
            n_rows=n_rows,
            search=search,
            sort=sort,
            descending=descending,
            columns=columns,
        )

    def relations(self, version_id: str, target: str) -> Relations:
        """Return the target's relation to each other column: means or classes by ranges and values."""
        from litmus_core.data import relations

        return relations(self.context.workspace, self.context.store.dataset_version(version_id), target)

    def profile(self, version_id: str) -> Profile:
        """Return the profile of each column: counts, ranges, top values, histogram."""
        from litmus_core.data import profile

        return profile(self.context.workspace, self.context.store.dataset_version(version_id))

    def _next_number(self, version: DatasetVersion) -> int:
        return self.context.store.versions(version.dataset_id)[-1].version + 1

    def _with_fixes(self, new_version: DatasetVersion, version: DatasetVersion) -> DatasetVersion:
        """Record a version that was derived from the unfixed ``version``, and apply the fixes to it, too.

        If its rows do not allow a fix, such as reading a column as numbers, nothing is recorded or stored.
        """
        from litmus_core.data import surviving_rows

        try:
            surviving_rows(self.context.workspace, new_version, version.lineage.fixes)
        except DataError:
            (self.context.workspace.path / new_version.path).unlink()
            raise
        self.context.record(DatasetImported(version=new_version))
        return (
            self.fixes.applied_to(new_version, version.lineage.fixes, parent=new_version)
            if version.lineage.fixes
            else new_version
        )

    def versions(self, dataset_id: str) -> list[DatasetVersion]:
        """Return a data set's versions, oldest first."""
        return self.context.store.versions(dataset_id)

    def list(self) -> list[DatasetVersion]:
        """Return the latest version of each data set, newest first."""
        return self.context.store.datasets()


def _column_notes(before: DatasetVersion, newer: DatasetVersion) -> Iterator[str]:
    """Yield which columns a refreshed table lost, and which are new in it."""
    if lost := [name for name in before.column_names if name not in newer.column_names]:
        yield f"The source no longer has {quote_names(lost)}; version {before.version} has."
    if added := [name for name in newer.column_names if name not in before.column_names]:
        yield f"The source now has {quote_names(added)} as well; version {before.version} has not."


def _is_same(before: DatasetVersion, version: DatasetVersion) -> bool:
    """Return whether two tables have one name, the same rows, and columns that a file spells the same way."""
    if (before.name, before.content_hash) != (version.name, version.content_hash):
        return False
    spelling = attrgetter(*_SPELLING)
    return [*map(spelling, before.columns)] == [*map(spelling, version.columns)]


def _spelled(version: DatasetVersion, origin: DatasetVersion) -> DatasetVersion:
    """Return ``version`` with columns spelled as in the file of ``origin``, and fixed as they are there."""
    earlier = {column.name: column for column in origin.columns}
    columns = tuple(
        replace(
            column,
            **{name: getattr(earlier[column.name], name) for name in _SPELLING},
        )
        if column.name in earlier
        else column
        for column in version.columns
    )
    return replace(version, columns=columns)
