"""Start the app on the next free port, say its address once it answers, and stay until it stops.

    python -m scripts.start_app        PORT and ADDRESS in the environment: 8501 and 127.0.0.1 by default

The app listens on this machine only, unless ADDRESS says otherwise; no browser is opened, nothing is asked.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
TRIES = 100
FLAGS = {
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
    "server.headless": "true",
}


def free_port(address: str, *, first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on; raises OSError when there is none."""
    for port in range(first, first + TRIES):
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise OSError(f"There is no free port from {first} to {first + TRIES - 1} on {address}.")


def answers(url: str) -> bool:
    """Tell whether the app at ``url`` is up."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as reply:  # noqa: S310 - our own http
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start(address: str, *, port: int) -> subprocess.Popen[bytes]:
    """Start Streamlit, quiet about itself; what goes wrong is still told."""
    flags = {
        **FLAGS,
        "server.address": address,
        "server.port": str(port),
        "logger.hideWelcomeMessage": "true",
    }
    options = [part for name, value in flags.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", *options]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)


def main() -> int:
    """Start, tell, wait; Ctrl-C and a polite kill end the app and exit with 0."""
    address = os.environ.get("ADDRESS") or "127.0.0.1"
    try:
        port = free_port(address, first=int(os.environ.get("PORT") or 8501))
    except (OSError, ValueError) as error:
        print(f"{error} Name another with make run PORT=9000.", file=sys.stderr)
        return 1
    app = start(address, port=port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        app.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    shown = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::1", "::") else address  # noqa: S104
    told = False
    while app.poll() is None:
        if not told and answers(f"http://{shown}:{port}"):
            print(f"\nLitmus runs at http://{shown}:{port} (Ctrl-C stops it; runs go on)\n", flush=True)
            told = True
        time.sleep(0.2 if not told else 0.5)
    return 0 if app.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else 1


if __name__ == "__main__":
    sys.exit(main())
