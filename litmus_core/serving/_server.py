"""Run the application: open a port, warm up the model, shut down cleanly."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from litmus_core.errors import BusyError, LitmusError, UsageError
from litmus_core.serving._guards.hosts import Hosts, is_loopback, require_permission, trusted_hosts
from litmus_core.serving._request_log import RequestLogOptions
from litmus_core.serving._supervision import end_with_supervisor

if TYPE_CHECKING:
    from fastapi import FastAPI

    from litmus_core.serving._desks.app import Desk, Route
    from litmus_core.serving._graceful_server import GracefulServer
    from litmus_core.serving._guards.middleware import Access
    from litmus_core.serving._request_parsing import Limits

_BACKLOG = 128
_GRACE_S = 10  # for open requests at shutdown
_KEEP_ALIVE_S = 75  # longer than clients keep connections open, so that they close first
_QUICK_MS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorOptions:
    """Options of a server under a supervisor: its socket, its stored counts, and the pipe that ends it.

    ``listener`` is the listening socket's descriptor. ``pipe`` is the descriptor of a pipe whose writing end
    only the supervisor holds. ``linger_s`` is the time to wait for open connections when another process
    takes over.
    """

    listener: int
    pipe: int
    notes: RequestLogOptions
    linger_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """The address that a server listens on, and its accepted callers.

    ``port`` 0 takes a free one. With a key in ``api_key_file`` or $LITMUS_API_KEY, or with rules for tokens
    in ``token_file``, everything but ``/health`` and the page requires one of the two. A ``host`` that other
    machines can reach needs ``open_to_network``, and a key or tokens. The server accepts the names of
    ``host`` and ``allow_hosts``; ``*`` accepts every name, and needs a key or tokens.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    api_key_file: Path | None = None
    token_file: Path | None = None
    open_to_network: bool = False
    allow_hosts: Sequence[str] = ()


_LOCAL = ServerAddress()


def serve(
    path: Path | str,
    address: ServerAddress = _LOCAL,
    *,
    sha256: str | None = None,
    ready_file: Path | None = None,
    as_json: bool = False,
    limits: Limits | None = None,
    supervisor: SupervisorOptions | None = None,
) -> None:
    """Serve the bundle at ``path`` until SIGINT or SIGTERM; open requests are answered first.

    When the model is loaded and warm, the URL is printed (``as_json``: one
    line ``{"url", "pid"}`` and nothing else) and written in this form to ``ready_file``.

    Raises BusyError if the port is taken; UsageError if the address does not belong to this machine or is
    open without permission, or the key is missing or unreadable; and whatever
    :func:`litmus_core.runtime.load_bundle` raises. ``sha256`` is the bundle's expected hash.
    """
    from litmus_core.runtime import load_bundle
    from litmus_core.serving._app import create_app

    access = _access(address)
    with (
        _ends_on_sigterm(),
        _listener(address, supervisor) as listener,
        load_bundle(path, sha256=sha256) as bundle,
    ):
        bundle.warm()
        name, url = bundle.manifest.name, _url(address.host, listener.getsockname()[1])
        log_options = None if supervisor is None else supervisor.notes
        app = create_app(
            bundle, limits=limits, access=access, log_options=log_options, quick_below_ms=_QUICK_MS
        )
        ready = partial(_announce, name, url, ready_file, as_json=as_json)
        _run(_server_for(app, listener, access, supervisor, ready), as_json=as_json)


def serve_forecast(
    desk: Desk,
    address: ServerAddress = _LOCAL,
    *,
    ready_file: Path | None = None,
    as_json: bool = False,
    limits: Limits | None = None,
    supervisor: SupervisorOptions | None = None,
) -> None:
    """Serve a forecast like a bundle: with the same checks of host and key, until SIGINT or SIGTERM."""
    from litmus_core.serving._desks.app import FORECASTS

    _serve_desk(desk, FORECASTS, address, ready_file, as_json=as_json, limits=limits, supervisor=supervisor)


def serve_targets(
    desk: Desk,
    address: ServerAddress = _LOCAL,
    *,
    ready_file: Path | None = None,
    as_json: bool = False,
    limits: Limits | None = None,
    supervisor: SupervisorOptions | None = None,
) -> None:
    """Serve many targets like a bundle: with the same checks of host and key, until SIGINT or SIGTERM."""
    from litmus_core.serving._desks.app import TARGETS

    _serve_desk(desk, TARGETS, address, ready_file, as_json=as_json, limits=limits, supervisor=supervisor)


def _serve_desk(
    desk: Desk,
    route: Route,
    address: ServerAddress,
    ready_file: Path | None,
    *,
    as_json: bool,
    limits: Limits | None,
    supervisor: SupervisorOptions | None,
) -> None:
    from litmus_core.serving._desks.app import create_desk_app

    access = _access(address)
    log_options = None if supervisor is None else supervisor.notes
    with _ends_on_sigterm(), _listener(address, supervisor) as listener:
        url = _url(address.host, listener.getsockname()[1])
        app = create_desk_app(desk, route, limits=limits, access=access, log_options=log_options)
        ready = partial(_announce, desk.name, url, ready_file, as_json=as_json, page="schema")
        _run(_server_for(app, listener, access, supervisor, ready), as_json=as_json)


