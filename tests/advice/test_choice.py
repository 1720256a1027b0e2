"""The choice: best by validation inside the budget, never by test."""

import pytest

from litmus_core.advice import choose, keeps_budget
from litmus_core.errors import TrainingError
from litmus_core.types import Budget, Candidate, LatencyFigure, Score, Task


def model(
    name, validation, *, ms=1.0, test=None, in_budget=None, metric="accuracy", refit_of=""
) -> Candidate:
    def score(value):
        return None if value is None else Score(metric=metric, value=value, low=value, high=value, n_rows=9)

    return Candidate(
        id=name,
        run_id="run_1",
        experiment_id="ex_1",
        name=name,
        model=name,
        family="gbm",
        family_kind="GBM",
        is_ensemble=False,
        fit_s=1.0,
        validation=score(validation),
        test=score(test),
        latency=(LatencyFigure(batch_rows=1, p50_ms=ms, p95_ms=ms, p99_ms=ms, n_calls=200),),
        in_budget=in_budget,
        refit_of=refit_of,
    )


def task(metric="accuracy", budget=None) -> Task:
    kind = "regression" if metric == "rmse" else "multiclass"
    return Task(
        dataset_version_id="dv_1",
        target="y",
        problem_type=kind,
        metric=metric,
        features=("x",),
        budget=budget or Budget(),
    )


def test_the_best_validation_score_wins_whatever_the_test_says():
    found, _ = choose([model("a", 0.8, test=0.99), model("b", 0.9, test=0.1)], task())
    assert found == "b"


def test_of_which_ones_it_is_the_best_is_said():
    _, why = choose([model("a", 0.9)], task(), among=" with the steps that were asked for")
    assert why == "a has the best validation score with the steps that were asked for."


def test_a_lower_error_wins_where_lower_is_better():
    found, _ = choose([model("a", 3.0, metric="rmse"), model("b", 2.0, metric="rmse")], task("rmse"))
    assert found == "b"


def test_the_budget_comes_before_the_score():
    candidates = [model("slow", 0.95, in_budget=False), model("fast", 0.9, in_budget=True)]
    found, why = choose(candidates, task(budget=Budget(max_latency_ms=5)))
    assert found == "fast"
    assert "slow scores better but exceeds it" in why


def test_an_unmeasured_candidate_is_not_taken_for_one_inside_the_budget():
    candidates = [model("unmeasured", 0.95), model("fast", 0.9, in_budget=True)]
    assert choose(candidates, task(budget=Budget(max_latency_ms=5)))[0] == "fast"


def test_with_none_inside_the_budget_the_best_is_taken_and_it_is_said():
    found, why = choose([model("a", 0.8, in_budget=False)], task(budget=Budget(max_latency_ms=5)))
    assert found == "a"
    assert why.startswith("No model keeps the budget")


def test_of_equal_scores_the_faster_wins():
    assert choose([model("slow", 0.9, ms=9), model("fast", 0.9, ms=2)], task())[0] == "fast"


def test_the_mean_of_folds_comes_before_one_model_on_all_rows_which_has_their_score():
    folds, again = model("folds", 0.9, ms=9), model("again", 0.9, ms=2, refit_of="folds")
    assert choose([folds, again], task())[0] == choose([again, folds], task())[0] == "folds"


def test_nothing_scored_is_an_error_in_words():
    with pytest.raises(TrainingError, match="No model was finished"):
        choose([model("a", None)], task())


@pytest.mark.parametrize(
    ("budget", "size", "kept"),
    [
        (Budget(), 5, None),
        (Budget(max_size_mb=1), 5, True),
        (Budget(max_size_mb=1), 5_000_000, False),
        (Budget(max_size_mb=1), None, None),
        (Budget(max_latency_ms=2), 5, True),
        (Budget(max_latency_ms=0.5), 5, False),
        (Budget(max_latency_ms=2, batch_rows=10), 5, None),
        (Budget(max_latency_ms=2, max_size_mb=1), 5_000_000, False),
    ],
)
def test_a_budget_is_kept_only_by_what_was_measured(budget, size, kept):
    assert keeps_budget(budget, latency=model("a", 0.9).latency, size_bytes=size) is kept


def test_a_score_that_is_no_number_never_wins():
    broken = model("broken", float("nan"), metric="rmse")
    assert choose([broken, model("sound", 2.0, metric="rmse")], task("rmse"))[0] == "sound"
    with pytest.raises(TrainingError):
        choose([broken], task("rmse"))
