"""The blocks of README and guides, in the order in which a reader meets them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "docs/bundle.md",
    "docs/commands.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "guides").glob("*.md")),
]
FROM_NOTHING = "README.md"  # its script begins without the libraries in memory
_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"# ((?:plugins/)?[a-z_-]+\.(?:py|yaml))\n")
_PROMPT = "$ "


@dataclass(frozen=True)
class Command:
    """A command of a block, and the lines that the document says it prints."""

    text: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A block of ``document``."""

    document: str
    language: str
    code: str

    @property
    def file(self) -> str:
        """The name of the file that it is to be written to, as its first line says; "" where it is run."""
        match = _FILE.match(self.code)
        return match[1] if match and self.language != "shell" else ""

    @property
    def commands(self) -> list[Command]:
        """The commands of a block of shell; where a ``$`` stands before each, what they print is shown."""
        lines = _joined(self.code.splitlines())
        if not self.code.startswith(_PROMPT):
            return [Command(line) for line in lines if line and not line.startswith("#")]
        commands: list[Command] = []
        for line in lines:
            if line.startswith(_PROMPT):
                commands.append(Command(line.removeprefix(_PROMPT)))
            elif line:
                commands[-1] = Command(commands[-1].text, (*commands[-1].shown, line))
        return commands


def blocks_of(document: str, *languages: str) -> list[Block]:
    """Return a document's blocks in these languages; all where none is named."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [
        Block(document, match["language"], dedent(match["code"]))
        for match in _BLOCK.finditer(text)
        if not languages or match["language"] in languages
    ]


def without_blocks(document: str) -> str:
    """Return a document's text with its blocks left empty, line by line where it was."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return _BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)


def text_of(document: str) -> str:
    """Return a document's running text in one line."""
    return " ".join(without_blocks(document).split())


def _joined(lines: list[str]) -> list[str]:
    """Return the lines with those joined that a backslash or an open quote joins."""
    joined: list[str] = []
    whole = True
    for line in lines:
        joined = [*joined, line] if whole else [*joined[:-1], f"{joined[-1]}\n{line}"]
        whole = not (joined[-1].endswith("\\") or _is_open(joined[-1]))
    return joined


def _is_open(line: str) -> bool:
    return line.count('"') % 2 == 1
