"""Pieces of files: rows that any process can work on independently, and the files that result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from litmus_core.errors import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """``n_rows`` rows of ``file`` from ``start`` on, and the file ``to`` of their results."""

    file: str
    start: int
    n_rows: int
    to: str

    @contextmanager
    def write(self) -> Iterator[Path]:
        """Yield the path to write to; it becomes ``to`` at the end, complete or not at all.

        No other process on any machine uses it. A lost process leaves a file that ends in ``.half``.
        """
        half = Path(f"{self.to}.{token_hex(8)}.half")
        with writing(half):
            yield half
            half.replace(self.to)


def remove_halves(folder: Path) -> None:
    """Remove what lost processes left in a folder of pieces."""
    for half in folder.glob("*.half"):
        half.unlink()
