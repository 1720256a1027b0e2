"""Which of many equivalent cases ``make test`` looks at; ``make test-all`` looks at all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

Amount = TypeVar("Amount", int, str)
QUICK, THOROUGH = "litmus, make test", "litmus, make test-all"


def thinned(cases: Iterable[Any], *, keep: Collection[int] | int, reason: str) -> list[Any]:
    """Return all cases for ``parametrize``, those left out of ``make test`` marked with the reason.

    ``keep``: the places of those that stay, or how many of the first ones. A tuple holds several arguments.
    """
    kept = range(keep) if isinstance(keep, int) else keep
    left_out = pytest.mark.exhaustive(reason=reason)
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=() if place in kept else left_out)
        for place, case in enumerate(cases)
    ]


_QUICK_SHARE = 0.1  # of the examples that make test-all draws; each run draws others


def examples(most: int, /) -> int:
    """Return how many examples a property is tried on: all of ``most`` by ``make test-all`` alone."""
    return amount(max(10, round(_QUICK_SHARE * most)), thorough=most)


def amount(quick: Amount, /, *, thorough: Amount) -> Amount:
    """Return how much of something a test takes: ``thorough`` by ``make test-all`` alone."""
    return thorough if settings.get_current_profile_name() == THOROUGH else quick


def is_thorough(config: pytest.Config) -> bool:
    """Return whether this is more than ``make test``."""
    return "not exhaustive" not in config.option.markexpr


def load_profile(*, is_thorough: bool) -> None:
    """Set how Hypothesis looks for examples, before tests are collected."""
    # Shared cores make single examples slow for no reason of ours; a slow machine is not a failing test.
    settings.register_profile(QUICK, deadline=None, max_examples=round(_QUICK_SHARE * 100))
    settings.register_profile(THOROUGH, deadline=None)
    settings.load_profile(THOROUGH if is_thorough else QUICK)
