"""Start the pages on the next free port, say their address once they answer, and stay until they stop."""

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
from pathlib import Path

from litmus_core.errors import BusyError
from litmus_core.serving import trusted_hosts

_TRIES = 100
_MOST_ENDING_S = 10  # a browser's connection, or work behind a page, is not waited for longer
# Nothing is asked, opened or sent: no e-mail prompt, no browser, no usage figures.
_FLAGS = {
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
    "logger.hideWelcomeMessage": "true",
    "logger.level": "warning",
    "server.headless": "true",
}


def free_port(host: str, *, first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on; raises BusyError when there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + _TRIES, 65_536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise BusyError(
        f"No port from {first} on can be listened on at {host}.",
        hint="Name another address or port, such as --port 9000.",
    )


def serve_pages(
    entry: Path,
    *,
    host: str,
    port: int,
    environment: Mapping[str, str],
    allow_hosts: Sequence[str] = (),
    as_json: bool = False,
) -> int:
    """Run the app at ``entry`` from its checkout until it stops or Ctrl-C ends it; return the exit status.

    Asked to end, it has :data:`_MOST_ENDING_S`; then it is killed, which loses nothing: runs are processes
    of their own, and what pages keep is in the store.
    The pages answer to the names of ``host`` and to ``allow_hosts``, and to no other, lest another site's
    name that is made to point here open them.
    Their address is printed once they answer; ``as_json``: as one line ``{"url", "pid"}``, alone on stdout.
    """
    port = free_port(host, first=port)
    flags = {**_FLAGS, "server.address": host, "server.port": str(port)}
    command = [sys.executable, "-m", "streamlit", "run", str(entry)]
    command += [f"--server.allowedHosts={name}" for name in trusted_hosts(host, also=allow_hosts)]
    command += [part for name, value in flags.items() for part in (f"--{name}", value)]
    pages = subprocess.Popen(
        command,
        cwd=entry.parents[1],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if as_json else None,
    )

    def end(*_: object) -> None:
        pages.terminate()
        late = threading.Timer(_MOST_ENDING_S, pages.kill)
        late.daemon = True
        late.start()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)
    if _comes_up(pages, host, port):
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104
        url = f"http://{name}:{port}"
        said = json.dumps({"url": url, "pid": pages.pid})
        print(said if as_json else f"\nLitmus runs at {url} (Ctrl-C stops it; runs go on)\n", flush=True)
    status = pages.wait()
    return 0 if status in (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGKILL) else 1


def _comes_up(pages: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Wait until the pages answer; False when they ended before that."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    shown = f"[{near}]" if ":" in near else near
    # A proxy in the environment is for other machines, not for this one.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while pages.poll() is None:
        try:
            with direct.open(f"http://{shown}:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
