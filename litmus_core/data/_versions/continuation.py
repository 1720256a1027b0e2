"""Whether a model can continue training on a version: the same rows, and more of them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._rows.read import read_rows
from litmus_core.data._versions.lineage import without_fixes
from litmus_core.errors import DataError
from litmus_core.runtime import label_text
from litmus_core.text import quote_names

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion

_RETRAIN = "Retrain on it instead."
_SHOWN = 3


def newest_version(versions: Sequence[DatasetVersion], version_id: str) -> DatasetVersion | None:
    """Return the newest version with more rows that was made, step by step, from ``version_id``.

    Rows are appended to a version without its fixes, and the fixes are applied again.
    """
    by_id = {version.id: version for version in versions}
    before = by_id[version_id]
    base = without_fixes(before, by_id)

    def descends(version: DatasetVersion) -> bool:
        parent = by_id.get(version.lineage.parent_id or "")
        if parent is None:
            return False
        is_grown = version.lineage.how == "appended" and parent.id == base.id
        return is_grown or parent.id == version_id or descends(parent)

    newer = [version for version in versions if descends(version) and version.n_rows > before.n_rows]
    newer = [
        version
        for version in newer
        if version.lineage.fixes[: len(before.lineage.fixes)] == before.lineage.fixes
    ]
    return max(newer, key=lambda version: version.version, default=None)


def check_newer(
    workspace: Workspace,
    before: DatasetVersion,
    newer: DatasetVersion,
    *,
    columns: Sequence[str],
    target: str,
    classes: Sequence[Any],
) -> int:
    """Return how many rows of ``newer`` are new, have a target, and follow those of ``before``.

    ``columns`` are all that the model and its split read, target included; ``classes`` those that the model
    knows (none for numbers). Raises DataError if a column is missing or of another type, if an earlier row
    has changed or gone, if none is new, or if one has an unknown class.
    """
    _check_columns(before, newer, columns)
    older_rows = read_rows(workspace, before, columns=columns)
    newer_rows = read_rows(workspace, newer, columns=columns)
    _check_same(older_rows, newer_rows.iloc[: len(older_rows)], before, newer)
    labels = as_labels(newer_rows[target])[len(older_rows) :]
    texts = [label for label in labels.tolist() if label is not None]
    if not texts:
        raise DataError(
            f"Version {newer.version} of '{newer.name}' has no new row with a '{target}' after the "
            f"{len(older_rows):,} that the model was trained and tested with.",
            hint="Append rows first: 'litmus append VERSION FILE', or on the Data page.",
        )
    # Otherwise the classes are encoded, and not the table's values.
    if set(classes) <= set(as_labels(older_rows[target]).tolist()):
        _check_classes(texts, classes, target)
    return len(texts)


def _check_columns(before: DatasetVersion, newer: DatasetVersion, columns: Sequence[str]) -> None:
    names = newer.column_names
    lacking = [name for name in columns if name not in names]
    if lacking:
        added = [name for name in names if name not in before.column_names]
        near = get_close_matches(lacking[0], added, n=1)
        advice = f"Was it renamed to '{near[0]}'? Rename it back, or retrain." if near else _RETRAIN
        raise DataError(
            f"Version {newer.version} of '{newer.name}' has no {quote_names(lacking, most=_SHOWN)}, "
            "which the model reads.",
            hint=advice,
        )
    for name in columns:
        old_kind, new_kind = _kind_text(before.column(name)), _kind_text(newer.column(name))
        if old_kind != new_kind:
            raise DataError(
                f"'{name}' was {old_kind} when the model was trained, "
                f"and is {new_kind} in version {newer.version}.",
                hint=_RETRAIN,
            )


def _kind_text(column: Column) -> str:
    """Return a column's type as text; numbers may gain a fraction or a gap, which models read alike."""
    return (
        "a number" if column.traits.is_quantity else f"of the kind {column.kind}, stored as {column.storage}"
    )


def _check_same(
    older_rows: pd.DataFrame, newer_rows: pd.DataFrame, before: DatasetVersion, newer: DatasetVersion
) -> None:
    if len(newer_rows) < len(older_rows):
        raise DataError(
            f"Version {newer.version} has {len(newer_rows):,} rows, fewer than the {len(older_rows):,} "
            f"of version {before.version} that the model was trained and tested with.",
            hint=_RETRAIN,
        )
    for name in older_rows.columns:
        older, latest = older_rows[name], newer_rows[name]
        differs = ((older != latest) & ~(older.isna() & latest.isna())).to_numpy()
        if differs.any():
            raise DataError(
                f"{int(differs.sum()):,} rows that the model was trained or tested with differ in version "
                f"{newer.version}, the first of them row {int(differs.argmax()) + 1:,} in '{name}'.",
                hint=f"Append the new rows to version {before.version}, or retrain.",
            )


def _check_classes(labels: Sequence[Any], classes: Sequence[Any], target: str) -> None:
    unknown = [label for label in labels if label not in set(classes)] if classes else []
    if unknown:
        names = list(dict.fromkeys(label_text(label) for label in unknown))
        raise DataError(
            f"{len(unknown):,} new rows have a '{target}' that the model was never trained for: "
            f"{quote_names(names, most=_SHOWN)}. It cannot learn another answer.",
            hint="Retrain on this version, or correct those rows.",
        )
