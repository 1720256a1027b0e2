"""Columns computed from columns: Litmus' own pre-processors, through the same plug-in interface as others.

Each is a plain class with ``fit`` and ``transform`` on a pandas frame of raw columns; none uses the target,
and all become part of the model's graph.
"""

from litmus_core.builtin_preprocessors._counts import Counts
from litmus_core.builtin_preprocessors._crosses import Crosses, crosses_of, groups_in
from litmus_core.builtin_preprocessors._pairs import Pairs, names_in, pairs_of
from litmus_core.builtin_preprocessors._round_dates import RoundDates
from litmus_core.types import PluginRef

MODULE = __name__
# By class: its title, and when it helps.
KNOWN_COLUMNS: dict[str, tuple[str, str]] = {
    "Counts": ("How frequent each value is", "Rare values behave unlike frequent ones"),
    "Crosses": (
        "Values together, and numbers as names",
        "Two columns mean something together, such as month and day; a number only names something",
    ),
    "Pairs": ("Ratios and differences of numbers", "What matters is how numbers compare, and not their size"),
    "RoundDates": ("Dates as places on a circle", "Something repeats with the year, the week or the day"),
}
# By class with a parameter ``columns``: how to write it.
NAMED_COLUMNS: dict[str, str] = {
    "Crosses": "What belongs together with + between, more of it after a comma: month + day, teacher",
    "Pairs": "Two or more, with commas between.",
}

__all__ = [
    "KNOWN_COLUMNS",
    "MODULE",
    "NAMED_COLUMNS",
    "Counts",
    "Crosses",
    "Pairs",
    "RoundDates",
    "columns_of",
    "crosses_of",
    "groups_in",
    "pairs_of",
    "reference_of",
]


def reference_of(name: str) -> str:
    """Return a pre-processor's reference in a run's plan.

    >>> reference_of("Counts")
    'litmus_core.builtin_preprocessors:Counts'
    """
    return f"{MODULE}:{name}"


def columns_of(part: PluginRef) -> tuple[str, ...]:
    """Return the columns that a built-in pre-processor needs; unknown, and so empty, for others.

    >>> crosses = PluginRef(
    ...     point="preprocess", reference=reference_of("Crosses"), parameters=(("columns", "a + b"),)
    ... )
    >>> columns_of(crosses)
    ('a', 'b')
    """
    columns = str(dict(part.parameters).get("columns", ""))
    if part.reference == reference_of("Pairs"):
        return tuple(names_in(columns))
    if part.reference == reference_of("Crosses"):
        return tuple(name for group in groups_in(columns) for name in group)
    return ()
