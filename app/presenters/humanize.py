"""Numbers, times and states in plain words: the one place that decides how they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.theme import Tone
from litmus_core.types import Outcome, RunStatus

__all__ = [
    "NARROW",
    "StateWords",
    "Write",
    "ago",
    "all_states",
    "between",
    "brief",
    "counted",
    "decimals",
    "duration",
    "latency",
    "number",
    "outcome_words",
    "rows_words",
    "score",
    "share",
    "short",
    "size",
    "status_words",
    "unbroken",
]

MORE_LOOKS_MORE_LUCK = "the more looks, the more of the best score is luck"  # at the same test rows
Write = Callable[[float], str]  # a figure with its unit
NARROW = "\u202f"  # narrow no-break space between a number and its unit


@dataclass(frozen=True, slots=True, kw_only=True)
class StateWords:
    """A state as shape, word and colour; never colour alone."""

    word: str
    icon: str
    tone: Tone
    rank: int  # 0 is the most ready


_OUTCOMES: dict[Outcome, StateWords] = {
    "meets": StateWords(word="Meets the bar", icon=":material/check_circle:", tone="good", rank=0),
    "undecided": StateWords(word="Undecided", icon=":material/help:", tone="unsure", rank=1),
    "misses narrowly": StateWords(
        word="Misses narrowly", icon=":material/do_not_disturb_on:", tone="near", rank=2
    ),
    "misses": StateWords(word="Misses the bar", icon=":material/cancel:", tone="bad", rank=3),
    "no bar": StateWords(word="No bar set", icon=":material/horizontal_rule:", tone="quiet", rank=4),
}
_STATUSES: dict[RunStatus, StateWords] = {
    "queued": StateWords(word="Waiting its turn", icon=":material/schedule:", tone="quiet", rank=5),
    "running": StateWords(word="Training now", icon=":material/progress_activity:", tone="accent", rank=5),
    "finished": StateWords(word="Finished", icon=":material/task_alt:", tone="good", rank=6),
    "stopped": StateWords(word="Stopped, best kept", icon=":material/stop_circle:", tone="quiet", rank=6),
    "failed": StateWords(word="Could not finish", icon=":material/error:", tone="bad", rank=7),
    "interrupted": StateWords(word="Interrupted", icon=":material/pause_circle:", tone="near", rank=7),
}
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h|kB|MB|GB)(?!\w))")
_SIZES = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12))
_NOT_STARTED = StateWords(
    word="Not trained yet", icon=":material/radio_button_unchecked:", tone="quiet", rank=8
)


def all_states() -> tuple[StateWords, ...]:
    """Return every state that an experiment can be in, the most ready first."""
    return tuple(sorted([*_OUTCOMES.values(), *_STATUSES.values(), _NOT_STARTED], key=lambda each: each.rank))


def outcome_words(outcome: Outcome) -> StateWords:
    """Return how a verdict's outcome is shown."""
    return _OUTCOMES[outcome]


def status_words(status: RunStatus | None) -> StateWords:
    """Return how a run's status is shown; None: no run yet."""
    return _NOT_STARTED if status is None else _STATUSES[status]


def score(value: float) -> str:
    """Write a metric's value: three decimals near 1, four figures for larger ones.

    What is neither 0 nor 1 is not written as such, down to a millionth.

    >>> score(0.89149), score(1234.5), score(12.3456), score(18)
    ('0.891', '1,234', '12.35', '18.00')
    >>> score(0.9999), score(1.0), score(0.0004), score(1e-9)
    ('0.9999', '1.000', '0.0004', '0.000')
    """
    size_ = abs(value)
    if size_ < 2:
        exact = next((places for places in range(3, 7) if round(value, places) not in (0.0, 1.0)), 3)
        return f"{value:.{exact}f}"
    return f"{value:,.{decimals([value])}f}"


def decimals(values: Iterable[float]) -> int:
    """Return how many decimals a column of metric values takes, so that they read as :func:`score` writes.

    >>> decimals([0.9, -0.1]), decimals([17.95, 18.4]), decimals([]), decimals([634.7, 1508.2])
    (3, 2, 3, 0)
    """
    largest = max((abs(value) for value in values), default=0.0)
    return next((places for places, below in ((3, 2), (3, 10), (2, 100), (1, 1000)) if largest < below), 0)


def number(value: float) -> str:
    """Write a value of a column: whole numbers whole, others with four figures.

    >>> number(12.0), number(1234567.0), number(0.123456), number(15321.7)
    ('12', '1,234,567', '0.1235', '15,322')
    """
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def share(value: float, *, decimals: int = 0) -> str:
    """Write a share of 1 as a percentage.

    >>> share(0.164) == f"16{NARROW}%"
    True
    """
    return f"{100 * value:.{decimals}f}{NARROW}%"


