"""How far an import has come, as another thread reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.data import ImportProgress, import_table
from litmus_core.store import Workspace


class _Connection:
    """A connection whose statement is ``percent`` done."""

    def __init__(self) -> None:
        self.percent = -1.0

    def execute(self, sql: str) -> None:
        assert "progress" in sql

    def query_progress(self) -> float:
        return self.percent


def test_the_share_follows_the_statement_within_its_part_and_never_falls() -> None:
    connection, progress = _Connection(), ImportProgress()
    assert progress.share == 0.0
    progress.follow(connection, start=0.4, end=0.8)  # type: ignore[arg-type]
    connection.percent = 50.0
    assert progress.share == pytest.approx(0.6)
    connection.percent = -1.0  # the next statement has not begun
    assert progress.share == pytest.approx(0.6)


def test_an_import_goes_through_its_parts(tmp_path: Path, workspace: Workspace) -> None:
    path, progress = tmp_path / "rows.csv", ImportProgress()
    path.write_text("a,b\n" + "1,x\n" * 10)
    import_table(workspace, path, progress=progress)
    assert progress.share == 0.2  # its last part began, and nothing runs any more
