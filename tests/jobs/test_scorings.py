"""Files are scored by processes of their own, which can be stopped, killed and gone on with."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from litmus_core.errors import BusyError, NotFoundError, UsageError
from litmus_core.experiments import Studio
from litmus_core.types import BundleExported, ScoringJob
from tests import tiny
from tests.elsewhere import teach_children


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A workspace with one bundle, whose executor every child knows."""
    teach_children(monkeypatch, tmp_path)
    studio = Studio.open(tmp_path / "litmus")
    studio.context.record(BundleExported(bundle=tiny.bundle(tmp_path / "model.zip", zipped=True)))
    yield studio
    studio.close()


def rows(studio: Studio, n_rows: int, *, last: str = "1,x,,\n") -> Path:
    """Write rows where an upload would lie."""
    folder = studio.workspace.uploads / "up_1"
    folder.mkdir()
    (folder / "rows.csv").write_text("size,zip,day,new\n" + "1,x,,\n" * (n_rows - 1) + last)
    return folder / "rows.csv"


def until(studio: Studio, *, n_done: int = 0, over: bool = False) -> ScoringJob:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = studio.scorings.list()[0]
        if (job.status != "running") if over else (job.progress.n_done >= n_done or job.status != "running"):
            return job
        time.sleep(0.02)
    raise TimeoutError(job)


@pytest.mark.kills
def test_a_scoring_is_stopped_and_goes_on_to_its_end(studio: Studio) -> None:
    bundle = studio.bundles.list()[0]
    source = rows(studio, 100_000)
    started = studio.scorings.start(bundle.id, source)
    assert (started.status, Path(started.to).name) == ("running", "rows-predictions.csv")
    with pytest.raises(BusyError, match="still being scored"):
        studio.scorings.delete(started.id)

    until(studio, n_done=1)
    stopped = studio.scorings.stop(started.id)
    assert (stopped.status, stopped.progress.n_rows) == ("stopped", 100_000)
    assert 0 < stopped.progress.n_done < 100_000
    assert not Path(started.to).exists()

    studio.scorings.resume(started.id)
    done = until(studio, over=True)
    assert (done.status, done.progress.n_done, done.message) == ("finished", 100_000, "")
    with Path(done.to).open() as lines:
        assert sum(1 for _ in lines) == 100_001
    assert not source.exists()  # an upload was Litmus's own copy
    with pytest.raises(UsageError, match="finished"):
        studio.scorings.resume(done.id)

    studio.scorings.delete(done.id)
    assert studio.scorings.list() == []
    assert not Path(done.to).exists()


@pytest.mark.kills
def test_few_run_at_once_and_the_others_wait_in_the_order_they_were_started(studio: Studio) -> None:
    bundle, source = studio.bundles.list()[0], rows(studio, 400_000)
    ids = [studio.scorings.start(bundle.id, source).id for _ in range(5)]
    seen = {job.id: (job.status, job.place) for job in studio.scorings.list()}
    waiting = [("waiting", 1), ("waiting", 2), ("waiting", 3)]
    assert [seen[each] for each in ids] == [("running", None), ("running", None), *waiting]
    with pytest.raises(BusyError, match="waits to be scored"):
        studio.scorings.delete(ids[2])
    with pytest.raises(BusyError, match="being scored already"):
        studio.scorings.resume(ids[2])

    assert studio.scorings.stop(ids[2]).status == "stopped"
    again = studio.scorings.resume(ids[2])  # at the end of the queue
    assert (again.status, again.place) == ("waiting", 3)
    assert studio.scorings.stop(ids[0]).status == "stopped"
    seen = {job.id: (job.status, job.place) for job in studio.scorings.list()}
    assert [seen[each] for each in ids[2:]] == [("waiting", 2), ("running", None), ("waiting", 1)]

    for each in (*ids[2:], ids[1]):
        studio.scorings.stop(each)
    sizes = {size.id: size for size in studio.storage.sizes() if size.kind == "scoring"}
    assert set(sizes) == set(ids)
    assert all(size.n_bytes > source.stat().st_size and size.in_use == "" for size in sizes.values())
    for each in ids:
        studio.scorings.delete(each)
    assert list(studio.workspace.scorings.glob("sc_*")) == []


@pytest.mark.kills
def test_one_that_ends_starts_the_next_though_nobody_looks(studio: Studio) -> None:
    bundle, source = studio.bundles.list()[0], rows(studio, 2_000)
    studio.workspace.uploads.joinpath("up_1").rename(source.parents[2] / "mine")  # no upload: it stays
    source = source.parents[2] / "mine" / "rows.csv"
    ids = [studio.scorings.start(bundle.id, source).id for _ in range(3)]
    states = [studio.workspace.scoring_dir(each) / "scoring.json" for each in ids]
    deadline = time.monotonic() + 120
    while any(json.loads(state.read_text())["status"] != "finished" for state in states):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_full_disk_is_said_and_nothing_is_left_of_the_scoring(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    source = rows(studio, 3)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(UsageError, match="cannot be written: No space left on device"):
            studio.scorings.start(studio.bundles.list()[0].id, source)
    assert studio.scorings.list() == []
    assert list(studio.workspace.scorings.glob("sc_*")) == []


def test_a_row_that_cannot_be_read_is_the_jobs_last_word(studio: Studio) -> None:
    studio.scorings.start(studio.bundles.list()[0].id, rows(studio, 3, last="large,x,,\n"))

    failed = until(studio, over=True)
    assert failed.status == "failed"
    assert (
        failed.message.startswith("The column 'size' holds numbers; row 2 has 'large'")
        or "row 2" in failed.message
    )


def test_what_cannot_be_begun_is_said_at_once(studio: Studio) -> None:
    source = rows(studio, 1)
    with pytest.raises(UsageError, match="does not say what kind of file"):
        studio.scorings.start(studio.bundles.list()[0].id, source, to=source.with_name("out.xlsx"))
    with pytest.raises(NotFoundError, match="no scoring 'sc_0'"):
        studio.scorings.stop("sc_0")
    assert studio.scorings.list() == []
