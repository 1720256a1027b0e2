"""A workspace whose journal is missing, and of which no other file tells."""

from __future__ import annotations

from litmus_core.store import Workspace, examine


def test_what_is_missing_is_said_and_nothing_is_made_up(workspace: Workspace) -> None:
    examined = examine(workspace)

    assert (examined.problem, examined.journal_id) == ("is missing", None)
    assert (examined.records, examined.lost) == ({}, ())
