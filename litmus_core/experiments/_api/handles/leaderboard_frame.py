"""A leaderboard as a data frame whose text fits a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap

import pandas as pd

from litmus_core.text import shorten

_READ = ("data", "run", "name", "validation", "test", "latency_p95_ms", "size_mb", "chosen")
_LEFT_OUT_FIRST = ("size_mb", "latency_p95_ms", "data", "chosen", "run", "test")  # where lines are short
_THEN_SHORTER = "data"  # after which names are shortened before anything else is left out
_MOST_ROWS, _SHORT_NAME, _SHORTEST_NAME, _NARROWEST = 60, 36, 12, 40


class LeaderboardFrame(pd.DataFrame):
    """A data frame that prints the columns people decide by, and names the others below.

    pandas leaves out the middle columns of a wide frame, among them the name and the score. A frame with
    fewer columns, such as a selection, prints as in pandas.
    """

    @property
    def _constructor(self) -> type[LeaderboardFrame]:
        return LeaderboardFrame

    def __repr__(self) -> str:
        if not {"candidate", *_READ[2:]} <= set(self.columns) or self.empty:
            return super().__repr__()
        read, width = [name for name in _READ if name in self.columns], _line_width()
        lines, longest = self._lines(read), max(len(str(name)) for name in self["name"])
        for name in _LEFT_OUT_FIRST:
            if len(lines[0]) > width and name in read:
                read.remove(name)
                lines = self._lines(read, longest=longest)
            if name == _THEN_SHORTER and len(lines[0]) > width:
                longest = min(longest, max(_SHORT_NAME, longest - (len(lines[0]) - width)))
                lines = self._lines(read, longest=longest)
        if len(lines[0]) > width:
            lines = self._lines(read, longest=max(_SHORTEST_NAME, longest - (len(lines[0]) - width)))
        more = ", ".join(str(name) for name in self.columns if name not in read)
        return "\n".join([*lines, *textwrap.wrap(f"More columns: {more}.", max(width, _NARROWEST))])

    def _lines(self, read: list[str], *, longest: int = 10_000) -> list[str]:
        """Return the header and a line for each model, all of one length."""
        shown = pd.DataFrame(self)[read]
        shown = shown.assign(name=[shorten(str(name), most=longest) for name in shown["name"]])
        if "chosen" in read:
            shown = shown.assign(chosen=["yes" if chosen else "" for chosen in shown["chosen"]])
        text = shown.to_string(index=False, float_format=_number, na_rep="", max_rows=_MOST_ROWS)
        return text.splitlines()


def _line_width() -> int:
    """Return the characters of a line: pandas' option, or what a narrower terminal has."""
    width = int(pd.get_option("display.width") or 80)
    return min(width, shutil.get_terminal_size().columns) if sys.stdout.isatty() else width


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
