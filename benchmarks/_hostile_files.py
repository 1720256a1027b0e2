"""Hostile files of every format: Litmus keeps what a reference reader finds, or a note names the column.

Each file is imported as anyone would. ``tracebacks`` are errors other than Litmus' own, and files that end
the process; ``silent_changes`` are columns of which a cell, or that as a whole, is not what the reference
reader finds, without a note that names them. A part of the files is damaged after it was written: those only
have to end in words or in a table.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, versions
from benchmarks._hostile_makers import MAKERS, Doubled, Moment, Reference, damage

ROOT = Path(__file__).parents[1]
PER_FORMAT = {"csv": 90, "json": 80, "parquet": 90, "sqlite": 70, "duckdb": 50, "workbook": 40}
_BLOCK = 10
_DAMAGED = 4  # one file in so many
_SHOWN = 5
_EPOCH = datetime(1970, 1, 1)


def figures(run: Run) -> list[Figure]:
    """Return how many files there were, how many ended in a traceback, and how many changed in silence."""
    found = [
        block
        for kind, n_files in PER_FORMAT.items()
        for start in range(0, n_files, _BLOCK)
        for block in [_cached(run, kind, start, min(start + _BLOCK, n_files))]
    ]
    files = sum(block["files"] for block in found)
    tracebacks = [each for block in found for each in block["tracebacks"]]
    changes = [each for block in found for each in block["changes"]]
    for each in [*tracebacks[:_SHOWN], *changes[:_SHOWN]]:
        run.say(each)
    return [
        Figure(name="files", value=files, unit="of 6 formats", target=400, better="higher"),
        Figure(name="files: imported", value=sum(b["imported"] for b in found), unit="files", target=None,
               better="higher"),
        Figure(name="files: tracebacks", value=len(tracebacks), unit="files", target=0, better="lower"),
        Figure(name="files: silent_changes", value=len(changes), unit="columns", target=0, better="lower"),
    ]  # fmt: skip


def _cached(run: Run, kind: str, first: int, end: int) -> dict[str, Any]:
    key = {
        "kind": kind, "seeds": [first, end], "versions": versions("duckdb", "pyarrow"),
        "code": code_hash(ROOT / "litmus_core" / "data", ROOT / "litmus_core" / "frame" / "_values"),
        "files": code_hash(Path(__file__), Path(__file__).with_name("_hostile_makers.py")),
    }  # fmt: skip
    block: dict[str, Any] = run.results.cached(key, lambda: in_a_child(kind, first, end))
    run.say(
        f"{kind} {first} to {end}: {len(block['tracebacks'])} tracebacks, {len(block['changes'])} changes"
    )
    return block


def in_a_child(kind: str, first: int, end: int) -> dict[str, Any]:
    """Return what :func:`try_files` finds; where the process ends, each file has one of its own."""
    command = [sys.executable, "-m", "benchmarks._hostile_files", kind, str(first), str(end)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    if end - first == 1:
        end_ = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return {"files": 1, "imported": 0, "tracebacks": [f"{kind} {first}: ended: {end_}"], "changes": []}
    parts = [in_a_child(kind, seed, seed + 1) for seed in range(first, end)]
    return {
        "files": sum(part["files"] for part in parts),
        "imported": sum(part["imported"] for part in parts),
        "tracebacks": [each for part in parts for each in part["tracebacks"]],
        "changes": [each for part in parts for each in part["changes"]],
    }


def try_files(kind: str, first: int, end: int) -> dict[str, Any]:
    """Make the files of a format from seeds ``first`` to ``end``, import each, and say what went wrong."""
    found: dict[str, Any] = {"files": 0, "imported": 0, "tracebacks": [], "changes": []}
    for seed in range(first, end):
        with tempfile.TemporaryDirectory() as folder:
            _try(kind, seed, Path(folder), found)
        found["files"] += 1
    return found


def _try(kind: str, seed: int, folder: Path, found: dict[str, Any]) -> None:
    import pyarrow.parquet as pq

    from litmus_core.data import import_table, profile, read_rows
    from litmus_core.errors import LitmusError
    from litmus_core.store import Workspace

    rng = random.Random(f"{kind} {seed}")
    (made := folder / "made").mkdir()
    reference = MAKERS[kind](rng, made)
    path = next(made.iterdir())
    is_damaged = seed % _DAMAGED == _DAMAGED - 1
    if is_damaged:
        damage(rng, path)
    workspace = Workspace(folder / "workspace").create()
    try:
        version = import_table(workspace, path)
        profile(workspace, version)
        read_rows(workspace, version)
    except LitmusError as error:
        if not is_damaged and reference is not None:
            found["changes"].append(f"{kind} {seed}: refused: {error.message}")
        return
    except Exception as error:  # noqa: BLE001 - what is counted
        found["tracebacks"].append(f"{kind} {seed}: {type(error).__name__}: {error}")
        return
    found["imported"] += 1
    if reference is not None and not is_damaged:
        kept = pq.read_table(workspace.path / version.path)
        ours = {name: kept.column(name).to_pylist() for name in version.column_names}
        found["changes"] += [
            f"{kind} {seed}: {each}" for each in silent_changes(reference, ours, version.notes)
        ]


def silent_changes(reference: Reference, ours: dict[str, list[Any]], notes: Sequence[str]) -> list[str]:
    """Return what differs from the reference, by column, without a note that names the column."""
    said = " ".join(notes)
    if len(ours) != len(reference.names):
        return [] if "left out" in said or "became columns" in said else ["another number of columns"]
    changes = []
    for place, (name, values) in enumerate(ours.items()):
        theirs = [row[place] for row in reference.rows]
        if len(values) != len(theirs):
            return [f"{len(values)} rows where there are {len(theirs)}"]
        is_named = f"'{name}'" in said or f"'{reference.names[place]}'" in said
        odd = next(((a, b) for a, b in zip(values, theirs, strict=True) if not _is_same(a, b)), None)
        if odd is not None and not is_named:
            changes.append(f"'{name}': {odd[0]!r} where there is {odd[1]!r}")
    return changes


def _is_same(ours: Any, theirs: Any) -> bool:
    """Return whether a cell is what the reference finds: the same value, or missing where it says nothing."""
    if isinstance(theirs, Doubled):
        return _is_same(ours, theirs.values[-1]) and len(set(map(repr, theirs.values))) == 1
    if _is_missing(ours):
        return _says_nothing(theirs)
    if theirs is None:
        return False
    for kind, is_same in _SAME:
        if isinstance(theirs, kind):
            return is_same(ours, theirs)
    return False


def _is_missing(value: Any) -> bool:
    return value is None or value != value or str(value) == "NaT"


def _says_nothing(value: Any) -> bool:
    from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

    if value is None or value == {} or (isinstance(value, float) and math.isnan(value)):
        return True
    text = str(value).strip()
    return isinstance(value, str) and (text in MISSING_WORDS or text.lower() in PLACEHOLDER_WORDS)


def _same_truth(ours: Any, theirs: bool) -> bool:
    return ours is theirs or str(ours).lower() in (str(theirs).lower(), str(int(theirs)))


def _same_number(ours: Any, theirs: float) -> bool:
    if isinstance(ours, str):
        with contextlib.suppress(ValueError):
            return (int(ours) if isinstance(theirs, int) else float(ours)) == theirs
        return False
    if hasattr(ours, "year"):  # a whole number of eight digits in a column of dates
        return bool(ours.strftime("%Y%m%d") == str(theirs))
    return bool(ours == theirs)


def _same_decimal(ours: Any, theirs: Decimal) -> bool:
    return bool(ours == theirs) or Decimal(repr(ours) if isinstance(ours, float) else str(ours)) == theirs


def _same_moment(ours: Any, theirs: Moment) -> bool:
    return hasattr(ours, "year") and (ours - _EPOCH) // timedelta(microseconds=1) * 1_000 == int(theirs)


def _same_day(ours: Any, theirs: date) -> bool:
    if isinstance(theirs, datetime) and theirs.tzinfo is not None:
        theirs = theirs.astimezone(UTC).replace(tzinfo=None)
    return str(ours).removesuffix(" 00:00:00") == str(theirs).removesuffix(" 00:00:00")


def _same_text(ours: Any, theirs: str) -> bool:
    if isinstance(ours, str):
        return ours == theirs or ours.strip() == theirs.strip()
    if isinstance(ours, bool):
        return theirs.strip().lower() == str(ours).lower()
    if hasattr(ours, "year"):
        return sorted(re.findall(r"[1-9]\d*", theirs)) == sorted(re.findall(r"[1-9]\d*", _shown(ours)))
    try:
        exact = Decimal(theirs.strip())
    except ArithmeticError:
        return _digits(repr(ours)) == _digits(theirs)
    is_whole = theirs.strip().lstrip("+-").isdigit()
    return int(exact) == int(ours) if is_whole else float(exact) == ours


def _shown(moment: Any) -> str:
    return str(moment.strftime("%Y %m %d")) if moment.hour == moment.minute == 0 else str(moment)


def _digits(text: str) -> str:
    """Return the sign and the digits that matter of a number, however it is written."""
    sign = "-" if re.match(r"^\D*[-(\u2212]|.*-$", text) else ""
    return sign + re.sub(r"\D", "", text.split("e")[0].removesuffix(".0")).strip("0")


def _same_list(ours: Any, theirs: Any) -> bool:
    if not isinstance(ours, str):
        return False
    with contextlib.suppress(ValueError):
        return bool(json.loads(ours) == theirs)
    return ours.replace(" ", "") == str(theirs).replace(" ", "")


_SAME: tuple[tuple[type | tuple[type, ...], Any], ...] = (
    (bool, _same_truth),
    (Moment, _same_moment),
    ((int, float), _same_number),
    (Decimal, _same_decimal),
    (date, _same_day),
    (time, lambda ours, theirs: str(ours) == str(theirs)),
    (str, _same_text),
    ((list, dict), _same_list),
)


if __name__ == "__main__":
    print(json.dumps(try_files(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
