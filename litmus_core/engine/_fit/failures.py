"""Why models were not finished, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from litmus_core.engine._catalog.selection import family_of_algorithm, title_of
from litmus_core.engine._custom import CUSTOM_FAMILY
from litmus_core.engine._families.registry import is_mix
from litmus_core.errors import NoAnswerError, PlugInError, TooSlowError, TrainingError

_OUT_OF_TIME = ("InsufficientTime", "TimeLimitExceeded", TooSlowError.__name__)
_REASONS = {  # by AutoGluon's exception
    "InsufficientTime": "its time was too short",
    "TimeLimitExceeded": "its time was too short",
    "NotEnoughMemoryError": "the machine has too little free memory for it",
    "NoValidFeatures": "no column has anything to learn from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedModel:
    """A requested model that is missing: AutoGluon's name, and the reason as a sentence.

    ``custom_class`` is the class of a custom model; ``in_own_code``: the custom code has to be fixed.
    ``no_time``: it only lacked time.
    """

    model: str
    sentence: str
    custom_class: str = ""
    in_own_code: bool = False
    no_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FitReport:
    """A fit's report: ``unfinished`` models, other things that were ``left_out``, and ``notes``.

    ``n_waiting`` is the number of variants for which no time was left.
    """

    unfinished: tuple[UnfinishedModel, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    n_waiting: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """All messages in order."""
        return (*self.notes, *(unfinished.sentence for unfinished in self.unfinished), *self.left_out)


def fit_report(
    trainer: Any,
    names: Collection[str],
    *,
    is_stopped: bool = False,
    variants: Collection[str] = (),
    left_out: Collection[str] = (),
    notes: Collection[str] = (),
) -> FitReport:
    """Return which of the models called ``names`` the trainer lacks, and what else failed in it.

    A name is a model's, or a family's that stands for many of AutoGluon's own, one of which suffices.
    AutoGluon records exceptions; models that it skips for lack of time or unsuitable data get a message
    here. ``is_stopped``: the fit was stopped on request, so missing models need no explanation. Nobody waits
    for ``variants``, which are fitted only if time is left.
    """
    model_names = trainer.get_model_names()
    failed = [
        failure
        for failure in failures(trainer)
        if not (failure.no_time and failure.model.split("_BAG_")[0] in variants)
    ]
    fitted = {family_of_algorithm(model) for model in model_names}
    waiting = [
        name
        for name in variants
        if family_of_algorithm(name) in fitted and not any(_is_called(model, name) for model in model_names)
    ]
    isolated = [failure.sentence for failure in failed if _is_extra(failure.model)]
    named = {failure.model: failure for failure in failed if not _is_extra(failure.model)}
    for name in names:
        if any(_is_called(model, name) for model in (*model_names, *named)):
            continue
        skipped = _skipped(trainer, name)
        if reason := skipped or ("" if is_stopped else "no time was left to begin it"):
            sentence = f"{title_of(name)} was not trained: {reason}."
            named[name] = UnfinishedModel(model=name, sentence=sentence, no_time=not skipped)
    return FitReport(
        unfinished=tuple(named.values()),
        left_out=(*isolated, *left_out),
        notes=tuple(notes),
        n_waiting=len(waiting),
    )


def failures(trainer: Any) -> tuple[UnfinishedModel, ...]:
    """Return the trainer's failed models, with the last failure of each."""
    rows = {row.model: row for row in trainer.model_failures().itertuples()}
    return tuple(
        UnfinishedModel(
            model=model,
            sentence=_sentence(model, row.exc_type, row.exc_str),
            custom_class=title_of(model) if family_of_algorithm(model) == CUSTOM_FAMILY else "",
            in_own_code=family_of_algorithm(model) == CUSTOM_FAMILY and row.exc_type not in _OUT_OF_TIME,
            no_time=family_of_algorithm(model) != CUSTOM_FAMILY and row.exc_type in _OUT_OF_TIME,
        )
        for model, row in rows.items()
    )


def _is_extra(model: str) -> bool:
    """Return whether the model has no requested name: one on all rows besides its folds, or part of a mix."""
    return model.endswith("_FULL") or is_mix(family_of_algorithm(model))


def _is_called(model: str, name: str) -> bool:
    """Return whether AutoGluon's ``model`` is the one called ``name``; a name with a level means that level.

    >>> _is_called("linear_BAG_L1", "linear"), _is_called("linear_BAG_L1", "linear_BAG_L2")
    (True, False)
    >>> _is_called("stock_medium-CatBoost", "stock_medium")
    True
    """
    return model in (name, f"{name}_BAG_L1") or (is_mix(name) and family_of_algorithm(model) == name)


def _skipped(trainer: Any, name: str) -> str:
    skipped: dict[str, str] = trainer._models_skipped_by_constraint
    reasons = [reason for model, reason in skipped.items() if _is_called(model, name)]
    return reasons[0].rstrip(".") if reasons else ""


def _sentence(model: str, kind: str, text: str) -> str:
    if kind in (NoAnswerError.__name__, TooSlowError.__name__):
        return text
    if family_of_algorithm(model) == CUSTOM_FAMILY:
        return f"Your model {title_of(model)} stopped: {_reason(kind, text)}."
    return f"{title_of(model)} did not finish: {_reason(kind, text)}."


def _reason(kind: str, text: str) -> str:
    if kind in _REASONS:
        return _REASONS[kind]
    lines = text.strip().splitlines()
    return lines[0].rstrip(".") if lines else kind


@contextmanager
def require_time_left() -> Iterator[None]:
    """Raise TrainingError if AutoGluon has no time left to start a model in the block."""
    try:
        yield
    except AssertionError as error:
        if not str(error).startswith("Not enough time left"):
            raise
        raise TrainingError(
            "Preparing the rows took all of the time.", hint="Allow more time, fewer rows, or fewer columns."
        ) from error


@contextmanager
def name_model_in_errors(model: str) -> Iterator[None]:
    """Name the ``model`` in errors of custom code in the block."""
    try:
        yield
    except PlugInError as error:
        raise PlugInError(
            point=error.point,
            name=error.name,
            reason=f"{error.reason}; the model is {model}",
            hint=error.hint,
            timed_out=error.timed_out,
        ) from error


class NothingFinishedError(TrainingError):
    """A fit without a finished model; ``failed`` has the reason for each."""

    def __init__(self, *failed: UnfinishedModel, hint: str) -> None:
        super().__init__(
            " ".join(("No model was finished.", *(failure.sentence for failure in failed))), hint=hint
        )
        self.failed = failed


def nothing_finished(*failed: UnfinishedModel) -> NothingFinishedError:
    """Return the error for a run without a finished model; ``failed`` is :func:`failures`' result."""
    is_custom = bool(failed) and all(failure.in_own_code for failure in failed)
    return NothingFinishedError(
        *failed,
        hint="Fix its code and train again. Your data is unchanged."
        if is_custom
        else "Allow more time, choose faster model families, or fewer rows. Your data is unchanged.",
    )
