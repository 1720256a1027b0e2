"""What one process makes for all: for those of its session, and for later runs of the same code.

What is kept for later runs lies in pytest's own cache (``.pytest_cache/d/litmus``): it belongs to the
checkout, git and every tool leave it alone, and ``pytest --cache-clear`` and ``make clean`` empty it. Its key
is the hash of all that the made thing may depend on: Litmus, the tests' own modules, the locked and the
installed packages, Python, and the key that the session signs with (the tests' own, which is kept there too).
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import pickle
import platform
import re
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

Made = TypeVar("Made")
_ROOT = Path(__file__).resolve().parents[1]
_BEGUN, _WEEK_S = time.time(), 7 * 24 * 3_600
_PROCESS = "PYTEST_XDIST_WORKER"  # in the settings of each of several processes of tests: scripts/forks.py
_FILES, _MADE, _DIGEST = "files", "made", "digest"


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of the session share."""
    root = factory.getbasetemp()
    return root.parent if _PROCESS in os.environ else root


def kept_folder(config: pytest.Config) -> Path | None:
    """Return the folder that all runs of this checkout share; None, with a warning, where there is none.

    What no run asked for within a week is removed.
    """
    try:
        cache = getattr(config, "cache", None)
        if cache is None:
            raise FileNotFoundError("pytest runs without its cache")
        folder: Path = cache.mkdir("litmus")
        for each in folder.iterdir():  # whose fixture may be gone
            if each.stat().st_mtime < _BEGUN - _WEEK_S:
                shutil.rmtree(each, ignore_errors=True)
        return folder
    except OSError as error:
        _warn(f"nothing is kept for later runs: {error}")
        return None


@contextmanager
def trainings_folder(kept: Path | None) -> Iterator[Path | None]:
    """Give the folder in which all runs of this code keep trainings of guides; None where there is none.

    It goes where somebody edited the code meanwhile, and an hour after a run last began with it.
    """
    folder = None if kept is None else _folder_of_code(kept)
    yield folder
    if folder is not None and sources.__wrapped__() != sources():
        shutil.rmtree(folder, ignore_errors=True)


