"""Other processes that know the tiny executor, as they would a plug-in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.warm import client as warm

_SITE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("tiny", {tiny!r})
tiny = importlib.util.module_from_spec(spec)
sys.modules["tiny"] = tiny
spec.loader.exec_module(tiny)
tiny.register()
"""


def teach_children(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every Python that is started from here load bundles of the executor ``tiny``."""
    tiny = Path(__file__).with_name("tiny_executor.py")
    (folder / "sitecustomize.py").write_text(_SITE.format(tiny=str(tiny)), encoding="utf-8")
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), known])))


def script(code: str, folder: Path) -> list[str]:
    """Return a command that runs the code as a process of its own, which has the libraries in memory."""
    (folder / "script.py").write_text(code, encoding="utf-8")
    return [*warm.PYTHON, str(folder / "script.py")]
