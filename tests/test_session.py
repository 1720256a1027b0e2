"""What one process makes, all of its session have, and later runs of the same code."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.trust import is_signed, signature
from tests import conftest, session
from tests.session import made_once, once

ROOT = Path(__file__).resolve().parents[1]


class Maker:
    """Trains: writes a model, and returns where it lies and how often there was a training."""

    def __init__(self) -> None:
        self.n_made = 0

    def __call__(self, folder: Path) -> tuple[Path, int]:
        self.n_made += 1
        (folder / "model").write_text(f"of training {self.n_made}")
        return folder / "model", self.n_made

    __code__ = __call__.__code__


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture
def a_session(tmp_path: Path) -> Callable[[], Path]:
    """Folders of sessions, one after another."""

    def begin() -> Path:
        folder = tmp_path / f"session {len(list(tmp_path.glob('session *')))}"
        folder.mkdir()
        return folder

    return begin


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def test_it_is_made_once_and_again_only_where_that_failed(a_session: Any) -> None:
    folder, made = a_session(), []

    def make(to: Path) -> str:
        made.append(to)
        (to / "left behind").touch(exist_ok=False)
        if len(made) == 1:
            raise ValueError("no luck")
        return "trained"

    with pytest.raises(ValueError, match="no luck"):
        made_once(folder, "trained", make)
    assert [made_once(folder, "trained", make) for _ in range(2)] == ["trained"] * 2
    assert len(made) == 2


def test_who_asks_while_another_makes_it_waits(a_session: Any) -> None:
    folder = a_session()
    (folder / "once-trained").mkdir()
    with ThreadPoolExecutor() as pool, (folder / "once-trained" / "lock").open("w") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        asked = pool.submit(made_once, folder, "trained", str)
        with pytest.raises(TimeoutError):
            asked.result(timeout=0.5)
        fcntl.flock(another, fcntl.LOCK_UN)
        assert asked.result(timeout=60) == str(folder / "once-trained" / "files")


def test_a_later_run_has_what_an_earlier_one_made_in_a_folder_of_its_own(
    a_session: Any, kept: Path, make: Maker
) -> None:
    for folder in (a_session(), a_session()):
        model, number = made_once(folder, "trained", make, kept=kept)
        assert number == 1
        assert model.is_relative_to(folder)
        assert model.read_text() == "of training 1"
        model.write_text("spoiled by a test of this session")


def test_who_asks_for_a_copy_may_change_it(a_session: Any, make: Maker, tmp_path: Path) -> None:
    folder = a_session()
    for name in ("one", "two"):
        model, number = made_once(folder, "trained", make, to=tmp_path / name)
        assert (model, number, model.read_text()) == (tmp_path / name / "model", 1, "of training 1")
        model.write_text("spoiled by a test")


@once(params=["large", "small"])
def trained_in(size: str, folder: Path) -> tuple[str, Path]:
    (folder / "model").write_text(size)
    return size, folder / "model"


def test_a_fixture_is_made_once_for_each_of_its_kinds(trained_in: tuple[str, Path]) -> None:
    size, model = trained_in
    assert model.read_text() == size


@pytest.mark.parametrize("what", ["sources", "who makes it", "key"])
def test_another_code_or_key_makes_it_anew_and_removes_the_old(
    a_session: Any, kept: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    made_once(a_session(), "trained", make, kept=kept)
    if what == "sources":
        monkeypatch.setattr(session, "sources", sources_that_stay("others"))
    elif what == "key":
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
        signature("any")
    else:
        (tmp_path / "by.py").write_text("")
        os.utime(tmp_path / "by.py", (0, 0))
        make.__code__ = make.__code__.replace(co_filename=str(tmp_path / "by.py"))

    assert made_once(a_session(), "trained", make, kept=kept)[1] == 2
    assert made_once(a_session(), "trained", make, kept=kept)[1] == 2
    assert len([each for each in (kept / "trained").iterdir() if each.is_dir()]) == 1


def sources_that_stay(name: str) -> Any:
    def sources() -> str:
        return name

    sources.__wrapped__ = sources  # type: ignore[attr-defined]
    return sources


@pytest.mark.parametrize("what", ["sources", "who makes it"])
def test_what_is_made_while_somebody_edits_the_code_is_not_kept(
    a_session: Any, kept: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    if what == "sources":
        sources = sources_that_stay("as at first")
        sources.__wrapped__ = lambda: "as edited"
        monkeypatch.setattr(session, "sources", sources)
    else:
        (tmp_path / "by.py").write_text("# after this process began")
        make.__code__ = make.__code__.replace(co_filename=str(tmp_path / "by.py"))

    assert [made_once(a_session(), "trained", make, kept=kept)[1] for _ in range(2)] == [1, 2]


def spoil(entry: Path) -> None:
    (entry / "files" / "model").write_text("of training 9")


def lose(entry: Path) -> None:
    (entry / "files" / "model").unlink()


def add(entry: Path) -> None:
    (entry / "files" / "another").touch()


def truncate(entry: Path) -> None:
    (entry / "made").write_bytes((entry / "made").read_bytes()[:9])


def scramble(entry: Path) -> None:
    (entry / "digest").write_bytes(b"\xff\x00")


def test_what_is_damaged_is_made_anew_and_said(a_session: Any, kept: Path, make: Maker) -> None:
    for number, damage in enumerate((spoil, lose, add, truncate, scramble), start=1):
        assert made_once(a_session(), "trained", make, kept=kept)[1] == number
        (entry,) = (each for each in (kept / "trained").iterdir() if each.is_dir())
        damage(entry)
        with pytest.warns(UserWarning, match=re.escape(f"Made anew: what was kept in {entry} is damaged")):
            model, again = made_once(a_session(), "trained", make, kept=kept)
        assert (again, model.read_text()) == (number + 1, f"of training {number + 1}")


def test_a_making_that_was_cut_short_is_made_anew(a_session: Any, kept: Path, make: Maker) -> None:
    made_once(a_session(), "trained", make, kept=kept)
    next(kept.glob("trained/*/digest")).unlink()
    assert made_once(a_session(), "trained", make, kept=kept)[1] == 2


def test_where_nothing_can_be_written_it_is_made_for_the_session_and_said(
    a_session: Any, kept: Path, make: Maker
) -> None:
    (kept / "trained").touch()  # no folder can be here, whoever runs the tests
    with pytest.warns(UserWarning, match="Made anew: trained cannot be kept for later runs: .*File exists"):
        model, number = made_once(a_session(), "trained", make, kept=kept)
    assert (number, model.read_text()) == (1, "of training 1")


def test_two_runs_at_once_make_it_once(a_session: Any, kept: Path, make: Maker) -> None:
    def slowly(folder: Path) -> tuple[Path, int]:
        time.sleep(0.2)
        return make(folder)

    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(made_once, a_session(), "trained", slowly, kept=kept) for _ in range(3)]
    assert [each.result()[1] for each in asked] == [1, 1, 1]
    assert len({each.result()[0] for each in asked}) == 3


def test_each_file_that_a_training_may_depend_on_is_in_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depends = ("litmus_core/a/b.py", "litmus_core/words.json", "tests/conftest.py", "tests/warm/server.py")
    depends += ("constraints.txt", "pyproject.toml")
    for name in (*depends, "tests/data/test_a.py", "docs/a.md", "litmus_core/__pycache__/b.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    monkeypatch.setattr(session, "_ROOT", tmp_path)
    seen = {read_sources()}
    for name in depends:
        (tmp_path / name).write_text("after")
        seen.add(read_sources())
    assert len(seen) == 1 + len(depends)
    for name in ("tests/data/test_a.py", "docs/a.md", "litmus_core/__pycache__/b.pyc"):
        (tmp_path / name).write_text("after")
        assert read_sources() in seen
    for name, changed in (("version", "3.99"), ("path", [str(tmp_path)])):
        (tmp_path / "autogluon-9.dist-info").mkdir(exist_ok=True)
        with monkeypatch.context() as patch:
            patch.setattr(sys, name, changed)
            assert read_sources() not in seen


def test_modules_that_a_test_imports_are_in_the_key_of_what_it_makes(
    a_session: Any, kept: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(session, "_ROOT", tmp_path)
    monkeypatch.setattr(session, "sources", sources_that_stay("of all tests"))
    (tmp_path / "tests" / "data").mkdir(parents=True)
    one, two, three = (tmp_path / "tests" / "data" / f"test_{name}.py" for name in ("one", "two", "three"))
    one.write_text("from tests.data.test_two import rows\n")
    two.write_text("import json\n\nfrom tests.data.test_three import (\n    columns,\n)\n")
    three.write_text("from tests.data.test_two import in_a_circle\n")
    for each in (one, two, three):
        os.utime(each, (0, 0))
    make.__code__ = make.__code__.replace(co_filename=str(one))
    for number, edited in enumerate((one, two, three), start=1):
        assert [made_once(a_session(), "trained", make, kept=kept)[1] for _ in range(2)] == [number] * 2
        edited.write_text(f"{edited.read_text()}edited = True\n")
        os.utime(edited, (0, 0))


def read_sources() -> str:
    read: Callable[[], str] = session.sources.__wrapped__
    return read()


@dataclass(frozen=True)
class Signed:
    claim: str


def sign(_: Path) -> Signed:
    return Signed(signature("a test", "a fact"))


def test_what_an_earlier_run_signed_is_trusted(made_once: Callable[..., Any]) -> None:
    """All runs of a checkout sign with one key of the tests' own, or what is signed is rebuilt."""
    assert is_signed(made_once("test-signed", sign).claim, "a test", "a fact")


