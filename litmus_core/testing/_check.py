"""Check a plug-in: each point has its own named checks."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.plugins import (
    PluginDescription,
    PluginProxy,
    PlugInReport,
    copy_parts,
    describe,
    plugin_process,
)
from litmus_core.runtime import MODULES
from litmus_core.testing._action_checks import ACTION_CHECKS
from litmus_core.testing._algorithm_checks import ALGORITHM_CHECKS
from litmus_core.testing._certificate_line_checks import CERTIFICATE_LINE_CHECKS
from litmus_core.testing._harness import ConformanceCheck, OnCheck, PluginHarness, make_checks
from litmus_core.testing._integration_checks import DATA_SOURCE_CHECKS, EXPORTER_CHECKS, HOOK_CHECKS
from litmus_core.testing._metric_checks import METRIC_CHECKS
from litmus_core.testing._postprocessor_checks import POSTPROCESSOR_CHECKS
from litmus_core.testing._preprocessor_checks import PREPROCESSOR_CHECKS
from litmus_core.testing._task_type_checks import TASK_TYPE_CHECKS
from litmus_core.types import Point

CALL_LIMIT_S = 20.0
MEMORY_BYTES = 2 << 30

CHECKS: dict[Point, Sequence[ConformanceCheck]] = {
    "preprocess": PREPROCESSOR_CHECKS,
    "algorithm": ALGORITHM_CHECKS,
    "postprocess": POSTPROCESSOR_CHECKS,
    "metric": METRIC_CHECKS,
    "data_source": DATA_SOURCE_CHECKS,
    "task_type": TASK_TYPE_CHECKS,
    "exporter": EXPORTER_CHECKS,
    "hook": HOOK_CHECKS,
    "action": ACTION_CHECKS,
    "certificate_line": CERTIFICATE_LINE_CHECKS,
}


def check_plugin(
    plugin: PluginDescription | Any,
    *,
    home: Path | None = None,
    limit_s: float = CALL_LIMIT_S,
    memory_bytes: int = MEMORY_BYTES,
    on_check: OnCheck = lambda *_: None,
) -> PlugInReport:
    """Run a plug-in's conformance checks in a process of its own and return the results.

    ``plugin`` is a marked class or function, or its description; ``home`` the workspace whose ``plugins`` may
    contain it. Each call may take ``limit_s``, and its process ``memory_bytes``. ``on_check`` is called with
    the number of checks done, the number of all, and the next one's name. Nothing that the plug-in does ends
    the caller. Raises UsageError if there is no such plug-in.

        from litmus_core.testing import check_plugin

        def test_my_plug_in():
            report = check_plugin(Caps)
            assert report.passed, report.reason
    """
    described = plugin if isinstance(plugin, PluginDescription) else _describe(plugin)
    with tempfile.TemporaryDirectory(prefix="litmus-check-") as scratch:
        modules = Path(scratch, MODULES)
        (part,) = copy_parts([described.part()], base=Path.cwd(), to=modules, home=home)
        with plugin_process(modules, memory_bytes=memory_bytes) as host:
            harness = PluginHarness(described=described, proxy=PluginProxy(part, host), limit_s=limit_s)
            results = make_checks(harness, CHECKS[described.point], on_check)
    return PlugInReport(
        point=described.point,
        name=described.name,
        reference=described.reference,
        sha256=part.sha256,
        results=results,
    )


def check_file(
    file: Path, *, home: Path | None = None, limit_s: float = CALL_LIMIT_S
) -> tuple[PlugInReport, ...]:
    """Check every plug-in of a Python file; raises UsageError if it cannot be imported or has none."""
    return tuple(
        check_plugin(described, home=home, limit_s=limit_s) for described in describe(file, home=home)
    )


def _describe(target: Any) -> PluginDescription:
    """Return the description of a marked class or function of a file."""
    name = getattr(target, "__name__", "")
    try:
        file = inspect.getsourcefile(target)
    except TypeError:
        file = None
    if file is None or not Path(file).is_file():
        raise UsageError(f"{target!r} is not a class or function of a file.", hint="Give the class itself.")
    described = [entry for entry in describe(Path(file)) if entry.name == name]
    if not described:
        raise UsageError(
            f"'{name}' of {Path(file).name} is not marked as a plug-in.",
            hint="Put a decorator of litmus_core.plugins above it, such as @preprocessor.",
        )
    return described[0]
