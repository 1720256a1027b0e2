"""The supervisor: holds an endpoint's socket, and keeps one server of the live version running."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.deploy._endpoints.folder import EndpointFolder, State, Trouble, failure_of
from litmus_core.deploy._endpoints.server_process import ServerProcess, add_counts
from litmus_core.errors import BusyError, LitmusError
from litmus_core.serving import write_failure_path
from litmus_core.store import Journal, utc_now
from litmus_core.types import EndpointRestarted, EndpointVersion, Restarts, from_plain

_HOST = "127.0.0.1"  # loopback: other machines need a container or a proxy
_TICK_S = 0.05
_GRACE_S = 15.0  # longer than the server waits for its open requests
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 30.0
_STABLE_S = 60.0  # a server that lived this long had no trouble starting
_SILENT_S = 60.0  # a server whose event loop is silent for this long is restarted
READY_S = 180.0
# exit statuses of a supervisor that failed to start; the second could not even record why
FAILED, UNWRITABLE = 2, 3


class Supervisor:
    """Runs until it is stopped. One thread; no step of it takes long."""

    def __init__(
        self, home: EndpointFolder, state: State, listener: socket.socket, *, ready_s: float = READY_S
    ) -> None:
        self._home, self._state, self._listener = home, state, listener
        self._ready_s = ready_s
        # Children hold the reading end: they notice the supervisor's end, whatever its cause.
        self._pipe, self._alive = os.pipe()
        self._live: ServerProcess | None = None
        self._next: tuple[ServerProcess, Path, bool] | None = None  # its request, and whether it goes back
        self._leaving: list[ServerProcess] = []
        self._pause_s, self._not_before = _FIRST_PAUSE_S, 0.0
        self._stopping = False
        self._silent = ""  # why an unresponsive server was killed

    def stop(self, *_: object) -> None:
        """Stop at the next turn of the loop."""
        self._stopping = True

    def run(self) -> None:
        """Start the live version and keep it running; raises LitmusError if it never starts."""
        for counts in self._home.path.glob("counts-*.json"):  # of servers that a killed supervisor left
            write_failure_path(counts).unlink(missing_ok=True)
        try:
            self._live = self._start(self._state.version(self._state.live))
            if not self._wait_until_ready(self._live):
                return
            self._state = replace(
                self._state, state="answering", child_pid=self._live.pid, started_at=utc_now()
            )
            self._home.write(self._state)  # the starting process waits for this
            while not self._stopping:
                self._step()
                time.sleep(_TICK_S)
        finally:
            self._end()

    def _start(self, version: EndpointVersion) -> ServerProcess:
        listener = self._listener.fileno()
        try:
            return ServerProcess(self._home, self._state, version, listener=listener, pipe=self._pipe)
        except OSError as error:  # no memory for a process, no space for its log
            raise LitmusError(f"The server's process cannot be started: {error}.") from error

    def _wait_until_ready(self, child: ServerProcess) -> bool:
        while not child.ready:
            if self._stopping:
                return False
            if reason := self._failure_reason(child):
                raise LitmusError(
                    f"The model could not be served. {reason}".strip(),
                    hint=f"The whole log is in {self._home.log}.",
                )
            time.sleep(_TICK_S)
        return True

    def _failure_reason(self, child: ServerProcess) -> str:
        """Return why a starting server will not succeed, "" while it may."""
        if child.ended:
            reason = child.end_reason()
            return reason[0].upper() + reason[1:] + ("" if reason.endswith(".") else ".")
        return "It was not ready in time." if child.seconds > self._ready_s else ""

    def _step(self) -> None:
        for request, request_facts in self._home.requests():
            self._handle_request(request, request_facts)
        self._watch_next()
        self._watch_live()
        self._watch_leaving()

    # Requests

    def _handle_request(self, request: Path, command: dict[str, Any]) -> None:
        if self._next is not None and self._next[1] == request:
            return
        try:
            if command["do"] == "add":
                self._add(from_plain(EndpointVersion, command["version"]))
                self._answer(request)
            elif self._next is not None:
                self._answer(request, error="Another version is being started.", hint="Try again soon.")
            elif command["number"] == self._state.live:
                self._answer(request)
            else:
                child = self._start(self._state.version(command["number"]))
                self._next = (child, request, command["is_rollback"])
        except (LitmusError, OSError, KeyError) as error:
            self._answer(request, error=str(error))

    def _answer(self, request: Path, *, error: str = "", hint: str = "") -> None:
        """Answer the requester; on a full disk only the answer is lost, the endpoint goes on."""
        try:
            self._home.answer(request, error=error, hint=hint)
        except LitmusError as full:
            _log(str(full))
            request.unlink(missing_ok=True)

    def _add(self, version: EndpointVersion) -> None:
        state = replace(self._state, versions=(*self._state.versions, version))
        self._home.write(state)  # a version that cannot be recorded does not exist
        self._state = state

    def _watch_next(self) -> None:
        if self._next is None:
            return
        child, request, is_rollback = self._next
        if reason := self._failure_reason(child):
            self._next = None
            child.kill()
            child.remove_files()
            error = f"Version {child.version.number} could not be served; version {self._state.live} goes on."
            self._answer(request, error=f"{error} {reason}", hint=f"The log is in {self._home.log}.")
        elif child.ready:
            self._promote(child, is_rollback=is_rollback)
            self._next = None
            self._answer(request)

    def _promote(self, child: ServerProcess, *, is_rollback: bool) -> None:
        previous_server, self._live = self._live, child
        if previous_server is not None:
            previous_server.leave()
            self._leaving.append(previous_server)
            _wait_until(lambda: previous_server.has_left, timeout_s=5.0)
        live, number = self._state.live, child.version.number
        self._pause_s = _FIRST_PAUSE_S
        # Whoever went back cannot go back once more, to the version that was left: that is a promotion.
        previous = None if is_rollback else live
        self._update(
            live=number, previous=previous, child_pid=child.pid, state="answering", trouble=Trouble()
        )

    # Watching

    def _watch_live(self) -> None:
        child = self._live
        if child is None:
            if time.monotonic() >= self._not_before:
                self._try_restart()
            return
        if child.ready and child.silence_s() > _SILENT_S:
            self._silent = f"did not respond for {_SILENT_S:g} seconds"
            child.kill()
        elif self._state.state == "restarting":
            if child.ready:
                self._update(state="answering", child_pid=child.pid, trouble=Trouble())
            elif child.seconds > self._ready_s:
                child.kill()
        if child.ready and child.seconds > _STABLE_S:
            self._pause_s = _FIRST_PAUSE_S
        if child.ended:
            self._schedule_restart(child)

    def _try_restart(self) -> None:
        try:
            self._live = self._start(self._state.version(self._state.live))
        except LitmusError as error:
            self._not_before = time.monotonic() + self._pause_s
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            self._update(trouble=Trouble(message=f"{error} It is tried again."))

    def _schedule_restart(self, child: ServerProcess) -> None:
        """Add the ended server's counts, record its end, and schedule a restart after a pause.

        Failed attempts belong to the same outage, which is counted and recorded once.
        """
        reason, self._live = self._silent or child.end_reason(), None
        self._silent = ""
        self._collect_counts(child)
        self._not_before = time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        message = f"The server {reason.rstrip('.')}. It is being started again."
        if self._state.state == "restarting":
            self._update(trouble=Trouble(message=message))
            return
        n = self._state.restarts.n + 1
        restarts = Restarts(n=n, last_at=utc_now(), last_reason=reason)
        self._update(state="restarting", child_pid=0, trouble=Trouble(message=message), restarts=restarts)
        self._record(EndpointRestarted(endpoint_id=self._state.id, n_restarts=n, reason=reason))

    def _record(self, fact: EndpointRestarted) -> None:
        journal = Journal(self._home.workspace)
        try:
            journal.append(fact)
        except Exception as error:  # noqa: BLE001 - the server starts whatever is wrong with the journal
            _log(f"The restart could not be recorded: {error}")
        finally:
            journal.close()

    def _watch_leaving(self) -> None:
        for child in list(self._leaving):
            if child.ended:
                self._leaving.remove(child)
                self._collect_counts(child)
                self._update()

    def _collect_counts(self, child: ServerProcess) -> None:
        counts = add_counts(self._state.counts, child.counts())
        self._state = replace(self._state, counts=counts)
        child.remove_files()

    def _update(self, **changes: Any) -> None:
        """Change and write the state; on a full disk only the record is lost, the endpoint goes on."""
        self._state = replace(self._state, **changes)
        try:
            self._home.write(self._state)
        except LitmusError as error:
            _log(str(error))

    def finish(self) -> None:
        """Record that the endpoint stopped."""
        self._update(state="stopped", child_pid=0, trouble=Trouble())

    def _end(self) -> None:
        """End every child and add up their counts."""
        started = None if self._next is None else self._next[0]
        self._listener.close()
        for child in (*self._leaving, started, self._live):
            if child is not None:
                child.end(grace_s=_GRACE_S)
                self._collect_counts(child)
        os.close(self._alive)


def supervise(home: EndpointFolder, *, ready_s: float) -> int:
    """Run the endpoint at ``home`` until SIGTERM.

    Returns FAILED if it never started, with the reason in its state, and UNWRITABLE if that cannot be
    written.
    """
    lock = home.lock()
    if not lock.acquire():
        _log(f"The endpoint '{home.name}' runs already.")
        return FAILED
    state = home.read()
    try:
        with _listening(state) as listener:
            port = listener.getsockname()[1]
            state = replace(
                state,
                pid=os.getpid(),
                address=replace(state.address, port=port, url=f"http://{_HOST}:{port}"),
            )
            if not state.address.is_requested and state.address.former_port not in (0, port):
                note = f"Its port of before, {state.address.former_port}, is taken: it answers on {port} now."
                state = replace(state, trouble=Trouble(message=note))
            supervisor = Supervisor(home, state, listener, ready_s=ready_s)
            signal.signal(signal.SIGTERM, supervisor.stop)
            signal.signal(signal.SIGINT, supervisor.stop)
            supervisor.run()
            supervisor.finish()
    except LitmusError as error:
        _log(str(error))
        return _record_failure(home, error)
    finally:
        lock.release()
    return 0


def _record_failure(home: EndpointFolder, error: LitmusError) -> int:
    try:
        failure = failure_of(error)
        home.write(
            replace(
                home.read(),
                state="failed",
                trouble=Trouble(failure=failure, message=error.message, hint=error.hint),
            )
        )
    except LitmusError:  # a full disk: only the exit status can report it
        return UNWRITABLE
    return FAILED


@contextmanager
def _listening(state: State) -> Iterator[socket.socket]:
    """Take the requested port, else the previous one, else a free one."""
    from litmus_core.serving import listening

    with ExitStack() as stack:
        listener = None
        if state.address.former_port and not state.address.is_requested:
            with suppress(BusyError):
                listener = stack.enter_context(listening(_HOST, state.address.former_port))
        yield listener or stack.enter_context(listening(_HOST, state.address.port))


def _wait_until(condition: Callable[[], bool], *, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


def _log(message: str) -> None:
    with suppress(OSError):  # the log may be on a full disk
        print(f"{utc_now()} {message}", file=sys.stderr, flush=True)
