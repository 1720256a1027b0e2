"""Pre-processing that runs as Python: storage in a run's folder, and calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litmus_core.engine._run_folder.folder import PREDICTOR
from litmus_core.frame import Code, Transform
from litmus_core.plugins import plugin_proxy
from litmus_core.runtime import STEPS, steps_here, use_modules
from litmus_core.trust import check_files
from litmus_core.types import PluginRef

__all__ = ["STEPS", "isolated_steps", "open_steps", "reason_not_compiled"]


def open_steps(folder: Path, *, custom_in_process: bool) -> Callable[[Code], Transform]:
    """Return a function that opens a run's pre-processors: in this process, or each in its own.

    Raises UntrustedError if this user neither wrote nor trusts the run's files of them.
    """
    check_files(folder, except_for=(PREDICTOR,))
    if not custom_in_process:
        return isolated_steps(folder)
    use_modules(folder)
    return steps_here(folder / STEPS)


def isolated_steps(folder: Path) -> Callable[[Code], Transform]:
    """Return a function that opens a run's pre-processors, each in its own process."""

    def open_code(code: Code) -> Transform:
        part = PluginRef(point="preprocess", reference="", module=code.module, name=code.name)
        fitted = (folder / STEPS / code.file).read_bytes()

        def transform(frame: Any) -> Any:
            return plugin_proxy(part, folder).call("transform", frame, fitted=fitted)

        return transform

    return open_code


def reason_not_compiled(folder: Path) -> str:
    """Return why pre-processing keeps a run's models from being compiled; "" if it does not."""
    path = folder / STEPS / "why.json"
    if not path.exists():
        return ""
    return f"its pre-processing is code of your own ({json.loads(path.read_text(encoding='utf-8'))})"
