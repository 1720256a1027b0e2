"""Messages about runs that end early, and the models that they keep."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.text import format_count
from litmus_core.types import Candidate, Event, Progress, Run, TrialEnded

__all__ = [
    "GO_ON",
    "cut_short_message",
    "folds_message",
    "hint_message",
    "judging_headline",
    "stop_note",
    "was_tuning",
]

GO_ON = "Continue from there"  # the label for a run that was interrupted while tuning


def cut_short_message(n_models: int) -> str:
    """Return a sentence on the models that an interrupted run had finished.

    >>> cut_short_message(0), cut_short_message(1)
    ('No model was finished before that.', '1 model was finished before that and is kept.')
    """
    if not n_models:
        return "No model was finished before that."
    is_one = n_models == 1
    return (
        f"{format_count(n_models, 'model')} {'was' if is_one else 'were'} finished before that "
        f"and {'is' if is_one else 'are'} kept."
    )


def folds_message(candidates: Sequence[Candidate], *, n_folds: int) -> str:
    """Return a sentence on the rows that measured scores with folds; "" without folds or scores."""
    scored = [candidate.validation.n_rows for candidate in candidates if candidate.validation is not None]
    if not n_folds or not max(scored, default=0):
        return ""
    return (
        f"In {n_folds} folds, {max(scored):,} training and validation rows were validated, each for models "
        "that had not seen it."
    )


def was_tuning(run: Run, candidates: Sequence[Candidate], events: Sequence[Event]) -> bool:
    """Return whether a run was interrupted during tuning: finishing it continues from there."""
    tried = any(isinstance(event.fact, TrialEnded) for event in events)
    return tried and not candidates and run.status in ("interrupted", "failed")


def hint_message(run: Run, *, n_models: int, was_tuning: bool = False) -> str:
    """Return what to do about a run: its hint, unless that promises models that do not exist."""
    if was_tuning:
        return "The settings that were tried are kept: it can continue from there in the remaining time."
    if n_models or run.status != "interrupted" or run.times.started_at is None:
        return run.hint
    return "There is nothing to finish from: train again. A longer time or fewer kinds of model may help."


def stop_note(progress: Progress, *, n_models: int) -> str:
    """Return what a run keeps if it is stopped now."""
    if not n_models:
        return "No model is finished yet: a stop now keeps nothing."
    dropped = " The one in training is dropped." if progress.training_now else ""
    return f"A stop keeps and judges {format_count(n_models, 'finished model')}.{dropped}"


def judging_headline(n_models: int) -> str:
    """Return the headline of a run that is stopping.

    >>> judging_headline(0), judging_headline(1)
    ('Stopping; no model was finished', '1 finished model is kept and judged now')
    """
    if not n_models:
        return "Stopping; no model was finished"
    are = "is" if n_models == 1 else "are"
    return f"{format_count(n_models, 'finished model')} {are} kept and judged now"
