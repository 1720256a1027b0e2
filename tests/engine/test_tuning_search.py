"""The search itself, on an algorithm whose score is a formula: nothing is trained."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from litmus_core.engine._tuning._search import Search, TuningStoppedError
from litmus_core.engine._tuning._study import frozen
from litmus_core.engine._tuning._tune import _notes
from litmus_core.types import Algorithm, Hyperparameter, Space, Trial, Tuning

X = Hyperparameter(name="x", space=Space(low=0.0, high=10.0))
KIND = Hyperparameter(name="kind", space=Space(choices=("a", "b", "c")))


class Formula:
    """Scores (x - 7)^2, more where less is learned from; without x it is (2 - 7)^2."""

    n_parts = 2
    at_once = 1

    def __init__(self, *, metric="rmse", score=None, predict_s=0.0):
        self.request = SimpleNamespace(task=SimpleNamespace(metric=metric, seed=0, problem_type="regression"))
        self.asked: list[tuple[dict, int, float]] = []
        self._formula = score or (lambda settings: (settings.get("x", 2.0) - 7) ** 2)
        self._predict_s = predict_s

    def predict(self, key, settings, part, *, limit_s, share=1.0):
        self.asked.append((dict(settings), part, share))
        time.sleep(self._predict_s)
        return self._formula(settings) + 10 * (1 - share)

    def score(self, answers):
        return sum(answers.values()) / len(answers)


def search(*hyperparameters, fitting=None, key="mine", earlier=(), history=(), **tuning) -> Search:
    return Search(
        Algorithm(key=key, hyperparameters=hyperparameters),
        key,
        fitting=fitting or Formula(),
        tuning=Tuning(**tuning),
        earlier=earlier,
        history=history,
    )


def run(searched: Search, *, seconds=60.0, fit_s=1000.0, trial_s=30.0, should_stop=lambda: False):
    told = []
    searched.run(
        until=time.monotonic() + seconds,
        fitted_by=time.monotonic() + seconds + fit_s,
        trial_s=trial_s,
        n_trials=searched.tuning.n_trials,
        on_trial=lambda trial, best: told.append((trial, best)),
        should_stop=should_stop,
    )
    return told


def trial(x: float, value: float | None, *, number=0, **facts) -> Trial:
    settings = (Hyperparameter(name="x", value=x, space=X.space),)
    state = "finished" if value is not None else "given up"
    told = {"algorithm": "mine", "number": number, "metric": "rmse", "state": state, "settings": settings}
    return Trial(**told | {"value": value, "seconds": 0.1} | facts)


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_it_finds_better_settings_than_the_default(sampler):
    told = run(search(X, n_trials=30, sampler=sampler))

    assert len(told) == 30
    assert told[0][0].origin == "default"
    assert told[0][0].value == 25.0
    assert told[-1][1].value < 1.0


@pytest.mark.filterwarnings("error")
def test_lists_among_the_choices_are_tried_and_continued_from():
    layers = Hyperparameter(name="layers", space=Space(choices=((8,), (16, 4), (32, 16))))
    fitting = Formula(score=lambda settings: float(sum(settings.get("layers", (99,)))))
    told = run(search(layers, fitting=fitting, n_trials=9))
    tried = [each for each, _ in told]
    assert {setting.value for each in tried for setting in each.settings} == {(8,), (16, 4), (32, 16)}
    assert min(each.value for each in tried if each.value is not None) == 8.0
    assert all(frozen(each, {"layers": layers}) for each in tried if each.settings)


def test_gaussian_processes_find_better_settings_too():
    pytest.importorskip("torch")
    told = run(search(X, n_trials=12, sampler="gp"))

    assert told[-1][1].value < 1.0


def test_more_is_better_where_the_metric_says_so():
    fitting = Formula(metric="r2", score=lambda settings: -((settings.get("x", 2.0) - 7) ** 2))
    told = run(search(X, fitting=fitting, n_trials=20))

    assert told[-1][1].value == max(each.value for each, _ in told if each.state == "finished")


def test_the_default_of_a_card_is_its_own_setting():
    searched = search(
        Hyperparameter(name="C", space=Space(low=0.01, high=100.0, log=True)), key="linear", n_trials=1
    )
    ((first, _),) = run(searched)

    assert first.origin == "default"
    assert first.settings == (
        Hyperparameter(name="C", value=1.0, space=Space(low=0.01, high=100.0, log=True)),
    )


def test_where_the_default_is_unknown_the_algorithm_is_fitted_as_it_is():
    fitting = Formula()
    ((first, _),) = run(search(X, Hyperparameter(name="depth", value=3), fitting=fitting, n_trials=1))

    assert first.settings == ()
    assert [settings for settings, _, _ in fitting.asked] == [{"depth": 3}, {"depth": 3}]


def test_values_that_are_given_are_told_with_every_trial():
    fitting = Formula()
    run(search(X, Hyperparameter(name="depth", value=3), fitting=fitting, n_trials=5))

    assert all(settings["depth"] == 3 for settings, _, _ in fitting.asked)


def test_trials_of_a_run_that_was_cut_short_go_on():
    earlier = (trial(2.0, 25.0, origin="default"), trial(6.9, 0.01, number=1))
    told = run(search(X, earlier=earlier, n_trials=4))

    assert [each.number for each, _ in told] == [2, 3]
    assert told[0][1].value == 0.01


def test_the_best_of_other_runs_is_tried_after_the_default():
    history = (trial(1.0, 36.0), trial(7.0, 0.0, number=1), trial(99.0, 0.0, number=2))
    told = run(search(X, history=history, n_trials=3))

    assert [each.origin for each, _ in told] == ["default", "history", "history"]
    assert [each.settings[0].value for each, _ in told[1:]] == [7.0, 1.0]


def test_a_space_is_left_when_all_of_it_was_tried():
    fitting = Formula(score=lambda settings: {"a": 3.0, "b": 2.0, "c": 1.0}[settings.get("kind", "a")])
    told = run(search(KIND, fitting=fitting, n_trials=100))

    assert sorted(each.settings[0].value for each, _ in told[1:]) == ["a", "b", "c"]


def test_it_ends_in_its_time():
    started = time.monotonic()
    told = run(search(X, fitting=Formula(predict_s=0.02)), seconds=1.0)

    assert told
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("spaces", "n_trials", "is_said"), [((X,), 3, True), ((X,), 1, False), ((), 3, False)]
)
def test_a_search_that_tried_none_of_the_values_named_for_it_says_so(spaces, n_trials, is_said):
    default = Trial(
        algorithm="linear",
        number=0,
        metric="rmse",
        state="finished",
        value=1.0,
        seconds=900.0,
        origin="default",
    )
    searched = search(*spaces, key="linear", earlier=[default], n_trials=n_trials)
    assert run(searched, fit_s=0.0) == []

    assert [
        " to try any of the values for Linear model" in note for note in _notes([searched], stopped=False)
    ] == ([True] if is_said else [])
    assert not _notes([searched], stopped=True)


def test_a_default_that_does_not_end_in_time_ends_the_search():
    told = run(search(X), seconds=0.21)

    assert len(told) <= 1 or told[0][0].state == "finished"


def test_what_was_found_keeps_the_time_to_be_trained_in():
    earlier = (
        trial(2.0, 25.0, origin="default", seconds=10.0),
        trial(6.9, 0.01, number=1, seconds=20.0),
        trial(1.0, 36.0, number=2, seconds=0.1),
    )
    searched = search(X, earlier=earlier)

    assert searched.train_s == pytest.approx(1.3 * (10 + 20 + 20))
    assert run(searched, seconds=30.0, fit_s=30.0) == []
    assert len(run(search(X, earlier=earlier, n_trials=4), seconds=30.0, fit_s=60.0)) == 1


def test_what_breaks_is_told_and_not_tried_for_ever():
    def broken(settings):
        raise ValueError("depth must be whole\nand more")

    told = run(search(X, fitting=Formula(score=broken)))

    assert {each.state for each, _ in told} == {"failed"}
    assert len(told) == 5
    assert told[0][0].message == "ValueError: depth must be whole"
    assert told[0][1] is None


def test_hyperband_gives_up_what_does_badly_on_few_rows_and_never_the_default():
    told = run(search(X, n_trials=40, pruner="hyperband", sampler="random"))
    given_up = [each for each, _ in told if each.state == "given up"]

    assert told[0][0].state == "finished"
    assert given_up
    assert {each.share for each in given_up} <= {1 / 9, 3 / 9}
    assert all(each.value is None for each in given_up)


def test_what_does_worse_than_most_on_the_first_fold_is_given_up():
    told = run(search(X, n_trials=40, pruner="median", sampler="random"))
    given_up = [each for each, _ in told if each.state == "given up"]

    assert given_up
    assert {each.message for each in given_up} == {"Worse than most after 1 of 2 folds."}
    assert {each.share for each in given_up} == {1.0}


def test_without_a_pruner_all_is_finished():
    assert {each.state for each, _ in run(search(X, n_trials=20, pruner="none"))} == {"finished"}


def test_a_stop_drops_the_trial_under_way():
    fitting = Formula()
    searched = search(X, fitting=fitting)

    with pytest.raises(TuningStoppedError):
        run(searched, should_stop=lambda: len(fitting.asked) >= 5)
    assert len(searched.trials) == 2


def test_the_same_seed_tries_the_same_settings():
    first, second = (run(search(X, KIND, n_trials=12)) for _ in range(2))

    assert [each.settings for each, _ in first] == [each.settings for each, _ in second]
