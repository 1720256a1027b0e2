"""Complete examples of plug-ins, read from the guides; tests run them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litmus_core.types import Point

__all__ = ["GUIDES", "Example", "examples"]

GUIDES = Path(__file__).resolve().parents[1] / "docs" / "guides"
_BLOCK = re.compile(r"```python\n# (?:plugins/)?(?P<name>\w+\.py)\n(?P<text>.*?)```", re.DOTALL)
_IMPORT = re.compile(r"^from litmus_core\.plugins import (.*)$", re.MULTILINE)
_POINTS: Mapping[str, Point] = {
    "preprocessor": "preprocess",
    "algorithm": "algorithm",
    "postprocessor": "postprocess",
    "metric": "metric",
    "data_source": "data_source",
    "task_type": "task_type",
    "exporter": "exporter",
    "hook": "hook",
    "action": "action",
    "certificate_line": "certificate_line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A file for ``plugins/``; ``guide`` is the text of the page that explains it."""

    point: Point
    file: str
    text: str
    guide: str


@cache
def examples() -> tuple[Example, ...]:
    """Return one example per extension point, in their order; none if the guides are missing.

    Guides on plug-ins come first, since the files of other guides may use several points.
    """
    by_point: dict[Point, Example] = {}
    for path in sorted(GUIDES.glob("*.md"), key=lambda path: (not path.name.startswith("plugin"), path)):
        guide = path.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(guide):
            for point in _points_in(block["text"]):
                text = block["text"].lstrip("\n")
                by_point.setdefault(point, Example(point=point, file=block["name"], text=text, guide=guide))
    return tuple(by_point[point] for point in _POINTS.values() if point in by_point)


def _points_in(code: str) -> list[Point]:
    """Return the extension points whose decorators the code imports."""
    names = [name.strip() for line in _IMPORT.findall(code) for name in line.split(",")]
    return [_POINTS[name] for name in names if name in _POINTS]
