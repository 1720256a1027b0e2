"""An endpoint's folder: its state, requests to its supervisor, counts, samples and log."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from litmus_core.errors import (
    BundleError,
    BusyError,
    LitmusError,
    NotFoundError,
    UnknownNameError,
    UsageError,
    writing,
)
from litmus_core.store import FileLock, Workspace, is_locked, new_id
from litmus_core.types import EndpointState, EndpointVersion, Restarts, from_plain, to_plain

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_POLL_S = 0.03
_START_WAIT_S = 300.0  # longer than any start takes
_CUT_OFF = "It does not run here: its process was killed, the machine went down, or this workspace is a copy."
_NEVER_CAME_UP = "Its start was cut short."


Failure = Literal["bundle", "busy", "usage"]
FAILURES: Mapping[Failure, type[LitmusError]] = {
    "busy": BusyError,
    "usage": UsageError,
    "bundle": BundleError,
}


def failure_of(error: LitmusError) -> Failure:
    """Return the kind of error that kept an endpoint from starting, as its state stores it."""
    return next((name for name, kind in FAILURES.items() if isinstance(error, kind)), "bundle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an endpoint answers; ``former_port`` is used if free and none was requested.

    ``token_file`` says which tokens callers may send.
    """

    port: int = 0
    is_requested: bool = False
    former_port: int = 0
    url: str = ""
    token_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with an endpoint ("": nothing), and the kind of error that kept it from starting."""

    message: str = ""
    hint: str = ""
    failure: Failure = "bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The state of an endpoint: written by its supervisor, read by everybody.

    ``pid`` is the supervisor's; ``counts`` are of servers that have ended.
    """

    id: str
    name: str
    versions: tuple[EndpointVersion, ...]
    live: int
    previous: int | None = None
    state: EndpointState = "starting"
    pid: int = 0
    child_pid: int = 0
    address: Address = Address()
    started_at: str = ""
    sample_rate: float = 0.1
    api_key_file: str | None = None
    restarts: Restarts = field(default_factory=Restarts)
    trouble: Trouble = Trouble()
    counts: dict[str, Any] = field(default_factory=dict)

    def version(self, number: int) -> EndpointVersion:
        """Return a version; raises UnknownNameError for an unknown number."""
        for version in self.versions:
            if version.number == number:
                return version
        numbers = [str(entry.number) for entry in self.versions]
        raise UnknownNameError(kind=f"version of '{self.name}' called", name=str(number), names=numbers)


class EndpointFolder:
    """The folder of the endpoint ``name``."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"'{name}' cannot name an endpoint.",
                hint="Use up to 60 small letters, digits and hyphens, such as 'churn'.",
            )
        self.workspace, self.name = workspace, name
        self.path = workspace.endpoints / name
        self.state_path, self.log = self.path / "state.json", self.path / "endpoint.log"
        self.samples, self.answers = self.path / "samples.jsonl", self.path / "answers.db"
        self.verdict, self.retraining = self.path / "verdict.json", self.path / "retraining.json"
        self.policy, self.outcome_source = self.path / "policy.json", self.path / "outcome_source.json"
        self._requests = self.path / "requests"

    def lock(self) -> FileLock:
        """Return the lock that a living supervisor holds."""
        return FileLock(self.path / "keeper.lock")

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Let one process at a time start the endpoint. Raises BusyError if another takes too long."""
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path / "start.lock") as lock:
            if not lock.acquire(timeout_s=_START_WAIT_S):
                raise BusyError(
                    f"The endpoint '{self.name}' is being started by another process.",
                    hint="Try again in a moment.",
                )
            yield

    @property
    def is_supervised(self) -> bool:
        """Whether a supervisor is alive."""
        return is_locked(self.path / "keeper.lock")

    def read(self) -> State:
        """Return the state, "stopped" if no supervisor is alive; raises NotFoundError if there is none."""
        try:
            state = from_plain(State, json.loads(self.state_path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            names = [home.name for home in endpoint_folders(self.workspace)]
            raise NotFoundError(
                kind="endpoint", id=self.name, hint="See them with: litmus endpoints", names=names
            ) from None
        state = self._with_paths(state, self.workspace.resolve)
        if state.state in ("starting", "answering", "restarting") and not self.is_supervised:
            reason = _NEVER_CAME_UP if state.state == "starting" else _CUT_OFF
            again = f"Start it again: litmus endpoints start {self.name}"
            return replace(
                state,
                state="stopped",
                child_pid=0,
                trouble=replace(state.trouble, message=reason, hint=again),
            )
        return state

    def write(self, state: State) -> None:
        """Replace the state; raises UsageError if it cannot be written."""
        stored = self._with_paths(state, self.workspace.relative)
        with writing(self.state_path):
            self.path.mkdir(parents=True, exist_ok=True)
            replace_text(self.state_path, json.dumps(to_plain(stored), indent=1))

    def _with_paths(self, state: State, change: Callable[[str], str]) -> State:
        versions = tuple(replace(version, path=change(version.path)) for version in state.versions)
        return replace(state, versions=versions)

    # Requests to the supervisor

    def ask(self, command: dict[str, Any], *, timeout_s: float) -> None:
        """Request something of the supervisor and wait until it is done.

        Raises the supervisor's error as BusyError or UsageError, BusyError if it does not answer.
        """
        request = self._requests / f"{new_id('rq')}.json"
        answer = request.with_suffix(".answer")
        with writing(request):
            self._requests.mkdir(exist_ok=True)
            replace_text(request, json.dumps(command))
        try:
            answer_document = self._await(answer, deadline=time.monotonic() + timeout_s)
        finally:
            request.unlink(missing_ok=True)
            answer.unlink(missing_ok=True)
        if answer_document.get("error"):
            raise UsageError(answer_document["error"], hint=answer_document.get("hint", ""))

    def check_running(self) -> None:
        """Raise BusyError unless the endpoint has a supervisor."""
        if not self.is_supervised:
            raise BusyError(
                f"The endpoint '{self.name}' does not run.",
                hint=f"Start it first: litmus endpoints start {self.name}",
            )

    def _await(self, answer: Path, *, deadline: float) -> dict[str, Any]:
        while not answer.exists():
            self.check_running()
            if time.monotonic() > deadline:
                raise BusyError(f"The endpoint '{self.name}' did not do so in time.", hint="See its log.")
            time.sleep(_POLL_S)
        document: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return document

    def requests(self) -> list[tuple[Path, dict[str, Any]]]:
        """Return the unanswered requests to the supervisor, oldest first."""
        paths = [path for path in self._requests.glob("*.json") if not path.with_suffix(".answer").exists()]
        requests = []
        for path in sorted(paths, key=_age):
            try:
                requests.append((path, json.loads(path.read_text(encoding="utf-8"))))
            except FileNotFoundError:  # the requester gave up
                continue
        return requests

    def answer(self, request: Path, *, error: str = "", hint: str = "") -> None:
        """Answer the requester; raises UsageError if that cannot be written."""
        answer_path = request.with_suffix(".answer")
        with writing(answer_path):
            replace_text(answer_path, json.dumps({"error": error, "hint": hint}))


def endpoint_folders(workspace: Workspace) -> list[EndpointFolder]:
    """Return the folder of every endpoint that has a state, by name."""
    paths = sorted(workspace.endpoints.glob("*/state.json"))
    return [EndpointFolder(workspace, path.parent.name) for path in paths]


def replace_text(path: Path, text: str) -> None:
    """Replace a file atomically, so that readers see the old or the new one."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
