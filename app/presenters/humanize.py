"""Formats of numbers, times and states, the same on all pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import TypeVar

from app.theme import Tone
from litmus_core.text import NARROW, format_count, format_share, unbroken
from litmus_core.types import RunStatus, Verdict
from litmus_core.verdicts import all_grades, grade_of, status_rank

__all__ = [
    "Formatter",
    "StateMessage",
    "ago",
    "all_states",
    "brief",
    "distinct",
    "distinct_labels",
    "duration",
    "percent_of_chance",
    "rows_message",
    "share",
    "short",
    "status_message",
    "under_way",
    "verdict_state",
]

K = TypeVar("K")
Formatter = Callable[[float], str]  # formats a figure with its unit


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMessage:
    """A state as icon, word and colour; never colour alone."""

    word: str
    icon: str
    tone: Tone
    rank: int  # 0 is the most ready
    mark: str = "·"  # a sign for places without icons


_ICONS: dict[str, str] = {
    "meets": ":material/check_circle:",
    "probably meets": ":material/thumb_up:",
    "toss-up": ":material/balance:",
    "probably misses": ":material/thumb_down:",
    "misses": ":material/cancel:",
    "no bar": ":material/horizontal_rule:",
}
_GRADES = {
    grade.key: StateMessage(
        word=grade.word, icon=_ICONS[grade.key], tone=grade.tone, mark=grade.mark, rank=grade.rank
    )
    for grade in all_grades()
}
_STATUSES: dict[RunStatus, StateMessage] = {
    "queued": StateMessage(
        word="Waiting for its turn", icon=":material/schedule:", tone="quiet", rank=status_rank("queued")
    ),
    "running": StateMessage(
        word="Training now",
        icon=":material/progress_activity:",
        tone="accent",
        mark="…",
        rank=status_rank("running"),
    ),
    "finished": StateMessage(
        word="Finished", icon=":material/task_alt:", tone="good", mark="✓", rank=status_rank("finished")
    ),
    "stopped": StateMessage(
        word="Stopped, best kept", icon=":material/stop_circle:", tone="quiet", rank=status_rank("stopped")
    ),
    "failed": StateMessage(
        word="Could not finish", icon=":material/error:", tone="bad", mark="✗", rank=status_rank("failed")
    ),
    "interrupted": StateMessage(
        word="Interrupted",
        icon=":material/pause_circle:",
        tone="near",
        mark="≈",
        rank=status_rank("interrupted"),
    ),
}
_NOT_STARTED = StateMessage(
    word="Not trained yet", icon=":material/radio_button_unchecked:", tone="quiet", rank=status_rank(None)
)


def all_states() -> tuple[StateMessage, ...]:
    """Return every state that an experiment can be in, the most ready first."""
    return tuple(sorted([*_GRADES.values(), *_STATUSES.values(), _NOT_STARTED], key=lambda grade: grade.rank))


def verdict_state(verdict: Verdict) -> StateMessage:
    """Return the icon, word and colour of a verdict's grade."""
    return _GRADES[grade_of(verdict).key]


def status_message(status: RunStatus | None) -> StateMessage:
    """Return the icon, word and colour of a run's status; None: no run yet."""
    return _NOT_STARTED if status is None else _STATUSES[status]


def under_way(status: StateMessage, run: str = "The latest run") -> str:
    """Return the sentence that a run is live while an earlier verdict stands.

    >>> under_way(status_message("running"), "Run 2")
    'Run 2: training now. This verdict stands until that run has its own.'
    """
    return (
        f"{run}: {status.word[0].lower()}{status.word[1:]}. This verdict stands until that run has its own."
    )


FINISHING = "This run has its verdict and is still finishing."


def share(value: float, *, decimals: int = 0) -> str:
    """Write a share of 1 as a percentage that stays on one line.

    >>> share(0.164) == f"16{NARROW}%"
    True
    """
    return unbroken(format_share(value, decimals=decimals))


