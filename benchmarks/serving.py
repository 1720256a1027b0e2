"""What compiled models bring in production, against AutoGluon answering from the same trained models.

    python -m benchmarks.serving [--json] [--fresh] [--tables flights,churn] [--families 30]

Seven real tables (numbers, categories, dates, text; binary, multiclass, regression). On each the production
cards are trained without folds, with two ensembles of equal weights: one of all cards, and one "of five"
(LightGBM, XGBoost, CatBoost, a forest, a network). AutoGluon's side gets one raw row through the pandas
pipeline and then its persisted ``predict_proba``; ours gets the same row as a dict. One-row figures are
medians over 1,000 different rows; differences are over all test rows, a tenth of the values missing and a
tenth of the texts never seen. ``click_to_answer_s`` is the slowest candidate of one run, ``http_p95_ms``
its chosen one asked by four callers on the same machine. Requests a second are those of 16 callers with a
key, over those of uvicorn that answers a constant in the same run. ``family_loss`` grows by ``--families``:
four trainings of two minutes a split. Needs a machine that does nothing else. Each table is a part of its
own: what is finished is not run again, and ``--folder`` keeps the trained models, too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._quality_tables import TABLES
from benchmarks._serving_families import SIDES, STOCK

ROOT = Path(__file__).resolve().parents[1]
TABULAR = ("flights", "churn", "cuts", "hotel rates")
TEXT = ("fine foods", "bird strikes", "movies")
CODE = ("frame", "compiled", "runtime", "engine")
PACKAGES = (
    "autogluon.tabular",
    "catboost",
    "lightgbm",
    "numpy",
    "onnxruntime",
    "scikit-learn",
    "xgboost-cpu",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default="", help="names separated by commas; all seven by default")
    parser.add_argument(
        "--families", type=int, default=0, help="train up to so many more splits for family_loss"
    )
    parser.add_argument("--folder", type=Path, help="where trained models are kept, to be used again")


def figures(run: Run) -> Sequence[Figure]:
    wanted = run.options.tables.split(",") if run.options.tables else [*TABULAR, *TEXT]
    found = {name: _table(run, name) for name in wanted}
    tabular = [found[name] for name in TABULAR if name in found]
    text = [found[name] for name in TEXT if name in found]
    return [
        *(_speed("tabular", tabular, p50=0.2, speedup=200, aim=400) if tabular else ()),
        *(_speed("text", text, p50=1.0, speedup=60, aim=150) if text else ()),
        *(_speed_of_five("tabular", tabular, p50=0.2, speedup=200) if tabular else ()),
        *(_speed_of_five("text", text, p50=1.0, speedup=60) if text else ()),
        *_exactness(found.values()),
        *_weight(found.values()),
        *_families(found.values()),
        *(_clicks(run) if not run.options.tables else ()),
        *(_requests(run) if not run.options.tables else ()),
        *_family_loss(run),
    ]


def _clicks(run: Run) -> list[Figure]:
    """Return from Deploy pressed to an answer, of the slowest candidate, and the times of four callers."""
    code = code_hash(ROOT / "litmus_core", Path(__file__).with_name("_serving_click.py"))
    key = {"part": "click", "code": code, "versions": versions(*PACKAGES)}

    def measure() -> Any:
        run.say("from Deploy pressed to an answer")
        with tempfile.TemporaryDirectory(prefix="litmus-serving-") as workspace:
            return _child("_serving_click", workspace)

    found = run.results.cached(key, measure)
    seconds = {name: each["seconds"] for name, each in found["clicks"].items()}
    native = seconds.pop("native")
    proven = [each["full"] == ["full", True] for each in found["clicks"].values()]
    return [
        _figure("click_to_answer_s", max(seconds.values()), "s", 10, "lower"),
        _figure("click_to_answer_s native", native, "s", 30, "lower"),
        _figure("full certificates passed", sum(proven) / len(proven), "share", 1, "higher"),
        _figure("http_p95_ms", found["http_ms"]["p95"], "ms", 5, "lower"),
        *(_figure(f"click_to_answer_s {name}", each, "s", None, "lower") for name, each in seconds.items()),
    ]


def _requests(run: Run) -> list[Figure]:
    """Return how many requests a second are answered, over those that uvicorn answers with a constant."""
    code = code_hash(ROOT / "litmus_core" / "serving", Path(__file__).with_name("_serving_requests.py"))
    key = {"part": "requests", "code": code, "versions": versions("fastapi", "httptools", "uvicorn")}
    found = run.results.cached(key, lambda: _child("_serving_requests"))
    rates, spent = found["requests_per_s"], found["processor_us"]
    return [
        _figure(
            "requests a second over a constant's", rates["ours"] / rates["constant"], "x", 0.24, "higher"
        ),
        _figure(
            "processor time of a constant over ours", spent["constant"] / spent["ours"], "x", None, "higher"
        ),
        _figure("requests a second, 16 callers", rates["ours"], "requests", None, "higher"),
    ]


def _family_loss(run: Run) -> list[Figure]:
    """Return what choosing among production families costs, over the splits that were trained so far.

    Percent of the distance from the constant answer to the best stock preset, mean over tables and seeds.
    Four trainings of two minutes a split: ``--families N`` trains up to N more splits of the thirty.
    """
    left, losses = run.options.families, []
    for seed in range(3):
        for table in TABLES:
            splits = {side: (table.name, seed, side) for side in SIDES}
            missing = [each for each in splits.values() if not run.results.has(_family_key(*each))]
            if missing and left <= 0:
                continue
            left -= bool(missing)
            found = {side: _trained(run, *split) for side, split in splits.items()}
            best = max(found[side]["score"] for side in STOCK)
            constant = found["production"]["constant"]
            losses.append(100 * (best - found["production"]["score"]) / (best - constant))
            run.say(f"{table.name} seed {seed}: {losses[-1]:.2f} % lost")
    if not losses:
        return []
    return [
        _figure("family_loss", sum(losses) / len(losses), "%", 1, "lower"),
        _figure("family_loss: splits of 30", len(losses), "splits", None, "higher"),
        _figure("family_loss: worst split", max(losses), "%", None, "lower"),
    ]


def _family_key(table: str, seed: int, side: str) -> dict[str, Any]:
    key: dict[str, Any] = {"part": "families", "table": table, "seed": seed, "side": side, "protocol": 1}
    key["cores"] = len(os.sched_getaffinity(0))
    if side == "production":
        engine = ROOT / "litmus_core" / "engine"
        key["code"] = code_hash(*(engine / each for each in ("_catalog", "_families", "_folds")))
    return key | {"versions": versions("autogluon.tabular", "catboost", "lightgbm", "xgboost-cpu")}


def _trained(run: Run, table: str, seed: int, side: str) -> dict[str, Any]:
    found: dict[str, Any] = run.results.cached(
        _family_key(table, seed, side), lambda: _child("_serving_families", table, str(seed), side)
    )
    return found


def _child(module: str, *arguments: str) -> Any:
    """Return what ``python -m benchmarks.MODULE ARGUMENTS`` prints last, as JSON."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _table(run: Run, name: str) -> dict[str, Any]:
    key = {
        "table": name,
        "code": code_hash(
            *(ROOT / "litmus_core" / each for each in CODE), Path(__file__).with_name("_serving_table.py")
        ),
        "versions": versions(*PACKAGES),
    }
    kept: Path | None = run.options.folder

    def measure() -> Any:
        run.say(f"{name}: training and asking")
        with tempfile.TemporaryDirectory(prefix="litmus-serving-") as scratch:
            folder = (kept or Path(scratch)) / name.replace(" ", "-")
            folder.mkdir(parents=True, exist_ok=True)
            return _child("_serving_table", name, str(folder))

    found: dict[str, Any] = run.results.cached(key, measure)
    return found


