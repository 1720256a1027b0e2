"""One table of ``benchmarks.serving``: train, compile, then ask both sides the same rows in one process.

    python -m benchmarks._serving_table NAME FOLDER   # trains into FOLDER, prints one JSON object
    python -m benchmarks._serving_table NAME FOLDER MODEL   # of a model that is trained, its figures alone

Each ensemble is asked in a process of its own, as in production: what other models leave behind in memory
makes both sides slower. AutoGluon's side gets one raw row through the pandas pipeline and then its persisted
``predict_proba``; ours gets the same row as a dict. Both answer from the very same trained models.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._quality_tables import METRICS, TABLES, Table
from litmus_core.types import Folds

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Predictor

CARDS = (
    "lightgbm", "lightgbm_random", "xgboost", "catboost", "forest", "extra_trees", "linear", "network",
)  # fmt: skip
# Ensembles in which every member has the same weight, by the end of their names; of all cards, and of five.
ENSEMBLES: dict[str, tuple[str, ...] | None] = {
    "All": None,
    "Five": ("lightgbm", "xgboost", "catboost", "forest", "network"),
}
N_SINGLE, N_LARGE = 1_000, 100_000
TRAIN_S = 300.0
Rows = list[dict[str, Any]]

SERVED = {
    **{table.name: table for table in TABLES},
    "cuts": Table(
        name="cuts", package="ggplot2", item="diamonds", target="cut", problem="multiclass", n_rows=20_000
    ),
}


def main() -> None:
    (name, path), model = sys.argv[1:3], sys.argv[3:]
    folder = Path(path)
    table = SERVED[name]
    raw = _trained(table, folder)
    found = _model(folder, model[0], raw, whole=True) if model else _measured(table, folder, raw)
    print(json.dumps(found))


def _trained(table: Table, folder: Path) -> dict[str, pd.DataFrame]:
    """Train the cards and the ensembles, unless ``folder`` has them; return the raw parts."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.store import Workspace

    workspace = Workspace(folder / "workspace").create()
    source = folder / "table.csv"
    table.load().to_csv(source, index=False)
    version = import_table(workspace, source)
    frame = read_rows(workspace, version).dropna(subset=[table.target]).reset_index(drop=True)
    order = np.random.default_rng(0).permutation(len(frame))
    edges = [int(len(frame) * share) for share in (0.6, 0.75)]
    train, validation, test = (frame.iloc[np.sort(part)] for part in np.split(order, edges))
    columns = [column for column in version.columns if column.name != table.target]
    if not (folder / "run" / "done").exists():
        _fit(table, folder / "run", train, validation, columns)
        (folder / "run" / "done").touch()
    _add_ensembles(folder / "run")
    names = [column.name for column in columns]
    return {"validation": validation[names], "test": test[names]}


def _fit(
    table: Table, run: Path, train: pd.DataFrame, validation: pd.DataFrame, columns: Sequence[Any]
) -> None:
    from litmus_core.engine import FitRequest, fit_models
    from litmus_core.types import Task

    task = Task(
        dataset_version_id="dv_1",
        target=table.target,
        problem_type=table.problem,
        metric=METRICS[table.problem],
        features=tuple(column.name for column in columns),
        time_limit_s=TRAIN_S,
    )
    cards = CARDS + (("text_linear",) if "text" in table.holds else ())
    request = FitRequest(
        folder=run,
        train=train,
        validation=validation,
        columns=columns,
        task=task,
        families=cards,
        deadline=time.time() + TRAIN_S,
        folds=Folds(0),
    )
    failed = fit_models(request, on_model=lambda _: None, on_start=lambda _: None, should_stop=lambda: False)
    print(*failed, file=sys.stderr)


def _add_ensembles(run: Path) -> None:
    """Fit the ensembles that are not there yet: greedy ones might leave families out."""
    from litmus_core.engine._autogluon.trainer_folder import open_trainer
    from litmus_core.engine._catalog.selection import ENSEMBLE_FAMILY, family_of_algorithm

    trainer = open_trainer(run)
    names = [name for name in trainer.get_model_names() if family_of_algorithm(name) != ENSEMBLE_FAMILY]
    there = trainer.get_model_names()
    for suffix, cards in ENSEMBLES.items():
        if not any(name.endswith(f"_{suffix}") for name in there):
            own = [name for name in names if cards is None or family_of_algorithm(name) in cards]
            _add_ensemble(trainer, own, suffix=suffix)


