"""Tests in several processes, each a fork of the one that collected them all.

    python -m pytest -p scripts.forks --forks 4

To collect takes a processor some 15 s, most of it for what tests import: forks have it in memory, where
processes of xdist's would each do so for themselves. Who is done takes the next module's tests. A fork that
dies fails the test that it was at, and another one goes on with the others.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
import warnings
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

PROCESS = "PYTEST_XDIST_WORKER"  # in the settings of each of several processes of tests, as xdist has it
# Threads that a fork would lose, and whose work it would wait for in vain.
_THREADS = ("polars-0", "tokio-rt-worker")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let people say how many processes."""
    parser.addoption("--forks", type=int, default=0, help="run tests in so many forks of this process")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forks, where some are asked for and there is more than one module."""
    asked: int = session.config.getoption("--forks")
    if asked < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    units = [list(unit) for unit in modules(session.items)]
    if len(units) < 2:
        return None
    if lost := sorted(_threads()):
        raise pytest.UsageError(f"Tests begin threads when they are imported, which no fork has: {lost}")
    Forks(session, units).run(min(asked, len(units)))
    return True


def modules(items: list[pytest.Item]) -> Iterator[Iterator[int]]:
    """Give the places of each module's tests, which share what the module makes."""
    for _, unit in groupby(range(len(items)), key=lambda place: items[place].path):
        yield unit


def _threads() -> set[str]:
    native = {task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").glob("*")}
    of_python = {each.name for each in threading.enumerate() if each is not threading.main_thread()}
    return of_python | {name for name in native if name.startswith(_THREADS)}


@dataclass
class Fork:
    """One process of tests, as the first one sees it."""

    pid: int
    left: deque[int] = field(default_factory=deque)  # which it has, and has not ended
    is_running: bool = False


class Forks:
    """Deals modules to forks, and tells pytest what they report."""

    def __init__(self, session: pytest.Session, units: list[list[int]]) -> None:
        self._session, self._units = session, deque(units)
        self._forks: dict[Connection, Fork] = {}
        self._names = count()
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]

    def run(self, n_processes: int) -> None:
        """Run all tests."""
        try:
            for _ in range(n_processes):
                self._begin()
            while self._forks and not (self._session.shouldfail or self._session.shouldstop):
                heard = wait(list(self._forks))
                for each in [each for each in self._forks if each in heard]:
                    self._hear(each)
        finally:
            for connection, fork in self._forks.items():
                connection.close()  # it ends where it has something to say
                with suppress(ChildProcessError):
                    os.waitpid(fork.pid, 0)
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)

    def _begin(self) -> None:
        ours, its = Pipe()
        name = f"fork{next(self._names)}"
        sys.stdout.flush()
        sys.stderr.flush()
        if (pid := os.fork()) == 0:
            for each in (ours, *self._forks):
                each.close()
            _be_a_fork(self._session, its, name)
        its.close()
        self._forks[ours] = Fork(pid)
        self._deal(ours)

    def _deal(self, to: Connection) -> None:
        unit = self._units.popleft() if self._units else []
        self._forks[to].left.extend(unit)
        with suppress(OSError):  # it died: its end is heard next
            to.send(unit)

    def _hear(self, connection: Connection) -> None:
        try:
            word, told = connection.recv()
        except (EOFError, OSError):
            self._bury(connection)
            return
        fork, hook = self._forks[connection], self._session.config.hook
        if word == "more":
            self._deal(connection)
        elif word == "begin":
            fork.is_running = True
            item = self._session.items[fork.left[0]]
            hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        elif word == "report":
            report = hook.pytest_report_from_serializable(config=self._session.config, data=told)
            hook.pytest_runtest_logreport(report=report)
        elif word == "end":
            fork.is_running = False
            item = self._session.items[fork.left.popleft()]
            hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        elif word == "warning":
            hook.pytest_warning_recorded.call_historic(kwargs=_warning(told))
        else:
            raise RuntimeError(told)

    def _bury(self, connection: Connection) -> None:
        fork = self._forks.pop(connection)
        connection.close()
        status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
        if fork.is_running:
            item = self._session.items[fork.left.popleft()]
            said = f"its process ended meanwhile, with status {status}"
            report = pytest.TestReport(item.nodeid, item.location, {}, "failed", said, "call")
            self._session.config.hook.pytest_runtest_logreport(report=report)
        elif status:
            raise RuntimeError(f"A process of tests ended between two tests, with status {status}")
        if fork.left:
            self._units.appendleft(list(fork.left))
            self._begin()


def _warning(told: dict[str, Any]) -> dict[str, Any]:
    message = warnings.WarningMessage(told.pop("said"), UserWarning, told.pop("file"), told.pop("line"))
    return {"warning_message": message, **told}


class Teller:
    """Sends the first process what pytest says of a test."""

    def __init__(self, config: pytest.Config, to: Connection) -> None:
        self._config, self._to = config, to

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send a report."""
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._to.send(("report", data))

    def pytest_warning_recorded(
        self,
        warning_message: warnings.WarningMessage,
        when: str,
        nodeid: str,
        location: tuple[str, int, str] | None,
    ) -> None:
        """Send a warning, of whatever kind it is."""
        said = f"{warning_message.category.__name__}: {warning_message.message}"
        where = {"file": warning_message.filename, "line": warning_message.lineno}
        told = {"said": said, **where, "when": when, "nodeid": nodeid, "location": location}
        self._to.send(("warning", told))


def _be_a_fork(session: pytest.Session, first: Connection, name: str) -> None:
    """Run what the first process deals, and end."""
    status = 1
    for inherited in [*weakref.finalize._registry]:  # type: ignore[attr-defined]
        inherited.atexit = False  # the first process removes these
    try:
        _begin_anew(session, first, name)
        unit = first.recv()
        while unit:
            unit = _run(session, unit, first)
        status = 0
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        with suppress(Exception):
            session._setupstate.teardown_exact(None)
    except BaseException:  # noqa: BLE001 - the first process says it
        first.send(("broken", traceback.format_exc()))
    finally:
        warnings.simplefilter("ignore")  # that these folders are removed by themselves
        weakref.finalize._exitfunc()  # type: ignore[attr-defined]
        os._exit(status)


def _begin_anew(session: pytest.Session, first: Connection, name: str) -> None:
    """Have what no two processes may share: where output goes, folders."""
    config = session.config
    manager = config.pluginmanager
    os.environ[PROCESS] = name
    factory = config._tmp_path_factory  # type: ignore[attr-defined]
    factory._basetemp = factory.getbasetemp() / name
    factory._basetemp.mkdir(mode=0o700)
    capture: Any = manager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    manager.unregister(name="terminalreporter")
    silent = TerminalReporter(config, Path(os.devnull).open("w"))  # noqa: SIM115 - until it ends
    silent._session = session
    manager.register(silent, "terminalreporter")
    manager.register(Teller(config, first), "teller")


def _run(session: pytest.Session, unit: list[int], first: Connection) -> list[int]:
    """Run tests; return the next ones, which are known before the last of these gives back what it had."""
    items, following = session.items, list[int]()
    for at, place in enumerate(unit):
        if is_last := at + 1 == len(unit):
            first.send(("more", None))
            following = first.recv()
        after = following[:1] if is_last else unit[at + 1 : at + 2]
        item, nextitem = items[place], items[after[0]] if after else None
        first.send(("begin", None))
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        first.send(("end", None))
        if session.shouldfail:  # by this process's failures alone: nothing more runs meanwhile
            raise EOFError
    return following
