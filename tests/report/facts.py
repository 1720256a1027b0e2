"""A made-up experiment with two runs, as a report is told of it."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.diagnostics import (
    ColumnImportance,
    ConfusedPair,
    Confusion,
    Diagnostics,
    Importance,
    ReliabilityBin,
    Segments,
    SegmentScore,
)
from litmus_core.report import ActionFacts, ExperimentFacts, ProductionFacts, TrainingFacts
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    ActionOutcome,
    ActionTaken,
    Bar,
    Budget,
    BudgetExcess,
    Candidate,
    CertifiedCost,
    Compression,
    DatasetVersion,
    Experiment,
    Gain,
    LatencyFigure,
    Run,
    RunPlan,
    RunTimes,
    Score,
    Statement,
    Task,
    Verdict,
)

EVIL = "<script>alert(1)</script>"
AT = "2026-11-25T15:00:00+00:00"
GAIN = Gain(value=0.02, low=0.005, high=0.035, measured=0.03)


def score(value: float) -> Score:
    return Score(metric="accuracy", value=value, low=value - 0.02, high=value + 0.02, n_rows=1_000)


def candidate(name: str, value: float, milliseconds: float, **changes) -> Candidate:
    figure = LatencyFigure(
        batch_rows=1, p50_ms=milliseconds / 2, p95_ms=milliseconds, p99_ms=milliseconds, n_calls=200
    )
    return Candidate(
        id=f"run_2-{name}",
        run_id="run_2",
        experiment_id="ex_1",
        name=name,
        model=name,
        family="lightgbm",
        family_kind="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=score(value),
        latency=(figure,),
        size_bytes=1_500_000,
        in_budget=milliseconds <= 20,
        form="compiled",
        **changes,
    )


def facts_of(word: str = "colour", **changes) -> ExperimentFacts:
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
    chosen = candidate(f"Team {word}", 0.88, 8.0, chosen=True, test=score(0.89))
    slow = candidate("Slow one", 0.91, 80.0)
    smaller = candidate("Smaller", 0.87, 0.5)
    before = replace(candidate(f"Before {word}", 0.90, 60.0), id="run_1-before", run_id="run_1")
    refines = Compression(candidate_id=before.id, run_id="run_1", model="m")
    verdict = Verdict(
        outcome="misses narrowly",
        model=chosen.name,
        candidate_id=chosen.id,
        score=score(0.89),
        baseline=0.5,
        bar=bar,
        gap=0.01,
        probability_passes=0.07,
        excesses=(BudgetExcess(kind="latency", value=80.0, limit=20.0),),
    )
    run = Run(
        id="run_2",
        experiment_id="ex_1",
        number=2,
        status="finished",
        times=RunTimes(queued_at=AT),
        verdict=verdict,
        plan=RunPlan(
            action=ActionTaken(run_id="run_1", key="folds", kind="folds", gain=GAIN), origin=refines
        ),
    )
    facts = ExperimentFacts(
        experiment=Experiment(id="ex_1", name=f"Which {word}?", task=task, created_at=AT, owner=word),
        version=version,
        runs=(replace(run, id="run_1", number=1, plan=RunPlan(), verdict=None, message=word), run),
        run=run,
        candidates=(chosen, slow, smaller),
        all_candidates=(before, chosen, slow, smaller),
        production=ProductionFacts(
            per_hour_usd=0.72,
            certified=CertifiedCost(usd=0.125, environment="edge box"),
            live=(f"'{word}' answers with this experiment's model.",),
        ),
        training=TrainingFacts(
            n_rows={"train": 3_200, "validation": 800, "test": 1_000},
            n_folds=0,
            classes=("no", word),
            versions={"lightgbm": "4.7.0"},
        ),
        n_evaluations=2,
        diagnostics=diagnostics(word),
        reliability=(ReliabilityBin(predicted=0.9, observed=0.7, low=0.6, high=0.8, n_rows=80),),
        actions=ActionFacts(
            offered=ActionList(
                metric="accuracy", run_id="run_2", n_rows=1, seconds=1.0, actions=(action(word),)
            ),
            completed=(
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
        ),
        harm=(f"'{word}' gives the answer away.",),
        code=f"train('{word}')",
    )
    return replace(facts, **changes)


def action(word: str) -> Action:
    return Action(
        key="rows",
        kind="rows",
        title=Statement.plain(f"More {word}"),
        gain=GAIN,
        cost=ActionCost(minutes=1.5),
    )


def diagnostics(word: str) -> Diagnostics:
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
            metric="accuracy",
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
            n_tests=12,
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
