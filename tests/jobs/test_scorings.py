"""Files are scored by processes of their own, which can be stopped, killed and gone on with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

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
    studio.record(BundleExported(bundle=tiny.bundle(tmp_path / "model.zip", zipped=True)))
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
        job = studio.scorings()[0]
        if (job.status != "running") if over else (job.n_done >= n_done or job.status != "running"):
            return job
        time.sleep(0.02)
    raise TimeoutError(job)


@pytest.mark.kills
def test_a_scoring_is_stopped_and_goes_on_to_its_end(studio: Studio) -> None:
    bundle = studio.bundles()[0]
    source = rows(studio, 150_000)
    started = studio.start_scoring(bundle.id, source)
    assert (started.status, Path(started.to).name) == ("running", "rows-predictions.csv")
    with pytest.raises(BusyError, match="still being scored"):
        studio.delete_scoring(started.id)

    until(studio, n_done=1)
    stopped = studio.stop_scoring(started.id)
    assert (stopped.status, stopped.n_rows) == ("stopped", 150_000)
    assert 0 < stopped.n_done < 150_000
    assert not Path(started.to).exists()

    studio.resume_scoring(started.id)
    done = until(studio, over=True)
    assert (done.status, done.n_done, done.message) == ("finished", 150_000, "")
    with Path(done.to).open() as lines:
        assert sum(1 for _ in lines) == 150_001
    assert not source.exists()  # an upload was Litmus's own copy
    with pytest.raises(UsageError, match="finished"):
        studio.resume_scoring(done.id)

    studio.delete_scoring(done.id)
    assert studio.scorings() == []
    assert not Path(done.to).exists()


def test_a_row_that_cannot_be_read_is_the_jobs_last_word(studio: Studio) -> None:
    studio.start_scoring(studio.bundles()[0].id, rows(studio, 3, last="large,x,,\n"))

    failed = until(studio, over=True)
    assert failed.status == "failed"
    assert (
        failed.message.startswith("The column 'size' holds numbers; row 2 has 'large'")
        or "row 2" in failed.message
    )


def test_what_cannot_be_begun_is_said_at_once(studio: Studio) -> None:
    source = rows(studio, 1)
    with pytest.raises(UsageError, match="does not say what kind of file"):
        studio.start_scoring(studio.bundles()[0].id, source, to=source.with_name("out.xlsx"))
    with pytest.raises(NotFoundError, match="no scoring 'sc_0'"):
        studio.stop_scoring("sc_0")
    assert studio.scorings() == []
