"""What every test may rely on: a workspace of its own, and nothing of the machine's own settings."""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import typer.testing
from _pytest.tmpdir import tmppath_result_key

from tests import cases, in_memory, instances, session
from tests.session import shared_folder
from tests.warm import client as warm
from tests.warm.trained import KEPT

if TYPE_CHECKING:
    from tests.trained import Trained

# Processes share the processors, and a thread of OpenMP that waits for others keeps its own busy. Beside two
# other processes 500 trees of LightGBM took 5.2 s of two processors; 0.7 s since threads let go at once, and
# 0.25 s in one thread.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
_THREADS = "OMP_THREAD_LIMIT"

_LONG = ("browser", "kills")  # marks of tests that take a minute each
# Folders with modules of minutes, and of ten seconds and more: all others are quickly done.
_FIRST = ({"guides"}, {"app", "checks", "deploy", "engine", "experiments"})


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let the first process alone empty the cache (--cache-clear), and none of those that it starts.

    ``make test`` draws fewer examples of properties, and models learn in one thread: only those of tests
    of kills and plug-ins, and of ``make test-all``, learn in as many as they ask for. It writes into memory,
    and ``make test-all`` to a disk.
    """
    if hasattr(config, "workerinput"):
        config.option.cacheclear = False
    is_thorough = cases.is_thorough(config)
    if not is_thorough:
        os.environ.setdefault(_THREADS, "1")
        in_memory.write_in_memory(os.environ)
    cases.load_profile(is_thorough=is_thorough)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Look for garbage neither while tests are collected, nor later among what stays until the end.

    Thousands of tests and all that they import are not garbage: looking took a sixth of the time, and went
    on for each test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_finish() -> None:
    """Let all loggers hand on what they are told, which those of Streamlit do not.

    Pytest listens at each that does not, anew in each phase of each test: to 63 of them that takes 1.8 ms.
    """
    for each in logging.root.manager.loggerDict.values():
        if isinstance(each, logging.Logger):
            each.propagate = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, ...]:
    return not _is_long(item), *(folders.isdisjoint(item.path.parts) for folders in _FIRST)


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) is not None for mark in _LONG)


def _begins_from_nothing(item: pytest.Item) -> bool:
    """Return whether a test starts processes as users do; those of the browser in ``make test-all``."""
    if item.get_closest_marker("browser") is not None:
        return cases.is_thorough(item.config)
    return _is_long(item) or "plugins" in item.path.parts


_OURS = ("LITMUS_", "STREAMLIT_")


def _forget_settings(patch: pytest.MonkeyPatch, workspace: Path) -> None:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        patch.delenv(name)
    patch.setenv("LITMUS_HOME", str(workspace))


@pytest.fixture(scope="session")
def warm_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[warm.Server]:
    """The process that those of Litmus are forked of, one for all processes of a session."""
    server = warm.Server(shared_folder(tmp_path_factory))
    warm.use_warm_processes(server)
    yield server
    server.close()


def _make_key(folder: Path) -> Path:
    from litmus_core.trust import signature

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        signature("tests")
    return folder


@pytest.fixture(scope="session")
def _kept(pytestconfig: pytest.Config) -> Path | None:
    return session.kept_folder(pytestconfig)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, _kept: Path | None) -> Callable[..., Any]:
    """``made_once(name, make)``: what one process of this session, or of an earlier run, makes for all."""
    return partial(session.made_once, shared_folder(tmp_path_factory), kept=_kept)


@pytest.fixture(scope="session", autouse=True)
def _session_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    warm_workers: warm.Server,
    made_once: Callable[..., Any],
    _kept: Path | None,
) -> Iterator[None]:
    """Keep what session-wide fixtures do out of the visitor's own workspace."""
    with pytest.MonkeyPatch.context() as patch, session.trainings_folder(_kept) as trainings:
        patch.setattr(duckdb, "connect", instances.connect)
        patch.setattr(typer.testing, "_get_command", cache(typer.testing._get_command))  # of 50 commands
        folder = tmp_path_factory.mktemp("session")
        _forget_settings(patch, folder / "litmus")
        for name, value in warm.settings(warm_workers).items():
            patch.setenv(name, value)
        # The key that trust is signed with: what one process trained, another opens, and a later run.
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("XDG_CONFIG_HOME", str(made_once("config", _make_key)))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))  # how long layouts take here
        if trainings is not None:
            patch.setenv(KEPT, str(trainings))
        yield


_NUMBERS = count()


@contextmanager
def _own_folder(request: pytest.FixtureRequest, name: str) -> Iterator[Path]:
    """Make a folder of one test, which goes with it unless it fails: all of them together took 10 GB.

    Unlike pytest's own fixture it does not look through the folders of all earlier tests for a free number.
    """
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    folder = factory.mktemp(f"{name}-{next(_NUMBERS)}", numbered=False)
    yield folder
    if all(request.node.stash[tmppath_result_key].values()):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of the test's own."""
    with _own_folder(request, re.sub(r"\W", "_", request.node.name)[:26]) as folder:
        yield folder


@pytest.fixture(autouse=True)
def _own_workspace(
    _session_workspace: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Give each test a LITMUS_HOME that no other test saw, and no LITMUS_ or STREAMLIT_ setting."""
    with _own_folder(request, "home") as folder:
        _forget_settings(monkeypatch, folder / "litmus")
        if _begins_from_nothing(request.node):
            monkeypatch.delenv(warm.SOCKET)
            monkeypatch.delenv(_THREADS, raising=False)
        yield


_SHARED = pytest.StashKey["Trained"]()


@pytest.fixture(scope="session")
def trained(
    _session_workspace: None,
    made_once: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Trained:
    """A workspace with one finished run, trained for real and shared: who trains in it takes a copy."""
    from tests.trained import make  # only tests that need it pay for its imports

    shared: Trained = made_once("trained", make, to=tmp_path_factory.mktemp("trained") / "made")
    pytestconfig.stash[_SHARED] = shared
    return shared


@pytest.fixture
def own_training(trained: Trained, tmp_path: Path) -> Trained:
    """A copy of that workspace, in which a test may train and delete."""
    from tests.trained import copied

    return copied(trained, tmp_path)


@pytest.fixture(autouse=True)
def _one_run_stays(pytestconfig: pytest.Config) -> Iterator[None]:
    """Fail the test that leaves another run where others count on one."""
    yield
    shared = pytestconfig.stash.get(_SHARED, None)
    if shared is not None:
        runs = sorted(path.name for path in (shared.workspace / "runs").iterdir())
        assert runs == [shared.run.id], "A test trained in the shared workspace: let it use `own_training`."
