"""Start, change and stop endpoints; their processes outlive the process that started them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from litmus_core.deploy._endpoints.folder import FAILURES, Address, EndpointFolder, State, endpoint_folders
from litmus_core.deploy._endpoints.processes import end_process, is_process_alive, remember_child
from litmus_core.deploy._endpoints.supervisor import UNWRITABLE
from litmus_core.deploy._served import Servable, served_kind
from litmus_core.errors import BundleError, BusyError, LitmusError, NotFoundError, UsageError, writing
from litmus_core.store import Workspace, new_id, utc_now
from litmus_core.trust import check_home
from litmus_core.types import Endpoint, EndpointVersion, to_plain

_UNFLUSHED = 120  # exit status of a Python whose last output could not be written
_POLL_S = 0.05
_GRACE_S = 60.0  # longer than a supervisor waits for its servers in turn
_READY_S = 180.0
_ADD_S = 30.0


def start_endpoint(
    workspace: Workspace,
    bundle: Servable,
    *,
    name: str = "model",
    port: int | None = None,
    sample_rate: float | None = None,
    api_key_file: Path | None = None,
    token_file: Path | None = None,
    timeout_s: float = _READY_S,
) -> Endpoint:
    """Serve ``bundle`` as ``name`` on this machine's loopback address; it answers when this returns.

    A supervisor process in its own session holds the socket and runs the server; both outlive this process.
    ``port`` 0 takes a free one. A stopped endpoint of this name gets the bundle as its next version, and
    keeps the settings that are None. A share ``sample_rate`` of the rows (0: none, default 0.1) is stored
    with their predictions. Callers send the key of ``api_key_file``, or a token that the rules in
    ``token_file`` accept.

    Raises BusyError if the name or port is taken, BundleError with the server's own message if it does not
    start within ``timeout_s`` seconds. After an error everything is as before, except for the log.
    """
    home = EndpointFolder(workspace, name)
    with home.starting():
        return _start_first(
            home,
            bundle,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            token_file=token_file,
            timeout_s=timeout_s,
        )


def deploy_bundle(
    workspace: Workspace,
    bundle: Servable,
    *,
    name: str,
    port: int | None = None,
    sample_rate: float | None = None,
    api_key_file: Path | None = None,
    token_file: Path | None = None,
    timeout_s: float = _READY_S,
) -> tuple[Endpoint, bool]:
    """Start the endpoint ``name`` with ``bundle``, or add a version if it runs; return whether it started.

    Of two concurrent calls, one starts it and the other adds. Raises the errors of :func:`start_endpoint` and
    :func:`add_version`, and BusyError for settings that differ from those of the running one.
    """
    home = EndpointFolder(workspace, name)
    with home.starting():
        if home.is_supervised:
            state = home.read()
            wanted = _with_settings(state, port or None, sample_rate, api_key_file, token_file)
            if wanted != state:
                raise BusyError(
                    f"'{name}' is at work: its port, key, tokens and share of rows kept cannot change now.",
                    hint=f"Nothing was deployed. Stop it first: litmus endpoints stop {name}",
                )
            add_version(workspace, name, bundle)
            return endpoint_of(home.read()), False
        started = _start_first(
            home,
            bundle,
            port=port,
            sample_rate=sample_rate,
            api_key_file=api_key_file,
            token_file=token_file,
            timeout_s=timeout_s,
        )
        return started, True


def restart_endpoint(workspace: Workspace, name: str, *, timeout_s: float = _READY_S) -> Endpoint:
    """Restart a stopped endpoint with its version, settings, and port, if that is still free.

    Raises NotFoundError if there is none, and the errors of :func:`start_endpoint`.
    """
    home = EndpointFolder(workspace, name)
    before = home.read()
    with home.starting():
        state = State(
            id=new_id("ep"),
            name=name,
            versions=before.versions,
            live=before.live,
            previous=before.previous,
            started_at=utc_now(),
            address=_former_address(before),
            sample_rate=before.sample_rate,
            api_key_file=before.api_key_file,
            restarts=before.restarts,
            counts=before.counts,
        )
        return _start_as(home, state, before, timeout_s=timeout_s)


def _start_first(
    home: EndpointFolder,
    bundle: Servable,
    *,
    port: int | None,
    sample_rate: float | None,
    api_key_file: Path | None,
    token_file: Path | None,
    timeout_s: float,
) -> Endpoint:
    before = _read_state(home)
    state = _next_state(before, bundle, name=home.name)
    state = _with_settings(state, port, sample_rate, api_key_file, token_file)
    return _start_as(home, state, before, timeout_s=timeout_s)


def _with_settings(
    state: State,
    port: int | None,
    sample_rate: float | None,
    api_key_file: Path | None,
    token_file: Path | None,
) -> State:
    """Return the state with these settings; those that are None stay as they are."""
    if sample_rate is not None and not 0.0 <= sample_rate <= 1.0:
        raise UsageError("A sampling rate is a share from 0 to 1.", hint="0 keeps no requests.")
    address = state.address
    if port is not None and port != address.port:
        address = replace(address, port=port, is_requested=port != 0)
    if token_file is not None:
        address = replace(address, token_file=str(token_file.absolute()))
    return replace(
        state,
        address=address,
        sample_rate=state.sample_rate if sample_rate is None else sample_rate,
        api_key_file=state.api_key_file if api_key_file is None else str(api_key_file.absolute()),
    )


def _former_address(state: State) -> Address:
    """Return where a stopped endpoint answers when it starts again: at its port, if free or requested."""
    address = state.address
    port = address.port if address.is_requested else 0
    return replace(address, port=port, former_port=address.port, url="")


def _start_as(home: EndpointFolder, state: State, before: State | None, *, timeout_s: float) -> Endpoint:
    """Start the supervisor of ``state``; restores ``before`` if that fails."""
    if home.is_supervised:
        raise BusyError(
            f"The endpoint '{home.name}' runs already.", hint="Add a version to it, or choose another name."
        )
    home.write(state)
    process = None
    try:
        process = _start(home, state.id, timeout_s)
        started = _wait(home, process, timeout_s=timeout_s)
    except BaseException:  # Ctrl-C included: nothing stays half deployed
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait()
        _restore(home, before)
        raise
    return endpoint_of(started)


def add_version(workspace: Workspace, name: str, bundle: Servable) -> int:
    """Add ``bundle`` to ``name`` as a version waiting for promotion; return its number.

    A bundle that is already a version keeps its number. Raises BusyError if the endpoint is not running.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    for other in state.versions:
        if other.bundle_id == bundle.id:
            return other.number
    version = _version(state.versions, bundle, name=name)
    home.ask({"do": "add", "version": to_plain(version)}, timeout_s=_ADD_S)
    return version.number


