"""Value frequencies of categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_FEWEST_VALUES, _MOST_VALUES = 3, 5_000
_MOST_SHARE = 0.5  # of the rows: a column with more distinct values is a text or an id


class Counts:
    """Adds a column to each category: the logarithm of how many training rows have the row's value.

    Missing values, and values that training did not hold, count as 0 rows.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"from": ["a", "a", "a", "b", "b", "c", None]})
    >>> step = Counts()
    >>> step.fit(frame, None)
    >>> step.transform(frame)["from, how frequent"].round(1).tolist()
    [1.4, 1.4, 1.4, 1.1, 1.1, 0.7, 0.0]
    """

    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        """Count the values of each category; raises ValueError if there is no category."""
        del target
        self.counts_: dict[str, dict[str, float]] = {}
        for name in frame.select_dtypes("object").columns:
            counts = frame[name].value_counts()
            if _FEWEST_VALUES <= len(counts) <= _MOST_SHARE * len(frame):
                frequent = counts.iloc[:_MOST_VALUES]
                self.counts_[name] = {str(value): float(np.log1p(n)) for value, n in frequent.items()}
        if not self.counts_:
            raise ValueError("there is no category with three values or more")

    def transform(self, frame: Any) -> Any:
        """Return the frame with those columns added."""
        frame = frame.copy()
        for name, counts in self.counts_.items():
            frame[f"{name}, how frequent"] = frame[name].map(counts).fillna(0.0)
        return frame
