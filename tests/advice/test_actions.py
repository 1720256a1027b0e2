"""What to do next: trials tell what helps from what does not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import (
    LongerRun,
    OtherFamily,
    action_evidence,
    action_list_sentence,
    action_sentence,
    action_title,
    doubled_rows_message,
    gain_of_doubled_rows,
    next_actions,
)
from litmus_core.advice._actions.collect_rows import propose_class_rows
from litmus_core.advice._actions.longer_run import propose_more_models
from litmus_core.advice._learning_curve import extrapolate_doublings
from litmus_core.advice._next_actions import _rank_value
from litmus_core.advice._surrogate import Surrogate
from litmus_core.advice._trials.runner import OTHER_TREES, TrialDifference, TrialResults, run_trials
from litmus_core.types import (
    Action,
    ActionCost,
    Compute,
    Folds,
    Gain,
    RecipeStep,
    Resources,
    Retrained,
    RowsToCollect,
    RunPlan,
    Statement,
)
from tests.advice.situations import RUN, changed, known_rows, numbers, situation_of, summed_up


def _by_key(found):
    return {action.key: action for action in found.actions}


def test_rows_help_where_there_are_few_of_them_and_the_truth_is_simple():
    known = known_rows(numbers(400), "regression", "rmse")
    found = next_actions(situation_of(known), known, seconds=20)
    rows = _by_key(found)["rows"]
    assert rows.gain.low < rows.gain.value < rows.gain.high
    assert rows.gain.value > 0
    curve = rows.curve
    assert curve is not None
    assert list(curve.y) == sorted(curve.y, reverse=True)  # an error falls with the rows
    assert curve.n_predicted == 2


def test_nothing_helps_where_answers_are_chance():
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"a": random.normal(size=600), "y": random.choice(["no", "yes"], 600)})
    known = known_rows(frame, "binary", "roc_auc")
    found = next_actions(situation_of(known), known, seconds=20)
    assert not [action for action in found.actions if action.gain.low > 0]
    assert action_list_sentence(found).startswith(("Nothing is sure to help", "Nothing that was tried helps"))


def test_folds_are_not_offered_where_there_are_some_or_may_be_none():
    known = known_rows(numbers(300), "regression", "rmse")
    assert "folds" in _by_key(next_actions(situation_of(known), known, seconds=2))
    assert "folds" not in _by_key(next_actions(situation_of(known, n_folds=5), known, seconds=2))
    assert "folds" not in _by_key(next_actions(situation_of(known, may_fold=False), known, seconds=2))


def test_what_is_started_is_neither_a_recipes_step_nor_goes_on_with_a_model():
    known = known_rows(numbers(300), "regression", "rmse")
    step = RecipeStep(recipe="r", version=1, number=1)
    run = replace(RUN, plan=RunPlan(families=("linear",), step=step, origin=Retrained(candidate_id="c")))
    folds = _by_key(next_actions(situation_of(known, run=run), known, seconds=10))["folds"]
    assert folds.plan == RunPlan(families=("linear",), folds=Folds(5), compute=Compute(time_limit_s=30.0))


def _answers(codes, *, sure, weak=()):
    """Say the truth with so much certainty; every other row of a ``weak`` class is taken for the first."""
    shares = np.full((len(codes), 3), (1 - sure) / 2)
    said = np.where(np.isin(codes, weak) & (np.arange(len(codes)) % 2 == 0), 0, codes)
    shares[np.arange(len(codes)), said] = sure
    return shares


def test_the_class_that_rows_are_missing_of_is_named():
    labels = np.repeat(["common", "rare", "usual"], [40, 24, 40])
    known = known_rows(pd.DataFrame({"a": np.arange(104.0), "y": labels}), "multiclass", "f1_macro")
    surrogate = Surrogate(known)
    held, codes = np.arange(104), surrogate.target
    answers = {
        "single": [_answers(codes, sure=0.8)],
        "half": [_answers(codes, sure=0.8)],
        "class 0": [_answers(codes, sure=0.8)],
        "class 1": [_answers(codes, sure=0.8, weak=(1,))],  # without half of them it finds half of the rest
    }
    found = list(propose_class_rows(situation_of(known), TrialResults(surrogate, [held], [answers]), known))
    assert [each.key for each in found] == ["rows of rare"]
    assert "24 rows" in action_sentence(found[0])
    # what came of it is held against these
    assert found[0].collect == RowsToCollect(n_rows=24, column="y", value="rare")
    assert "a step after the model that gives the probabilities" in action_sentence(found[0])


def test_in_a_table_in_the_order_of_time_half_of_a_class_is_gone_from_all_of_it():
    """The class looked otherwise at first: without its first half alone it would seem short of rows."""
    random = np.random.default_rng(3)
    labels = np.where(random.random(1600) < 0.3, "yes", "no")
    first = np.arange(1600) < 640
    moved = np.where(first, 3.0, -3.0) * (labels == "yes")
    frame = pd.DataFrame({"a": random.normal(size=1600) + moved, "b": random.normal(size=1600), "y": labels})
    known = known_rows(frame, "binary", "roc_auc")
    tried = run_trials(known, seconds=20, seed=0, others=False)
    assert tried is not None
    lost = tried.better("single", "class 1")
    assert lost is not None
    assert lost.value < 0.02


def test_more_time_is_offered_only_where_it_was_used_up_and_by_what_it_brought():
    known = known_rows(numbers(40), "regression", "rmse")  # too few rows to try anything on
    story = ((2.0, -1.0), (10.0, -0.9), (25.0, -0.8))
    done = situation_of(known, fit_s=5.0, story=story)
    assert not next_actions(done, known, seconds=5).actions
    used_up = situation_of(known, fit_s=28.0, story=story)
    (more,) = next_actions(used_up, known, seconds=5).actions
    assert more.key == "time"
    assert more.plan.compute.time_limit_s == 90.0
    assert more.plan.folds == Folds(0)  # the time is for what the run did
    (folded,) = next_actions(replace(used_up, n_folds=5), known, seconds=5).actions
    assert folded.plan.folds == Folds(5)
    assert more.gain.measured == pytest.approx(0.1 * 0.65 * (1 - 0.65 ** np.log2(3)) / 0.35)


def test_a_longer_run_is_offered_where_it_trains_families_that_help():
    random = np.random.default_rng(5)
    known = known_rows(numbers(400), "regression", "rmse")
    surrogate = Surrogate(known)
    held = [np.arange(200), np.arange(200, 400)]
    noise = {way: random.normal(0, 0.4, 400) for way in ("single", "forest")}
    answers = [
        {way: [surrogate.target[rows] + noise[way][rows]] for way in noise}
        | {"bag": [surrogate.target[rows] + 0.8 * noise["single"][rows]]}
        for rows in held
    ]
    forest = OtherFamily(key="forest", title="Random forest", kind="forest")
    told = situation_of(
        known, trained=("boosting",), longer=LongerRun(limit_s=90.0, families=(forest,), folds=5)
    )
    (more,) = propose_more_models(told, TrialResults(surrogate, held, answers), n_rows=400)
    assert (more.key, more.kind, action_title(more)) == ("models", "family", "Train more models, in 90 s")
    assert more.plan == RunPlan(
        compute=Compute(time_limit_s=90.0)
    )  # Litmus chooses the folds, by the time there is
    assert "also trains random forest, each in 5 folds, as far as the time goes" in action_sentence(more)
    assert more.gain.measured == pytest.approx((0.4 - 0.4 / np.sqrt(2)) / 3 + 0.2 * 0.4, rel=0.2)

    went_on = replace(told, trains=RunPlan(families=("lightgbm",)))  # the families of what it went on with
    (chosen,) = propose_more_models(went_on, TrialResults(surrogate, held, answers), n_rows=400)
    assert chosen.plan == more.plan

    (again,) = propose_more_models(
        replace(told, n_folds=5), TrialResults(surrogate, held, answers), n_rows=400
    )
    assert again.gain.measured == pytest.approx((0.4 - 0.4 / np.sqrt(2)) / 3, rel=0.2)  # it is in folds

    plain = changed(told, longer=replace(told.families.longer, folds=0))
    (alone,) = propose_more_models(plain, TrialResults(surrogate, held, answers), n_rows=400)
    assert alone.plan == RunPlan(compute=Compute(time_limit_s=90.0))
    assert alone.gain.measured < more.gain.measured
    (long,) = propose_more_models(
        changed(told, longer=replace(told.families.longer, limit_s=358.0)),
        TrialResults(surrogate, held, answers),
        n_rows=400,
    )
    assert action_title(long) == "Train more models, in 6 min"

    for each in answers:  # no help, but folds are
        each["forest"] = each["single"]
    (folds,) = propose_more_models(told, TrialResults(surrogate, held, answers), n_rows=400)
    assert folds.gain.measured == pytest.approx(0.2 * 0.4, rel=0.2)
    (usual,) = propose_more_models(
        changed(told, longer=plain.families.longer), TrialResults(surrogate, held, answers), n_rows=400
    )
    assert 0 < usual.gain.value < 0.04 * np.std(surrogate.target)
    assert "as a rule" in action_evidence(usual)
    for each in answers:  # no time to try it
        del each["forest"]
    (untried,) = propose_more_models(told, TrialResults(surrogate, held, answers), n_rows=400)
    assert untried.gain.measured == pytest.approx(folds.gain.measured)
    assert "no time to try" in action_evidence(untried)
    settings = changed(told, longer=replace(told.families.longer, families=()))
    (again,) = propose_more_models(settings, TrialResults(surrogate, held, answers), n_rows=400)
    assert "the same families with other settings, each in 5 folds" in action_sentence(again)
    assert not list(
        propose_more_models(changed(told, longer=None), TrialResults(surrogate, held, answers), n_rows=400)
    )


def test_what_later_runs_go_on_with_comes_before_longer_runs_that_bring_a_little_more():
    def action(kind, gain, plan=RUN.plan):
        return Action(
            key=kind, kind=kind, title=Statement.plain(""), cost=ActionCost(minutes=1.0), plan=plan,
            gain=Gain(value=gain, low=0.0, high=1.0, measured=gain),
        )  # fmt: skip

    quick, longer = action("made columns", 0.1), action("family", 0.3)
    assert _rank_value(longer) < _rank_value(quick) < _rank_value(action("family", 0.5))
    assert _rank_value(action("labels", 0.1, None)) < _rank_value(longer)
    assert _rank_value(action("columns", -0.1)) < 0


@pytest.mark.parametrize(
    ("brings", "says"), [(0.05, "The best bet: a, which may bring"), (0.01, "Rows: it should bring")]
)
def test_a_click_comes_before_rows_to_collect_unless_it_brings_far_less(brings, says):
    known = known_rows(numbers(50), "regression", "rmse")  # too few rows to try anything on
    rows, click = (
        Action(
            key=key, kind=kind, title=Statement.plain(key), cost=ActionCost(minutes=1.0), plan=plan,
            gain=Gain(value=value, low=low, high=0.2, measured=value),
        )
        for key, kind, value, low, plan in (
            ("Rows", "rows", 0.1, 0.05, None), ("A", "time", brings, -0.1, RUN.plan)
        )
    )  # fmt: skip
    found = next_actions(situation_of(known, plugin_actions=(rows, click)), known, seconds=0.1)
    assert [each.key for each in found.actions] == (["A", "Rows"] if brings == 0.05 else ["Rows", "A"])
    assert action_list_sentence(found).startswith(says)


@pytest.mark.parametrize(
    ("kind", "says"),
    [("faster", "the best model is outside the budget"), ("leak", "no score here can be trusted")],
)
def test_what_has_to_come_first_is_what_the_sentence_says(kind, says):
    first, folds = (
        Action(
            key=each,
            kind=each,
            title=Statement.plain(each),
            cost=ActionCost(minutes=1.0),
            plan=RUN.plan,
            gain=Gain(value=value, low=value, high=value, measured=value),
        )
        for each, value in ((kind, -0.1), ("folds", 0.1))
    )
    known = known_rows(numbers(50), "regression", "rmse")
    said = summed_up(situation_of(known), [first, folds], None)
    assert said.startswith(f"{kind}: ")
    assert says in said


def test_other_boosted_trees_are_stood_in_for_by_trees_grown_otherwise():
    random = np.random.default_rng(5)
    known = known_rows(numbers(400), "regression", "rmse")
    surrogate = Surrogate(known)
    held = [np.arange(200), np.arange(200, 400)]
    noise = {way: random.normal(0, 0.4, 400) for way in ("single", OTHER_TREES)}
    answers = [{way: [surrogate.target[rows] + noise[way][rows]] for way in noise} for rows in held]
    other = OtherFamily(key="catboost", title="Boosted trees (CatBoost)", kind="boosting")
    told = situation_of(known, trained=("boosting",), longer=LongerRun(limit_s=90.0, families=(other,)))
    (more,) = propose_more_models(told, TrialResults(surrogate, held, answers), n_rows=400)
    assert more.gain.measured == pytest.approx((0.4 - 0.4 / np.sqrt(2)) / 3, rel=0.2)


def test_too_few_rows_are_said():
    known = known_rows(numbers(40), "regression", "rmse")
    assert action_list_sentence(next_actions(situation_of(known), known, seconds=5)) == (
        "There are too few rows to try anything on."
    )


def test_what_plug_ins_propose_stands_among_the_others():
    known = known_rows(numbers(50), "regression", "rmse")  # too few rows to try anything on
    mine = Action(
        key="Mine:a",
        kind="own",
        title=Statement.plain("Mine"),
        cost=ActionCost(minutes=1.0),
        gain=Gain(value=0.3, low=0.2, high=0.4, measured=0.3),
    )
    found = next_actions(situation_of(known, plugin_actions=(mine,)), known, seconds=0.1)
    assert found.actions[0] == mine
    assert action_list_sentence(found).startswith("Mine: it should bring")


def test_a_run_on_a_sample_is_told_what_the_rest_of_the_table_would_bring():
    larger_plan = RunPlan(compute=Compute(train=Resources(memory_gb=8)))
    known = known_rows(_noisy(600), "regression", "rmse")
    situation = situation_of(known, n_drawn=750, n_there=45_000, larger_plan=larger_plan)

    found = next_actions(situation, known, seconds=2)

    (more,) = [each for each in found.actions if each.kind == "memory"]
    assert action_sentence(more) == (
        "750 rows of 45,000 fitted into memory. Train on twice as many of them, with 8 GB of memory."
    )
    assert more.plan == larger_plan
    assert more.curve is not None
    assert not [each for each in found.actions if each.kind == "rows"]


def test_twice_the_rows_bring_what_the_curve_says():
    known = known_rows(_noisy(800), "regression", "rmse")

    gain = gain_of_doubled_rows(known, seconds=2)

    assert gain is not None
    assert gain.low < gain.value < gain.high
    assert gain.value > 0  # 10 columns that all matter
    assert gain_of_doubled_rows(known.some(30, seed=0), seconds=2) is None
    assert "±" in doubled_rows_message(known.task, gain)


def test_the_further_a_curve_is_drawn_the_less_it_is_sure():
    last = TrialDifference(np.array([0.01, 0.009, 0.011]))
    tried = SimpleNamespace(surrogate=SimpleNamespace(data=SimpleNamespace(frame=range(1_000))))

    def beyond(n_rows: int) -> tuple[float, float]:
        gain, spread = extrapolate_doublings(last, tried, 0.65, 0.2, n_rows=n_rows, n=1.0)
        return gain.value, spread

    (near, unsure), (far, unsurer) = beyond(1_000), beyond(8_000)
    assert near == pytest.approx(0.01 * 0.65)
    assert unsure == pytest.approx(0.01 * 0.2)
    assert far == pytest.approx(0.01 * 0.65**4)
    assert unsurer == pytest.approx(0.01 * (0.85**4 - 0.65**4))
    assert unsurer / far > unsure / near


def _noisy(n_rows: int) -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(random.normal(size=(n_rows, 10)), columns=[f"c{at}" for at in range(10)])
    return frame.assign(y=frame.sum(axis=1) + np.sin(3 * frame["c0"]))