def _add_ensemble(trainer: Any, names: list[str], *, suffix: str) -> None:
    inputs = trainer.get_inputs_to_stacker(
        trainer.load_X_val(), base_models=names, fit=False, use_orig_features=False, use_val_cache=True
    )
    trainer.generate_weighted_ensemble(
        X=inputs,
        y=trainer.load_y_val(),
        level=2,
        base_model_names=names,
        stack_name="aux1",
        child_cls="SIMPLE_ENS_WEIGHTED",
        hyperparameters={"max_base_models_per_type": 0},  # all of them
        child_hyperparameters={"weights": [1 / len(names)] * len(names)},
        name_suffix=f"_{suffix}",
        check_if_best=False,
    )
    trainer.save()


def _measured(table: Table, folder: Path, raw: dict[str, pd.DataFrame]) -> dict[str, Any]:
    from litmus_core.engine import list_models

    run = folder / "run"
    models = list_models(run)
    singles = [each.model for each in models if not each.is_ensemble]
    ensembles = {suffix: _ensemble(run, suffix) for suffix in ENSEMBLES}
    found: dict[str, Any] = {"table": table.name, "ensembles": ensembles, "models": {}}
    for model in [*singles, *ensembles.values()]:
        alone = model not in singles
        found["models"][model] = _alone(table, folder, model) if alone else _model(folder, model, raw)
        print(f"{table.name} {model} {found['models'][model]}", file=sys.stderr)
    return found


def _alone(table: Table, folder: Path, model: str) -> dict[str, Any]:
    """Return a model's figures as a new process measures them."""
    command = [sys.executable, "-m", "benchmarks._serving_table", table.name, str(folder), model]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _ensemble(run: Path, suffix: str) -> str:
    from litmus_core.engine._autogluon.trainer_folder import open_trainer

    (name,) = [each for each in open_trainer(run).get_model_names() if each.endswith(f"_{suffix}")]
    return str(name)


def _model(folder: Path, model: str, raw: dict[str, pd.DataFrame], *, whole: bool = False) -> dict[str, Any]:
    """Return one model's figures; ``whole``: the ensemble, asked 1,000 rows one by one on both sides."""
    from litmus_core.compiled import load_compiled
    from litmus_core.engine import compile_candidate, open_candidate
    from litmus_core.frame import FeaturePipeline
    from litmus_core.runtime import Predictor

    to = folder / "compiled" / model
    shutil.rmtree(to, ignore_errors=True)  # a kept folder may hold what other code compiled
    compile_candidate(folder / "run", model, to)
    native = open_candidate(folder / "run", model, native=True)
    state = json.loads((folder / "run" / "pipeline.json").read_text(encoding="utf-8"))
    ours = Predictor(native.info, FeaturePipeline.from_state(state), load_compiled(to))
    rows = _as_requests(raw["test"].sample(min(N_SINGLE, len(raw["test"])), random_state=1))
    rows += _as_requests(raw["validation"].head(N_SINGLE - len(rows)))
    ours_ms = _single(lambda row: _answer(ours, [row]), rows)
    theirs_ms = _single(_autogluon(folder / "run", model, native), rows if whole else rows[:100])
    large = raw["test"].iloc[np.arange(N_LARGE) % len(raw["test"])].reset_index(drop=True)
    ours_large_s, theirs_large_s = _large(ours, native, large)
    return {
        "row_p50_ms": float(np.median(ours_ms)),
        "row_p95_ms": float(np.quantile(ours_ms, 0.95)),
        "native_row_p50_ms": float(np.median(theirs_ms)),
        "n_single": len(ours_ms),
        "n_native_single": len(theirs_ms),
        "large_s": ours_large_s,
        "native_large_s": theirs_large_s,
        "size_mb": sum(each.stat().st_size for each in to.rglob("*")) / 1e6,
        **_difference(ours, native, _harmed(raw["test"])),
        **(_fresh(to, folder / "run", rows[0]) if whole else {}),
    }