def _folder_of_code(kept: Path) -> Path | None:
    folder = kept / f"runs-{sources()[:16]}"
    try:
        for each in kept.glob("runs-*"):
            if each.stat().st_mtime < _BEGUN - 3_600:
                shutil.rmtree(each, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        (folder / "used").write_text("")
        os.utime(folder)
    except OSError as error:
        _warn(f"trainings cannot be kept for later runs: {error}")
        return None
    return folder


def made_once(
    session: Path,
    name: str,
    make: Callable[[Path], Made],
    *,
    kept: Path | None = None,
    to: Path | None = None,
) -> Made:
    """Return what ``make`` makes of a folder: the first process of a session that asks makes it, others wait.

    With ``kept`` the first of all runs of the same code makes it. It stays as it was made: who changes it
    takes a copy, in the folder ``to`` that is not there yet. Paths in what is returned lead there, or into
    the session's folder.
    """
    folder = session / f"once-{name}"
    folder.mkdir(exist_ok=True)
    with _locked(folder):
        if not (folder / _MADE).exists():
            with _entry(kept, name, make) as entry:
                _make(folder, make) if entry is None else _copy(entry, folder, make)
    files = folder / _FILES
    if to is not None:
        files = Path(shutil.copytree(files, to, symlinks=True))
    made: Made = _read(folder / _MADE, files)
    return made


def once(
    *, scope: Literal["session", "module"] = "module", params: Sequence[Any] | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make a fixture of ``make(folder)``, or ``make(param, folder)``: a copy of what it made once for all.

    Each process has its own, for the tests of a module or of the session. What is made may depend on nothing
    but the code: on no other fixture.
    """

    def decorate(make: Callable[..., Any]) -> Any:
        @pytest.fixture(scope=scope, params=params, name=make.__name__)
        def fixture(
            request: pytest.FixtureRequest,
            made_once: Callable[..., Any],
            tmp_path_factory: pytest.TempPathFactory,
        ) -> Any:
            given = () if params is None else (request.param,)
            home = Path(make.__code__.co_filename)
            name = "-".join([home.parent.name, home.stem.removeprefix("test_"), make.__name__, *given])
            return made_once(name, partial(make, *given), to=tmp_path_factory.mktemp(make.__name__) / "made")

        return fixture

    return decorate


@contextmanager
def _entry(kept: Path | None, name: str, make: Callable[[Path], Any]) -> Iterator[Path | None]:
    """Give the folder of what is kept under ``name``, to one process at a time; None where there is none.

    What other code made is removed.
    """
    if kept is None:
        yield None
        return
    try:
        (kept / name).mkdir(exist_ok=True)
        os.utime(kept / name)
        lock = (kept / name / "lock").open("w")
    except OSError as error:
        _warn(f"{name} cannot be kept for later runs: {error}")
        yield None
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entry = kept / name / _key(make)
        for other in (kept / name).iterdir():
            if other.is_dir() and other != entry:
                shutil.rmtree(other)
        yield entry


def _copy(entry: Path, folder: Path, make: Callable[[Path], Any]) -> None:
    """Give the session what is kept in ``entry``, made first where it is not there as it was made."""
    if not _is_whole(entry):
        shutil.rmtree(entry, ignore_errors=True)
        _make(entry, make)
        if not _is_edited(make):
            (entry / _DIGEST).write_text(_digest(entry))
    shutil.rmtree(folder / _FILES, ignore_errors=True)
    shutil.copytree(entry / _FILES, folder / _FILES, symlinks=True)
    shutil.copy2(entry / _MADE, folder / _MADE)


def _is_whole(entry: Path) -> bool:
    """Return whether an entry is there, and as it was made."""
    if not (entry / _DIGEST).exists():  # its making may have been cut short
        return False
    is_whole = (entry / _DIGEST).read_text(errors="replace") == _digest(entry)
    if not is_whole:
        _warn(f"what was kept in {entry} is damaged")
    return is_whole


def _make(folder: Path, make: Callable[[Path], Any]) -> None:
    files = folder / _FILES
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    made = io.BytesIO()
    _Pickler(made, files).dump(make(files))
    (folder / _MADE).write_bytes(made.getvalue())


def _read(made: Path, files: Path) -> Any:
    with made.open("rb") as pickled:
        return _Unpickler(pickled, files).load()


class _Pickler(pickle.Pickler):
    """Writes paths below a folder so that they move with it."""

    def __init__(self, to: io.BytesIO, folder: Path) -> None:
        super().__init__(to)
        self._folder = folder

    def persistent_id(self, made: Any) -> str | None:
        """Return where a path leads to from the folder; None for all else."""
        is_below = isinstance(made, Path) and made.is_relative_to(self._folder)
        return str(made.relative_to(self._folder)) if is_below else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, made: Any, folder: Path) -> None:
        super().__init__(made)
        self._folder = folder

    def persistent_load(self, path: str) -> Path:
        """Return where the path leads to now."""
        return self._folder / path


def _key(make: Callable[[Path], Any]) -> str:
    """Return a name of all that decides what is made: see the top of this module."""
    signed_with = Path(os.environ.get("XDG_CONFIG_HOME", "")) / "litmus" / "trust.key"
    parts = [sources(), *map(_hash, _modules(make))]
    parts += [_hash(signed_with)] if signed_with.is_file() else []
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _is_edited(make: Callable[[Path], Any]) -> bool:
    """Return whether somebody edited the code since this process began: what was made is not of that key."""
    later = any(path.stat().st_mtime > _BEGUN for path in _modules(make))
    return later or sources.__wrapped__() != sources()


def _modules(make: Callable[[Path], Any]) -> list[Path]:
    """Return the module of ``make`` with all modules of tests that it imports, and those that they do."""
    found, left = set(), [Path(getattr(make, "func", make).__code__.co_filename)]
    while left:
        if (path := left.pop()) not in found and path.is_file():
            found.add(path)
            named = re.findall(r"^\s*from (tests[\w.]*) import", path.read_text(encoding="utf-8"), re.M)
            left += [_ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in named]
    return sorted(found)


@cache
def sources() -> str:
    """Return the hash of what all that is kept depends on, as it was when first asked in this process."""
    files = [
        *(_ROOT / "litmus_core").rglob("*"),
        *(each for each in (_ROOT / "tests").rglob("*.py") if not each.name.startswith("test_")),
        _ROOT / "constraints.txt",
        _ROOT / "pyproject.toml",
    ]
    read = [each for each in sorted(files) if each.is_file() and each.suffix != ".pyc"]
    installed = sorted(each.name for place in sys.path for each in Path(place).glob("*.dist-info"))
    told = [sys.version, platform.machine(), *installed]
    told += [f"{each.relative_to(_ROOT)} {_hash(each)}" for each in read]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _digest(entry: Path) -> str:
    """Return the hash of all files of an entry and of their names."""
    files = (each for each in sorted(entry.rglob("*")) if each != entry / _DIGEST)
    told = [f"{each.relative_to(entry)} {_hash(each) if each.is_file() else ''}" for each in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _warn(what: str) -> None:
    warnings.warn(f"Made anew: {what}", stacklevel=2)  # pyproject.toml lets it be said at the end
