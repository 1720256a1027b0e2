"""Progress messages while a recipe is followed in the background."""

from __future__ import annotations

import time
from collections.abc import Callable

from litmus_core.experiments._recipes.results import StepDone
from litmus_core.types import Progress


class RecipeProgress:
    """Reports the current step, the progress of its run, and the remaining time."""

    def __init__(self, say: Callable[[str], None], *, minutes: float) -> None:
        self._say, self._last_sentence = say, ""
        self._ends = time.monotonic() + 60 * minutes
        self._step = ""

    def on_step(self, done: StepDone) -> None:
        """Report the step that was taken."""
        self._step = f"Step {done.step.number}, {done.step.title}"
        self._report(f"{self._step}. {self._remaining_text()}")

    def on_progress(self, now: Progress) -> None:
        """Report the progress of its run."""
        doing = ": ".join(part for part in (self._step, now.message) if part) or "A run is under way"
        self._report(f"{doing.rstrip('.')}. {self._remaining_text()}")

    def _remaining_text(self) -> str:
        minutes = max(0.0, self._ends - time.monotonic()) / 60
        return f"It goes on for {minutes:.0f} min at most." if minutes >= 1 else "The time is almost up."

    def _report(self, sentence: str) -> None:
        if sentence != self._last_sentence:
            self._last_sentence = sentence
            self._say(sentence.strip())
