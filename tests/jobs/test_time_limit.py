"""A run may have a limit of its own, in place of its task's."""

from __future__ import annotations

from litmus_core.deploy import code_that_repeats
from litmus_core.types import RunPlan
from tests.store import facts


def test_the_code_that_repeats_a_run_has_its_own_limit():
    assert "time_limit_s=18.0," in code_that_repeats(facts.task(), None, RunPlan(time_limit_s=18.0))
    assert "time_limit_s=120.0," in code_that_repeats(facts.task(), None, RunPlan())
