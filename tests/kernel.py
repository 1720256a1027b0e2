"""A notebook's kernel, without a notebook: a process that runs cells and says what came of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.warm import client as warm

if TYPE_CHECKING:
    from collections.abc import Callable

_STARTS_S, _CELL_S = 60, 300


@contextmanager
def kernel(folder: Path, *, is_warm: bool = False) -> Iterator[Callable[[str], str]]:
    """Yield a function that runs one cell in ``folder`` and returns what it printed and showed.

    A cell that raises fails the test with the cell's traceback. The kernel is plain: no ipywidgets. It begins
    from nothing unless ``is_warm``: then it has the libraries in memory.
    """
    manager_module = pytest.importorskip("jupyter_client.manager")
    manager = manager_module.KernelManager(kernel_name="python3")
    if is_warm:
        command = Path(warm.__file__).with_name("command.py")
        manager.kernel_spec.argv = [sys.executable, "-IS", str(command), "kernel", "-f", "{connection_file}"]
    paths = [str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    given = {"PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": str(folder)}
    manager.start_kernel(cwd=str(folder), env=os.environ | given)
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=_STARTS_S)
        yield lambda cell: _run(client, cell)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=not is_warm)


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
