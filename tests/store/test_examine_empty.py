"""A workspace in which nothing happened yet is whole."""

from __future__ import annotations

from litmus_core.store import Journal, Workspace, examine


def test_an_empty_journal_without_mirrors_is_whole(workspace: Workspace, journal: Journal) -> None:
    examined = examine(workspace)

    assert examined.is_sound
    assert (examined.records, examined.lost) == ({}, ())
