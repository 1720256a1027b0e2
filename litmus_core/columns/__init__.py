"""Columns made of columns: pre-processors of Litmus' own, by the door that everybody's come through.

Each is a plain class with ``fit`` and ``transform`` on a pandas frame of raw columns, none looks at the
answers, and all of them become part of the model's graph.
"""

from litmus_core.columns._counts import Counts
from litmus_core.columns._pairs import Pairs, pairs_of
from litmus_core.columns._round_dates import RoundDates

MODULE = __name__
# By class: title, and when it helps.
KNOWN_COLUMNS: dict[str, tuple[str, str]] = {
    "Counts": ("How frequent each value is", "Rare values behave unlike frequent ones"),
    "Pairs": ("Ratios and differences of numbers", "What matters is how numbers compare, and not their size"),
    "RoundDates": ("Dates as places on a circle", "Something repeats with the year, the week or the day"),
}

__all__ = ["KNOWN_COLUMNS", "MODULE", "Counts", "Pairs", "RoundDates", "pairs_of", "reference_of"]


def reference_of(name: str) -> str:
    """Return what a run's plan calls one of them.

    >>> reference_of("Counts")
    'litmus_core.columns:Counts'
    """
    return f"{MODULE}:{name}"
