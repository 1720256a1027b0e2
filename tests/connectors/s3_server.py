"""A server that speaks S3's language, on loopback, for as long as it is needed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

ABSENT = "No S3 server is installed here: pip install 'moto[s3]' flask flask-cors brings moto's."
_LIMIT_S = 60


@contextmanager
def running() -> Iterator[str]:
    """Start moto's server and yield its address; end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _LIMIT_S
        while not _answers(port):
            assert server.poll() is None, "moto's server ended"
            assert time.monotonic() < until, "moto's server did not come up"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
