"""Which models an ensemble is made of inside limits, and which are dropped."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from litmus_core.engine._refine._pool import _can_retrain
from litmus_core.engine._refine._select import EnsemblePart, Limit, prune, select
from litmus_core.engine._refine.student import StudentModel
from litmus_core.engine._refine.variant import VariantModel
from litmus_core.engine._warm_start.reused_member import ReusedMember


def scorer(truth: Any) -> Any:
    return lambda answers: -float(np.abs(answers - truth).mean())


def test_an_ensemble_stays_inside_the_limit():
    truth = np.array([1.0, 0.0, 1.0, 0.0])
    parts = [
        EnsemblePart(truth + 0.3, 3.0, "a"),  # the first two cancel each other out
        EnsemblePart(truth - 0.3, 3.0, "b"),
        EnsemblePart(truth + 0.6, 1.0, "c"),
        EnsemblePart(truth + 0.2, 5.0, "d"),
    ]
    score = scorer(truth)
    assert select(parts, limit=Limit(6.0), score=score) == {0: 0.5, 1: 0.5}  # the best alone leaves no room
    assert select(parts, limit=Limit(3.5), score=score) == {0: 1.0}
    assert select(parts, limit=Limit(2.0), score=score) == {2: 1.0}
    assert select(parts, limit=Limit(0.5), score=score) == {}


def test_an_ensemble_stays_inside_a_limit_of_its_size_too():
    truth = np.array([1.0, 0.0, 1.0, 0.0])
    parts = [
        EnsemblePart(truth + 0.3, 1.0, "a", 900.0),
        EnsemblePart(truth - 0.3, 1.0, "b", 900.0),
        EnsemblePart(truth + 0.6, 9.0, "c", 150.0),
    ]
    score = scorer(truth)
    assert select(parts, limit=Limit(np.inf, 1_800.0), score=score) == {0: 0.5, 1: 0.5}
    assert select(parts, limit=Limit(np.inf, 1_000.0), score=score) == {
        0: 1.0
    }  # neither b nor c has room beside it
    assert select(parts, limit=Limit(np.inf, 200.0), score=score) == {2: 1.0}
    assert select(parts, limit=Limit(5.0, 200.0), score=score) == {}


def test_a_member_is_taken_once():
    truth = np.array([1.0, 0.0])
    parts = [EnsemblePart(truth + 0.3, 2.0, "a"), EnsemblePart(truth - 0.3, 1.0, "a")]
    assert select(parts, limit=Limit(9.0), score=scorer(truth)) == {1: 1.0}


def test_members_that_bring_nothing_are_dropped_the_dearest_first():
    truth = np.array([1.0, 0.0, 1.0, 0.0])
    parts = [EnsemblePart(truth + 0.1, cost, name) for cost, name in ((1.0, "a"), (5.0, "b"), (2.0, "c"))]
    left = prune({0: 0.25, 1: 0.25, 2: 0.5}, parts, score=scorer(truth), allowed_loss=0.01)
    assert left == {0: pytest.approx(1 / 3), 2: pytest.approx(2 / 3)}


@pytest.mark.parametrize(
    ("member", "learned"), [(ReusedMember, False), (VariantModel, False), (StudentModel, True)]
)
def test_a_bag_of_members_from_elsewhere_does_not_become_one_model_on_all_rows(
    member: type, learned: bool
) -> None:
    bag = SimpleNamespace(
        models=["one", "two"], _child_type=member, _get_tags_child=lambda: {"can_refit_full": True}
    )
    assert _can_retrain(bag) is learned
