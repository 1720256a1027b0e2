"""Start the pages on a free port, print their address once they answer, and wait until they stop."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import BusyError, UsageError
from litmus_core.people import SIGN_IN_VARIABLE, read_sign_in
from litmus_core.serving import (
    OPEN_VARIABLE,
    OPENS,
    is_loopback,
    require_permission,
    require_sign_in,
    trusted_hosts,
)

_FIRST_PORT, _TRIES = 8501, 100
_STOP_TIMEOUT_S = 10  # the longest wait for open browser connections and background work
# No e-mail prompt, no browser window, no usage statistics.
_FLAGS = {
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
    "logger.hideWelcomeMessage": "true",
    "logger.level": "warning",
    "server.fileWatcherType": "none",  # a scan of all modules takes 0.2 s for each visitor
    "server.headless": "true",
}
# Only the provider's signed cookie says who somebody is, whatever the environment or a file would set.
_SIGN_IN_FLAGS = {
    "server.enableAgentApi": "false",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.trustedUserHeaders": "{}",
}


def free_port(host: str, port: int | None) -> int:
    """Return ``port``, or the first free one; raises BusyError if it is taken, or if none is free.

    A port that somebody named is not left: a health check, a sign-in's address and a tunnel name it, too.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(_FIRST_PORT, _FIRST_PORT + _TRIES) if port is None else (port,):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    if port is not None:
        raise BusyError(
            f"Port {port} cannot be listened on at {host}.",
            hint="Stop the program that uses it, or leave --port out: a free one is taken then.",
        )
    raise BusyError(
        f"No port from {_FIRST_PORT} on can be listened on at {host}.",
        hint="Name another address or port, such as --port 9000.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageServer:
    """The address, port and further host names of the pages, and whether other machines may connect.

    Without a ``port`` it is 8501, or the next free one.
    ``sign_in`` is the file that says where people sign in (None: whoever reaches the pages is you). Raises
    UsageError for such a file that cannot be used, for an address that other machines can reach without
    ``open_to_network`` and ``sign_in``, for a proxy's name without ``sign_in``, and for a wildcard host name
    (DNS rebinding).
    """

    host: str = "127.0.0.1"
    port: int | None = None
    allow_hosts: Sequence[str] = ()
    open_to_network: bool = False
    sign_in: Path | None = None

    def __post_init__(self) -> None:
        """Refuse settings that would let strangers in by accident."""
        require_permission(self.host, opened=self.open_to_network, opens=OPENS)
        if self.sign_in is not None:
            read_sign_in(self.sign_in)
        if wildcards := [name for name in self.allow_hosts if "*" in name]:
            raise UsageError(
                f"The pages cannot answer to every name like '{wildcards[0]}': one of them may be somebody's "
                "web page whose name was made to point here.",
                hint="Name each name, such as --allow-host studio.example.com.",
            )
        require_sign_in(self.host, has_sign_in=self.sign_in is not None, names=self.allow_hosts)


def serve_pages(
    entry: Path, server: PageServer, *, environment: Mapping[str, str], as_json: bool = False
) -> int:
    """Run the app at ``entry`` until it stops or Ctrl-C ends it; return the exit status.

    On a stop request it has :data:`_STOP_TIMEOUT_S` seconds, then it is killed. That loses nothing: runs are
    separate processes, and the pages' data is in the store.
    The pages only answer to the host names of their address and to allowed ones, which blocks DNS rebinding.
    Their address is printed once they answer; with ``as_json`` as one line ``{"url", "pid"}``, alone on
    stdout.
    """
    host, port = server.host, free_port(server.host, server.port)
    flags = {**_FLAGS, "server.address": host, "server.port": str(port)}
    sign_in = "" if server.sign_in is None else str(server.sign_in.resolve())
    if sign_in:
        flags |= _SIGN_IN_FLAGS | {"secrets.files": sign_in}
    command = [sys.executable, "-m", "streamlit", "run", str(entry)]
    command += [f"--server.allowedHosts={name}" for name in trusted_hosts(host, also=server.allow_hosts)]
    command += [part for name, value in flags.items() for part in (f"--{name}", value)]
    pages = subprocess.Popen(
        command,
        cwd=entry.parents[1],
        env={
            **environment,
            OPEN_VARIABLE: "1" if server.open_to_network else "",
            SIGN_IN_VARIABLE: sign_in,
        },
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if as_json else None,
    )

    def end(*_: object) -> None:
        pages.terminate()
        killer = threading.Timer(_STOP_TIMEOUT_S, pages.kill)
        killer.daemon = True
        killer.start()

    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, end)
    if _wait_until_ready(pages, host, port):
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104
        url = f"http://{name}:{port}"
        message = json.dumps({"url": url, "pid": pages.pid})
        if not is_loopback(host):
            print(f"Open to the network: {OPENS}", file=sys.stderr, flush=True)
        print(message if as_json else f"\nLitmus runs at {url} (Ctrl-C stops it; runs go on)\n", flush=True)
    status = pages.wait()
    return 0 if status in (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGKILL) else 1


def _wait_until_ready(pages: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Wait until the pages answer; return False if they ended first."""
    local_host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    shown = f"[{local_host}]" if ":" in local_host else local_host
    # A proxy in the environment is for other machines.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while pages.poll() is None:
        try:
            with direct.open(f"http://{shown}:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
