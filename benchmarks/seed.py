"""A workspace that looks like months of use: experiments, runs and candidates of every outcome.

``python -m benchmarks.seed FOLDER [--experiments 200] [--candidates 5000]`` makes one to look around in;
tests and benchmarks call :func:`seed_workspace`. The tables are real Parquet files; there are no models.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from litmus_core.store import Journal, Workspace, open_store
from litmus_core.types import (
    Bar,
    Budget,
    BudgetExcess,
    BundleExported,
    BundleRecord,
    Candidate,
    CandidateMeasured,
    CandidateScored,
    CandidateTested,
    CandidateTrained,
    Column,
    DatasetImported,
    DatasetVersion,
    Experiment,
    ExperimentCreated,
    Fact,
    LatencyFigure,
    Outcome,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunStage,
    RunStarted,
    RunStatus,
    Score,
    StageName,
    Task,
    Verdict,
)

_N_ROWS = 300  # of each table's file
_TABLES = ("customers", "orders", "support tickets", "machine readings", "loan requests", "house prices")
_MODELS = (
    ("LightGBM", "lightgbm", "GBM"),
    ("CatBoost", "catboost", "CAT"),
    ("XGBoost", "xgboost", "XGB"),
    ("RandomForest", "random_forest", "RF"),
    ("ExtraTrees", "extra_trees", "XT"),
    ("LinearModel", "linear", "LR"),
    ("NeuralNetTorch", "neural_net", "NN_TORCH"),
    ("TextLinear", "text_linear", "TEXT_LINEAR"),
)
_OUTCOMES: tuple[Outcome, ...] = ("meets", "undecided", "misses narrowly", "misses", "no bar")
_ENDS: tuple[RunStatus, ...] = ("finished", "finished", "finished", "stopped", "failed", "interrupted")
_STAGES: tuple[StageName, ...] = (
    "split",
    "features",
    "fit",
    "evaluate",
    "latency",
    "choose",
    "test",
    "explain",
)


@dataclass
class _Clock:
    """A clock that the seed moves on, so that the journal's times look lived in."""

    now: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)

    def __call__(self) -> str:
        return self.now.isoformat(timespec="microseconds")

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def seed_workspace(
    path: Path | str, n_experiments: int = 200, n_candidates: int = 5000, seed: int = 0
) -> Workspace:
    """Fill a (new) workspace through its journal, fold it, and return it; the same seed, the same story.

    Every outcome, end of a run and flag appears; no run is left waiting or going on.
    """
    workspace = Workspace(path).create()
    rng, clock = random.Random(seed), _Clock()
    journal = Journal(workspace, clock=clock)
    with (
        journal._pool.lend() as db
    ):  # one connection, as one thread asks: a seed that is cut off is made again
        db.execute("PRAGMA synchronous=OFF")
    journal.identity()  # makes it before there is anything else: folders without a journal tell of a lost one
    versions = [_import(workspace, journal, index, clock) for index in range(max(2, n_experiments // 20))]
    for index in range(n_experiments):
        share = n_candidates * (index + 1) // n_experiments - n_candidates * index // n_experiments
        clock.wait(3600 * rng.uniform(1, 12))
        experiment = _experiment(index, versions[index % len(versions)], clock, rng)
        journal.append(ExperimentCreated(experiment=experiment))
        for number, size in enumerate(_parts(share, rng), start=1):
            _Story(journal, clock, rng, experiment=experiment, number=number).tell(size)
    with open_store(workspace) as store:
        store.refresh()
    journal.close()
    return workspace


def _parts(total: int, rng: random.Random) -> list[int]:
    """Part an experiment's candidates among one to three runs."""
    n_runs = min(rng.choice((1, 2, 2, 3)), max(1, total))
    return [total // n_runs + (1 if run < total % n_runs else 0) for run in range(n_runs)]


def _import(workspace: Workspace, journal: Journal, index: int, clock: _Clock) -> DatasetVersion:
    import hashlib

    import pandas as pd

    from litmus_core.data import profile

    rng = random.Random(index)
    regression = index % 3 == 2
    rows = [
        {
            "age": rng.randint(18, 90),
            "income": round(rng.lognormvariate(10, 0.5), 2),
            "region": rng.choice(("north", "south", "east", "west")),
            "note": rng.choice(("called twice", "asked for a refund", "no answer", "wants to upgrade")),
            "since": datetime(2024, 1, 1) + timedelta(days=rng.randint(0, 700)),
            "target": round(rng.gauss(100, 20), 1) if regression else rng.choice(("no", "no", "yes")),
        }
        for _ in range(_N_ROWS)
    ]
    dataset_id, version_id = f"ds_{index:010x}", f"dv_{index:010x}"
    file = workspace.datasets / dataset_id / "v1.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(file, index=False)
    target = ("target", "number", "DOUBLE") if regression else ("target", "category", "VARCHAR")
    schema = (
        ("age", "number", "BIGINT"),
        ("income", "number", "DOUBLE"),
        ("region", "category", "VARCHAR"),
        ("note", "text", "VARCHAR"),
        ("since", "date", "TIMESTAMP"),
        target,
    )
    version = DatasetVersion(
        id=version_id,
        dataset_id=dataset_id,
        name=f"{_TABLES[index % len(_TABLES)]} {2020 + index}",
        version=1,
        path=str(file.relative_to(workspace.path)),
        n_rows=_N_ROWS,
        n_bytes=file.stat().st_size,
        content_hash=hashlib.sha256(file.read_bytes()).hexdigest(),
        columns=tuple(
            _column(name, kind, storage, [row[name] for row in rows]) for name, kind, storage in schema
        ),
        source=f"table {index}.csv",
        created_at=clock(),
    )
    journal.append(DatasetImported(version=version))
    profile(workspace, version)  # which an import counts, and stores beside the table
    return version


def _column(name: str, kind: str, storage: str, values: Sequence[object]) -> Column:
    different = sorted({str(value) for value in values})
    return Column(
        name=name,
        original_name=name,
        kind=kind,  # type: ignore[arg-type]
        storage=storage,
        n_distinct=len(different),
        examples=tuple(different[:3]),
    )


def _experiment(index: int, version: DatasetVersion, clock: _Clock, rng: random.Random) -> Experiment:
    regression = version.column("target").kind == "number"
    outcome = _OUTCOMES[index % len(_OUTCOMES)]
    metric, value, op = ("rmse", 18.0, "<=") if regression else ("roc_auc", 0.85, ">=")
    task = Task(
        dataset_version_id=version.id,
        target="target",
        problem_type="regression" if regression else "binary",
        metric=metric,
        features=tuple(name for name in version.column_names if name != "target"),
        bar=None if outcome == "no bar" else Bar(metric=metric, op=op, value=value),  # type: ignore[arg-type]
        budget=Budget(max_latency_ms=20.0) if index % 2 else Budget(),
        positive_class=None if regression else "yes",
        time_limit_s=rng.choice((30.0, 60.0, 120.0, 300.0)),
        seed=index,
    )
    created_at = clock()
    return Experiment(
        id=f"ex_{index:010x}", name=f"{version.name}, target", task=task, created_at=created_at, owner="ada"
    )


class _Story:
    """One run, told fact by fact as a worker would."""

    def __init__(
        self, journal: Journal, clock: _Clock, rng: random.Random, *, experiment: Experiment, number: int
    ) -> None:
        self.journal, self.clock, self.rng = journal, clock, rng
        self.experiment, self.number = experiment, number
        index = int(experiment.id.removeprefix("ex_"), 16)
        self.index = index
        self.run_id = f"run_{index:07x}{number:03x}"
        self.outcome = _OUTCOMES[index % len(_OUTCOMES)]
        self.lower = experiment.task.problem_type == "regression"

    def tell(self, n_candidates: int) -> None:
        """Append the run's facts in a few transactions; every run has ended."""
        end: RunStatus = _ENDS[(self.index + self.number) % len(_ENDS)] if self.number > 1 else "finished"
        plan = RunPlan()
        queued = RunQueued(run_id=self.run_id, number=self.number, experiment=self.experiment, plan=plan)
        self._say(
            queued, RunStarted(run_id=self.run_id, pid=4242), self._stage("split"), self._stage("features")
        )
        candidates = []
        for position in range(n_candidates):
            candidate = self._candidate(position, ensemble=position and position == n_candidates - 1)
            self._say(self._stage("fit", candidate.name), CandidateTrained(candidate=candidate))
            candidates.append(candidate)
        if end in ("finished", "stopped") and candidates:
            self._judge(candidates)
        self._say(self._end(end))

    def _say(self, *facts: Fact) -> None:
        self.clock.wait(self.rng.uniform(0.5, 8))
        self.journal.append(*facts)

    def _stage(self, stage: StageName, training_now: str | None = None) -> RunStage:
        message = f"Training {training_now}" if training_now else f"Working on {stage}"
        return RunStage(
            run_id=self.run_id, stage=stage, message=message, remaining_s=42.0, training_now=training_now
        )

    def _candidate(self, position: int, *, ensemble: bool | int) -> Candidate:
        base, card, family = _MODELS[position % len(_MODELS)]
        name = "WeightedEnsemble" if ensemble else f"{base} {position // len(_MODELS) + 1}"
        return Candidate(
            id=f"{self.run_id}-{name.lower().replace(' ', '-')}",
            run_id=self.run_id,
            experiment_id=self.experiment.id,
            name=name,
            model=name.replace(" ", "_"),
            family="ensemble" if ensemble else card,
            family_kind="ENSEMBLE" if ensemble else family,
            is_ensemble=bool(ensemble),
            fit_s=round(self.rng.lognormvariate(1, 1), 2),
        )

    def _score(self, distance: float) -> Score:
        """Return a score that lies ``distance`` beyond the bar on its good side."""
        metric = self.experiment.task.metric
        value = 18.0 - 40 * distance if self.lower else 0.85 + distance
        width = 0.4 if self.lower else 0.01
        return Score(metric=metric, value=value, low=value - width, high=value + width, n_rows=60)

    def _judge(self, candidates: list[Candidate]) -> None:
        offset = {"meets": 0.05, "undecided": 0.0, "misses narrowly": -0.02, "misses": -0.15, "no bar": 0.0}
        facts: list[Fact] = [self._stage("evaluate")]
        for rank, candidate in enumerate(candidates):
            score = self._score(offset[self.outcome] - 0.003 * rank + self.rng.gauss(0, 0.001))
            facts.append(CandidateScored(candidate_id=candidate.id, validation=score))
        facts.append(self._stage("latency"))
        facts += [self._measured(candidate) for candidate in candidates]
        chosen, test = candidates[0], self._score(offset[self.outcome])
        facts += [
            self._stage("test"),
            CandidateTested(candidate_id=chosen.id, test=test, reason="chosen"),
            RunJudged(run_id=self.run_id, candidate_id=chosen.id, verdict=self._verdict(chosen, test)),
        ]
        if self.index % 7 == 0 and len(candidates) > 1:
            other = candidates[1]
            facts.append(CandidateTested(candidate_id=other.id, test=test, reason="revealed", by="ada"))
        if self.index % 4 == 0:
            facts.append(BundleExported(bundle=self._bundle(chosen)))
        self._say(*facts)

    def _measured(self, candidate: Candidate) -> CandidateMeasured:
        one = self.rng.lognormvariate(2, 1)
        figures = tuple(
            LatencyFigure(
                batch_rows=rows,
                p50_ms=one * rows**0.4,
                p95_ms=one * rows**0.4 * 1.3,
                p99_ms=one * rows**0.4 * 1.9,
                n_calls=200 if rows == 1 else 20,
            )
            for rows in (1, 100, 10_000)
        )
        limit = self.experiment.task.budget.max_latency_ms
        return CandidateMeasured(
            candidate_id=candidate.id,
            latency=figures,
            size_bytes=self.rng.randint(10_000, 50_000_000),
            in_budget=None if limit is None else figures[0].p95_ms <= limit,
        )

    def _verdict(self, chosen: Candidate, test: Score) -> Verdict:
        probability = {"meets": 0.999, "undecided": 0.5, "misses narrowly": 0.01, "misses": 0.0}
        bar = self.experiment.task.bar
        return Verdict(
            outcome=self.outcome,
            model=chosen.name,
            candidate_id=chosen.id,
            score=test,
            baseline=20.0 if self.lower else 0.5,
            bar=bar,
            gap=None if bar is None else (test.value - bar.value if self.lower else bar.value - test.value),
            probability_passes=probability.get(self.outcome),
            excesses=(
                *([BudgetExcess(kind="latency", value=31.0, limit=20.0)] if self.index % 6 == 1 else []),
                *([BudgetExcess(kind="size", value=31.0, limit=20.0)] if self.index % 11 == 3 else []),
            ),
        )

    def _bundle(self, chosen: Candidate) -> BundleRecord:
        return BundleRecord(
            id=f"bd_{self.index:07x}{self.number:03x}",
            candidate_id=chosen.id,
            run_id=self.run_id,
            experiment_id=self.experiment.id,
            path=str(self.journal.workspace.bundles / f"bd_{self.index:010x}.zip"),
            n_bytes=1_234_567,
            sha256="0" * 64,
            created_at=self.clock(),
        )

    def _end(self, status: RunStatus) -> RunEnded:
        words = {
            "failed": (
                "The target column has only one value in the training part.",
                "Choose another target.",
            ),
            "interrupted": ("The run's process ended unexpectedly.", "Finish it to use what was trained."),
            "stopped": ("Stopped early; the best so far was kept.", ""),
        }
        message, hint = words.get(status, ("", ""))
        seconds = {name: round(self.rng.uniform(0.1, 20), 3) for name in _STAGES}
        return RunEnded(
            run_id=self.run_id, status=status, message=message, hint=hint, seconds=seconds, n_bytes=98_765_432
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--experiments", type=int, default=200)
    parser.add_argument("--candidates", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    seed_workspace(options.folder, options.experiments, options.candidates, options.seed)


if __name__ == "__main__":
    main()
