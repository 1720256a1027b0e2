"""Families, columns, leaks and doubtful labels: what a trial says of each, on tables made for it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import OtherFamily, action_list_sentence, action_sentence, action_title, next_actions
from litmus_core.advice._actions.collect_rows import propose_class_rows, propose_segment_rows
from litmus_core.advice._actions.data_fixes import propose_data_fixes
from litmus_core.advice._actions.drop_columns import propose_dropping_columns
from litmus_core.advice._actions.model_families import propose_families
from litmus_core.advice._actions.obstacles import propose_removing_obstacles
from litmus_core.advice._surrogate import Clock, Surrogate, outer_folds, parts_of
from litmus_core.advice._trials.class_subsampling import class_way, thinned, try_classes, with_share
from litmus_core.advice._trials.data_fixes import NO_DOUBTS, NO_LEAKS, try_data_fixes
from litmus_core.advice._trials.model_families import family_predictions
from litmus_core.advice._trials.runner import TrialResults, run_trials
from litmus_core.advice._trials.segment_subsampling import try_segments
from litmus_core.advice._trials.uninformative_columns import try_without
from litmus_core.builtin_preprocessors import reference_of
from litmus_core.diagnostics import value_rows
from litmus_core.types import Action, Column, PluginRef, RowsToCollect, RunPlan, TrainingOptions
from tests.advice.situations import RUN, known_rows, situation_of

FOREST = OtherFamily(key="forest", title="Random forest", kind="forest")
WORDS = OtherFamily(key="text_linear", title="Words and letters", kind="text")
LINEAR = OtherFamily(key="linear", title="Linear model", kind="linear")


def _number(name: str) -> Column:
    return Column(name=name, original_name=name, kind="number", storage="DOUBLE")


def _line(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Numbers whose effects simply add up: a linear model needs few rows for them, trees many."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(n_rows, 8)), columns=list("abcdefgh"))
    frame["y"] = frame.sum(axis=1) + random.normal(0, 0.3, n_rows)
    return frame


def _tried(known, *ways, words: bool = False) -> TrialResults:
    """Try these ways beside the stand-in, on three of four folds, however long it takes."""
    tried, clock = TrialResults(Surrogate(known, words=words)), Clock(math.inf)
    for learn, held in outer_folds(known, 4, seed=0)[:3]:
        stop = parts_of(learn, seed=0)[0]
        answers = {"single": [tried.surrogate.fit(np.setdiff1d(learn, stop), stop, held)]}
        for way in ways:
            answers |= way(tried.surrogate, learn, held, clock, seed=0)
        tried.held_out.append(held)
        tried.predictions.append(answers)
    return tried


@pytest.fixture(scope="module")
def straight():
    known = known_rows(_line(300), "regression", "rmse")
    return known, _tried(known, family_predictions)


def _families(straight, **facts) -> dict[str, Action]:
    known, tried = straight
    return {each.key: each for each in propose_families(situation_of(known, **facts), tried, n_rows=300)}


def test_a_family_that_suits_the_table_is_offered_beside_what_was_tried(straight) -> None:
    found = _families(straight, keys=("lightgbm",), trained=("boosting",), offered=(FOREST, LINEAR))
    action = found["family linear"]
    assert action.gain.value > 0.3  # trees are off by about 1
    assert action_title(action) == "Try linear model, too"
    assert action.plan is not None
    assert action.plan.families == ("lightgbm", "linear")
    forest = found.get("family forest")
    assert forest is None or forest.gain.value < 0.5 * action.gain.value


def test_a_family_that_is_no_help_gets_no_weight(straight) -> None:
    assert "family forest" not in _families(straight, trained=("linear",), offered=(FOREST,))


def test_a_family_that_was_tried_or_cannot_be_is_not_offered(straight) -> None:
    assert _families(straight, trained=("linear", "boosting"), offered=()) == {}
    assert _families(straight, trained=("network",), offered=(LINEAR,)) == {}


def test_useless_columns_are_found_and_left_out_of_a_question_of_its_own() -> None:
    random = np.random.default_rng(5)
    frame = _line(200)[["a", "b"]]
    frame["y"] = frame["a"] + frame["b"] + random.normal(0, frame["a"].std(), 200)
    for at in range(60):
        frame[f"noise {at}"] = random.normal(size=len(frame))
    known = known_rows(frame, "regression", "rmse")
    (action,) = propose_dropping_columns(situation_of(known), _tried(known, try_without), n_rows=200)
    assert action.gain.value > 0
    assert {"a", "b"}.isdisjoint(action.leave_out)
    assert len(action.leave_out) > 30
    assert action.plan is not None


def test_a_leak_comes_first_though_the_score_falls() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(300, 3)), columns=list("abc"))
    frame["y"] = np.where(frame["a"] + random.normal(0, 1, 300) > 0, "yes", "no")
    frame["told"] = (frame["y"] == "yes") + random.normal(0, 0.01, 300)
    known = replace(known_rows(frame, "binary", "roc_auc"), leaks=("told",))
    found = next_actions(situation_of(known), known, seconds=1)
    first = found.actions[0]
    assert (first.kind, first.leave_out) == ("leak", ("told",))
    assert first.gain.value < 0
    assert action_list_sentence(found) == "Leave 'told' out: until then no score here can be trusted."


def test_a_leak_goes_with_the_columns_that_are_made_of_it_and_where_words_are_read() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(300, 2)), columns=["a", "b"])
    frame["y"] = np.where(frame["a"] + random.normal(0, 1, 300) > 0, "yes", "no")
    frame["told"] = (frame["y"] == "yes") + random.normal(0, 0.01, 300)
    frame["title"] = np.where(frame["y"] == "yes", "a good one", "a bad one")
    columns = (*(_number(name) for name in ("a", "b", "told")), replace(_number("title"), kind="text"))
    known = replace(known_rows(frame, "binary", "roc_auc", columns), leaks=("told",))
    steps = tuple(
        PluginRef(point="preprocess", reference=reference_of("Pairs"), parameters=(("columns", text),))
        for text in ("a, told", "a, b")
    )
    after = tuple(
        PluginRef(
            point="postprocess",
            reference="rule",
            parameters=(("when", f"{name} > 1"), ("then", "answer 'no'")),
        )
        for name in ("told", "a")
    )
    run = replace(RUN, plan=RunPlan(preprocess=steps, postprocess=after))
    (action,) = propose_removing_obstacles(
        situation_of(known, run=run), known, _tried(known, try_data_fixes, words=True)
    )
    assert action.kind == "leak"
    assert action.gain.value < -0.1  # of columns: the words say it, too
    assert action.plan == RunPlan(preprocess=steps[1:], postprocess=after[1:])


def test_labels_that_look_wrong_are_worth_a_look_where_learning_without_them_helps() -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(random.normal(size=(600, 3)), columns=list("abc"))
    truth = np.where(frame["a"] > 0, "yes", "no")
    wrong = random.random(600) < 0.25
    frame["y"] = np.where(wrong, np.where(truth == "yes", "no", "yes"), truth)
    known = replace(known_rows(frame, "binary", "log_loss"), doubtful=wrong)
    tried = _tried(known, try_data_fixes)
    assert tried.better(NO_DOUBTS, "single") is not None
    assert tried.better(NO_LEAKS, "single") is None
    rows = tuple(np.flatnonzero(wrong).tolist())
    (action,) = propose_data_fixes(situation_of(known), _helped(known, NO_DOUBTS), known)
    assert action.plan == RunPlan(training=TrainingOptions(without_rows=rows))
    done = replace(RUN, plan=RunPlan(training=TrainingOptions(without_rows=rows)))
    assert list(propose_data_fixes(situation_of(known, run=done), _helped(known, NO_DOUBTS), known)) == []
    again = known.some(100, seed=0)
    assert again.doubtful is not None
    assert len(again.doubtful) == 100


def _helped(known, way: str) -> TrialResults:
    """A trial in which one way knew every answer and the stand-in none."""
    surrogate = Surrogate(known)
    right = np.column_stack([1.0 - surrogate.target, surrogate.target]) * 0.8 + 0.1
    answers = {"single": [np.full_like(right, 0.5)], way: [right]}
    return TrialResults(surrogate, [np.arange(len(right))], [answers])


def test_a_share_that_was_halved_is_brought_back() -> None:
    answers = np.array([[0.5, 0.5], [0.9, 0.1]])
    back = with_share(answers, 1, times=2.0)
    assert back[0] == pytest.approx([1 / 3, 2 / 3])
    assert back[1] == pytest.approx([0.9 / 1.1, 0.2 / 1.1])


def test_rows_of_a_segment_that_are_missed_are_asked_for() -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame(random.normal(size=(400, 2)), columns=["a", "b"])
    frame["there"] = (np.arange(400) % 8 == 0).astype(float)  # one of eight rows is of another kind
    frame["y"] = np.where(frame["there"] == 1, 6 * frame["b"], frame["a"])
    known = known_rows(frame, "regression", "rmse")
    inside = frame["there"].to_numpy() == 1
    known = replace(known, segments=(("place is there", inside), ("place is nowhere", inside & False)))
    (action,) = propose_segment_rows(situation_of(known), _tried(known, try_segments), known)
    assert action.key == "rows where place is there"
    assert action.gain.value > 0
    assert action_sentence(action).startswith("Add 50 rows where place is there")
    assert known.some(100, seed=0).segments[0][1].sum() < 30
    assert action.curve is None  # no quarter was tried
    assert action.collect == RowsToCollect(n_rows=50, column="place", value="there")


def test_a_class_and_a_segment_get_a_curve_of_their_own_from_nested_rows() -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame(random.normal(size=(1_200, 2)), columns=["a", "b"])
    inside = np.arange(1_200) % 6 == 0
    frame["there"] = inside.astype(float)
    turned = np.where(inside, -frame["a"], frame["a"])  # the segment has a rule of its own
    frame["y"] = np.where(turned + random.normal(0, 0.4, 1_200) > 0.8, "rare", "usual")
    known = replace(known_rows(frame, "binary", "log_loss"), segments=(("place is there", inside),))
    tried = run_trials(known, seconds=60, seed=0, others=False)
    assert tried is not None
    found = [
        *propose_class_rows(situation_of(known), tried, known),
        *propose_segment_rows(situation_of(known), tried, known),
    ]
    curves = {each.key: each.curve for each in found if each.curve is not None}
    assert set(curves) >= {"rows of rare", "rows where place is there"}
    for curve in curves.values():
        assert curve.n_predicted == 1
        assert curve.x == pytest.approx([curve.x[0] * times for times in (1, 2, 4, 8)])
    there = curves["rows where place is there"]
    assert there.x[2] == pytest.approx(150)  # three quarters of 200 are learned from
    assert list(there.y) == sorted(there.y, reverse=True)  # a loss falls with the rows


def test_classes_of_next_to_no_rows_do_not_hide_rare_ones_that_have_some() -> None:
    random = np.random.default_rng(7)
    frame = pd.DataFrame(random.normal(size=(600, 2)), columns=["a", "b"])
    names = [f"tiny {at}" for at in range(6) for _ in range(2)] + ["rare"] * 40
    frame["y"] = np.array([*names, *["usual"] * (600 - len(names))], dtype=object)
    known = known_rows(frame, "multiclass", "log_loss")
    learn, held = np.arange(0, 600, 2), np.arange(1, 600, 2)
    found = try_classes(Surrogate(known), learn, held, Clock(math.inf), seed=0)
    assert set(found) == {class_way(known.classes.index(each), 2) for each in ("rare", "usual")}


def test_what_is_left_of_fewer_rows_is_among_what_is_left_of_more() -> None:
    rows, inside = np.arange(40), np.arange(40) % 2 == 0
    half, quarter = (set(thinned(rows, inside, left, seed=1).tolist()) for left in (2, 4))
    assert (len(half), len(quarter)) == (30, 25)
    assert quarter < half


def test_a_segment_is_found_again_by_what_it_is_called() -> None:
    values = pd.Series(["DE", None, "FR", "DE"], dtype=object)
    assert value_rows(values, "DE").tolist() == [True, False, False, True]
    assert value_rows(values, "missing").tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("values", "label", "inside"),
    [
        ([1, 12_500, 30_000], "10,000 to 30,000", [False, True, True]),
        ([-0.5, 0.25, None], "-1 to 0.1", [True, False, False]),
        (["1 to 3", "2", None], "1 to 3", [True, False, False]),  # a value, not a range
        (["a", "four", "longer text"], "2 to 5 characters", [False, True, False]),
        (pd.to_datetime(["2024-01-01 10:00", "2024-03-01 00:00"]), "2024-01-01 to 2024-02-01", [True, False]),
    ],
)
def test_a_range_is_found_again_by_what_it_is_called(values, label, inside) -> None:
    assert value_rows(pd.Series(values), label).tolist() == inside


def test_reading_the_words_is_offered_where_a_text_says_what_columns_do_not() -> None:
    random = np.random.default_rng(7)
    kinds = random.choice(["lid", "box", "cup"], 240)
    frame = pd.DataFrame(
        {
            "a": random.normal(size=240),
            "title": [f"the {kind} number {random.integers(99)}" for kind in kinds],
            "y": np.where((kinds == "lid") ^ (random.random(240) < 0.1), "yes", "no"),
        }
    )
    columns = tuple(
        Column(name=name, original_name=name, kind=kind, storage=storage)
        for name, kind, storage in (("a", "number", "DOUBLE"), ("title", "text", "VARCHAR"))
    )
    known = known_rows(frame, "binary", "roc_auc", columns)
    facts = {"trained": ("boosting",), "offered": (WORDS,)}
    for words in (False, True):  # whichever of both the stand-in reads
        tried = _tried(known, family_predictions, words=words)
        (action,) = propose_families(situation_of(known, **facts), tried, n_rows=240)
        assert (action.key, action.gain.value > 0.1) == ("family text", True)