def check_running(workspace: Workspace, name: str) -> None:
    """Raise BusyError unless the endpoint ``name`` runs, NotFoundError if there is none."""
    home = EndpointFolder(workspace, name)
    home.read()
    home.check_running()


def promote_endpoint(
    workspace: Workspace, name: str, version: int | None = None, *, timeout_s: float = _READY_S
) -> Endpoint:
    """Make ``version`` (None: the newest) the live one of ``name``, without losing a request.

    Its server takes over when it is warm; the previous one answers its open requests and ends. On a
    connection that stays open, one more response may come from it. Raises UsageError if the new server does
    not start: the previous one goes on.
    """
    state = EndpointFolder(workspace, name).read()
    number = state.versions[-1].number if version is None else state.version(version).number
    return _exchange(workspace, name, number, is_rollback=False, timeout_s=timeout_s)


def rollback_endpoint(workspace: Workspace, name: str) -> Endpoint:
    """Return to the version before the last promotion; raises UsageError if there is none."""
    previous = EndpointFolder(workspace, name).read().previous
    if previous is None:
        raise UsageError(
            f"No version of '{name}' was promoted since the one that answers.",
            hint=f"There is nothing to go back to. Name a version: litmus endpoints promote {name} VERSION.",
        )
    return _exchange(workspace, name, previous, is_rollback=True, timeout_s=_READY_S)


def _exchange(
    workspace: Workspace, name: str, number: int, *, is_rollback: bool, timeout_s: float
) -> Endpoint:
    home = EndpointFolder(workspace, name)
    request = {"do": "promote", "number": number, "is_rollback": is_rollback}
    home.ask(request, timeout_s=timeout_s + 30.0)
    return endpoint_of(home.read())


def endpoint_of(state: State) -> Endpoint:
    """Return an endpoint as the store records it."""
    return Endpoint(
        id=state.id,
        bundle_id=state.version(state.live).bundle_id,
        url=state.address.url,
        pid=state.pid,
        started_at=state.started_at,
        name=state.name,
        version=state.live,
        n_restarts=state.restarts.n,
    )


