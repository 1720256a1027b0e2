"""Sources of tables: a file is used as is, and what is at an address is fetched into a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.connectors import TableAddress, as_address, fetch_table, without_password
from litmus_core.errors import DataError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.store import Workspace, check_trusted
from litmus_core.types import DatasetVersion, ReadOptions

FRAME_NAME = "table from Python"
_UNNAMED = (
    "Row labels without a name were left out. Name them to keep them as a column: table.rename_axis('name')."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file to read with ``options``; ``source`` (without secrets) is the source of a temporary file.

    ``name`` is the default name of its data set, None for the file's name.
    """

    path: Path
    options: ReadOptions
    name: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()

    def described(self, version: DatasetVersion) -> DatasetVersion:
        """Return the imported version with its source and notes on what fetching left out."""
        if self.source is None:
            return version
        return replace(version, source=self.source, notes=(*self.notes, *version.notes))


@contextmanager
def open_source(workspace: Workspace, source: Any, options: ReadOptions) -> Iterator[SourceFile]:
    """Yield the file that ``source`` names, or a file with the table at its address or in its data frame.

    Raises DataError if nothing can be fetched, or ``source`` is something else.
    """
    from litmus_core.plugins import as_location

    if not isinstance(source, Path | str):
        with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
            file = Path(scratch, "table.parquet")
            source, notes = _with_labels(source)
            _write_frame(source, file)
            in_memory = DatasetVersion.IN_MEMORY
            yield SourceFile(path=file, options=options, name=FRAME_NAME, source=in_memory, notes=notes)
        return
    address, location = as_address(source), as_location(source)
    if location is None:
        yield SourceFile(path=Path(source), options=options)
        return
    with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
        if address is not None:
            yield _fetch(address, options, Path(scratch))
        else:
            with _by_plugin(workspace, location, Path(scratch)) as file:
                stored = without_password(location)
                name = stored.partition("://")[2] or stored
                yield SourceFile(path=file, options=options, name=name, source=stored)


def check_refreshable(context: Context, version: DatasetVersion) -> None:
    """Raise UsageError unless the rows of a version come from an address that this person trusts.

    Raises UntrustedError if somebody else made the workspace: its address would be contacted with the
    credentials of whoever opens it.
    """
    from litmus_core.plugins import as_location

    if as_location(version.source) is None:
        raise UsageError(
            f"Version {version.version} of '{version.name}' is from a file, not from an address.",
            hint="Name the file with the rows of now: 'litmus refresh dv_… --from FILE'.",
        )
    if version.lineage.how not in ("imported", "refreshed"):
        raise UsageError(
            f"Version {version.version} of '{version.name}' was {version.lineage.how}, which would be lost.",
            hint="Name the version that was read from the address: 'litmus refresh dv_…'.",
        )
    check_trusted(context.workspace, context.journal)


def _fetch(address: TableAddress, options: ReadOptions, scratch: Path) -> SourceFile:
    address, remaining = address.with_choice(options)
    table = fetch_table(address, scratch)
    name = address.name if address.is_database else None
    return SourceFile(path=table.file, options=remaining, name=name, source=str(address), notes=table.notes)


@contextmanager
def _by_plugin(workspace: Workspace, location: str, scratch: Path) -> Iterator[Path]:
    """Yield a file with the table that a data source plug-in reads at ``location``."""
    import pandas as pd

    from litmus_core.plugins import table_at

    with table_at(workspace.path, location) as (table, source):
        if isinstance(table, Path):
            yield table
            return
        if not isinstance(table, pd.DataFrame):
            raise DataError(
                f"The data source {source} read neither a table nor a file from {location}.",
                hint=f"Run 'litmus plugins check' on the file that holds {source}.",
            )
        file = scratch / "table.parquet"
        _with_labels(table)[0].reset_index(drop=True).to_parquet(file)
        yield file


def _with_labels(data: Any) -> tuple[Any, tuple[str, ...]]:
    """Return a data frame with its named row labels as columns, and notes on what became of its labels.

    Labels without a name are left out, which is said where they are more than numbers of rows.
    """
    import pandas as pd

    from litmus_core.runtime import labels_of, with_labels

    if not isinstance(data, pd.DataFrame):
        return data, ()
    names = labels_of(data)
    levels = (
        data.index.get_level_values(place) for place, name in enumerate(data.index.names) if name is None
    )
    is_lost = any(not pd.api.types.is_integer_dtype(level) for level in levels) and len(data) > 0
    notes = (
        *(f"The row labels '{name}' became a column." for name in names),
        *([_UNNAMED] if is_lost else []),
    )
    return with_labels(data, names), notes


def _write_frame(data: Any, path: Path) -> None:
    if not hasattr(data, "to_parquet") and not hasattr(data, "write_parquet"):
        raise DataError(
            f"A {type(data).__name__} is not a table.",
            hint="Give a path, a pandas or polars DataFrame, or a data set version.",
        )
    try:
        if hasattr(data, "to_parquet"):
            _with_storable(data).to_parquet(path, index=False)
        else:
            data.write_parquet(path)
    except (TypeError, ValueError, NotImplementedError) as error:  # includes Arrow's errors
        raise _unstorable(data, error) from error


def _unstorable(data: Any, error: Exception) -> DataError:
    """Return why a table cannot be stored, with the column that is to blame."""
    import pandas as pd
    import pyarrow as pa

    reason = str(error).splitlines()[0]
    for name in data.columns if isinstance(data, pd.DataFrame) and data.columns.is_unique else ():
        try:
            pa.array(data[name])
        except (TypeError, ValueError, NotImplementedError) as refused:
            return DataError(
                f"The column '{name}' cannot be stored: {str(refused).splitlines()[0].rstrip('.')}.",
                hint=f"Give it values of one type, such as texts: table['{name}'].astype(str).",
            )
    return DataError(
        f"The table cannot be stored: {reason}",
        hint="Give each column a name of its own and values of one type.",
    )


def _with_storable(data: Any) -> Any:
    """Return a data frame with the first moment of each period, and with intervals as texts.

    A file would hold a period as a number, and no interval.
    """
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        return data
    changed = data
    for at, kind in enumerate(data.dtypes):
        values = data.iloc[:, at]
        inner = kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind
        if isinstance(kind, pd.PeriodDtype):
            stored = values.dt.to_timestamp()
        elif isinstance(inner, pd.IntervalDtype):
            stored = values.astype(object).map(str, na_action="ignore")
        else:
            continue
        changed = data.copy(deep=False) if changed is data else changed
        changed.isetitem(at, stored)
    return changed