def percent_of_chance(chance: float) -> float:
    """Return a chance as a percentage for a table, with a decimal near the ends and never as certainty.

    >>> percent_of_chance(0.0), percent_of_chance(0.002), percent_of_chance(0.0165)
    (0.1, 0.2, 2.0)
    >>> percent_of_chance(0.97), percent_of_chance(0.993), percent_of_chance(0.99999)
    (97.0, 99.3, 99.9)
    """
    percent = 100 * chance
    return float(round(percent)) if 1 <= percent <= 99 else min(99.9, max(0.1, round(percent, 1)))


def short(text: str, limit: int = 28) -> str:
    """Shorten a long name in its middle, where it tells the least.

    >>> short("a_very_long_column_name_that_never_ends", 20)
    'a_very_lon…ever_ends'
    """
    if len(text) <= limit:
        return text
    head = (limit - 1 + 1) // 2
    return f"{text[:head]}…{text[-(limit - 1 - head) :]}"


def distinct_labels(labels: Sequence[str], limit: int = 16) -> tuple[str, ...]:
    """Shorten labels and keep them different, since an axis would merge equal labels.

    >>> distinct_labels(["Category number 5 of all", "Category number 7 of all"])
    ('…5…', '…7…')
    """
    texts = [short(label, limit) for label in labels]
    if len(set(texts)) == len(texts):
        return tuple(texts)
    long = [label for label in labels if len(label) > limit]
    head = _shared(long)
    tail = _shared([label[head:][::-1] for label in long])
    texts = [
        f"…{short(label[head : len(label) - tail], limit - 2)}…" if label in long else label
        for label in labels
    ]
    if len(set(texts)) == len(texts):
        return tuple(texts)
    return tuple(f"{at} {text}" for at, text in enumerate(texts, start=1))


def _shared(texts: Sequence[str]) -> int:
    """Return the number of first characters that all texts share."""
    return sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False)))


def distinct(names: Mapping[K, str]) -> dict[K, str]:
    """Return the names with a number appended to each repeated name.

    Streamlit's lists find a picked item by its name, so they would return the wrong item of two equal names.

    >>> distinct({"dv_1": "orders", "dv_2": "orders"})
    {'dv_1': 'orders', 'dv_2': 'orders (2)'}
    """
    counts: dict[str, int] = {}
    labels: dict[K, str] = {}
    for key, name in names.items():
        counts[name] = counts.get(name, 0) + 1
        labels[key] = name if counts[name] == 1 else f"{name} ({counts[name]})"
    return labels


def rows_message(n_rows: int, n_columns: int) -> str:
    """Write a table's shape.

    >>> rows_message(25000, 14)
    '25,000 rows, 14 columns'
    """
    return f"{format_count(n_rows, 'row')}, {format_count(n_columns, 'column')}"


def duration(seconds: float) -> str:
    """Format a duration in a sentence's style.

    >>> duration(0.4), duration(42), duration(125), duration(3700)
    ('under a second', '42 seconds', '2 min 5 s', '1 h 1 min')
    """
    seconds_rounded = round(seconds)
    if seconds_rounded < 1:
        return "under a second"
    if seconds_rounded < 60:
        return format_count(seconds_rounded, "second")
    if seconds_rounded < 3600:
        minutes, rest = divmod(seconds_rounded, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(seconds_rounded // 60, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def brief(seconds: float) -> str:
    """Format a duration briefly, for narrow places.

    >>> [brief(each).replace(NARROW, " ") for each in (0.04, 8.71, 42, 125)]
    ['0.1 s', '8.7 s', '42 s', '2 min 5 s']
    """
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f}{NARROW}s"
    return f"{seconds:.0f}{NARROW}s" if seconds < 60 else duration(seconds)


def figures(value: float) -> str:
    """Format a positive amount with two significant digits, never as a power of ten.

    >>> figures(0.0000056), figures(0.1), figures(2.5), figures(1234.5)
    ('0.0000056', '0.1', '2.5', '1,234')
    """
    text = f"{value:,.{max(0, 1 - math.floor(math.log10(value)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ago(at: str, *, now: datetime | None = None) -> str:
    """Format a moment (UTC, ISO 8601) relative to ``now``, in everyday words.

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
        return format_count(int(seconds // 60), "minute") + " ago"
    days = (current.date() - then.date()).days
    if days <= 0:
        return format_count(int(seconds // 3600), "hour") + " ago"
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return f"{then.day} {then:%b %Y}"
