"""Endpoints: bundles behind a name, served by processes that survive whoever started them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from litmus_core.deploy._endpoints.folder import FAILURES, EndpointFolder, State, homes
from litmus_core.deploy._endpoints.processes import end_process, lives, remember_child
from litmus_core.deploy._endpoints.supervisor import UNWRITABLE
from litmus_core.errors import BundleError, BusyError, LitmusError, NotFoundError, UsageError, writing
from litmus_core.store import Workspace, new_id, utc_now
from litmus_core.trust import check_home
from litmus_core.types import BundleRecord, Endpoint, EndpointVersion, to_plain

_UNFLUSHED = 120  # Python's own exit status, where what it still had to write could not be written
_POLL_S = 0.05
_GRACE_S = 60.0  # more than a keeper gives its servers, one after the other
_READY_S = 180.0
_ADD_S = 30.0


def start_endpoint(
    workspace: Workspace,
    bundle: BundleRecord,
    *,
    name: str = "model",
    port: int = 0,
    sample_rate: float = 0.1,
    api_key_file: Path | None = None,
    timeout_s: float = _READY_S,
) -> Endpoint:
    """Serve ``bundle`` behind ``name`` on this machine's own address (loopback); it answers on return.

    A keeper process in a session of its own holds the socket and runs the server; both go on when this
    process ends. ``port`` 0 takes a free one. A stopped endpoint of this name gets the bundle as its next
    version. A ``sample_rate`` of requests (0: none) is kept with its predictions.

    Raises BusyError when the name or port is taken, BundleError with the server's own words when it does
    not come up within ``timeout_s`` seconds. Then everything is as before, but for the log.
    """
    home = EndpointFolder(workspace, name)
    with home.starting():
        return _start_first(
            home,
            bundle,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            timeout_s=timeout_s,
        )


def put_behind(
    workspace: Workspace,
    bundle: BundleRecord,
    *,
    name: str,
    port: int = 0,
    sample_rate: float = 0.1,
    api_key_file: Path | None = None,
    timeout_s: float = _READY_S,
) -> tuple[Endpoint, bool]:
    """Start the endpoint ``name`` with ``bundle``, or add that as a version where it runs; say if it started.

    Of two processes that do this at once, one starts it and the other adds. Raises what
    :func:`start_endpoint` and :func:`add_version` do.
    """
    home = EndpointFolder(workspace, name)
    with home.starting():
        if home.kept:
            add_version(workspace, name, bundle)
            return endpoint_of(home.read()), False
        started = _start_first(
            home,
            bundle,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            timeout_s=timeout_s,
        )
        return started, True


def restart_endpoint(workspace: Workspace, name: str, *, timeout_s: float = _READY_S) -> Endpoint:
    """Start a stopped endpoint again as it was: its version, settings, and port where that is still free.

    Raises NotFoundError where there is none, and what :func:`start_endpoint` does.
    """
    home = EndpointFolder(workspace, name)
    before = home.read()
    with home.starting():
        state = State(
            id=new_id("ep"), name=name, versions=before.versions, live=before.live, previous=before.previous,
            started_at=utc_now(), port=before.port if before.asked_port else 0,
            asked_port=before.asked_port, former_port=before.port,
            sample_rate=before.sample_rate, api_key_file=before.api_key_file,
        )  # fmt: skip
        return _start_as(home, state, before, timeout_s=timeout_s)


def _start_first(
    home: EndpointFolder,
    bundle: BundleRecord,
    *,
    port: int,
    sample_rate: float,
    api_key_file: Path | None,
    timeout_s: float,
) -> Endpoint:
    if not 0.0 <= sample_rate <= 1.0:
        raise UsageError("A sampling rate is a share from 0 to 1.", hint="0 keeps no requests.")
    before = _known(home)
    key = None if api_key_file is None else str(api_key_file.absolute())
    state = replace(
        _next_state(before, bundle, name=home.name),
        port=port, asked_port=port != 0, sample_rate=sample_rate, api_key_file=key,
        former_port=0 if before is None else before.port,
    )  # fmt: skip
    return _start_as(home, state, before, timeout_s=timeout_s)


def _start_as(home: EndpointFolder, state: State, before: State | None, *, timeout_s: float) -> Endpoint:
    """Start the keeper of ``state``; leaves ``before`` where that comes to nothing."""
    if home.kept:
        raise BusyError(
            f"The endpoint '{home.name}' runs already.", hint="Add a version to it, or choose another name."
        )
    home.write(state)
    keeper = None
    try:
        keeper = _start(home, state.id, timeout_s)
        started = _wait(home, keeper, timeout_s=timeout_s)
    except BaseException:  # Ctrl-C, too: nothing stays half deployed
        if keeper is not None and keeper.poll() is None:
            keeper.terminate()
            keeper.wait()
        _put_back(home, before)
        raise
    return endpoint_of(started)


def add_version(workspace: Workspace, name: str, bundle: BundleRecord) -> int:
    """Put ``bundle`` behind ``name`` as a version that waits to be promoted; return its number.

    A bundle that is there already keeps its number. Raises BusyError when the endpoint does not run.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    for each in state.versions:
        if each.bundle_id == bundle.id:
            return each.number
    version = _version(state.versions, bundle)
    home.ask({"do": "add", "version": to_plain(version)}, timeout_s=_ADD_S)
    return version.number


