"""A workspace told through its journal: a table, an experiment, runs of every end, no real models.

The models are :class:`FakeModel`: they answer by one column, so what matters is known beforehand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.diagnostics import Diagnostics, diagnose
from litmus_core.store import Journal, Workspace
from litmus_core.types import (
    ActionTaken,
    Bar,
    Budget,
    Candidate,
    CandidateTested,
    Column,
    DatasetImported,
    DatasetVersion,
    Experiment,
    ExperimentCreated,
    KindName,
    LatencyFigure,
    Outcome,
    ProblemType,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunStarted,
    RunStatus,
    Score,
    Task,
    Verdict,
    to_plain,
)
from litmus_core.types import CandidateTrained as Trained

EXPERIMENT, RUN, VERSION = "ex_00000000aa", "run_00000000aa", "dv_00000000aa"
SECOND_RUN = "run_00000000bb"
AT = "2026-11-24T10:00:00+00:00"
METRICS: dict[ProblemType, tuple[str, Bar]] = {
    "binary": ("accuracy", Bar(metric="accuracy", op=">=", value=0.85)),
    "multiclass": ("accuracy", Bar(metric="accuracy", op=">=", value=0.85)),
    "regression": ("rmse", Bar(metric="rmse", op="<=", value=12.0)),
}


def _column(name: str, kind: KindName, examples: tuple[str, ...]) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage="VARCHAR", examples=examples)


FEATURES = (
    _column("income", "number", ("41250.5", "3000")),
    _column("a very long column name that nobody would have chosen", "category", ("north", "south")),
    _column("member", "boolean", ("true", "false")),
    _column("since", "date", ("2024-03-01T00:00:00",)),
    _column("note", "text", ("asked for a refund",)),
)


def table(n_rows: int = 300) -> pd.DataFrame:
    """Return feature rows; a tenth of ``income`` is missing."""
    rng = np.random.default_rng(0)
    income = rng.normal(50, 20, n_rows)
    income[::10] = np.nan
    return pd.DataFrame(
        {
            "income": income,
            FEATURES[1].name: rng.choice(["north", "south", "east"], n_rows).astype(object),
            "member": rng.choice([True, False], n_rows).astype(object),
            "since": pd.date_range("2024-01-01", periods=n_rows, freq="D").astype("datetime64[us]"),
            "note": rng.choice(["asked for a refund", "called twice"], n_rows).astype(object),
        }
    )


@dataclass
class FakeModel:
    """Answers by ``income`` alone: class or value grow with it."""

    problem_type: Any
    classes: tuple[Any, ...] = ()
    threshold: float | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    abstain_below: float | None = None
    abstain_label: str = ""
    columns: tuple[Column, ...] = FEATURES

    @property
    def positive_class(self) -> str | None:
        return str(self.classes[1]) if self.problem_type == "binary" else None

    def predict_values(self, rows: Any, /) -> Any:
        return np.nan_to_num(pd.DataFrame(rows)["income"].to_numpy(dtype=float), nan=50.0)

    def predict_proba(self, rows: Any, /) -> Any:
        k = len(self.classes)
        place = np.clip((self.predict_values(rows) / 100 * k).astype(int), 0, k - 1)
        table = np.full((len(place), k), 0.3 / k)
        table[np.arange(len(place)), place] += 0.7
        return table


def model(problem_type: ProblemType, n_classes: int) -> FakeModel:
    """Return the model of a world: "no" and "yes", or ``n_classes`` long names."""
    if problem_type == "regression":
        return FakeModel(problem_type)
    if problem_type == "binary":
        return FakeModel(problem_type, ("no", "yes"))
    return FakeModel(problem_type, tuple(f"Category number {at} with a long name" for at in range(n_classes)))


_DIAGNOSTICS: dict[tuple[str, int, str], str] = {}


@dataclass
class World:
    """One experiment in one workspace."""

    workspace: Workspace
    problem_type: ProblemType = "binary"
    n_classes: int = 2

    def __post_init__(self) -> None:
        self.workspace.create()
        self.journal = Journal(self.workspace)
        self.model = model(self.problem_type, self.n_classes)

    def experiment(self, *, bar: bool = True, budget_ms: float | None = 20.0) -> Experiment:
        """Tell of a table and a question."""
        target = _column("target", "number" if self.problem_type == "regression" else "category", ())
        version = DatasetVersion(
            id=VERSION,
            dataset_id="ds_00000000aa",
            name="customers",
            version=1,
            path="datasets/ds_00000000aa/v1.parquet",
            n_rows=300,
            n_bytes=1,
            content_hash="0" * 64,
            columns=(*FEATURES, target),
            source="customers.csv",
            created_at=AT,
        )
        metric, wanted = METRICS[self.problem_type]
        task = Task(
            dataset_version_id=VERSION,
            target="target",
            problem_type=self.problem_type,
            metric=metric,
            features=tuple(column.name for column in FEATURES),
            bar=wanted if bar else None,
            budget=Budget(max_latency_ms=budget_ms),
            positive_class=self.model.positive_class,
        )
        told = self.asked = Experiment(id=EXPERIMENT, name="Who will leave?", task=task, created_at=AT)
        self.journal.append(DatasetImported(version=version), ExperimentCreated(experiment=told))
        return told

    def run(
        self,
        experiment: Experiment,
        *,
        end: RunStatus = "finished",
        outcome: Outcome | None = "meets",
        n_candidates: int = 3,
        diagnosed: bool = True,
        message: str = "",
        hint: str = "",
        left_out: tuple[str, ...] = (),
    ) -> list[Candidate]:
        """Tell of a run from start to ``end`` ("running": it goes on)."""
        task = experiment.task
        told = [self._candidate(at, task, last=at == n_candidates - 1) for at in range(n_candidates)]
        if outcome is not None and told:
            score = told[0].validation
            assert score is not None
            told[0] = replace(told[0], chosen=True, test=score)
        queued = RunQueued(run_id=RUN, number=1, experiment=experiment, plan=RunPlan())
        trained = [Trained(candidate=each) for each in told]
        self.journal.append(queued, RunStarted(run_id=RUN, pid=1), *trained)
        if outcome is not None and told:
            judged = verdict(outcome, told[0], task)
            looked = CandidateTested(candidate_id=told[0].id, test=judged.score, reason="chosen")
            self.journal.append(looked)
            self.journal.append(RunJudged(run_id=RUN, candidate_id=told[0].id, verdict=judged))
        if diagnosed and outcome is not None:
            self._diagnose(task)
        if end != "running":
            ended = RunEnded(run_id=RUN, status=end, message=message, hint=hint, n_bytes=2_000_000)
            self.journal.append(replace(ended, left_out=left_out))
        return told

    def second_run(self, experiment: Experiment, *, message: str = "It found no rows.") -> None:
        """Tell of another run of the same question, which ended before it trained anything."""
        self.journal.append(
            RunQueued(run_id=SECOND_RUN, number=2, experiment=experiment, plan=RunPlan()),
            RunStarted(run_id=SECOND_RUN, pid=1),
            RunEnded(run_id=SECOND_RUN, status="failed", message=message),
        )

    def worse_run(
        self, experiment: Experiment, *, outcome: Outcome = "misses", follows: ActionTaken | None = None
    ) -> Candidate:
        """Tell of another run of the same question, whose model is worse, as its verdict says."""
        first = self._candidate(0, experiment.task, last=False)
        assert first.validation is not None
        worse = replace(first.validation, value=first.validation.value - 0.05)
        model = replace(first, id=f"{SECOND_RUN}-model-0", run_id=SECOND_RUN, validation=worse)
        judged = verdict(outcome, model, experiment.task)
        self.journal.append(
            RunQueued(run_id=SECOND_RUN, number=2, experiment=experiment, plan=RunPlan(action=follows)),
            RunStarted(run_id=SECOND_RUN, pid=1),
            Trained(candidate=model),
            RunJudged(run_id=SECOND_RUN, candidate_id=model.id, verdict=judged),
            RunEnded(run_id=SECOND_RUN, status="finished"),
        )
        return model

    def _candidate(self, at: int, task: Task, *, last: bool) -> Candidate:
        value = 15.0 + at if self.problem_type == "regression" else 0.9 - 0.02 * at
        width = 1.0 if self.problem_type == "regression" else 0.02
        milliseconds = 4.0 * 3**at
        figures = tuple(
            LatencyFigure(
                batch_rows=rows,
                p50_ms=milliseconds,
                p95_ms=milliseconds * rows**0.3,
                p99_ms=milliseconds * 2,
                n_calls=200,
            )
            for rows in (1, 100, 10_000)
        )
        is_ensemble = last and at > 0
        limit = task.budget.max_latency_ms
        return Candidate(
            id=f"{RUN}-model-{at}",
            run_id=RUN,
            experiment_id=EXPERIMENT,
            name=f"Team {at}" if is_ensemble else f"LightGBM {at}",
            model=f"Model{at}",
            family="lightgbm",
            family_kind="boosting",
            is_ensemble=is_ensemble,
            fit_s=1.5,
            validation=Score(
                metric=task.metric, value=value, low=value - width, high=value + width, n_rows=300
            ),
            latency=figures,
            size_bytes=1_500_000,
            in_budget=None if limit is None else milliseconds <= limit,
            parents=(f"{RUN}-model-0",) if is_ensemble else (),
        )

    def _diagnose(self, task: Task) -> None:
        """Write the diagnostics, which are worked out once for all worlds that ask the same."""
        key = self.problem_type, self.n_classes, json.dumps(to_plain(task), sort_keys=True)
        if key not in _DIAGNOSTICS:
            _DIAGNOSTICS[key] = json.dumps(to_plain(self._diagnosed(task)))
        folder = self.workspace.run_dir(RUN)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "diagnostics.json").write_text(_DIAGNOSTICS[key])

    def _diagnosed(self, task: Task) -> Diagnostics:
        frame = table()
        rng = np.random.default_rng(1)
        if self.problem_type == "regression":
            prediction = self.model.predict_values(frame)
            truth = prediction + rng.normal(0, 5, len(frame))
        else:
            prediction = self.model.predict_proba(frame)
            truth = np.array(self.model.classes, dtype=object)[prediction.argmax(axis=1)]
            wrong = rng.random(len(frame)) < 0.1
            truth[wrong] = rng.choice(np.array(self.model.classes, dtype=object), int(wrong.sum()))
        return diagnose(
            predictor=self.model,
            frame=frame,
            y=truth,
            prediction=prediction,
            metric=task.metric,
            task=task,
            seconds=5,
            seed=0,
        )


def verdict(outcome: Outcome, candidate: Candidate, task: Task) -> Verdict:
    """Return a verdict of that outcome on the candidate's own score."""
    score = candidate.validation
    assert score is not None
    return Verdict(
        outcome=outcome,
        model=candidate.name,
        candidate_id=candidate.id,
        score=score,
        baseline=30.0 if task.problem_type == "regression" else 0.5,
        bar=task.bar,
        gap=None if task.bar is None else task.bar.value - score.value,
        probability_passes=None if task.bar is None else 0.4,
        low=score.low,
        high=score.high,
        more_rows=2_400 if outcome == "undecided" else None,
        spread=tuple(np.linspace(score.low, score.high, 40).tolist()),
    )


def validation_rows(problem: FakeModel) -> pd.DataFrame:
    """Return rows to start a what-if from, target included."""
    frame = table(40)
    answered = (
        problem.predict_values(frame)
        if problem.problem_type == "regression"
        else np.array(problem.classes, dtype=object)[problem.predict_proba(frame).argmax(axis=1)]
    )
    return frame.assign(target=answered)
