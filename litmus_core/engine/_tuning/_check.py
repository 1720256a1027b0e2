"""What cannot be tuned is said before anything starts."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.engine._cards import get_card, has_torch
from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import Algorithm, Hyperparameter, RunPlan, Space

_MOST_SHARE = 0.9


def check_tuning(plan: RunPlan) -> None:
    """Raise UsageError or MissingExtraError, in words, when ``plan`` cannot be tuned as it asks."""
    for algorithm in plan.algorithms:
        _check_spaces(algorithm)
    tuning = plan.tuning
    if tuning is None:
        return
    if tuning.n_trials is not None and tuning.n_trials < 1:
        raise UsageError(
            f"{tuning.n_trials} trials look for nothing.", hint="Ask for at least 1, or leave the tuning out."
        )
    if not 0 < tuning.time_share <= _MOST_SHARE:
        raise UsageError(
            f"A share of {tuning.time_share:g} of the time cannot be given to tuning.",
            hint=f"Give it more than 0 and at most {_MOST_SHARE:g}: the rest trains what was found.",
        )
    if tuning.keep < 1:
        raise UsageError(
            f"{tuning.keep} settings of each algorithm would train nothing of what was found.",
            hint="Keep at least 1.",
        )
    if tuning.sampler == "gp" and not has_torch():
        raise MissingExtraError(what="The sampler 'gp' (Gaussian processes)", extra="torch")
    _check_something_to_tune(plan.cards)


def _check_something_to_tune(cards: Sequence[str]) -> None:
    stock = [get_card(key) for key in cards]
    if stock and all(card.stock for card in stock):
        raise UsageError(
            "AutoGluon's own mixes have fixed settings, so there is nothing to tune.",
            hint="Choose another card beside them, such as 'lightgbm', or leave the tuning out.",
        )


def _check_spaces(algorithm: Algorithm) -> None:
    for each in algorithm.hyperparameters:
        if each.space is not None:
            _check_space(algorithm.key, each, each.space)


def _check_space(key: str, hyperparameter: Hyperparameter, space: Space) -> None:
    where = f"The search space of '{hyperparameter.name}' ({key})"
    if space.choices:
        _check_choices(where, space)
        return
    low, high = space.low, space.high
    if low is None or high is None:
        raise UsageError(
            f"{where} has no room: it has neither choices nor both a low and a high end.",
            hint="Give choices, or both ends.",
        )
    if not (abs(low) < float("inf") and abs(high) < float("inf")):
        raise UsageError(f"{where} does not end: {low:g} to {high:g}.", hint="Give two finite numbers.")
    if low >= high:
        raise UsageError(
            f"{where} has no room: it goes from {low:g} to {high:g}.",
            hint="Let the low end be below the high one, or give the value itself.",
        )
    if space.log and low <= 0:
        raise UsageError(
            f"{where} is logarithmic and begins at {low:g}, which has no logarithm.",
            hint="Begin above 0, or leave the logarithm out.",
        )
    if space.integer and (low != int(low) or high != int(high)):
        raise UsageError(
            f"{where} takes whole numbers, and goes from {low:g} to {high:g}.",
            hint="Give whole numbers as its ends.",
        )


def _check_choices(where: str, space: Space) -> None:
    if space.low is not None or space.high is not None:
        raise UsageError(
            f"{where} has both choices and ends.", hint="Give the choices, or the two ends, not both."
        )
    different = {(type(each), each) for each in space.choices}
    if len(different) < 2:
        raise UsageError(
            f"{where} has no room: its only choice is {space.choices[0]!r}.",
            hint="Give at least two different choices, or the value itself.",
        )
