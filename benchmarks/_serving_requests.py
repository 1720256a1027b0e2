"""Requests a second that a server of a bundle answers, beside uvicorn that answers a constant.

    python -m benchmarks._serving_requests   # prints one JSON object

Both are asked in turns by one client on many connections, which sends bytes that are made once, so that the
servers are what limits them. Host, key and type of each request are checked by ours.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._live_costs import titanic_bundle

N_CONNECTIONS, N_REQUESTS, N_TURNS = 16, 4_000, 10
_KEY = "a key of this benchmark"
_CONSTANT = """
import sys, uvicorn
async def app(scope, receive, send):
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})
options = dict(log_level="warning", http="httptools", lifespan="off", access_log=False)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), **options)
"""


def measured() -> dict[str, Any]:
    """Return requests a second and processor time of a request, of either server: medians over the turns."""
    with tempfile.TemporaryDirectory(prefix="litmus-requests-") as folder, ExitStack() as stack:
        path, row = titanic_bundle(Path(folder))
        sent = request(json.dumps({"rows": [row]}).encode())
        servers = {"ours": ours(path, Path(folder)), "constant": _constant()}
        for server, _ in servers.values():
            stack.callback(server.wait, timeout=60)
            stack.callback(server.terminate)
        for _, port in servers.values():
            ask(port, sent, N_REQUESTS)  # warms up
        rates: dict[str, list[float]] = {name: [] for name in servers}
        spent: dict[str, list[float]] = {name: [] for name in servers}
        for turn in range(N_TURNS):
            for name in sorted(servers, reverse=bool(turn % 2)):
                server, port = servers[name]
                before = processor_s(server)
                rates[name].append(N_REQUESTS / ask(port, sent, N_REQUESTS))
                spent[name].append(1e6 * (processor_s(server) - before) / N_REQUESTS)
        return {
            "requests_per_s": {name: float(np.median(values)) for name, values in rates.items()},
            "processor_us": {name: float(np.median(values)) for name, values in spent.items()},
        }


def request(body: bytes) -> bytes:
    """Return a request for answers to the rows of a body, with the server's key."""
    lines = (
        "POST /predict HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"X-API-Key: {_KEY}",
    )
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode() + body


def ours(path: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server of a bundle; return it and its port."""
    ready = folder / "ready.json"
    command = [
        sys.executable,
        "-m",
        "litmus_core.serving",
        str(path),
        "--port",
        "0",
        "--ready-file",
        str(ready),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "LITMUS_API_KEY": _KEY})
    while not ready.exists() and server.poll() is None:
        time.sleep(0.05)
    return server, int(json.loads(ready.read_text())["url"].rpartition(":")[2])


def _constant() -> tuple[subprocess.Popen[bytes], int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", _CONSTANT, str(port)])
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            break
    return server, port


def ask(port: int, sent: bytes, n_requests: int, *, n_connections: int = N_CONNECTIONS) -> float:
    """Send requests on all connections, the next on each once its reply is whole; return the seconds."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(n_connections)]
    n_left, n_open = n_requests, 0
    with selectors.DefaultSelector() as ready, ExitStack() as stack:
        began = time.perf_counter()
        for connection in connections:
            stack.callback(connection.close)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(connection, selectors.EVENT_READ, bytearray())
            connection.sendall(sent)
            n_left, n_open = n_left - 1, n_open + 1
        while n_open:
            for key, _ in ready.select():
                key.data.extend(key.fileobj.recv(65_536))  # type: ignore[union-attr]
                if not _is_whole(key.data):
                    continue
                key.data.clear()
                n_open -= 1
                if n_left:
                    key.fileobj.sendall(sent)  # type: ignore[union-attr]
                    n_left, n_open = n_left - 1, n_open + 1
        return time.perf_counter() - began


def _is_whole(reply: bytearray) -> bool:
    """Return whether a reply is complete; raises RuntimeError for a refusal."""
    head, end, body = bytes(reply).partition(b"\r\n\r\n")
    if not end:
        return False
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"The server answered {head[:50]!r}.")
    return len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def processor_s(server: subprocess.Popen[bytes]) -> float:
    """Return the processor seconds that a server used so far."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    print(json.dumps(measured()))
