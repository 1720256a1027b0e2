"""Check before a start whether a plan can be tuned."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.engine._catalog.search_spaces import check_space
from litmus_core.engine._catalog.selection import get_model_family, has_extra
from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import RunPlan

_MOST_SHARE = 0.9


def check_tuning(plan: RunPlan) -> None:
    """Raise UsageError or MissingExtraError if ``plan`` cannot be tuned as requested."""
    for algorithm in plan.algorithms:
        for parameter in algorithm.hyperparameters:
            if parameter.space is not None:
                check_space(f"'{parameter.name}' ({algorithm.key})", parameter.space)
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
    if tuning.sampler == "gp" and not has_extra("torch"):
        raise MissingExtraError(subject="The sampler 'gp' (Gaussian processes)", extra="torch")
    _check_something_to_tune(plan.families)


def _check_something_to_tune(families: Sequence[str]) -> None:
    stock = [get_model_family(key) for key in families]
    if stock and all(family.stock for family in stock):
        raise UsageError(
            "AutoGluon's own mixes have fixed settings, so there is nothing to tune.",
            hint="Choose another model family as well, such as 'lightgbm', or leave the tuning out.",
        )
