"""One hostile file, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Write = Callable[[Path], Any]


@dataclass(frozen=True)
class Hostile:
    """One file: ``n_rows`` where it is read, else what is said of it. A str is written as UTF-8."""

    id: str
    name: str
    content: str | bytes | Write
    n_rows: int | None = None
    says: str = ""

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content.encode() if isinstance(self.content, str) else self.content)
        return path
