"""Are money, percent and numbers with units read as the numbers that are meant, and never as others?

    python -m benchmarks.numbers --json [--seeds 12] [--hands others]

Columns in 33 spellings of many places (``_number_cases``) go through import, and their cells through a
model's reading of rows. ``read right`` is the share of columns whose every value is the one that is meant;
``silently wrong`` counts columns with another value in which no note says how they were read; ``serving
differs`` those that a row is read differently from.

With ``--hands DRAW`` the columns are those of somebody who had not read how numbers are read
(``_number_draws``): also texts that are not numbers, which are read right where they stay texts. Each draw
was written when what the one before had shown was mended; ``thirteenth`` alone is by a person who had worked
on the readers. ``--hands all`` reads all draws.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._number_cases import FIXED, STYLES, NumberCase, number_case
from benchmarks._number_draws import DRAWS, DrawnColumn, draw_file, read_draw
from litmus_core.frame import MISSING_TEXTS

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion

ROOT = Path(__file__).parents[1]
_NUMBERS = ("BIGINT", "DOUBLE", "DECIMAL", "HUGEINT", "UBIGINT")


def figures(run: Run) -> list[Figure]:
    """Return the shares of columns read right and silently wrong."""
    hands = run.options.hands
    found = _frozen(run) if hands == "frozen" else _drawn(run, DRAWS if hands == "all" else [hands])
    told = [each for each in found if not each["is_open"]]
    sorts = list(dict.fromkeys(each["sort"] for each in told if "sort" in each))
    return [
        _read_right("read right", told, target=0.95),
        Figure(name="silently wrong", value=sum(each["wrong"] for each in found),
               unit=f"of {len(found)} columns", target=0, better="lower"),
        Figure(name="serving differs", value=sum(each["differs"] for each in found), unit="columns", target=0,
               better="lower"),
        *(_read_right(sort, [each for each in told if each["sort"] == sort], target=None) for sort in sorts),
    ]  # fmt: skip


def _read_right(name: str, told: Sequence[dict[str, Any]], *, target: float | None) -> Figure:
    value = sum(each["right"] for each in told) / len(told)
    return Figure(
        name=name,
        value=value,
        unit=f"of {len(told)} columns that can be told",
        target=target,
        better="higher",
    )


def _frozen(run: Run) -> list[dict[str, Any]]:
    found = []
    for style in [*STYLES, "fixed"]:
        cases = list(FIXED) if style == "fixed" else _cases(style, run.options.seeds)
        key = {
            "style": style,
            "seeds": run.options.seeds,
            "cases": _hash(Path(__file__).with_name("_number_cases.py")),
        }
        found += _outcomes(run, key, style, partial(_read_all, read_case, cases))
    return found


def _drawn(run: Run, draws: Sequence[str]) -> list[dict[str, Any]]:
    """Return what came of the columns of draws, each with its sort (of several draws, with its draw)."""
    found = []
    for draw in draws:
        for sort, cases in read_draw(draw).items():
            key = {"style": f"{draw}: {sort}", "cases": _hash(draw_file(draw))}
            outcomes = _outcomes(run, key, sort, partial(_read_all, read_drawn, cases))
            found += [{**each, "sort": draw if len(draws) > 1 else sort} for each in outcomes]
    return found


def _read_all(read: Callable[[Any], dict[str, Any]], cases: Iterable[Any]) -> list[dict[str, Any]]:
    return [*map(read, cases)]


def _hash(cases: Path) -> str:
    return code_hash(Path(__file__), cases)


def _outcomes(
    run: Run, key: dict[str, Any], name: str, read: Callable[[], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    code = code_hash(ROOT / "litmus_core" / "data", ROOT / "litmus_core" / "frame")
    outcomes: list[dict[str, Any]] = run.results.cached(
        {**key, "versions": versions("duckdb"), "code": code}, read
    )
    run.say(f"{name}: {sum(each['right'] for each in outcomes)} of {len(outcomes)} right")
    for each in outcomes:
        if not each["right"]:
            run.say(f"  {each['cells']} {each.get('column', '')} {each['notes']}")
        if "served" in each and each["differs"]:
            run.say(f"  {each['cells']} {each['column']}, but as rows {each['served']}")
    return outcomes


def _cases(style: str, n_seeds: int) -> list[NumberCase]:
    return [number_case(style, seed) for seed in range(n_seeds)]


def read_case(case: NumberCase) -> dict[str, Any]:
    """Import the column and read its cells as rows; say what came of it."""
    version, kept = _import(case.name, case.cells, case.separator)
    column = version.columns[0]
    is_number = column.storage in ("BIGINT", "DOUBLE")
    is_right = is_number and kept == list(case.values)
    served = _serve(version, case.name, case.cells)
    return {
        "right": is_right,
        "wrong": is_number and not is_right and not _is_noted(version, case.name),
        "differs": [*map(str, served)] != [*map(str, map(float, kept) if is_number else kept)],
        "is_open": case.is_open,
        "cells": list(case.cells[:4]),
        "notes": list(version.notes),
    }


def read_drawn(case: DrawnColumn) -> dict[str, Any]:
    """Import the column and read its cells as rows; say what came of it.

    A column that is not a number is read right where it is a text, a date or a truth value, and where its
    very digits are kept as a category or an id (or as a number, if practice knows both).
    """
    version, kept = _import(case.column, case.cells, ",")
    column = version.columns[0]
    is_number = column.storage.startswith(_NUMBERS)
    is_exact = [*map(str, kept)] == list(case.cells)
    if case.values is None:
        is_right = not is_number or ((column.kind != "number" or case.is_open) and is_exact)
    else:
        is_right = is_number and any(_are_close(kept, case.values, scale) for scale in case.scales)
    served = _serve_or_refuse(version, case.column, case.cells)
    return {
        "right": is_right,
        "wrong": is_number and not is_right and not _is_noted(version, case.column),
        "differs": [*map(_text, served)] != [*map(_text, kept)],
        "is_open": case.is_open,
        "column": f"'{case.column}', {column.storage} {column.kind}: {case.why}",
        "served": list(map(_text, served[:4])),
        "cells": list(case.cells[:4]),
        "notes": list(version.notes),
    }


def _import(name: str, cells: Sequence[str], separator: str) -> tuple[DatasetVersion, list[Any]]:
    """Import a table of the column and another one; return the version and the column's values."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "table.csv"
        header, *quoted = [cell.replace('"', '""') for cell in (name, *cells)]
        rows = [f'"{cell}"{separator}word{place % 3}' for place, cell in enumerate(quoted)]
        source.write_text("\n".join([f'"{header}"{separator}other', *rows]) + "\n", encoding="utf-8")
        workspace = Workspace(Path(folder) / "workspace").create()
        version = import_table(workspace, source)
        kept: list[Any] = read_rows(workspace, version)[version.columns[0].name].tolist()
    return version, kept


