"""What an experiment asks, in words that show people's own names as they are."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.question.questions import question
from tests.app.presenters.facts import task


def test_a_column_called_like_markup_is_shown_letter_by_letter():
    asked = replace(task(), target="$k$", features=("__index__",))
    assert question(asked) == r"Predict **\$k\$** from *\_\_index\_\_*"
