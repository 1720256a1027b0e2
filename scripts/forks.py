"""Run tests in several processes, each a fork of the process that collected them.

    python -m pytest -p scripts.forks --forks 4

Collecting costs some 15 s of processor time, most of it for imports. Forks share what was imported; workers
of pytest-xdist would each import it again. An idle fork takes the next module's tests. If a fork dies, the
test that it was running fails, and a new fork runs the rest.
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

PROCESS = "PYTEST_XDIST_WORKER"  # the environment variable by which tests tell a worker, as in pytest-xdist
# Native threads that a fork would not have, so that it would wait for them for ever.
_THREADS = ("polars-0", "tokio-rt-worker")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option --forks."""
    parser.addoption("--forks", type=int, default=0, help="number of forks of this process to run tests in")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forks if --forks asks for two or more and there are several modules."""
    n_forks: int = session.config.getoption("--forks")
    if n_forks < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    units = [list(unit) for unit in modules(session.items)]
    if len(units) < 2:
        return None
    if lost := sorted(_threads()):
        raise pytest.UsageError(f"Tests begin threads when they are imported, which no fork has: {lost}")
    Forks(session, units).run(min(n_forks, len(units)))
    return True


def modules(items: list[pytest.Item]) -> Iterator[Iterator[int]]:
    """Yield each module's tests as indices into ``items``; tests of a module share its fixtures."""
    for _, unit in groupby(range(len(items)), key=lambda place: items[place].path):
        yield unit


def _threads() -> set[str]:
    native = {task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").glob("*")}
    of_python = {thread.name for thread in threading.enumerate() if thread is not threading.main_thread()}
    return of_python | {name for name in native if name.startswith(_THREADS)}


@dataclass
class Fork:
    """A child process that runs tests, as the parent process sees it."""

    pid: int
    left: deque[int] = field(default_factory=deque)  # indices of its tests that have not ended
    is_running: bool = False


class Forks:
    """Assigns modules to forks, and passes their reports on to pytest."""

    def __init__(self, session: pytest.Session, units: list[list[int]]) -> None:
        self._session, self._units = session, deque(units)
        self._forks: dict[Connection, Fork] = {}
        self._names = count()
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]

    def run(self, n_processes: int) -> None:
        """Run all tests."""
        try:
            for _ in range(n_processes):
                self._start_fork()
            while self._forks and not (self._session.shouldfail or self._session.shouldstop):
                heard = wait(list(self._forks))
                for each in [each for each in self._forks if each in heard]:
                    self._receive(each)
        finally:
            for connection in self._forks:
                connection.close()  # the fork ends at its next message
            for fork in self._forks.values():  # one may wait for what another holds until that ends
                with suppress(ChildProcessError):
                    os.waitpid(fork.pid, 0)
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)

    def _start_fork(self) -> None:
        ours, its = Pipe()
        name = f"fork{next(self._names)}"
        sys.stdout.flush()
        sys.stderr.flush()
        if (pid := os.fork()) == 0:
            for inherited_connection in (ours, *self._forks):
                inherited_connection.close()
            _run_child(self._session, its, name)
        its.close()
        self._forks[ours] = Fork(pid)
        self._assign(ours)

    def _assign(self, to: Connection) -> None:
        unit = self._units.popleft() if self._units else []
        self._forks[to].left.extend(unit)
        with suppress(OSError):  # it died: the next receive shows it
            to.send(unit)

    def _receive(self, connection: Connection) -> None:
        try:
            kind, payload = connection.recv()
        except (EOFError, OSError):
            self._replace_dead(connection)
            return
        fork, hook = self._forks[connection], self._session.config.hook
        if kind == "more":
            self._assign(connection)
        elif kind == "begin":
            fork.is_running = True
            item = self._session.items[fork.left[0]]
            hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        elif kind == "report":
            report = hook.pytest_report_from_serializable(config=self._session.config, data=payload)
            hook.pytest_runtest_logreport(report=report)
        elif kind == "end":
            fork.is_running = False
            item = self._session.items[fork.left.popleft()]
            hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        elif kind == "warning":
            hook.pytest_warning_recorded.call_historic(kwargs=_warning(payload))
        else:
            raise RuntimeError(payload)

    def _replace_dead(self, connection: Connection) -> None:
        fork = self._forks.pop(connection)
        connection.close()
        status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
        if fork.is_running:
            item = self._session.items[fork.left.popleft()]
            message = f"its process ended meanwhile, with status {status}"
            report = pytest.TestReport(item.nodeid, item.location, {}, "failed", message, "call")
            self._session.config.hook.pytest_runtest_logreport(report=report)
        elif status:
            raise RuntimeError(f"A process of tests ended between two tests, with status {status}")
        if fork.left:
            self._units.appendleft(list(fork.left))
            self._start_fork()


