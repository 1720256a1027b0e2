"""Operations on pre-processors in their process: see ``PluginProcess.ask`` in ``litmus_core.plugins``."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext


def trace(context: WorkerContext, *, fitted: str, columns: list[dict[str, Any]], to: str) -> dict[str, Any]:
    """Run the fitted pre-processor once on symbolic columns, and write the traced graph to ``to`` as JSON."""
    from litmus_core import frame
    from litmus_core.types import Column, from_plain

    del context
    fitted_step = pickle.loads(Path(fitted).read_bytes())  # noqa: S301 - that is this process's job
    traced = frame.trace(fitted_step.transform, [from_plain(Column, column) for column in columns])
    Path(to).write_text(json.dumps(traced.state(), allow_nan=False), encoding="utf-8")
    return {}
