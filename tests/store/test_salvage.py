"""A journal that was lost or damaged, and how much of it comes back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from litmus_core.errors import BusyError, WorkspaceError
from litmus_core.store import Journal, Workspace, copy_journal, examine, open_store, salvage
from litmus_core.types import DatasetRenamed
from tests.store.story import STORY, content

NAMES = [f"name {number} " + "x" * (number % 7 * 900) for number in range(120)]  # some need several pages


@pytest.fixture
def full(told: Workspace, journal: Journal) -> Workspace:
    """A closed workspace whose journal has a story and many names; its store knows the story alone."""
    for name in NAMES:
        journal.append(DatasetRenamed(dataset_id="ds_1", name=name))
    journal.close()
    return told


def fold(workspace: Workspace) -> dict[str, list[dict]]:
    with open_store(workspace) as store:
        return content(store)


def names(workspace: Workspace) -> list[str]:
    with closing(Journal(workspace)) as journal:
        return [event.fact.name for event in journal.events(types=[DatasetRenamed])]  # type: ignore[union-attr]


def zero(path: Path, first_page: int, n_pages: int = 1) -> None:
    content = bytearray(path.read_bytes())
    content[first_page * 4096 : (first_page + n_pages) * 4096] = b"\0" * 4096 * n_pages
    path.write_bytes(content)


LOSSES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "no head": lambda path: zero(path, 0),
    "a hole": lambda path: zero(path, 5, 6),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: 16 * 4096]),
    "text": lambda path: path.write_bytes(b"not a database" * 1000),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_what_the_store_knows_comes_back_whatever_the_journal_lost(full: Workspace, loss: str):
    before = fold(full)
    LOSSES[loss](full.journal_path)
    with pytest.raises(WorkspaceError, match="doctor --fix"):
        open_store(full)

    examined = examine(full)
    assert not examined.is_sound
    assert examined.lost == ()
    kept = salvage(full, examined)

    assert examine(full).is_sound
    assert names(full) == NAMES
    assert fold(full) == before
    assert (loss == "missing") == (not kept)


@pytest.mark.parametrize("loss", ["a hole", "cut", "no head"])
def test_what_lies_in_the_rest_of_the_file_comes_back_without_a_store(full: Workspace, loss: str):
    for path in (full.store_path, full.snapshot_path):
        path.unlink()
    LOSSES[loss](full.journal_path)

    examined = examine(full)
    salvage(full, examined)

    back = names(full)
    assert 5 < len(back) <= len(NAMES)
    assert [name for name in NAMES if name in set(back)] == back
    assert {*examined.lost, *examined.records} == set(range(1, max(examined.records) + 1))
    assert examine(full).is_sound  # what is lost for good is said once
    assert examine(full).known_lost == examined.lost
    fold(full)


def test_one_forged_event_is_brought_back_from_the_store(full: Workspace):
    before = fold(full)
    with closing(sqlite3.connect(full.journal_path)) as db, db:
        db.execute("UPDATE events SET payload = replace(payload, 'name 3 ', 'name 4 ') WHERE type <> 'x'")

    examined = examine(full)
    assert "name 3 " in examined.records[examined.lacking[0]].payload
    assert len(examined.lacking) == 1
    salvage(full, examined)

    assert names(full) == NAMES
    assert fold(full) == before


def test_looking_changes_nothing(full: Workspace):
    zero(full.journal_path, 5)
    before = {path: path.read_bytes() for path in full.path.rglob("*") if path.is_file()}

    examine(full)

    assert {path: path.read_bytes() for path in full.path.rglob("*") if path.is_file()} == before


def test_the_queue_is_told_anew_from_what_happened(told: Workspace, journal: Journal):
    from tests.store import facts

    journal.append(facts.queued("run_2"))
    before = [(job.run_id, job.state) for job in journal.jobs()]
    journal.close()
    open_store(told).close()
    told.journal_path.unlink()

    salvage(told, examine(told))

    with closing(Journal(told)) as again:
        assert (
            [(job.run_id, job.state) for job in again.jobs()]
            == before
            == [("run_1", "done"), ("run_2", "queued")]
        )
        assert again.append(DatasetRenamed(dataset_id="ds_1", name="goes on")) == len(STORY) + 2


def test_a_salvage_that_was_cut_short_is_done_again(full: Workspace, monkeypatch: pytest.MonkeyPatch):
    zero(full.journal_path, 5)
    replace = Path.replace

    def failing(path: Path, target: Path) -> Path:
        if target == full.journal_path:
            raise KeyboardInterrupt  # killed between setting aside and putting the new one there
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(KeyboardInterrupt):
        salvage(full, examine(full))
    monkeypatch.undo()
    with pytest.raises(WorkspaceError, match="is missing"):
        Journal(full).last_id()

    before = len(examine(full).records)
    salvage(full, examine(full))
    assert len(examine(full).records) == before > 100


def test_a_workspace_that_is_in_use_is_left_alone(full: Workspace):
    zero(full.journal_path, 0)
    examined = examine(full)
    with pytest.raises(WorkspaceError):
        open_store(full)
    from litmus_core.store import FileLock

    with FileLock(full.lock_path) as lock:
        lock.acquire()
        with pytest.raises(BusyError, match=r"is in use. Close the app"):
            salvage(full, examined)


def test_a_disk_without_room_leaves_the_journal_as_it_was(full: Workspace, monkeypatch: pytest.MonkeyPatch):
    zero(full.journal_path, 5)
    before = full.journal_path.read_bytes()

    def full_disk(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("litmus_core.store._journal.salvage.insert_row", full_disk)
    with pytest.raises(WorkspaceError, match=r"disk is full. Nothing was changed"):
        salvage(full, examine(full))
    assert full.journal_path.read_bytes() == before
    assert not list(full.path.glob("*.new"))


def test_a_journal_that_somebody_has_open_is_opened_anew_after_a_salvage(full: Workspace):
    fold(full)
    with closing(Journal(full)) as open_one:
        assert open_one.last_id() == len(STORY) + len(NAMES)
        with closing(sqlite3.connect(full.journal_path)) as db, db:
            db.execute("UPDATE events SET payload = 'x' WHERE id = 3")
        salvage(full, examine(full))

        at = open_one.append(DatasetRenamed(dataset_id="ds_1", name="after"))
    assert names(full)[-1] == "after"
    assert at == len(STORY) + len(NAMES) + 1


def test_a_copy_is_whole_while_others_write(full: Workspace, tmp_path: Path):
    with closing(Journal(full)) as journal:
        journal.append(DatasetRenamed(dataset_id="ds_1", name="in the log"))
        n_events = copy_journal(full, tmp_path / "journal.db")
    other = Workspace(tmp_path / "other").create()
    shutil.copy(tmp_path / "journal.db", other.journal_path)

    assert n_events == len(STORY) + len(NAMES) + 1
    assert names(other)[-1] == "in the log"


def test_a_damaged_journal_is_not_copied(full: Workspace, tmp_path: Path):
    zero(full.journal_path, 5)

    with pytest.raises(WorkspaceError, match=r"is damaged .* doctor --fix. first"):
        copy_journal(full, tmp_path / "journal.db")


def test_random_bytes_never_end_in_anything_but_words(full: Workspace):
    chance = random.Random(3)
    content = full.journal_path.read_bytes()
    for _ in range(25):
        bad = bytearray(content)
        for _ in range(chance.choice((1, 20, 400))):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        full.journal_path.write_bytes(bytes(bad))
        try:
            with closing(Journal(full)) as journal:
                journal.check()
                journal.events()
        except WorkspaceError:
            pass
        examined = examine(full)
        assert set(examined.records) >= set(range(1, len(STORY) + 1))


def test_events_whose_ids_others_took_come_back_behind_them(full: Workspace):
    fold(full)
    with closing(sqlite3.connect(full.journal_path)) as db, db:
        db.execute("DELETE FROM events")
    with closing(Journal(full)) as journal:
        journal.append(DatasetRenamed(dataset_id="ds_1", name="later"))
    fold(full)  # the store that knows more is set aside

    examined = examine(full)
    assert not examined.is_sound
    salvage(full, examined)

    assert examine(full).is_sound
    assert sorted(names(full)) == sorted([*NAMES, "later"])
    with open_store(full) as store:
        assert store.run("run_1").status == "finished"
