"""One table and one of AutoGluon's presets for ``benchmarks.stock``: train, then compile each row.

    python -m benchmarks._stock_table TABLE PRESET SECONDS FOLDER   # prints one JSON object

Trained are the models of Litmus's stock card, as the preset has it: its folds, one level of stacking,
refitting and calibration, without the trial that might drop the stacking; on Litmus's features.
Each row of the leaderboard that can still answer is compiled and held against the trained model on test rows,
a tenth of their values missing and a tenth of their texts never seen. A kept ``FOLDER`` is not trained again.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._quality_tables import METRICS, Table
from benchmarks._serving_table import SERVED, _answer, _as_requests, _autogluon, _harmed, _single
from litmus_core.types import Folds

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Predictor

CARDS = {"medium_quality": "stock_medium", "good_quality": "stock_good", "best_quality": "stock_best"}
N_ROWS = 1_000  # held against the trained models
N_SINGLE, N_NATIVE_SINGLE, NATIVE_S = 500, 100, 60.0
MOST = 1e-5  # of a probability; of a value's own size


def main() -> None:
    name, preset, limit_s, folder = sys.argv[1], sys.argv[2], float(sys.argv[3]), Path(sys.argv[4])
    test = _trained(SERVED[name], preset, limit_s, folder)
    print(json.dumps({"table": name, "preset": preset, "limit_s": limit_s, **_measured(folder, test)}))


def _trained(table: Table, preset: str, limit_s: float, folder: Path) -> pd.DataFrame:
    """Train the preset, unless ``folder`` has it; return the raw test rows."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.store import Workspace

    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(folder / "workspace").create()
    source = folder / "table.csv"
    table.load().to_csv(source, index=False)
    version = import_table(workspace, source)
    frame = read_rows(workspace, version).dropna(subset=[table.target]).reset_index(drop=True)
    order = np.random.default_rng(0).permutation(len(frame))
    edges = [int(len(frame) * share) for share in (0.6, 0.75)]
    train, validation, test = (frame.iloc[np.sort(part)] for part in np.split(order, edges))
    columns = [column for column in version.columns if column.name != table.target]
    run = folder / "run"
    if not (run / "done").exists():
        began = time.perf_counter()
        _fit(table, preset, limit_s, run, train, validation, columns)
        (run / "done").write_text(str(time.perf_counter() - began), encoding="utf-8")
    return test[[column.name for column in columns]]


def _fit(
    table: Table,
    preset: str,
    limit_s: float,
    run: Path,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    columns: Sequence[Any],
) -> None:
    import pandas as pd
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine import FitRequest
    from litmus_core.engine._autogluon.metadata import feature_metadata
    from litmus_core.engine._autogluon.scorers import scorer_for
    from litmus_core.engine._catalog.selection import hyperparameters_of
    from litmus_core.engine._fit.fit import prepare
    from litmus_core.engine._run_folder.folder import predictor_path
    from litmus_core.types import Task

    task = Task(
        dataset_version_id="dv_1",
        target=table.target,
        problem_type=table.problem,
        metric=METRICS[table.problem],
        features=tuple(column.name for column in columns),
        time_limit_s=limit_s,
    )
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    request = FitRequest(
        folder=run,
        train=train,
        validation=validation,
        columns=columns,
        task=task,
        families=(CARDS[preset],),
        deadline=time.time() + limit_s,
        folds=Folds(0),
    )
    prepared = prepare(request)
    predictor = TabularPredictor(
        label=prepared.label,
        problem_type=table.problem,
        eval_metric=scorer_for(task.metric, table.problem),
        path=str(predictor_path(run)),
        verbosity=2,
        positive_class=1 if table.problem == "binary" else None,
        learner_kwargs={"label_count_threshold": 1},
    )
    predictor.fit(
        pd.concat([prepared.train, prepared.validation]),
        presets=preset,
        hyperparameters=hyperparameters_of([CARDS[preset]], problem_type=table.problem, seed=0),
        time_limit=limit_s,
        dynamic_stacking=False,  # always stacked; the trial takes a quarter of the time, and needs ray
        feature_generator=None,
        feature_metadata=feature_metadata(prepared.train.drop(columns=prepared.label)),
        num_gpus=0,
    )


