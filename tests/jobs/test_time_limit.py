"""A run may have a limit of its own, in place of its task's."""

from __future__ import annotations

from dataclasses import replace

from litmus_core import Algorithm
from litmus_core.deploy import reproduce_code
from litmus_core.jobs.worker import _context
from litmus_core.types import Compute, RunPlan
from tests.store import facts


def test_a_runs_own_limit_bounds_it(bench):
    own = replace(facts.queued("run_own"), plan=RunPlan(compute=Compute(time_limit_s=18.0)))

    of_own, of_plain = (
        _context(bench.workspace, bench.journal, fact) for fact in (own, facts.queued("run_plain"))
    )

    assert of_own.experiment.task == replace(own.experiment.task, time_limit_s=18.0)
    assert of_plain.experiment == own.experiment


def test_the_code_that_repeats_a_run_has_its_own_limit():
    assert "time_limit_s=18.0," in reproduce_code(
        facts.task(), None, RunPlan(compute=Compute(time_limit_s=18.0))
    )
    assert "time_limit_s=120.0," in reproduce_code(facts.task(), None, RunPlan())


def test_the_code_that_repeats_a_run_is_python_whatever_a_value_is_called():
    plan = RunPlan(algorithms=(Algorithm("lightgbm", **{"lambda": 3, "num_leaves": 7}).algorithm(),))

    code = reproduce_code(facts.task(), None, plan)

    compile(code, "repeat.py", "exec")
    assert "Algorithm('lightgbm', **{'lambda': 3}, num_leaves=7)" in code
