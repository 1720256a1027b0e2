"""A server on loopback that answers every connection with bytes that somebody chose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from benchmarks._hostile_makers import Reference

# What a kind of server gives for a place and a seed: a name, an address, and the table that has to arrive;
# None where nothing may.
Cases = Callable[[int, int], tuple[str, str, Reference | None]]
ANYTHING = Reference([], [])  # a table or words: both are right
MORE = b"\0(and more)"  # ends an answer after which the connection stays open
CSV = b"a,b\n1,x\n2,y\n3,z\n"
_PATIENCE_S = 5


class Server:
    """Answers what comes with ``reply``, then hangs up."""

    def __init__(self) -> None:
        self.reply: Callable[[bytes], bytes] = lambda _: b""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            line.settimeout(_PATIENCE_S)
            try:
                while request := line.recv(65_536):
                    answer = self.reply(request)
                    line.sendall(answer.removesuffix(MORE))
                    if not answer.endswith(MORE):
                        return
            except OSError:
                return


def sized(body: bytes, *headers: bytes, status: bytes = b"200 OK", kind: bytes = b"text/csv") -> bytes:
    """Return an answer of HTTP with its length."""
    length = b"Content-Length: %d" % len(body)
    head = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, length, *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body
