"""Follow an experiment's recipe in the background: step by step, or one long step.

``python -m litmus_core.experiments._recipes.worker --workspace W --experiment E --minutes M --lock-fd N``
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from litmus_core.experiments._recipes.results import StepDone
from litmus_core.experiments._studio import Studio
from litmus_core.jobs import walking
from litmus_core.types import Progress


def main(arguments: Sequence[str] | None = None) -> int:
    """Follow the recipe; report why it ended, or the error."""
    options = _options(arguments)
    with Studio.open(options.workspace) as studio:
        job = walking(studio.workspace, options.experiment)
        with job.at_work(options.lock_fd):
            job.conclude(_followed(studio, options, _Narrator(job.say, minutes=options.minutes)))
    return 0


def _followed(studio: Studio, options: argparse.Namespace, narrator: _Narrator) -> str:
    if options.minutes is None:
        return studio.recipes.apply_step(options.experiment).said
    end = studio.walks.follow(
        options.experiment,
        minutes=options.minutes,
        on_step=narrator.on_step,
        on_progress=narrator.on_progress,
    )
    return end.said


class _Narrator:
    """Reports the current step, its run's progress, and the time limit."""

    def __init__(self, say: Callable[[str], None], *, minutes: float | None) -> None:
        self._say, self._said = say, ""
        self._ends = None if minutes is None else time.monotonic() + 60 * minutes
        self._step = ""

    def on_step(self, done: StepDone) -> None:
        """Report which step was taken."""
        self._step = f"Step {done.step.number}, {done.step.title}"
        self._tell(f"{self._step}. {self._left()}")

    def on_progress(self, now: Progress) -> None:
        """Report the progress of its run."""
        doing = ": ".join(each for each in (self._step, now.message) if each) or "A run is under way"
        self._tell(f"{doing.rstrip('.')}. {self._left()}")

    def _left(self) -> str:
        if self._ends is None:
            return ""
        minutes = max(0.0, self._ends - time.monotonic()) / 60
        return f"It goes on for {minutes:.0f} min at most." if minutes >= 1 else "The time is almost up."

    def _tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._say(sentence.strip())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--experiment", required=True)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="go on until the recipe's end, for so long at most")
    length.add_argument("--one-step", action="store_true", help="take the step whose turn it is, and end")
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
