"""Why models were not finished, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litmus_core.engine._cards import card_of, title_of
from litmus_core.engine._custom import CUSTOM_CARD
from litmus_core.errors import NoAnswerError, TrainingError

_REASONS = {  # by AutoGluon's exception
    "InsufficientTime": "its time was too short",
    "TimeLimitExceeded": "its time was too short",
    "NotEnoughMemoryError": "the machine has too little free memory for it",
    "NoValidFeatures": "no column has anything to learn from",
}


def failures(trainer: Any) -> tuple[str, ...]:
    """Return a sentence for each of the trainer's models that failed."""
    return tuple(
        _sentence(row.model, row.exc_type, row.exc_str) for row in trainer.model_failures().itertuples()
    )


def _sentence(model: str, kind: str, said: str) -> str:
    if kind == NoAnswerError.__name__:
        return said
    if card_of(model) == CUSTOM_CARD:
        return f"Your model {title_of(model)} stopped: {_reason(kind, said)}."
    return f"{title_of(model)} did not finish: {_reason(kind, said)}."


def _reason(kind: str, said: str) -> str:
    if kind in _REASONS:
        return _REASONS[kind]
    lines = said.strip().splitlines()
    return lines[0].rstrip(".") if lines else kind


@contextmanager
def in_time() -> Iterator[None]:
    """Raise TrainingError where AutoGluon finds, in the block, that no time is left to begin a model in."""
    try:
        yield
    except AssertionError as error:
        if not str(error).startswith("Not enough time left"):
            raise
        raise TrainingError(
            "Preparing the rows took all of the time.", hint="Allow more time, fewer rows, or fewer columns."
        ) from error


def nothing_finished(reasons: str = "") -> TrainingError:
    """Return the error for a run that has no finished model."""
    return TrainingError(
        f"No model was finished. {reasons}".strip(),
        hint="Allow more time, choose faster cards, or fewer rows. Your data is unchanged.",
    )
