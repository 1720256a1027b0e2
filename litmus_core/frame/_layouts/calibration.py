"""Calibrations stored on disk: each layout's measured time on this machine, for plans of one structure."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from litmus_core.errors import DISTRIBUTION
from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.polars_layout import Way
from litmus_core.frame._layouts.selection import Chooser, Form, LayoutName, Line
from litmus_core.types import Column

_PACKAGES = (DISTRIBUTION, "numpy", "polars", "pandas", "llvmlite")


def calibration_file(columns: Sequence[Column], graph: Graph, ways: Sequence[Way], folder: Path) -> Path:
    """Return the path in ``folder`` of a plan's calibration: it depends on steps, not on learned values."""
    description = [
        [[column.kind, column.storage] for column in columns],
        [[step.operation.name, step.inputs] for step in graph.steps],
        [graph.outputs, [way.how for way in ways]],
    ]
    return folder / f"{hashlib.sha256(json.dumps(description).encode()).hexdigest()[:20]}.json"


def calibrations() -> Path:
    """Return the folder of calibrations: under ``XDG_CACHE_HOME``, else ``~/.cache``."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "litmus" / "frame"


def calibrate(chooser: Chooser, form: Form, measure: Callable[[], None], *, file: Path, again: bool) -> None:
    """Give ``chooser`` the layouts' times for a form: from ``file`` if it matches this machine, else
    measured.

    A file that cannot be read or written is not an error; the chooser's reasons mention it.
    """
    here, stored, trouble = fingerprint(), None, ""
    try:
        stored = None if again else _CalibrationFile.read(file)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        trouble = f", as '{file}' was not readable"
    fits = stored is not None and stored.made_on == here
    if stored and fits and stored.forms.get(form, {}).keys() == chooser.lines_of(form).keys():
        chooser.take(form, stored.forms[form], source=f"measured here on {stored.day}")
        return
    measure()
    forms = {**(stored.forms if stored and fits else {}), form: chooser.lines_of(form)}
    try:
        _CalibrationFile(here, forms).write(file)
    except OSError as error:
        trouble += f", and not kept: '{file}' cannot be written ({error.strerror or error})"
    chooser.take(form, forms[form], source=f"measured on rows at hand{trouble}")


def fingerprint() -> dict[str, str | None]:
    """Return the facts that times depend on: the processor, the number of processors, and versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    facts = {"processor": _processor(), "processors": str(cores), "python": platform.python_version()}
    return facts | {package: _version(package) for package in _PACKAGES}


class _CalibrationFile:
    """A file's content: lines by form, and the fingerprint of the machine that measured them."""

    def __init__(
        self, machine: Mapping[str, Any], forms: Mapping[Form, Mapping[LayoutName, Line]], day: str = ""
    ) -> None:
        self.made_on, self.forms, self.day = machine, forms, day

    @classmethod
    def read(cls, file: Path) -> _CalibrationFile | None:
        """Return the content of ``file``, None if there is none; raises ValueError or similar if it is
        damaged.
        """
        try:
            plain = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        forms = {
            cast("Form", form): {cast("LayoutName", name): _line(line) for name, line in lines.items()}
            for form, lines in plain["forms"].items()
        }
        return cls(plain["made_on"], forms, date.fromtimestamp(file.stat().st_mtime).isoformat())

    def write(self, file: Path) -> None:
        """Replace ``file`` atomically; raises OSError if that fails."""
        forms = {
            form: {name: [line.fixed_us, line.row_us, line.later_us] for name, line in lines.items()}
            for form, lines in self.forms.items()
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        try:
            half.write_text(json.dumps({"made_on": self.made_on, "forms": forms}), encoding="utf-8")
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)


def _line(plain: Any) -> Line:
    fixed_us, row_us, later_us = plain
    if not all(0 <= float(cost) < math.inf for cost in (fixed_us, row_us, later_us or 0)):
        raise ValueError(plain)
    return Line(fixed_us, row_us, later_us)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