def promote_endpoint(
    workspace: Workspace, name: str, version: int | None = None, *, timeout_s: float = _READY_S
) -> Endpoint:
    """Have ``version`` (None: the newest) answer behind ``name``; no request is lost meanwhile.

    Its server takes over when it is warm; the one before answers what it has and ends. On a connection that
    was kept open, one more answer may come from it. Raises UsageError when the new server does not come up:
    the one before goes on.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    number = state.versions[-1].number if version is None else state.version(version).number
    home.ask({"do": "promote", "number": number}, timeout_s=timeout_s + 30.0)
    return endpoint_of(home.read())


def rollback_endpoint(workspace: Workspace, name: str) -> Endpoint:
    """Have the version answer that did before the last promotion; UsageError when there was none."""
    previous = EndpointFolder(workspace, name).read().previous
    if previous is None:
        raise UsageError(f"'{name}' has had one version only.", hint="There is nothing to go back to.")
    return promote_endpoint(workspace, name, previous)


def endpoint_of(state: State) -> Endpoint:
    """Return an endpoint as it is recorded."""
    return Endpoint(
        id=state.id,
        bundle_id=state.version(state.live).bundle_id,
        url=state.url,
        pid=state.pid,
        started_at=state.started_at,
        name=state.name,
        version=state.live,
        n_restarts=state.n_restarts,
    )


def living_endpoints(workspace: Workspace) -> list[Endpoint]:
    """Return the endpoints whose keepers live and have come up, by name."""
    states = [home.read() for home in homes(workspace)]
    return [endpoint_of(state) for state in states if state.state in ("answering", "restarting")]


def sampled_requests(workspace: Workspace, bundle_ids: Collection[str]) -> list[Path]:
    """Return the files of sampled requests of endpoints that answer, or answered, with these bundles."""
    found: list[Path] = []
    for home in homes(workspace):
        if any(version.bundle_id in bundle_ids for version in home.read().versions):
            found += [home.samples, home.samples.with_name(f"{home.samples.name}.1")]
    return found


def endpoint_alive(endpoint: Endpoint) -> bool:
    """Say whether the very process that was started for ``endpoint`` still lives."""
    return lives(endpoint.pid, word=endpoint.id)


def stop_endpoint(endpoint: Endpoint) -> bool:
    """End the endpoint's processes, requests in hand answered first; False when it was gone already.

    A process that merely got the same pid is left alone.
    """
    return end_process(endpoint.pid, word=endpoint.id, grace_s=_GRACE_S)


def endpoint_log(workspace: Workspace, name: str) -> Path:
    """Return where the output of an endpoint's keeper and servers goes."""
    return EndpointFolder(workspace, name).log


def _known(home: EndpointFolder) -> State | None:
    try:
        return home.read()
    except NotFoundError:
        return None


def _next_state(before: State | None, bundle: BundleRecord, *, name: str) -> State:
    versions = () if before is None else before.versions
    version = next((each for each in versions if each.bundle_id == bundle.id), None)
    if version is None:
        version = _version(versions, bundle)
        versions = (*versions, version)
    previous = None if before is None or before.live == version.number else before.live
    return State(
        id=new_id("ep"), name=name, versions=versions, live=version.number, previous=previous,
        started_at=utc_now(),
    )  # fmt: skip


def _version(known: tuple[EndpointVersion, ...], bundle: BundleRecord) -> EndpointVersion:
    number = max((each.number for each in known), default=0) + 1
    path = str(Path(bundle.path).absolute())
    return EndpointVersion(
        number=number, bundle_id=bundle.id, path=path, sha256=bundle.sha256, added_at=utc_now()
    )


def _start(home: EndpointFolder, endpoint_id: str, ready_s: float) -> subprocess.Popen[bytes]:
    check_home(home.path)
    command = [sys.executable, "-m", "litmus_core.deploy.supervisor", str(home.workspace.path), home.name]
    command += ["--name", endpoint_id, "--ready-s", str(ready_s)]
    with writing(home.log), home.log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=home.path,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(home: EndpointFolder, keeper: subprocess.Popen[bytes], *, timeout_s: float) -> State:
    """Return the state once it answers; the keeper ends itself a little after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s + 20.0
    while keeper.poll() is None and time.monotonic() < deadline:
        state = home.read()
        if state.state == "answering":
            remember_child(keeper)
            return state
        time.sleep(_POLL_S)
    if keeper.poll() is None:
        raise BundleError("The endpoint did not start in time.", hint=f"See {home.log}.")
    if keeper.returncode in (UNWRITABLE, _UNFLUSHED):
        raise UsageError(
            f"The endpoint did not start: {home.path} cannot be written.",
            hint="Nothing was deployed. Free some space (litmus rm shows what can go), then try again.",
        )
    state = home.read()
    if state.state != "failed":
        raise BundleError("The endpoint did not start.", hint=f"See {home.log}.")
    raise FAILURES[state.failure](state.message, hint=state.hint)


def _put_back(home: EndpointFolder, before: State | None) -> None:
    if before is None:
        home.state_path.unlink(missing_ok=True)
        return
    try:
        home.write(before)
    except LitmusError:  # a full disk: what stands there is marked as stopped by whoever reads it
        return
