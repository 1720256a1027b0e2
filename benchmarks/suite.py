"""``python -m benchmarks.suite [--json] [PATH ...]``: where the processor time of the tests goes.

Each folder of ``tests`` (or each PATH) runs in one process, without what ``make test`` leaves out, and each
fixture and each test is told with what it and all of its children used. What was measured of a folder is kept
until its code, Litmus' or the app's changes.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main
from benchmarks._suite_clock import ROOT, SECONDS

_HERE = Path(__file__).resolve().parents[1]
_SUBREAPER = 36  # prctl(2): children of children that ended come to this process
_MOST_LINES = 15
_QUICK = "not exhaustive"


def figures(run: Run) -> list[Figure]:
    """Measure each folder; the slowest files, fixtures and tests are told on stderr."""
    paths = run.options.paths or everything()
    code = code_hash(*(_HERE / each for each in ("litmus_core", "app", "tests/conftest.py", "tests/warm")))
    parts: list[dict[str, Any]] = []
    found: list[Figure] = []
    for path in dict.fromkeys(paths):
        key = {"path": path, "code": code, "tests": code_hash(_HERE / path)}
        measured = run.results.cached(key, lambda path=path: measure(path))
        run.say(f"{path}: {measured['cpu_s']:.0f} s of processors in {measured['wall_s']:.0f} s")
        found.append(Figure(name=path, value=measured["cpu_s"], unit="core-s", target=None, better="lower"))
        if measured["failed"]:
            run.say(f"{path}: {measured['failed']}")
        parts += measured["parts"]
    for title, of in (("files", None), ("fixtures", "fixture"), ("tests", "test")):
        run.say(f"slowest {title}:")
        for name, seconds in slowest(parts, of):
            run.say(f"{seconds:8.1f} s {name}")
    whole = sum(each.value for each in found)
    return [Figure(name="all", value=whole, unit="core-s", target=None, better="lower"), *found]


def everything() -> list[str]:
    """Return the folders of tests, the tests beside them, and Litmus with its examples."""
    found = (*_HERE.glob("tests/*/test_*.py"), *_HERE.glob("tests/test_*.py"))
    tests = _HERE / "tests"
    named = {each if each.parent == tests else each.parent for each in found}
    return [*sorted(str(each.relative_to(_HERE)) for each in named), "litmus_core"]


def slowest(parts: list[dict[str, Any]], of: str | None) -> list[tuple[str, float]]:
    """Return what took most of the parts of a kind, or of files, and its processor seconds."""
    used: Counter[str] = Counter()
    for each in parts:
        if of in (None, each["part"]):
            used[each["file"] if of is None else f"{each['file']}::{each['name']}"] += each["cpu_s"]
    return used.most_common(_MOST_LINES)


def measure(path: str) -> dict[str, Any]:
    """Run a folder's tests; return the seconds of all and of each part, and what pytest said of failures."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "seconds.jsonl"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "0",
            "-m",
            _QUICK,
            "-p",
            "benchmarks._suite_clock",
            path,
        ]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["OPENBLAS_NUM_THREADS"] = "1"  # as the Makefile has it
        tests = subprocess.Popen(
            command,
            cwd=_HERE,
            env=environment | {SECONDS: str(told), ROOT: str(os.getpid())},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=_wait_for_orphans, args=(tests.pid,), daemon=True).start()
        said, _ = tests.communicate()
        parts = [json.loads(line) for line in told.read_text().splitlines()]
    return {
        "cpu_s": sum(each["cpu_s"] for each in parts),
        "wall_s": sum(each["wall_s"] for each in parts),
        "failed": said[-2_000:] if tests.returncode else "",
        "parts": [each for each in parts if each["cpu_s"] >= 0.05],
    }


def _wait_for_orphans(tests: int) -> None:
    """Wait for all that ends but the tests, so that what it used counts as this process's."""
    with contextlib.suppress(ChildProcessError):  # there is none
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)) and ended.si_pid != tests:
            os.waitpid(ended.si_pid, 0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folders or files to measure."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="folders or files of tests; all where none is named"
    )


if __name__ == "__main__":
    main("suite", figures, add_arguments=add_arguments)
