"""A notebook's kernel, without a notebook: a process that runs cells and says what came of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_STARTS_S, _CELL_S = 60, 300


@contextmanager
def kernel(folder: Path) -> Iterator[Callable[[str], str]]:
    """Yield a function that runs one cell in ``folder`` and returns what it printed and showed.

    A cell that raises fails the test with the cell's traceback. The kernel is plain: no ipywidgets.
    """
    manager_module = pytest.importorskip("jupyter_client.manager")
    manager = manager_module.KernelManager(kernel_name="python3")
    root = str(Path(__file__).parent.parent)
    manager.start_kernel(cwd=str(folder), env={**os.environ, "PYTHONPATH": root, "IPYTHONDIR": str(folder)})
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=_STARTS_S)
        yield lambda cell: _run(client, cell)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, cell: str) -> str:
    said: list[str] = []

    def hear(message: Any) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            said.append(content["text"])
        elif "data" in content:
            said.append(content["data"].get("text/plain", ""))

    reply = client.execute_interactive(cell, output_hook=hear, timeout=_CELL_S)["content"]
    if reply["status"] != "ok":
        pytest.fail("\n".join(reply.get("traceback", [str(reply)])))
    return "".join(said)