def _measured(folder: Path, test: pd.DataFrame) -> dict[str, Any]:
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine._autogluon.trainer_folder import open_trainer, quiet

    run = folder / "run"
    with quiet():
        trained = TabularPredictor.load(str(run / "predictor"))
        board = trained.leaderboard()
    models = board.loc[board["can_infer"], "model"].tolist()
    asked = _harmed(test.sample(min(N_ROWS, len(test)), random_state=3))
    native = _native_answers(trained, run, models, asked)
    kinds = open_trainer(run).get_models_attribute_dict("type_inner", models=models)
    rows = {}
    for model in models:
        rows[model] = _row(folder, model, asked, native[model])
        rows[model]["nearest_neighbours"] = kinds[model].__name__ == "KNNModel"
        print(f"{model}: {rows[model]}", file=sys.stderr, flush=True)
    return {
        "rows": rows,
        "not_able_to_answer": board.loc[~board["can_infer"], "model"].tolist(),
        "train_s": float((run / "done").read_text(encoding="utf-8")),
        "best": trained.model_best,
        **_speed(folder, trained.model_best, rows[trained.model_best], test),
    }


def _native_answers(trained: Any, run: Path, models: list[str], asked: list[Any]) -> Mapping[str, Any]:
    """Return all models' answers as AutoGluon gives them, in the form of ours."""
    from litmus_core.frame import FeaturePipeline, coerce

    pipeline = FeaturePipeline.from_state(json.loads((run / "pipeline.json").read_text(encoding="utf-8")))
    frame = pipeline.transform(coerce(asked, pipeline.columns))
    ask = trained.predict_multi if trained.problem_type == "regression" else trained.predict_proba_multi
    answers: dict[str, Any] = ask(frame, models=models)
    return {name: np.asarray(answer) for name, answer in answers.items()}


def _row(folder: Path, model: str, asked: list[Any], native: Any) -> dict[str, Any]:
    """Return whether the model compiles and answers as the trained one, or the reason why not."""
    from litmus_core.engine import compile_candidate
    from litmus_core.errors import LitmusError

    to = folder / "compiled" / model
    shutil.rmtree(to, ignore_errors=True)  # a kept folder may hold what other code compiled
    began = time.perf_counter()
    try:
        compile_candidate(folder / "run", model, to)
    except LitmusError as error:
        return {"compiled": False, "reason": str(error)}
    facts = {
        "compile_s": time.perf_counter() - began,
        "size_mb": sum(each.stat().st_size for each in to.rglob("*")) / 1e6,
        **_difference(_predictor(folder, model), asked, native),
    }
    exact = facts["max_difference"] <= MOST and not facts["labels_differ"]
    reason = "" if exact else f"its answers differ by {facts['max_difference']:.2g}"
    return {"compiled": exact, "reason": reason, **facts}


def _predictor(folder: Path, model: str) -> Predictor:
    from litmus_core.compiled import load_compiled
    from litmus_core.engine import open_candidate

    return open_candidate(folder / "run", model, executor=load_compiled(folder / "compiled" / model))


def _difference(ours: Predictor, asked: list[Any], native: Any) -> dict[str, Any]:
    mine = _answer(ours, asked)
    if ours.problem_type == "regression":
        scale = np.maximum(np.abs(native), 1e-12)
        return {"max_difference": float((np.abs(mine - native) / scale).max()), "labels_differ": 0}
    differ = ours.labels(mine) != ours.labels(native)
    top = np.sort(native, axis=1)
    near = top[:, -1] - top[:, -2] < 2 * MOST
    return {
        "max_difference": float(np.abs(mine - native).max()),
        "labels_differ": int((differ & ~near).sum()),
    }


def _speed(folder: Path, model: str, row: Mapping[str, Any], test: pd.DataFrame) -> dict[str, Any]:
    """Return one row's milliseconds on both sides, AutoGluon's persisted; ours only where it compiles."""
    from litmus_core.engine import open_candidate

    rows = _as_requests(test.sample(min(N_SINGLE, len(test)), random_state=1))
    native = open_candidate(folder / "run", model, native=True)
    ask = _autogluon(folder / "run", model, native)
    theirs: list[float] = []
    ask(rows[-1])
    for one in rows[:N_NATIVE_SINGLE]:
        began = time.perf_counter()
        ask(one)
        theirs.append((time.perf_counter() - began) * 1e3)
        if sum(theirs) > NATIVE_S * 1e3 and len(theirs) >= 10:
            break
    found = {"native_row_p50_ms": float(np.median(theirs)), "n_native_single": len(theirs)}
    if row["compiled"]:
        ours = _predictor(folder, model)
        times = _single(lambda one: _answer(ours, [one]), rows)
        found |= {"row_p50_ms": float(np.median(times)), "row_p95_ms": float(np.quantile(times, 0.95))}
    return found


if __name__ == "__main__":
    main()