def _whole(found: dict[str, Any], ensemble: str = "All") -> dict[str, Any]:
    whole: dict[str, Any] = found["models"][found["ensembles"][ensemble]]
    return whole


def _speed(
    kind: str, tables: Sequence[dict[str, Any]], *, p50: float, speedup: float, aim: float
) -> list[Figure]:
    """Return the ensemble's one-row figures, of the worst table."""
    ratios = {each["table"]: _ratio(_whole(each)) for each in tables}
    slowest = max(_whole(each)["row_p50_ms"] for each in tables)
    worst = min(ratios.values())
    return [
        _figure(f"row_p50_ms_{kind}", slowest, "ms", p50, "lower"),
        _figure(f"row_speedup_{kind}", worst, "x", speedup, "higher"),
        _figure(f"row_speedup_{kind} (aim)", worst, "x", aim, "higher"),
        *(_figure(f"row_speedup {name}", value, "x", None, "higher") for name, value in ratios.items()),
        *(
            _figure(f"row_p50_ms {each['table']}", _whole(each)["row_p50_ms"], "ms", None, "lower")
            for each in tables
        ),
        *(
            _figure(f"AutoGluon {each['table']}", _whole(each)["native_row_p50_ms"], "ms", None, "lower")
            for each in tables
        ),
    ]


