from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from litmus_core.store import Journal, Store, Workspace, open_store
from litmus_core.store._journal.facts import Record, checksum
from litmus_core.store._journal.journal import insert_row
from tests import instances
from tests.store.story import STORY


@pytest.fixture(autouse=True)
def _instances_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "connect", instances.make_instance)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def journal(workspace: Workspace) -> Iterator[Journal]:
    journal = Journal(workspace)
    yield journal
    journal.close()


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    with open_store(workspace) as store:
        yield store


def write_unknown(workspace: Workspace, id: int, type: str, payload: str) -> None:  # noqa: A002
    """Write an event into the journal as a newer Litmus would, of a type that is not known here."""
    row = (id, "2030", type, None, None, "", payload)
    with closing(sqlite3.connect(workspace.journal_path)) as db, db:
        insert_row(db, Record(*row, checksum(*row)))


class Helper:
    """A process that runs a script of ours and tells when it got somewhere by printing a line."""

    def __init__(self, script: str, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def start() -> Iterator[type[Helper]]:
    started: list[Helper] = []

    def starting(script: str, *arguments: object) -> Helper:
        started.append(Helper(script, *arguments))
        return started[-1]

    yield starting  # type: ignore[misc]
    for helper in started:
        helper.kill()


@pytest.fixture
def told(workspace: Workspace, journal: Journal) -> Workspace:
    """A workspace with a story in its journal, a store and a snapshot, all closed."""
    journal.append(*STORY)
    open_store(workspace).close()
    return workspace