def test_where_nothing_can_be_kept_tests_run_and_one_sentence_says_so() -> None:
    test = f"{__file__}::{test_what_an_earlier_run_signed_is_trusted.__name__}"
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-o", "cache_dir=/dev/null/here", test],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert ended.stdout.count("Made anew: nothing is kept for later runs") == 1


def test_where_pytest_has_no_cache_nothing_is_kept() -> None:
    without: Any = SimpleNamespace()  # -p no:cacheprovider
    with pytest.warns(
        UserWarning, match="Made anew: nothing is kept for later runs: pytest runs without its"
    ):
        assert session.kept_folder(without) is None


def test_what_nobody_asked_for_within_a_week_is_removed(a_session: Any, kept: Path, make: Maker) -> None:
    made_once(a_session(), "asked for", make, kept=kept)
    (kept / "of a fixture that is gone").mkdir()
    for each, days in ((kept / "of a fixture that is gone", 8), (kept / "asked for", 8)):
        os.utime(each, (time.time() - days * 86_400,) * 2)
    made_once(a_session(), "asked for", make, kept=kept)

    config: Any = SimpleNamespace(cache=SimpleNamespace(mkdir=lambda name: kept))
    assert session.kept_folder(config) == kept
    assert [each.name for each in kept.iterdir()] == ["asked for"]