def _speed_of_five(
    kind: str, tables: Sequence[dict[str, Any]], *, p50: float, speedup: float
) -> list[Figure]:
    """Return the figures of the ensemble of five, of the worst table."""
    fives = {each["table"]: _whole(each, "Five") for each in tables}
    return [
        _figure(f"row_p50_ms_{kind} of five", _most(fives.values(), "row_p50_ms"), "ms", p50, "lower"),
        _figure(f"row_speedup_{kind} of five", min(map(_ratio, fives.values())), "x", speedup, "higher"),
        _figure(f"batch_speedup_{kind} of five", min(map(_large, fives.values())), "x", 2, "higher"),
        *(
            _figure(f"row_p50_ms {name} of five", each["row_p50_ms"], "ms", None, "lower")
            for name, each in fives.items()
        ),
    ]


def _ratio(model: dict[str, Any]) -> float:
    return float(model["native_row_p50_ms"] / model["row_p50_ms"])


def _exactness(found: Iterable[dict[str, Any]]) -> list[Figure]:
    models = [model for each in found for model in each["models"].values()]
    return [
        _figure("max_difference", _most(models, "max_difference"), "", 1e-5, "lower"),
        _figure("row_against_batch", _most(models, "row_against_batch"), "", 1e-6, "lower"),
        _figure("labels_differ", _most(models, "labels_differ"), "rows", 0, "lower"),
    ]


def _weight(found: Iterable[dict[str, Any]]) -> list[Figure]:
    whole = [_whole(each) for each in found]
    return [
        _figure("size_mb", _most(whole, "size_mb"), "MB", 60, "lower"),
        _figure("first_answer_s", _most(whole, "first_answer_s"), "s", 1.5, "lower"),
        _figure("resident_mb", _most(whole, "resident_mb"), "MB", 300, "lower"),
        _figure("batch_speedup", min(map(_large, whole)), "x", 2, "higher"),
    ]


def _families(found: Iterable[dict[str, Any]]) -> list[Figure]:
    """Return per family the worst table's figures."""
    by_family: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        for name, model in each["models"].items():
            by_family.setdefault(name, []).append(model)
    measures: tuple[tuple[str, Callable[[dict[str, Any]], float], str], ...] = (
        ("row_speedup", _ratio, "x"),
        ("batch_speedup", _large, "x"),
    )
    return [
        _figure(f"{what} {name}", min(map(of, models)), unit, None, "higher")
        for name, models in by_family.items()
        for what, of, unit in measures
    ] + [
        _figure(f"row_p50_ms {name}", _most(models, "row_p50_ms"), "ms", None, "lower")
        for name, models in by_family.items()
    ]


def _large(model: dict[str, Any]) -> float:
    return float(model["native_large_s"] / model["large_s"])


def _most(models: Iterable[dict[str, Any]], name: str) -> float:
    return max(float(each[name]) for each in models)


def _figure(name: str, value: float, unit: str, target: float | None, better: Any) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=target, better=better)


if __name__ == "__main__":
    main("serving", figures, add_arguments=add_arguments)