def _warning(data: dict[str, Any]) -> dict[str, Any]:
    message = warnings.WarningMessage(data.pop("message"), UserWarning, data.pop("file"), data.pop("line"))
    return {"warning_message": message, **data}


class ChildReporter:
    """Sends the outcomes and warnings of tests to the parent process."""

    def __init__(self, config: pytest.Config, to: Connection) -> None:
        self._config, self._to = config, to

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send a test's report."""
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._to.send(("report", data))

    def pytest_warning_recorded(
        self,
        warning_message: warnings.WarningMessage,
        when: str,
        nodeid: str,
        location: tuple[str, int, str] | None,
    ) -> None:
        """Send a warning, of any category, as text."""
        message = f"{warning_message.category.__name__}: {warning_message.message}"
        where = {"file": warning_message.filename, "line": warning_message.lineno}
        data = {"message": message, **where, "when": when, "nodeid": nodeid, "location": location}
        self._to.send(("warning", data))


def _run_child(session: pytest.Session, parent: Connection, name: str) -> None:
    """Run the tests that the parent process assigns, and exit."""
    status = 1
    for inherited in [*weakref.finalize._registry]:  # type: ignore[attr-defined]
        inherited.atexit = False  # the parent process removes these
    try:
        _set_up_child(session, parent, name)
        unit = parent.recv()
        while unit:
            unit = _run(session, unit, parent)
        status = 0
    except (EOFError, ConnectionError, KeyboardInterrupt):  # reset: the parent left a message unread
        with suppress(Exception):
            session._setupstate.teardown_exact(None)
    except BaseException:  # noqa: BLE001 - the parent process reports it
        parent.send(("broken", traceback.format_exc()))
    finally:
        warnings.simplefilter("ignore")  # of temporary folders that are removed implicitly
        weakref.finalize._exitfunc()  # type: ignore[attr-defined]
        os._exit(status)


def _set_up_child(session: pytest.Session, parent: Connection, name: str) -> None:
    """Give the child its own output capture, terminal reporter and temporary folder."""
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
    silent = TerminalReporter(config, Path(os.devnull).open("w"))  # noqa: SIM115 - open until the process ends
    silent._session = session
    manager.register(silent, "terminalreporter")
    manager.register(ChildReporter(config, parent), "child_reporter")


def _run(session: pytest.Session, unit: list[int], parent: Connection) -> list[int]:
    """Run tests, and return the next ones: pytest needs them before the last test's teardown."""
    items, following = session.items, list[int]()
    for index, test_index in enumerate(unit):
        if is_last := index + 1 == len(unit):
            parent.send(("more", None))
            following = parent.recv()
        next_index = following[:1] if is_last else unit[index + 1 : index + 2]
        item, nextitem = items[test_index], items[next_index[0]] if next_index else None
        parent.send(("begin", None))
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        parent.send(("end", None))
        if session.shouldfail:  # this process alone failed often enough to stop all
            raise EOFError
    return following