def test_trainings_of_other_code_go_an_hour_after_their_last_session(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_BEGUN", time.time())  # this session may have begun long ago
    for name, age_s in (("runs-old", 3_700), ("runs-of-now", 60)):
        (kept / name).mkdir()
        os.utime(kept / name, (time.time() - age_s,) * 2)
    with session.trainings_folder(kept) as folder:
        assert folder is not None
        assert {each.name for each in kept.iterdir()} == {"runs-of-now", folder.name}
    assert folder.is_dir()


def test_trainings_go_where_somebody_edited_the_code_meanwhile(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session.trainings_folder(kept) as folder:
        assert folder is not None
        assert folder.is_dir()
        edited = sources_that_stay(session.sources())
        edited.__wrapped__ = lambda: "as edited"
        monkeypatch.setattr(session, "sources", edited)
    assert not folder.exists()


def test_where_trainings_cannot_be_kept_the_session_goes_on(kept: Path) -> None:
    with session.trainings_folder(None) as folder:
        assert folder is None
    with (
        pytest.warns(UserWarning, match="Made anew: trainings cannot be kept for later runs: "),
        session.trainings_folder(kept / "not there") as folder,
    ):
        assert folder is None


@pytest.mark.parametrize(
    ("marks", "threads"), [("not exhaustive and not browser", "1"), ("", None), ("not browser", None)]
)
def test_models_learn_in_one_thread_unless_all_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, marks: str, threads: str | None
) -> None:
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    asked = SimpleNamespace(option=SimpleNamespace(markexpr=marks))
    try:
        conftest.pytest_configure(asked)  # type: ignore[arg-type]
        assert os.environ.get("OMP_THREAD_LIMIT") == threads
    finally:
        conftest.pytest_configure(pytestconfig)  # the examples that this run draws