def short(text: str, limit: int = 28) -> str:
    """Shorten a long name in its middle, where it tells the least.

    >>> short("a_very_long_column_name_that_never_ends", 20)
    'a_very_lon…ever_ends'
    """
    if len(text) <= limit:
        return text
    head = (limit - 1 + 1) // 2
    return f"{text[:head]}…{text[-(limit - 1 - head) :]}"


def between(low: float, high: float) -> str:
    """Write an interval of metric values.

    >>> between(0.881, 0.9124)
    '0.881 to 0.912'
    """
    return f"{score(low)} to {score(high)}"


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    >>> counted(1, "row"), counted(25000, "row"), counted(2, "category", "categories")
    ('1 row', '25,000 rows', '2 categories')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def rows_words(n_rows: int, n_columns: int) -> str:
    """Write a table's shape.

    >>> rows_words(25000, 14)
    '25,000 rows, 14 columns'
    """
    return f"{counted(n_rows, 'row')}, {counted(n_columns, 'column')}"


def duration(seconds: float) -> str:
    """Write a span of time as people say it.

    >>> duration(0.4), duration(42), duration(125), duration(3700)
    ('under a second', '42 seconds', '2 min 5 s', '1 h 1 min')
    """
    whole = round(seconds)
    if whole < 1:
        return "under a second"
    if whole < 60:
        return counted(whole, "second")
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole // 60, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def brief(seconds: float) -> str:
    """Write a span of time where there is little room.

    >>> [brief(each).replace(NARROW, " ") for each in (0.04, 8.71, 42, 125)]
    ['0.1 s', '8.7 s', '42 s', '2 min 5 s']
    """
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f}{NARROW}s"
    return f"{seconds:.0f}{NARROW}s" if seconds < 60 else duration(seconds)


def unbroken(sentence: str) -> str:
    """Return a sentence whose numbers stay on one line with their units.

    >>> unbroken("95 % of 20 rows within 20 ms").replace(NARROW, "_")
    '95_% of 20 rows within 20_ms'
    """
    return _BEFORE_UNIT.sub(NARROW, sentence)


def latency(milliseconds: float) -> str:
    """Write an answering time.

    >>> [latency(each).replace(NARROW, " ") for each in (0.0437, 0.43, 8.71, 83.2, 2310)]
    ['0.044 ms', '0.43 ms', '8.7 ms', '83 ms', '2.3 s']
    """
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f}{NARROW}s"
    places = next((n for n, least in ((0, 10), (1, 1), (2, 0.1)) if milliseconds >= least), 3)
    return f"{milliseconds:.{places}f}{NARROW}ms"


def size(n_bytes: float) -> str:
    """Write a size in decimal units.

    >>> [size(each).replace(NARROW, " ") for each in (512, 20_480, 3_500_000, 2.1e9)]
    ['512 B', '20 kB', '3.5 MB', '2.1 GB']
    """
    if n_bytes < 1000:
        return f"{n_bytes:.0f}{NARROW}B"
    unit, factor = next((unit, factor) for unit, factor in _SIZES if n_bytes < 1000 * factor or unit == "TB")
    value = n_bytes / factor
    return f"{value:.1f}{NARROW}{unit}" if value < 10 else f"{value:.0f}{NARROW}{unit}"


def figures(value: float) -> str:
    """Write a positive amount with two figures, never as a power of ten.

    >>> figures(0.0000056), figures(0.1), figures(2.5), figures(1234.5)
    ('0.0000056', '0.1', '2.5', '1,234')
    """
    text = f"{value:,.{max(0, 1 - math.floor(math.log10(value)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ago(at: str, *, now: datetime | None = None) -> str:
    """Write a moment (UTC, ISO 8601) relative to ``now``: the words of a colleague, not of a log.

    >>> noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    >>> ago("2026-11-24T11:59:40+00:00", now=noon), ago("2026-11-24T09:00:00+00:00", now=noon)
    ('just now', '3 hours ago')
    >>> ago("2026-11-23T10:00:00+00:00", now=noon), ago("2026-10-01T10:00:00+00:00", now=noon)
    ('yesterday', '1 Oct 2026')
    """
    then = datetime.fromisoformat(at)
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    current = now or datetime.now(UTC)
    seconds = (current - then).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return counted(int(seconds // 60), "minute") + " ago"
    days = (current.date() - then.date()).days
    if days <= 0:
        return counted(int(seconds // 3600), "hour") + " ago"
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return f"{then.day} {then:%b %Y}"
