"""A leaderboard as a data frame whose text fits a terminal."""

from __future__ import annotations

import pandas as pd

_READ = ("data", "run", "name", "validation", "test", "latency_p95_ms", "size_mb", "chosen")
_MOST_ROWS = 60


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
        read = [name for name in _READ if name in self.columns]
        shown = pd.DataFrame(self)[read].assign(chosen=["yes" if chosen else "" for chosen in self["chosen"]])
        text = shown.to_string(
            index=False,
            float_format=_number,
            na_rep="",
            max_rows=_MOST_ROWS,
            line_width=pd.get_option("display.width"),
        )
        more = ", ".join(str(name) for name in self.columns if name not in read)
        return f"{text}\nMore columns: {more}."


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
