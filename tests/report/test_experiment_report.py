"""The report on an experiment: the verdict first, all of it escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from litmus_core.diagnostics import (
    ColumnImportance,
    ConfusedPair,
    Confusion,
    Diagnostics,
    Importance,
    ReliabilityBin,
    Residuals,
    Segments,
    SegmentScore,
)
from litmus_core.report import ExperimentFacts, experiment_report
from litmus_core.types import (
    Action,
    ActionList,
    ActionOutcome,
    Bar,
    Budget,
    Candidate,
    DatasetVersion,
    Experiment,
    Follows,
    Gain,
    LatencyFigure,
    Run,
    RunPlan,
    Score,
    Task,
    Verdict,
)

EVIL = "<script>alert(1)</script>"
AT = "2026-11-25T15:00:00+00:00"
GAIN = Gain(value=0.02, low=0.005, high=0.035, measured=0.03)


def _score(value: float) -> Score:
    return Score(metric="accuracy", value=value, low=value - 0.02, high=value + 0.02, n_rows=1_000)


def _candidate(name: str, value: float, milliseconds: float, **changes) -> Candidate:
    figure = LatencyFigure(
        batch_rows=1, p50_ms=milliseconds / 2, p95_ms=milliseconds, p99_ms=milliseconds, n_calls=200
    )
    return Candidate(
        id=f"run_2-{name}",
        run_id="run_2",
        experiment_id="ex_1",
        name=name,
        model=name,
        card="lightgbm",
        family="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=_score(value),
        latency=(figure,),
        size_bytes=1_500_000,
        in_budget=milliseconds <= 20,
        form="compiled",
        **changes,
    )


def _facts(word: str = "colour", **changes) -> ExperimentFacts:
    bar = Bar(metric="accuracy", op=">=", value=0.9)
    task = Task(
        dataset_version_id="dv_1",
        target=word,
        problem_type="binary",
        metric="accuracy",
        features=(f"a {word}", "b"),
        bar=bar,
        budget=Budget(max_latency_ms=20.0),
        positive_class=word,
    )
    version = DatasetVersion(
        id="dv_1", dataset_id="ds_1", name=f"orders {word}", version=2, path="x", n_rows=5_000, n_bytes=1,
        content_hash="ab" * 32, columns=(), source=f"/secret/folder/{word}.csv", created_at=AT,
    )  # fmt: skip
    chosen = _candidate(f"Team {word}", 0.88, 8.0, chosen=True, test=_score(0.89))
    slow = _candidate("Slow one", 0.91, 80.0)
    smaller = _candidate("Smaller", 0.87, 0.5, parents=(slow.id,))
    verdict = Verdict(
        outcome="misses narrowly",
        sentence=f"It is right 0.89 of the time, {word}.",
        candidate_id=chosen.id,
        score=_score(0.89),
        baseline=0.5,
        bar=bar,
        gap=0.01,
        probability_passes=0.07,
        too_slow=True,
    )
    run = Run(
        id="run_2", experiment_id="ex_1", number=2, status="finished", queued_at=AT, verdict=verdict,
        plan=RunPlan(follows=Follows(run_id="run_1", key="folds", kind="folds", gain=GAIN)),
    )  # fmt: skip
    facts = ExperimentFacts(
        experiment=Experiment(id="ex_1", name=f"Which {word}?", task=task, created_at=AT, owner=word),
        version=version,
        runs=(replace(run, id="run_1", number=1, plan=RunPlan(), verdict=None, message=word), run),
        run=run,
        verdict=verdict,
        candidates=(chosen, slow, smaller),
        n_looks=2,
        cost_usd=0.125,
        diagnostics=_diagnostics(word),
        reliability=(ReliabilityBin(said=0.9, came=0.7, low=0.6, high=0.8, n_rows=80),),
        offered=ActionList(
            run_id="run_2", sentence=f"Collect {word}.", n_rows=1, seconds=1.0, actions=(_action(word),)
        ),
        taken=(
            ActionOutcome(
                run_id="run_2",
                follows_run_id="run_1",
                key="folds",
                kind="folds",
                predicted=GAIN,
                validation=0.01,
                test=0.012,
            ),
        ),
        titles={("run_1", "folds"): f"Train in 5 folds {word}"},
        harm=(f"'{word}' gives the answer away.",),
        code=f"train('{word}')",
    )
    return replace(facts, **changes)


def _action(word: str) -> Action:
    return Action(
        key="rows", kind="rows", title=f"More {word}", sentence="", evidence="", gain=GAIN, minutes=1.5
    )


def _diagnostics(word: str) -> Diagnostics:
    return Diagnostics(
        metric="accuracy",
        n_rows=1_000,
        score=0.88,
        out_of_fold=True,
        importance=Importance(
            columns=(ColumnImportance(column=word, drop=0.1, low=0.08, high=0.12, n_shuffles=5),),
            score=0.88,
            n_rows=1_000,
            n_shuffles=5,
            complete=True,
        ),
        segments=Segments(
            rows=(
                SegmentScore(
                    column="b",
                    segment=word,
                    n_rows=50,
                    score=0.7,
                    low=0.6,
                    high=0.8,
                    worse_by=0.18,
                    stands_out=True,
                ),
            ),
            overall=0.88,
            n_looks=12,
            min_rows=30,
        ),
        mistakes=(),
        confusion=Confusion(
            labels=("no", word),
            counts=((400, 20), (100, 480)),
            n_collapsed=0,
            pairs=(ConfusedPair(truth=word, prediction="no", n_rows=100),),
            n_rows=1_000,
            n_wrong=120,
        ),
    )


@pytest.mark.parametrize(
    "told",
    [
        "≈ Misses narrowly · too slow",
        "It is right 0.89 of the time, colour.",
        "0.890 (0.870 to 0.910)",  # the score never stands without its interval
        "7\u202f%",
        "at least 0.900",
        "1 row answered in 20\u202fms",
        "0.125 USD",
        "orders colour, version 2: 5,000 rows from colour.csv",
        "&#x27;colour&#x27; gives the answer away.",
        "★ Team colour",
        "\u22120.020",
        "100 rows of “colour” taken for “no”.",
        "Clearly worse where b is colour.",
        "so in 70\u202f% of 80 rows (60\u202f% to 80\u202f%)",
        "Train in 5 folds colour",
        "predicted +2.0 points (+0.50 points to +3.5 points in 4 of 5 cases); brought +1.2 points",
        "Collect colour.",
        "train(&#x27;colour&#x27;)",
        "Labels it never saw are never answered",
        "2026-11-25 15:00 UTC",
    ],
)
def test_it_tells(told: str) -> None:
    assert told in experiment_report(_facts(), made_at=AT)


def test_a_run_on_a_sample_says_of_how_many_rows_it_is() -> None:
    said = "Trained and tested on 1,000 of 9,000 rows: more do not fit into 1 GB."
    assert f"<li>{said}</li>" in experiment_report(_facts(sample=said), made_at=AT)


def test_nothing_of_it_becomes_markup_and_nothing_is_loaded() -> None:
    html = experiment_report(_facts(EVIL), made_at=AT)
    assert "<script" not in html
    assert not re.search(r"(src|href)\s*=|url\(|@import", html)
    assert html.count("&lt;script&gt;") > 15


def test_where_the_data_lay_is_not_told_beyond_the_file() -> None:
    assert "/secret/folder" not in experiment_report(_facts(), made_at=AT)


def test_a_variant_is_tied_to_its_parent_and_what_is_too_slow_is_hollow() -> None:
    html = experiment_report(_facts(), made_at=AT)
    assert html.count('<line class="link"') == 1
    assert html.count('class="mark single outside"') == 1
    assert html.count('<path class="mark chosen"') == 1


def test_a_regression_shows_truth_against_answer() -> None:
    found = replace(
        _diagnostics("colour"),
        metric="rmse",
        confusion=None,
        residuals=Residuals(
            points=((1.0, 2.0), (3.0, 2.5)), n_rows=2, bias=0.25, typical_error=0.75, large_error=1.0
        ),
    )
    html = experiment_report(_facts(diagnostics=found, reliability=()), made_at=AT)
    assert html.count('<circle class="faint"') == 2
    assert "on average 0.250 too high" in html


def test_an_experiment_without_a_run_says_so() -> None:
    bare = ExperimentFacts(experiment=_facts().experiment, version=_facts().version, runs=())
    html = experiment_report(bare, made_at=AT)
    assert "There is no verdict yet. Nothing was trained." in html
    assert "It was not checked what in the data would make a model lie." in html
    assert "The models" not in html


def test_many_models_stay_a_small_file() -> None:
    many = tuple(_candidate(f"Model {n} {'x' * 60}", 0.5 + n / 1e4, 1.0 + n) for n in range(2_000))
    html = experiment_report(_facts(candidates=many), made_at=AT)
    assert len(html.encode()) < 100_000
    assert "1,940 more are not shown." in html
