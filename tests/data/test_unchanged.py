"""Files that another process writes while they are imported: refused, never mixed without a word."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from litmus_core.data import _import, import_table, read_rows
from litmus_core.data._sources import _sqlite
from litmus_core.errors import DataError
from litmus_core.runtime import _rows
from litmus_core.store import Workspace
from litmus_core.types import Column

Change = Callable[[Path], object]
ROWS = "size,colour\n3,red\n1,blue\n"


def _append(path: Path) -> None:
    path.write_text(ROWS + "5,gre")


def _cut(path: Path) -> None:
    path.write_text(ROWS[:14])


def _replace(path: Path) -> None:
    newer = path.with_suffix(".new")
    newer.write_text(ROWS.replace("red", "tan"))
    os.replace(newer, path)


def _changing(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, change: Callable[[], object]
) -> None:
    """Have ``change`` happen when the function ``name`` of ``module`` is called."""
    function = getattr(module, name)

    def changed(*args: object, **keywords: object) -> object:
        change()
        return function(*args, **keywords)

    monkeypatch.setattr(module, name, changed)


@pytest.mark.parametrize("change", [_append, _cut, _replace, Path.unlink])
def test_a_file_that_changes_while_it_is_read_is_refused(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    path = tmp_path / "shirts.csv"
    path.write_text(ROWS)
    _changing(monkeypatch, _import, "_write_typed", lambda: change(path))

    with pytest.raises(DataError, match=r"'shirts\.csv' was changed while it was read"):
        import_table(workspace, path)
    assert not list(workspace.datasets.iterdir())


def test_a_database_at_work_gives_the_rows_of_one_moment(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shirts.sqlite"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE shirts (size INTEGER, label BLOB)")
        writer.execute("INSERT INTO shirts VALUES (3, x'00')")
        writer.commit()

        def add() -> None:
            writer.execute("INSERT INTO shirts VALUES (4, 'four')")
            writer.commit()

        _changing(monkeypatch, _sqlite, "check_width", add)
        version = import_table(workspace, path)

    assert read_rows(workspace, version).values.tolist() == [[3]]


def test_a_file_that_changes_while_it_is_predicted_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shirts.csv"
    path.write_text(ROWS)
    _changing(monkeypatch, _rows, "read_table", lambda: _append(path))

    with pytest.raises(DataError, match=r"'shirts\.csv' was changed while it was read"):
        _rows.to_frame(path, [Column(name="size", original_name="size", kind="number", storage="DOUBLE")])
