"""What servers answer that nobody should trust: the web, S3, PostgreSQL. Words, or the table that is there.

Each answer is imported as anyone would, from a server on loopback that sends it. ``tracebacks`` are errors
other than Litmus' own, and answers that end the process; ``silent_changes`` are tables that are not what a
reference reader finds, without a note, and answers that nobody can trust which became a table all the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks._harness import Figure, Run, code_hash, use_own_tests, versions
from benchmarks._hostile_files import silent_changes
from benchmarks._hostile_makers import Reference
from benchmarks._hostile_servers import ANYTHING

ROOT = Path(__file__).parents[1]
KINDS = {"downloads": 160, "objects": 60, "sessions": 40, "tables": 160}
_BLOCK = 20
_SHOWN = 8


def figures(run: Run) -> list[Figure]:
    """Return how many answers there were, how many ended in a traceback, how many changed in silence."""
    blocks = [
        _cached(run, kind, first, min(first + _BLOCK, n))
        for kind, n in KINDS.items()
        for first in range(0, n, _BLOCK)
    ]
    wrong = {name: [one for block in blocks for one in block[name]] for name in ("tracebacks", "changes")}
    for one in [*wrong["tracebacks"][:_SHOWN], *wrong["changes"][:_SHOWN]]:
        run.say(one)
    return [
        Figure(name="answers", value=sum(block["answers"] for block in blocks), unit="of servers", target=400,
               better="higher"),
        Figure(name="answers: imported", value=sum(block["imported"] for block in blocks), unit="answers",
               target=None, better="higher"),
        Figure(name="answers: tracebacks", value=len(wrong["tracebacks"]), unit="answers", target=0,
               better="lower"),
        Figure(name="answers: silent_changes", value=len(wrong["changes"]), unit="answers", target=0,
               better="lower"),
    ]  # fmt: skip


def _cached(run: Run, kind: str, first: int, end: int) -> dict[str, Any]:
    key = {
        "kind": kind, "seeds": [first, end], "seed": run.options.seed,
        "versions": versions("duckdb", "pyarrow", "adbc-driver-postgresql"),
        "code": code_hash(ROOT / "litmus_core" / "connectors", ROOT / "litmus_core" / "data"),
        "answers": code_hash(*(ROOT / "benchmarks").glob("_hostile_*.py")),
    }  # fmt: skip
    block: dict[str, Any] = run.results.cached(key, lambda: in_a_child(kind, first, end, run.options.seed))
    run.say(
        f"{kind} {first} to {end}: {len(block['tracebacks'])} tracebacks, {len(block['changes'])} changes"
    )
    return block


def in_a_child(kind: str, first: int, end: int, seed: int) -> dict[str, Any]:
    """Return what :func:`try_answers` finds; where the process ends, each answer has one of its own."""
    command = [sys.executable, "-m", "benchmarks._hostile_answers", kind, str(first), str(end), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    if end - first == 1:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return {"answers": 1, "imported": 0, "tracebacks": [f"{kind} {first}: ended: {last}"], "changes": []}
    parts = [in_a_child(kind, place, place + 1, seed) for place in range(first, end)]
    return {name: sum((part[name] for part in parts), type(parts[0][name])()) for name in parts[0]}


def try_answers(kind: str, first: int, end: int, seed: int) -> dict[str, Any]:
    """Import what the servers of a kind answer, from place ``first`` to ``end``, and say what went wrong."""
    use_own_tests()
    serve = getattr(import_module(f"benchmarks._hostile_{kind}"), kind)
    outcome: dict[str, Any] = {"answers": 0, "imported": 0, "tracebacks": [], "changes": []}
    with serve() as cases:
        for place in range(first, end):
            outcome["answers"] += 1
            name, address, reference = cases(place, seed)
            _try(f"{kind} {place} ({name})", address, reference, outcome)
    return outcome


def _try(title: str, address: str, reference: Reference | None, outcome: dict[str, Any]) -> None:
    import pyarrow.parquet as pq

    from litmus_core.errors import LitmusError

    with _studio() as studio:
        try:
            version = studio.datasets.import_file(address)
        except LitmusError as error:
            if not error.message or "Traceback" in str(error):
                outcome["tracebacks"].append(f"{title}: refused without words: {error!r}")
            if reference not in (None, ANYTHING):
                outcome["changes"].append(f"{title}: refused: {error}")
            if studio.datasets.list() or list(Path(tempfile.gettempdir()).iterdir()):
                outcome["changes"].append(f"{title}: refused, and left something behind")
            return
        except Exception as error:  # noqa: BLE001 - what is counted
            outcome["tracebacks"].append(f"{title}: {type(error).__name__}: {error}")
            return
        outcome["imported"] += 1
        if reference is ANYTHING:
            return
        if reference is None:
            outcome["changes"].append(f"{title}: became a table of {version.n_rows} rows")
            return
        kept = pq.read_table(studio.workspace.path / version.path)
        ours = {name: kept.column(name).to_pylist() for name in version.column_names}
        outcome["changes"] += [f"{title}: {one}" for one in silent_changes(reference, ours, version.notes)]


@contextmanager
def _studio() -> Iterator[Any]:
    """Give a studio whose temporary files are the only ones in their folder."""
    from litmus_core import Studio

    with tempfile.TemporaryDirectory() as folder:
        (scratch := Path(folder) / "scratch").mkdir()
        with (
            patch.object(tempfile, "tempdir", str(scratch)),
            Studio.open(Path(folder) / "workspace") as studio,
        ):
            yield studio


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    print(json.dumps(try_answers(kind, *map(int, numbers))))
