"""Import and check tables given in Python: files, data frames, versions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.connectors import as_address
from litmus_core.errors import UnknownNameError
from litmus_core.experiments._data.sources import FRAME_NAME
from litmus_core.experiments._studio import Studio
from litmus_core.types import COLUMN_KINDS, CheckReport, Column, DatasetVersion

if TYPE_CHECKING:
    from litmus_core.experiments._api.spec import Schema


def import_any(
    studio: Studio,
    data: Any,
    *,
    name: str | None = None,
    like: DatasetVersion | None = None,
    schema: Schema | None = None,
) -> DatasetVersion:
    """Return the version for ``data``: a file, an address, a data frame, a version or its id.

    ``schema`` sets the kinds of columns that Litmus should not detect. Raises DataError or UnknownNameError.
    """
    if isinstance(data, DatasetVersion):
        return data
    if isinstance(data, str) and data.startswith("dv_") and not Path(data).exists():
        return studio.datasets.get(data)
    if schema:
        like = _of_schema(schema)
        name = f"{name or _stem(data)}, {_schema_text(schema)}"  # another schema is another data set
    version = studio.datasets.import_file(data, name=name, like=like)
    for column in schema or ():
        if column not in version.column_names:
            raise UnknownNameError(kind="column", name=column, names=version.column_names)
    return version


def check(
    data: Any,
    target: str | None = None,
    *,
    test: Any = None,
    kinds: Sequence[str] | None = None,
    workspace: Path | str | None = None,
) -> CheckReport:
    """Return the problems in a table that would mislead a model, the most harmful first, each with its fix.

    ``data`` and separate test rows ``test`` are as for :func:`litmus_core.train`, and are stored in the
    workspace: ``studio.fixes.apply(report.dataset_version_id, fixes)`` fixes the table. ``kinds`` are the
    checks to run; None runs all.

        for finding in litmus_core.check("shop.csv", "sold").findings:
            print(finding.severity, litmus_core.checks.finding_sentence(finding))
    """
    with Studio.open(workspace) as studio:
        version = import_any(studio, data)
        test_version = (
            None if test is None else import_any(studio, test, name=f"{version.name} test", like=version)
        )
        test_version_id = None if test_version is None else test_version.id
        target_name = None if target is None else str(target)  # column names of a data frame may be numbers
        return studio.checks.run(version.id, target=target_name, test_version_id=test_version_id, kinds=kinds)


def _stem(data: Any) -> str:
    if not isinstance(data, str | Path):
        return FRAME_NAME
    address = as_address(data)
    return Path(data).name.partition(".")[0] if address is None else address.name.partition(".")[0]


def _schema_text(schema: Schema) -> str:
    return ", ".join(f"{column} as {kind}" for column, kind in sorted(schema.items()))


def _of_schema(schema: Schema) -> DatasetVersion:
    """Return a version with only the columns of ``schema``, as a pattern for reading."""
    for kind in schema.values():
        if kind not in COLUMN_KINDS:
            raise UnknownNameError(kind="kind of column", name=str(kind), names=COLUMN_KINDS)
    columns = tuple(
        Column(name=name, original_name=name, kind=kind, storage=COLUMN_KINDS[kind].storage)
        for name, kind in schema.items()
    )
    return DatasetVersion.of_columns(columns, name="the schema")
