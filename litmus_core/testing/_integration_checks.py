"""Checks of data sources, exporters and hooks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from litmus_core.errors import PlugInError
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness

_NOWHERE = "there-is-nothing-here"


def _read(harness: PluginHarness, location: str) -> Any:
    import pandas as pd

    answer = harness.call(method_of(harness), location)
    if isinstance(answer, pd.DataFrame):
        if answer.shape[1] == 0:
            raise FailedCheck("it read a table without columns")
        return answer
    path = Path(answer) if isinstance(answer, str | Path) else None
    if path is None:
        raise FailedCheck(f"it returned {type(answer).__name__}, neither a data frame nor a path")
    if not path.is_file():
        raise FailedCheck(f"it returned the path {path}, where there is no file")
    return path


def method_of(harness: PluginHarness) -> str:
    """Return ``read`` for a class, and "" for a function, which is called itself."""
    return "" if harness.described.facts.get("is_function") else "read"


def _check_example(harness: PluginHarness) -> None:
    example = harness.described.facts.get("example")
    if example:
        _read(harness, str(example))


def _check_missing_location(harness: PluginHarness) -> None:
    """A location that does not exist must raise an error with a message, not return a table or hang."""
    try:
        _read(harness, f"{harness.described.facts['prefix']}{_NOWHERE}")
    except PlugInError as error:
        if error.timed_out:
            raise
    else:
        raise FailedCheck(f"it read a table from {_NOWHERE}, where there is none")


DATA_SOURCE_CHECKS = (
    ConformanceCheck("reads its example", _check_example, first=True),
    ConformanceCheck("says where there is nothing", _check_missing_location),
)


def _check_export(harness: PluginHarness) -> None:
    with tempfile.TemporaryDirectory(prefix="litmus-export-") as scratch:
        bundle, to = Path(scratch, "bundle"), Path(scratch, "written")
        bundle.mkdir()
        (bundle / "litmus.json").write_text('{"name": "example"}')

        before = {path: path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file()}
        written = harness.call("write", bundle, to)
        if not isinstance(written, str | Path) or not Path(written).exists():
            raise FailedCheck(f"write returned {written!r}, where nothing is")
        contents = {path: path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file()}
        if before != contents:
            raise FailedCheck("write changes the bundle that it is given")


EXPORTER_CHECKS = (ConformanceCheck("writes", _check_export, first=True),)

_EVENTS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("on_run_start", ({"id": "run_1", "number": 1, "experiment": "a", "task": {"target": "t"}},)),
    ("on_stage", ("fit", "Training Linear model")),
    ("on_candidate", ({"id": "run_1-linear", "name": "Linear model"},)),
    ("on_verdict", ({"outcome": "meets", "sentence": "It meets the bar."},)),
    ("on_run_end", ({"status": "finished", "message": ""},)),
)


def _check_hook(harness: PluginHarness) -> None:
    words = harness.described.facts.get("words") or [word for word, _ in _EVENTS]
    fitted = harness.fit()
    for word, arguments in _EVENTS:
        if word in words and harness.call(word, *arguments, fitted=fitted) is not None:
            raise FailedCheck(f"{word} returned something; a hook only observes")


HOOK_CHECKS = (ConformanceCheck("looks on", _check_hook, first=True),)
