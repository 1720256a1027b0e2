"""Check pre-processors before a run is queued: importable, and with a transform method."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.errors import UsageError
from litmus_core.plugins import check_maker, plugin_process
from litmus_core.types import PluginRef


def check_preprocessing(parts: Sequence[PluginRef], modules: Path) -> None:
    """Raise UsageError unless each part can be imported from ``modules`` and has transform.

    They are imported and inspected, not created, in a process that ends with the check.
    """
    refs = [part for part in parts if part.point == "preprocess"]
    named = next((part for part in refs if not part.module), None)
    if named is not None:
        raise UsageError(
            f"There is no pre-processor '{named.reference}'.",
            hint="Name a class of your own: FILE.py:Class or module:Class.",
        )
    if refs:
        with plugin_process(modules) as host:
            for part in refs:
                check_maker(host, part, methods=("transform",), noun="pre-processor")