def _listener(
    address: ServerAddress, supervisor: SupervisorOptions | None
) -> AbstractContextManager[socket.socket]:
    """Return the socket to listen on: the supervisor's, with whose end the server ends, or one of its own."""
    if supervisor is None:
        return listening(address.host, address.port)
    end_with_supervisor(supervisor.pipe)
    return socket.socket(fileno=supervisor.listener)


def _run(server: GracefulServer, *, as_json: bool) -> None:
    try:
        server.run(sockets=[])
    except KeyboardInterrupt:
        if not as_json:
            print("Stopped.", flush=True)


def _access(address: ServerAddress) -> Access:
    """Return who is answered; raises UsageError for an address that is open without permission or key."""
    from litmus_core.serving._guards.middleware import Access, read_key
    from litmus_core.serving._guards.tokens import ProviderTokens, read_token_rules

    host, allow_hosts = address.host, address.allow_hosts
    access = Access(read_key(address.api_key_file))
    has_key = access.key is not None or address.token_file is not None
    _check_openness(host, allow_hosts, opened=address.open_to_network, has_key=has_key)
    if address.token_file is not None:
        access.tokens = ProviderTokens(read_token_rules(address.token_file))
    access.hosts = Hosts(trusted_hosts(host, also=allow_hosts), any_address=not is_loopback(host))
    return access


def _check_openness(host: str, allow_hosts: Sequence[str], *, opened: bool, has_key: bool) -> None:
    require_permission(
        host, opened=opened, opens="whoever has its key or a token may ask the model, and sees its schema."
    )
    if not has_key and not is_loopback(host):
        raise UsageError(
            "An endpoint that other machines reach needs a key, or tokens.",
            hint="Write a key into a file that only you can read, and add --api-key-file FILE (or set "
            "LITMUS_API_KEY). Or accept your provider's tokens: --tokens FILE.",
        )
    if not has_key and "*" in allow_hosts:
        raise UsageError(
            "To answer to every name it needs a key: any web page's name could be made to point here.",
            hint="Name the names with --allow-host, or add --api-key-file FILE.",
        )


def _server_for(
    app: FastAPI,
    listener: socket.socket,
    access: Access,
    supervisor: SupervisorOptions | None,
    ready: Callable[[], None],
) -> GracefulServer:
    import uvicorn

    from litmus_core.serving._graceful_server import GracefulServer

    notes = app.state.notes
    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="on",
        ws="none",
        access_log=False,
        proxy_headers=False,  # the caller's address is not used
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        callback_notify=None if notes is None else notes.write,
        timeout_notify=1,
    )
    linger_s = 0.0 if supervisor is None else supervisor.linger_s
    return GracefulServer(config, listener, access=access, notes=notes, ready=ready, linger_s=linger_s)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Open the port before the model is loaded, so that a taken port is reported at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only on sockets that say they are TCP: 40 ms an answer otherwise.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(_BACKLOG)
        except OSError as error:
            raise _cannot_listen(host, port, error) from error
        yield listener


def _cannot_listen(host: str, port: int, error: OSError) -> BusyError | UsageError:
    if error.errno == errno.EADDRINUSE:
        return BusyError(f"Port {port} is taken.", hint="Choose another, or --port 0 for any free one.")
    if error.errno == errno.EACCES:
        return UsageError(f"Port {port} is reserved for the system.", hint="Choose one from 1024 on.")
    return UsageError(f"This machine has no address '{host}'.", hint="Use 127.0.0.1.")


@contextmanager
def _ends_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into a normal exit, so that temporary files are removed.

    uvicorn answers open requests, then raises the signal again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # a test's thread, which cannot set signal handlers
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _announce(name: str, url: str, ready_file: Path | None, *, as_json: bool, page: str = "docs") -> None:
    facts = json.dumps({"url": url, "pid": os.getpid()})
    if ready_file is not None:
        partial = ready_file.with_suffix(".partial")
        partial.write_text(facts, encoding="utf-8")
        partial.replace(ready_file)
    print(
        facts if as_json else f"Serving {name} at {url} (documentation: {url}/{page}). Ctrl-C stops it.",
        flush=True,
    )


def exit_status(serve_now: Callable[[], None]) -> int:
    """Serve until stopped, and return a process's status; if that is not possible, say why on stderr.

    It is ENOMEM where memory ran out, and 2 for any other reason.
    """
    try:
        serve_now()
    except LitmusError as error:
        print(error, file=sys.stderr)
        return errno.ENOMEM if isinstance(error.__cause__, MemoryError) else 2
    except MemoryError:
        print("The model does not fit into the available memory.", file=sys.stderr)
        return errno.ENOMEM
    return 0
