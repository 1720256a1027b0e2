"""Ids of answers: numbers that grow with time, so that an id shows when its answer was given."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

_TOKEN_BITS = 8  # distinguishes servers that answer in the same microsecond
_SHORTEST, _LONGEST = 8, 15


class AnswerIds:
    """Generator of numbers for answered rows: microseconds since 1970, and a few random bits of this
    process."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._token = secrets.randbits(_TOKEN_BITS)
        self._last = 0

    def take(self, n_rows: int) -> int:
        """Return the first of ``n_rows`` consecutive numbers; none of them is used again."""
        now = (int(self._clock() * 1_000_000) << _TOKEN_BITS) | self._token
        first = max(self._last + 1, now)
        self._last = first + n_rows - 1
        return first


def id_text(number: int) -> str:
    """Return an answer's number as the text of an id.

    >>> id_text(438291), read_id("6b013")
    ('6b013', None)
    """
    return f"{number:x}"


def read_id(text: object) -> int | None:
    """Return the number of an id; None if the text is not a valid id."""
    if not isinstance(text, str) or not _SHORTEST <= len(text) <= _LONGEST:
        return None
    if not text.isascii() or not text.isalnum():
        return None
    try:
        return int(text, 16)
    except ValueError:
        return None


def time_of(number: int) -> datetime:
    """Return the time of the answer with this number."""
    return datetime.fromtimestamp((number >> _TOKEN_BITS) / 1_000_000, tz=UTC)
