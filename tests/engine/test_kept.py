"""The compiled forms that a run keeps: rebuilt when an older Litmus made them, exchanged whole."""

from __future__ import annotations

import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from litmus_core.compiled import load_compiled
from litmus_core.engine import compile_candidate, copy_compiled, open_candidate, store_compiled
from litmus_core.engine._run_folder import compiled_form_files
from litmus_core.engine._run_folder.folder import compiled_path
from litmus_core.errors import BundleError, BusyError, NotCompilableError, NotFoundError
from litmus_core.store import FileLock
from tests.engine.conftest import Trained


@pytest.fixture
def folder(tmp_path: Path, binary: Trained) -> Path:
    """A copy of a run's folder, which keeps the compiled form of its linear model."""
    shutil.copytree(binary.folder, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "compiled", ignore_errors=True)
    compile_candidate(tmp_path / "run", "linear", compiled_path(tmp_path / "run", "linear"))
    return tmp_path / "run"


def make_old(folder: Path) -> None:
    """Make the kept plan one of an older format, whose arrays had other names."""
    plan = compiled_path(folder, "linear") / "plan.json"
    facts = json.loads(plan.read_text())
    facts["format"] = 0
    facts["steps"][0]["arrays"] = ["of", "another", "time"]
    plan.write_text(json.dumps(facts))


def test_an_outdated_form_is_made_anew_when_it_is_opened(folder: Path, binary: Trained) -> None:
    wanted = open_candidate(folder, "linear").predict_proba(binary.frame)
    make_old(folder)
    with pytest.raises(BundleError, match="format 0"):
        load_compiled(compiled_path(folder, "linear"))

    found = open_candidate(folder, "linear").predict_proba(binary.frame)

    np.testing.assert_array_equal(found, wanted)
    load_compiled(compiled_path(folder, "linear"))
    assert sorted(path.name for path in (folder / "compiled").iterdir()) == [".lock", "linear"]


def test_an_outdated_form_is_made_anew_when_it_is_copied(
    folder: Path, binary: Trained, tmp_path: Path
) -> None:
    make_old(folder)

    copy_compiled(folder, "linear", tmp_path / "copy", rows=binary.frame[:20])

    load_compiled(tmp_path / "copy")


def test_an_outdated_form_without_its_trained_model_is_refused_in_words(
    folder: Path, binary: Trained, tmp_path: Path
) -> None:
    make_old(folder)
    shutil.rmtree(folder / "predictor")

    for ask in (
        lambda: open_candidate(folder, "linear"),
        lambda: copy_compiled(folder, "linear", tmp_path / "copy", rows=binary.frame[:20]),
    ):
        with pytest.raises(BundleError, match=r"An older Litmus compiled .*no longer in the run's folder"):
            ask()


def test_an_outdated_form_that_no_longer_compiles_is_kept_no_more(
    folder: Path, binary: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, model: str, to: Path) -> None:
        raise NotCompilableError("it cannot")

    make_old(folder)
    monkeypatch.setattr(compiled_form_files, "compile_candidate", refuse)

    answers = open_candidate(folder, "linear").predict_proba(binary.frame)

    assert not compiled_path(folder, "linear").exists()
    assert np.isfinite(answers).all()


def test_a_form_of_a_newer_litmus_is_left_alone(folder: Path) -> None:
    plan = compiled_path(folder, "linear") / "plan.json"
    plan.write_text(plan.read_text().replace('"format": ', '"format": 99'))
    before = plan.read_bytes()

    with pytest.raises(BundleError, match="format 99"):
        open_candidate(folder, "linear")
    assert plan.read_bytes() == before


def test_a_run_without_the_trained_model_says_so(folder: Path) -> None:
    shutil.rmtree(folder / "predictor")
    with pytest.raises(NotFoundError, match=r"no trained model in 'run'.*Its files were removed"):
        open_candidate(folder, "linear", native=True)


def test_forms_exchanged_and_copied_at_once_are_always_whole(
    folder: Path, binary: Trained, tmp_path: Path
) -> None:
    rows = binary.frame[:5]
    problems: list[BaseException] = []

    def keep() -> None:
        for _ in range(2):
            assert store_compiled(folder, "linear", rows) == ""

    def copy(name: str) -> None:
        for place in range(20):
            to = tmp_path / f"{name}{place}"
            copy_compiled(folder, "linear", to, rows=rows)
            load_compiled(to)

    def guarded(work: object, *words: str) -> None:
        try:
            work(*words)  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - shown below
            problems.append(error)

    threads = [threading.Thread(target=guarded, args=each) for each in ((keep,), (copy, "a"), (copy, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert sorted(path.name for path in (folder / "compiled").iterdir()) == [".lock", "linear"]


def test_a_copy_waits_while_a_form_is_exchanged(folder: Path, binary: Trained, tmp_path: Path) -> None:
    assert store_compiled(folder, "linear", binary.frame[:5]) == ""
    kept = compiled_path(folder, "linear")
    with ThreadPoolExecutor(1) as other:
        with compiled_form_files.lock_compiled(folder):
            kept.rename(kept.with_name("away"))
            copied = other.submit(compiled_form_files.copy_stored_forms, folder, "linear", tmp_path / "to")
            time.sleep(0.2)
            kept.with_name("away").rename(kept)
        assert copied.result(60)
    load_compiled(tmp_path / "to")


def test_who_holds_the_forms_for_long_keeps_others_waiting_not_broken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_form_files, "_PATIENCE_S", 0.01)
    (folder / "compiled").mkdir(exist_ok=True)
    with FileLock(folder / "compiled" / ".lock") as lock:
        assert lock.acquire()
        with pytest.raises(BusyError, match="in use"):
            open_candidate(folder, "linear")
