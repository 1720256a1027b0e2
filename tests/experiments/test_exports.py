"""Exports of one run wait for each other, and nobody takes the run away meanwhile."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from litmus_core import load_bundle
from litmus_core.errors import BusyError, NotFoundError
from litmus_core.experiments import Studio
from litmus_core.experiments._runs import lock
from litmus_core.types import RunDeleted
from tests.trained import Trained, opened


def test_two_exports_of_a_candidate_at_once_give_two_bundles(trained: Trained) -> None:
    with opened(trained) as studio:
        chosen = studio.candidates.chosen(trained.run.id).id
        with ThreadPoolExecutor(2) as both:
            records = list(both.map(lambda _: studio.bundles.export(chosen), range(2)))

    paths = {Path(record.path) for record in records}
    assert len(paths) == 2
    for path in paths:
        with load_bundle(path) as bundle:
            assert bundle.check() == []
    assert not [each for each in next(iter(paths)).parent.iterdir() if each.name.startswith(".")]


@pytest.fixture
def studio(trained: Trained, tmp_path: Path) -> Studio:
    """A copy of the trained workspace, whose run may be deleted."""
    shutil.copytree(trained.workspace, tmp_path / "workspace")
    return Studio.open(tmp_path / "workspace")


def test_a_run_is_not_deleted_while_it_is_exported(studio: Studio, trained: Trained) -> None:
    with studio, lock.locked_run(studio.context, trained.run.id):
        with pytest.raises(
            BusyError, match=r"is being exported\. Wait until that is done\. Nothing was changed"
        ):
            studio.runs.delete(trained.run.id)

        assert studio.runs.get(trained.run.id).id == trained.run.id
        assert (studio.workspace.run_dir(trained.run.id) / "model.json").exists()


def test_an_export_gives_up_in_words_where_another_takes_for_ever(
    studio: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(lock.FileLock):
        def acquire(self, *, timeout_s: float = 0.0) -> bool:
            return super().acquire(timeout_s=min(timeout_s, 0.05))

    with studio, lock.locked_run(studio.context, trained.run.id):
        monkeypatch.setattr(lock, "FileLock", Impatient)
        with pytest.raises(BusyError, match="is being exported"):
            studio.bundles.export(studio.candidates.chosen(trained.run.id).id)


def test_what_an_endpoint_answers_with_keeps_its_run_and_its_bar(
    studio: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    with studio:
        chosen = studio.candidates.chosen(trained.run.id).id
        bundle_id = studio.bundles.export(chosen).id
        stats = SimpleNamespace(name="shop", state="answering", version=1, previous=None)
        stats.versions = [SimpleNamespace(number=1, bundle_id=bundle_id)]
        monkeypatch.setattr("litmus_core.deploy.all_endpoint_stats", lambda _: [stats])

        with pytest.raises(BusyError, match="'shop' answers with"):
            studio.experiments.delete(trained.experiment.id)
        with pytest.raises(BusyError, match="'shop' answers with"):
            studio.runs.delete(trained.run.id)
        assert studio.candidates.get(chosen).id == chosen

        stats.state = "stopped"
        studio.experiments.delete(trained.experiment.id)


@pytest.mark.parametrize("recorded", [True, False])
def test_an_export_of_a_deleted_run_is_refused_in_words(
    studio: Studio, trained: Trained, tmp_path: Path, recorded: bool
) -> None:
    """Deleted as it should be, or only its folder gone."""
    with studio:
        chosen = studio.candidates.chosen(trained.run.id).id
        if recorded:
            studio.runs.delete(trained.run.id)
        else:
            shutil.rmtree(studio.workspace.run_dir(trained.run.id))
        with pytest.raises(NotFoundError):
            studio.bundles.export(chosen, to=tmp_path / "model.zip")
        with pytest.raises(NotFoundError):
            studio.bundles.export_onnx(chosen, tmp_path / "model.onnx")

    assert not (tmp_path / "model.zip").exists()


def test_who_waited_for_a_deletion_finds_no_run(
    studio: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SlowLock(lock.FileLock):
        def acquire(self, *, timeout_s: float = 0.0) -> bool:
            got = super().acquire(timeout_s=timeout_s)
            studio.context.record(RunDeleted(run_id=trained.run.id))  # as by who held it before
            return got

    with studio:
        chosen, before = studio.candidates.chosen(trained.run.id).id, studio.bundles.list()
        monkeypatch.setattr(lock, "FileLock", SlowLock)
        with pytest.raises(NotFoundError):
            studio.bundles.export(chosen)
        assert studio.bundles.list() == before
