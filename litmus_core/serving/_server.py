"""Running the application: a port, a warm model, an orderly end."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from litmus_core.errors import BusyError, UsageError

_BACKLOG = 128
_GRACE_S = 10  # for requests that are being answered when the end is asked for


def serve(
    path: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready_file: Path | None = None,
    as_json: bool = False,
) -> None:
    """Serve the bundle at ``path`` until SIGINT or SIGTERM; requests in hand are answered before it ends.

    ``port`` 0 takes a free one. When the model is loaded and warm, the URL is printed (``as_json``: one
    line ``{"url", "pid"}`` and nothing else), and written so to ``ready_file``. Raises BusyError when the
    port is taken, UsageError when the address is none of this machine's, and what
    :func:`litmus_core.runtime.load_bundle` raises.
    """
    import uvicorn

    from litmus_core.runtime import load_bundle
    from litmus_core.serving._app import create_app

    with _ends_on_sigterm(), _listening(host, port) as listener, load_bundle(path) as bundle:
        app = create_app(bundle)
        config = uvicorn.Config(
            app, log_level="warning", lifespan="on", timeout_graceful_shutdown=_GRACE_S, backlog=_BACKLOG
        )
        bundle.warm()
        _announce(bundle.manifest.name, _url(host, listener.getsockname()[1]), ready_file, as_json=as_json)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            if not as_json:
                print("Stopped.", flush=True)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before the model is loaded: a taken one is known at once."""
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
    return UsageError(f"This machine has no address '{host}'.", hint="Use 127.0.0.1, or 0.0.0.0 for all.")


@contextmanager
def _ends_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into an ordinary exit, so that what was unpacked is removed.

    uvicorn answers what it has in hand, then raises the signal once more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # a test's thread: signals are not its business
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


def _announce(name: str, url: str, ready_file: Path | None, *, as_json: bool) -> None:
    facts = json.dumps({"url": url, "pid": os.getpid()})
    if ready_file is not None:
        partial = ready_file.with_suffix(".partial")
        partial.write_text(facts, encoding="utf-8")
        partial.replace(ready_file)
    print(
        facts if as_json else f"Serving {name} at {url} (documentation: {url}/docs). Ctrl-C stops it.",
        flush=True,
    )
