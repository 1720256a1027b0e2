"""A few of the answers that ``benchmarks.hostile --part answers`` has: words, or the table that was sent."""

from __future__ import annotations

import pytest

from benchmarks._hostile_answers import try_answers


@pytest.mark.parametrize(
    ("kind", "first", "end", "n_imported"),
    [
        ("downloads", 24, 28, 4),  # letters
        ("downloads", 28, 36, 4),  # long names, compressed
        ("downloads", 56, 67, 1),  # a part, lengths that are none
        ("objects", 0, 3, 0),
        ("objects", 48, 54, 0),
        ("sessions", 0, 4, 0),
    ],
)
def test_answers_end_in_words_or_in_what_was_sent(kind: str, first: int, end: int, n_imported: int) -> None:
    outcome = try_answers(kind, first, end, 0)

    assert (outcome["tracebacks"], outcome["changes"]) == ([], [])
    assert outcome["imported"] == n_imported
