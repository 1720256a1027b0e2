"""Litmus against AutoGluon, FLAML, MLJAR, LightAutoML: same rows and seconds, one core each, one at a time.

    python -m benchmarks.race --prepare     # environments of the peers, once
    python -m benchmarks.race [--json] [--fresh] [--pool final|development] [--tables …] [--tools …]
        [--seconds 60] [--seeds 2] [--plot]

The tables, and which of them Litmus may be tuned on, are fixed in ``race_pools.json``. Three tenths of a
table's rows are hidden; where it has groups or time, whole groups or the last rows. Each racer is a child
process on one core, reads the same CSV, and is told target, kind of question, metric and seconds; nobody is
told of groups or time. Scores are AUC, log loss and RMSE. A racer that fails counts as the constant answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._race_environments import PINS, EnvironmentLacksError, prepare, python_of
from benchmarks._race_figures import figures_of
from benchmarks._race_plot import write_plot, write_table
from benchmarks._race_pools import fixed, load_fixed, tables_of
from benchmarks._race_ranks import Runs
from benchmarks._race_runs import ENVIRONMENTS, N_CALLS, Entry, run_entry
from benchmarks._race_tables import Table

HERE = Path(__file__).parent
_RULES = [HERE / f"_race_{each}.py" for each in ("child", "runs", "scores", "tables", "tools")]


def figures(run: Run) -> list[Figure]:
    """Return who is first, of the racers and tables that were asked for."""
    if run.options.prepare:
        return _prepared(run)
    racers = _racers(run)
    scores = {table.name: _raced(run, table, racers) for table in _tables(run)}
    if run.options.plot:
        name = f"race-{run.options.pool}-{run.options.seconds:g}"
        write_plot(scores, racers, to=HERE / f"{name}.svg", seconds=run.options.seconds)
        write_table(scores, racers, to=HERE / f"{name}.md")
    return figures_of(scores, racers, seconds=run.options.seconds)


def _prepared(run: Run) -> list[Figure]:
    """Make the environments; say by name which cannot be made here, and why."""
    found = []
    for name in PINS:
        try:
            prepare(name)
            stands = 1.0
        except EnvironmentLacksError as error:
            run.say(f"cannot be made: {error}")
            stands = 0.0
        found.append(Figure(name=f"environment {name}", value=stands, unit="", target=1, better="higher"))
    return found


def _racers(run: Run) -> list[str]:
    """Return the racers that were asked for and can start here; the constant answer is always one."""
    wanted = run.options.tools.split(",") if run.options.tools else list(ENVIRONMENTS)
    unknown = sorted({*wanted} - {*ENVIRONMENTS})
    if unknown:
        message = f"no such tools: {', '.join(unknown)}; there are {', '.join(ENVIRONMENTS)}"
        raise SystemExit(message)
    found = ["constant"]
    for name in wanted:
        home = ENVIRONMENTS[name]
        try:
            if home is not None:
                python_of(home)
        except EnvironmentLacksError as error:
            run.say(f"{name} does not race: {error}")
        else:
            found.append(name)
    return list(dict.fromkeys(found))


def _tables(run: Run) -> list[Table]:
    tables = tables_of(run.options.pool)
    if not run.options.tables:
        return tables
    wanted = run.options.tables.split(",")
    unknown = sorted({*wanted} - {table.name for table in tables})
    if unknown:
        message = f"not in the pool {run.options.pool}: {', '.join(unknown)}"
        raise SystemExit(message)
    return [table for table in tables if table.name in wanted]


def _raced(run: Run, table: Table, racers: Sequence[str]) -> dict[str, Runs]:
    """Return what each racer's runs on a table came to, one a seed."""
    frame = load_fixed(table)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in racers}
    for seed in range(run.options.seeds):
        for name in racers:
            entry = Entry(
                tool=name, table=table, seed=seed, seconds=run.options.seconds, n_calls=run.options.calls
            )
            part = run.results.cached(_key(entry), lambda each=entry: run_entry(each, frame))
            found[name].append(part)
            run.say(f"{table.name}, seed {seed}, {name}: {_in_words(part)}")
    return found


def _key(entry: Entry) -> dict[str, Any]:
    home = ENVIRONMENTS[entry.tool]
    key: dict[str, Any] = {
        "table": entry.table.name,
        "data": fixed()[entry.table.name]["sha256"],
        "tool": entry.tool,
        "seed": entry.seed,
        "seconds": entry.seconds,
        "calls": entry.n_calls,
        "rules": code_hash(*_RULES),
    }
    if home is not None:
        key["pins"] = list(PINS[home])
    elif entry.tool != "constant":
        key["code"] = code_hash(HERE.parent / "litmus_core")
        key["versions"] = versions("autogluon.tabular", "catboost", "lightgbm", "scikit-learn", "xgboost-cpu")
    return key


def _in_words(part: Mapping[str, Any]) -> str:
    if "error" in part:
        return f"failed: {part['error']}"
    return "{metric:.5f} in {fit_s:.0f} s, {one_row_ms:.3g} ms a row".format(**part)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepare", action="store_true", help="make the environments and do no more")
    parser.add_argument("--pool", choices=("final", "development"), default="development")
    parser.add_argument("--tables", default="", help="names, separated by commas; all of the pool by default")
    parser.add_argument("--tools", default="", help="names, separated by commas; all by default")
    parser.add_argument("--seconds", type=float, default=60, help="limit of each training")
    parser.add_argument("--seeds", type=int, default=2, help="how many splits of each table")
    parser.add_argument("--calls", type=int, default=N_CALLS, help="calls with one row that are timed")
    parser.add_argument("--plot", action="store_true", help="write an SVG and a table beside this file")


if __name__ == "__main__":
    main("race", figures, add_arguments=_arguments)