def _answer(predictor: Predictor, rows: Any) -> Any:
    if predictor.problem_type == "regression":
        return predictor.predict_values(rows)
    return predictor.predict_proba(rows)


def _autogluon(run: Path, model: str, native: Predictor) -> Callable[[dict[str, Any]], Any]:
    """Return how AutoGluon is asked one raw row: our pandas pipeline, then its persisted predictor."""
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine._autogluon.trainer_folder import quiet
    from litmus_core.frame import coerce

    with quiet():
        predictor = TabularPredictor.load(str(run / "predictor"))
        predictor.persist(models=[model], max_memory=None)
    ask = predictor.predict if native.problem_type == "regression" else predictor.predict_proba

    def answer(row: dict[str, Any]) -> Any:
        return ask(native.pipeline.transform(coerce([row], native.columns)), model=model)

    return answer


def _single(ask: Callable[[dict[str, Any]], Any], rows: Rows) -> list[float]:
    """Return milliseconds of one call per row, each row another one."""
    for row in rows[-20:]:
        ask(row)
    times = []
    for row in rows:
        began = time.perf_counter()
        ask(row)
        times.append((time.perf_counter() - began) * 1e3)
    return times


def _large(ours: Predictor, native: Predictor, rows: pd.DataFrame) -> tuple[float, float]:
    times = []
    for predictor in (ours, native):
        _answer(predictor, rows.head(1_000))
        began = time.perf_counter()
        _answer(predictor, rows)
        times.append(time.perf_counter() - began)
    return times[0], times[1]


def _as_requests(frame: pd.DataFrame) -> Rows:
    from litmus_core.latency._job import plain_row

    return [plain_row(row) for row in frame.to_dict("records")]


def _harmed(test: pd.DataFrame) -> Rows:
    """Return all test rows, a tenth of their values missing, a tenth of their texts never seen before."""
    rng = np.random.default_rng(2)
    rows = _as_requests(test)
    for row in rows:
        for name, value in row.items():
            fate = rng.random()
            if fate < 0.1:
                row[name] = None
            elif fate < 0.2 and isinstance(value, str) and not value[:4].isdigit():
                row[name] = f"never seen {rng.integers(1_000)}"
    return rows


def _difference(ours: Predictor, native: Predictor, rows: Rows) -> dict[str, Any]:
    """Return how far the two sides, and one row and a batch of ours, are apart at most."""
    mine, theirs = _answer(ours, rows), _answer(native, rows)
    alone = np.concatenate([_answer(ours, [row]) for row in rows[:N_SINGLE]])
    if ours.problem_type == "regression":
        scale = np.maximum(np.abs(theirs), 1e-12)
        return {
            "max_difference": float((np.abs(mine - theirs) / scale).max()),
            "row_against_batch": float((np.abs(alone - mine[: len(alone)]) / scale[: len(alone)]).max()),
            "labels_differ": 0,
        }
    differ = ours.labels(mine) != native.labels(theirs)
    top = np.sort(theirs, axis=1)
    near = top[:, -1] - top[:, -2] < 2e-5
    return {
        "max_difference": float(np.abs(mine - theirs).max()),
        "row_against_batch": float(np.abs(alone - mine[: len(alone)]).max()),
        "labels_differ": int((differ & ~near).sum()),
    }


_FRESH = """
import json, sys, time
from litmus_core.compiled import load_compiled
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor
from pathlib import Path
model, run = Path(sys.argv[1]), Path(sys.argv[2])
info = json.loads((run / "model.json").read_text())
pipeline = FeaturePipeline.from_state(json.loads((run / "pipeline.json").read_text()))
answers = Predictor(info, pipeline, load_compiled(model)).predict_records([json.loads(sys.argv[3])])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({"resident_mb": int(peak.split()[1]) / 1024, "pandas": "pandas" in sys.modules}))
"""


def _fresh(model: Path, run: Path, row: dict[str, Any]) -> dict[str, Any]:
    """Return how long a new process takes to its first answer, and the memory it took at most."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _FRESH, str(model), str(run), json.dumps(row)],
        check=True,
        capture_output=True,
        text=True,
    )
    return {"first_answer_s": time.perf_counter() - began, **json.loads(done.stdout)}


if __name__ == "__main__":
    main()
