"""The blocks of Python in README and guides, in the order in which a reader meets them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "docs/bundle.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "guides").glob("*.md")),
]
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ((?:plugins/)?[a-z_]+\.py)\n")


@dataclass(frozen=True)
class Block:
    """A block of Python of ``document``."""

    document: str
    code: str

    @property
    def file(self) -> str:
        """The name of the file that it is to be written to, as its first line says; "" where it is run."""
        match = _FILE.match(self.code)
        return match[1] if match else ""


def blocks_of(document: str) -> list[Block]:
    """Return a document's blocks of Python."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [Block(document, code) for code in _BLOCK.findall(text)]
