"""Outcomes from files, databases, cloud storage and plug-ins: read once, or again from the same address."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.sources import open_source
from litmus_core.store import check_trusted
from litmus_core.types import OutcomeCounts, ReadOptions

if TYPE_CHECKING:
    from litmus_core.deploy import OutcomeColumns


def add_from(
    context: Context, name: str, source: Path | str, columns: OutcomeColumns, options: ReadOptions
) -> OutcomeCounts:
    """Store the outcomes in a file or at an address; an address is stored without its secrets.

    All rows are read before the first outcome is stored.
    """
    from litmus_core.data import rows_file
    from litmus_core.deploy import (
        OutcomeSource,
        add_outcomes,
        outcomes_in_file,
        store_outcome_source,
        target_of,
    )

    workspace, target = context.workspace, target_of(context.workspace, name)
    with (
        open_source(workspace, source, options) as opened,
        tempfile.TemporaryDirectory(prefix="litmus-outcomes-") as scratch,
    ):
        described = columns.described(target)
        file = rows_file(opened.path, described, scratch=Path(scratch), options=opened.options)
        counts = add_outcomes(
            workspace, name, outcomes_in_file(file, columns, target=target), key=columns.key
        )
    if opened.source is not None:
        record = OutcomeSource(address=opened.source, columns=columns, options=opened.options)
        store_outcome_source(workspace, name, record)
    return counts


def add_again(context: Context, name: str) -> OutcomeCounts:
    """Store the outcomes that are at the stored address now.

    Raises UsageError without one, UntrustedError if somebody else made the workspace: the address would be
    contacted with the credentials of whoever opens it.
    """
    from litmus_core.deploy import stored_outcome_source

    record = stored_outcome_source(context.workspace, name)
    if record is None:
        raise UsageError(
            f"No outcomes of '{name}' came from an address yet.",
            hint=f"Name a file or an address: litmus endpoints outcomes {name} SOURCE.",
        )
    check_trusted(context.workspace, context.journal)
    return add_from(context, name, record.address, record.columns, record.options)