def live_endpoints(workspace: Workspace) -> list[Endpoint]:
    """Return the endpoints whose supervisors are alive and have started, by name."""
    states = [home.read() for home in endpoint_folders(workspace)]
    return [endpoint_of(state) for state in states if state.state in ("answering", "restarting")]


def sampled_requests(workspace: Workspace, model_ids: Collection[str]) -> list[Path]:
    """Return the files of sampled requests, answers and outcomes of endpoints that serve, or served, these
    bundles, or copies of these forecasts and targets.
    """
    paths: list[Path] = []
    for home in endpoint_folders(workspace):
        if any(version.bundle_id.partition("-")[0] in model_ids for version in home.read().versions):
            paths += [home.samples, home.samples.with_name(f"{home.samples.name}.1")]
            paths += [home.answers, home.answers.with_name(f"{home.answers.name}-journal")]
    return paths


def endpoint_alive(endpoint: Endpoint) -> bool:
    """Return whether the process that was started for ``endpoint`` is still alive."""
    return is_process_alive(endpoint.pid, word=endpoint.id)


def stop_endpoint(endpoint: Endpoint) -> bool:
    """End the endpoint's processes after their open requests; False if it had already ended.

    A process that only has the same pid is left alone.
    """
    return end_process(endpoint.pid, word=endpoint.id, grace_s=_GRACE_S)


def endpoint_log(workspace: Workspace, name: str) -> Path:
    """Return the log of an endpoint's supervisor and servers."""
    return EndpointFolder(workspace, name).log


def _read_state(home: EndpointFolder) -> State | None:
    try:
        return home.read()
    except NotFoundError:
        return None


def _next_state(before: State | None, bundle: Servable, *, name: str) -> State:
    versions = () if before is None else before.versions
    version = next((entry for entry in versions if entry.bundle_id == bundle.id), None)
    if version is None:
        version = _version(versions, bundle, name=name)
        versions = (*versions, version)
    state = State(id=new_id("ep"), name=name, versions=versions, live=version.number, started_at=utc_now())
    if before is None:
        return state
    previous = None if before.live == version.number else before.live
    return replace(
        state,
        previous=previous,
        address=_former_address(before),
        sample_rate=before.sample_rate,
        api_key_file=before.api_key_file,
        restarts=before.restarts,
        counts=before.counts,
    )


def _version(versions: tuple[EndpointVersion, ...], bundle: Servable, *, name: str) -> EndpointVersion:
    """Return the next version; raises UsageError where callers of the others would not understand it."""
    kind = served_kind(Path(bundle.path))
    paths = [Path(version.path) for version in versions if Path(version.path).exists()]
    if paths:
        before = served_kind(paths[-1])
        predicted, other = kind.noun, before.noun
        if kind is before:
            predicted, other = kind.answers(Path(bundle.path)), before.answers(paths[-1])
        if predicted != other and predicted and other:
            raise UsageError(
                f"'{name}' answers {other}, and this model answers {predicted}.",
                hint="Give it another name: --name NAME.",
            )
    number = max((version.number for version in versions), default=0) + 1
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


def _wait(home: EndpointFolder, process: subprocess.Popen[bytes], *, timeout_s: float) -> State:
    """Return the state once it answers; the supervisor ends itself a little after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s + 20.0
    while process.poll() is None and time.monotonic() < deadline:
        state = home.read()
        if state.state == "answering":
            remember_child(process)
            return state
        time.sleep(_POLL_S)
    if process.poll() is None:
        raise BundleError("The endpoint did not start in time.", hint=f"See {home.log}.")
    if process.returncode in (UNWRITABLE, _UNFLUSHED):
        raise UsageError(
            f"The endpoint did not start: {home.path} cannot be written.",
            hint="Nothing was deployed. Free some space (litmus rm shows what can go), then try again.",
        )
    state = home.read()
    if state.state != "failed":
        raise BundleError("The endpoint did not start.", hint=f"See {home.log}.")
    raise FAILURES[state.trouble.failure](state.trouble.message, hint=state.trouble.hint)


def _restore(home: EndpointFolder, before: State | None) -> None:
    if before is None:
        home.state_path.unlink(missing_ok=True)
        return
    try:
        home.write(before)
    except LitmusError:  # a full disk: the state is marked as stopped by whoever reads it
        return