def _serve(version: DatasetVersion, name: str, cells: Sequence[str]) -> list[Any]:
    """Read the cells as a model reads rows."""
    from litmus_core.frame import read_rows as read_dicts

    name = version.columns[0].name  # without blanks around it
    served: list[Any] = read_dicts([{name: cell} for cell in cells], [version.columns[0]])[name].tolist()
    return served


def _serve_or_refuse(version: DatasetVersion, name: str, cells: Sequence[str]) -> list[Any]:
    """Read the cells as a model reads rows; a refusal is one answer in place of all."""
    from litmus_core.errors import LitmusError

    try:
        return _serve(version, name, cells)
    except LitmusError as error:
        return [str(error)]


def _is_noted(version: DatasetVersion, name: str) -> bool:
    return any(f"'{name}'" in note for note in version.notes)


def _are_close(kept: Sequence[Any], values: Sequence[float], scale: float) -> bool:
    pairs = zip(map(float, kept), values, strict=True)
    return all(
        math.isclose(one, other * scale, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
        for one, other in pairs
    )


def _text(value: Any) -> str:
    """Write a value so that equal ones are equal texts: every number as a float, every missing one alike."""
    if value is None or value != value or value in MISSING_TEXTS:  # NaN and NaT differ from themselves
        return "missing"
    return str(float(value)) if isinstance(value, int | float) else str(value)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--seeds`` and ``--hands``."""
    parser.add_argument("--seeds", type=int, default=12, help="columns of each spelling")
    parser.add_argument("--hands", choices=["frozen", "all", *DRAWS], default="frozen", help="whose columns")


if __name__ == "__main__":
    main("numbers", figures, add_arguments=add_arguments)
