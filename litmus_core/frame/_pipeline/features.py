"""Features: rows as models read them, without a data frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.frame._values.raw_values import Floats

Flags = np.ndarray[Any, np.dtype[np.uint8]]
Codes = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """n rows of a pipeline's outputs, each block in the order of the pipeline's names for it.

    ``numbers`` (n, p) doubles, NaN where missing; ``tokens`` (n, t) 0/1; ``categories`` (n, c) codes into
    each column's frozen vocabulary, followed by the codes of "unknown" and "missing"; ``texts`` one list of
    n strings for each text output ("" where missing).
    """

    numbers: Floats
    tokens: Flags
    categories: Codes
    texts: tuple[list[str], ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.numbers)

    def rows(self, start: int, stop: int) -> Features:
        """Return the rows from ``start`` up to ``stop``."""
        return Features(
            self.numbers[start:stop],
            self.tokens[start:stop],
            self.categories[start:stop],
            tuple(text[start:stop] for text in self.texts),
        )
