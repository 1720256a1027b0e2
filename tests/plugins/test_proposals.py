"""What an action of one's own proposes: what is sound becomes a plan, what is not is named."""

from __future__ import annotations

import pytest

from litmus_core.plugins import PluginFailedError, check_gain, plan_of, read_proposals
from litmus_core.types import (
    Algorithm,
    Compute,
    Folds,
    Gain,
    Hyperparameter,
    PluginRef,
    RunPlan,
    Score,
    Tuning,
)

GAIN = {"value": 0.02, "low": 0.01, "high": 0.03}


def _said(**changes):
    return {"key": "a", "title": "A thing", "gain": GAIN} | changes


def _plan(**plan):
    (proposal,) = read_proposals([_said(plan=plan)])
    return plan_of(
        proposal, RunPlan(families=("linear",), folds=Folds(5), compute=Compute(time_limit_s=20.0))
    )


def test_a_bare_proposal_has_neutral_costs_and_no_plan():
    (found,) = read_proposals([_said()])
    assert found.gain == Gain(value=0.02, low=0.01, high=0.03, measured=0.02)
    assert (found.latency, found.size, found.minutes, found.audience) == (1.0, 1.0, None, "anyone")
    assert plan_of(found, RunPlan()) is None


def test_a_plan_changes_what_it_names_and_keeps_the_rest():
    plan = _plan(folds=8, tune=True, postprocess=["cap(low=0)"])
    assert (plan.folds, plan.tuning) == (Folds(8), Tuning())
    assert plan.postprocess == (PluginRef(point="postprocess", reference="cap", parameters=(("low", 0),)),)
    assert (plan.families, plan.compute.time_limit_s) == (("linear",), 20.0)


def test_algorithms_are_written_as_in_the_shell():
    plan = _plan(algorithms=["lightgbm(num_leaves=15)"], families=[])
    assert plan.families == ()
    assert plan.algorithms == (
        Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=15),)),
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "propose returned nothing, not a list"),
        ("folds", "propose returned a str, not a list"),
        ([3], "a proposal is an int, not a dictionary"),
        ([_said()] * 2, "two of its proposals have the key 'a'"),
        ([_said(key=f"{n}") for n in range(11)], "propose returned 11 proposals; 10 at most"),
        ([{"key": "a", "title": "A"}], "a proposal has no 'gain'"),
        ([_said(paln=None)], r"a proposal has 'paln', which nothing reads \(did you mean 'plan'\?\)"),
        ([_said(title="")], "an empty key or title"),
        ([_said(title=5)], "the title of a proposal is an int, not a text"),
        ([_said(sentence="x" * 2_000)], "the sentence of a proposal has 2,000 letters"),
        ([_said(page="heaven")], "leads to the page 'heaven'"),
        ([_said(audience="nobody")], "is for 'nobody'"),
        ([_said(minutes=-1)], "'a' has minutes = -1"),
        ([_said(latency="fast")], "'a' has latency = 'fast'"),
        ([_said(plan="again")], "the plan of 'a' is a str"),
        ([_said(gain=0.02)], "the gain of 'a' is 0.02; write value, low and high"),
        ([_said(gain=GAIN | {"high": float("inf")})], "high = inf, which is not a finite number"),
        ([_said(gain=GAIN | {"value": True})], "value = True, which is not a finite number"),
        ([_said(gain=GAIN | {"value": 0.5})], "is 0.5, which is not between 0.01 and 0.03"),
    ],
)
def test_what_cannot_be_meant_is_named(answer, said):
    with pytest.raises(PluginFailedError, match=said):
        read_proposals(answer)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"family": ["linear"]}, r"the plan of 'a' has 'family' \(did you mean 'families'\?\)"),
        ({"continues": "x"}, "there are families, algorithms, folds"),
        ({"folds": 1}, "folds = 1; write 0, or 2 to 50"),
        ({"folds": True}, "folds = True"),
        ({"tune": "yes"}, "tune = 'yes'; write true or false"),
        ({"time_limit_s": 1}, "time_limit_s = 1; write seconds, 5 at least"),
        ({"families": "linear"}, "families = 'linear'; write a list of texts"),
        ({"algorithms": ["lightgbm(15)"]}, "needs its name"),
    ],
)
def test_what_no_plan_has_is_named(plan, said):
    with pytest.raises(PluginFailedError, match=said):
        _plan(**plan)


def test_a_gain_has_to_fit_between_the_score_and_the_best_one():
    score = Score(metric="accuracy", value=0.9, low=0.88, high=0.92, n_rows=500)
    (small,) = read_proposals([_said()])
    check_gain(small, score)
    (percent,) = read_proposals([_said(gain={"value": 2, "low": 1, "high": 3})])
    with pytest.raises(PluginFailedError, match=r"only 0.1 is left .* of accuracy; is it in percent\?"):
        check_gain(percent, score)
    miss = Score(metric="rmse", value=12.0, low=11.0, high=13.0, n_rows=500)
    check_gain(percent, miss)
    (more,) = read_proposals([_said(gain={"value": 13, "low": 1, "high": 30})])
    with pytest.raises(PluginFailedError, match="only 12 is left"):
        check_gain(more, miss)
