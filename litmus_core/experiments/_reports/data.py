"""The report on a version of a table."""

from __future__ import annotations

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import stored_report
from litmus_core.store import utc_now


def data_report(context: Context, version_id: str, *, target: str | None = None) -> str:
    """Return one HTML page on a version: columns, and findings if its checks were run.

    Raises UnknownNameError for an unknown column ``target``.
    """
    from litmus_core.data import profile
    from litmus_core.report import data_report

    version = context.dataset(version_id)
    if target is not None and target not in version.column_names:
        raise UnknownNameError(kind="column", name=target, names=version.column_names)
    return data_report(
        version,
        profile(context.workspace, version),
        stored_report(context, version_id, target),
        created_at=utc_now(),
    )
