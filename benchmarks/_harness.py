"""What every benchmark shares: its command line, its figures, its kept results, facts of the machine.

A benchmark ``benchmarks/NAME.py`` is run with ``python -m benchmarks.NAME [--json] [--fresh]``::

    def figures(run: Run) -> list[Figure]:
        seconds = run.results.cached({"part": "import", "rows": 30_000}, lambda: measure_import(30_000))
        return [Figure(name="import 30k rows", value=seconds, unit="s", target=2.0, better="lower")]

    if __name__ == "__main__":
        main("import", figures)

With ``--json`` stdout holds one object ``{"figures": [...], "machine": {...}}`` and nothing else: whatever
the figures' code prints goes to stderr. Without it, a table for people. The exit status is 0 whether or
not a target holds; an exception is a bug of the benchmark and stays one. ``--fresh`` forgets the kept
results first. ``add_arguments`` adds the benchmark's own options, which ``run.options`` then holds.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Literal

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number against its target; ``target`` None: reported only, holds by definition."""

    name: str
    value: float
    unit: str
    target: float | None
    better: Literal["higher", "lower"]

    @property
    def holds(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.better == "higher" else self.value <= self.target

    def plain(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "better": self.better,
            "holds": self.holds,
        }


class Results:
    """Finished parts of a benchmark, a line each in one file: an interrupted run goes on where it was.

    The key says all that the part depends on: names, seeds, ``code_hash(...)``, ``versions(...)``. A
    changed key is another part; lines of old keys stay until ``--fresh``. Several processes may add lines;
    one that was killed leaves half a line at most, which is passed over.
    """

    def __init__(self, name: str, *, root: Path = RESULTS) -> None:
        self.folder = root / name  # for what a benchmark keeps beside its parts
        self.file = root / f"{name}.jsonl"
        self._values: dict[str, Any] = {}
        self._n_read = 0

    def cached(self, key: Mapping[str, Any], fn: Callable[[], Any]) -> Any:
        """Return the kept JSON value of ``key``, or ``fn()``'s after keeping it."""
        if self.has(key):
            return json.loads(json.dumps(self._values[_text(key)]))
        started = time.perf_counter()
        value = fn()
        self._append({"key": dict(key), "seconds": round(time.perf_counter() - started, 3), "value": value})
        return json.loads(json.dumps(value))

    def has(self, key: Mapping[str, Any]) -> bool:
        """Return whether the value of ``key`` is kept."""
        self._read()
        return _text(key) in self._values

    def _read(self) -> None:
        if not self.file.exists() or self.file.stat().st_size == self._n_read:
            return
        with self.file.open("rb") as lines:
            lines.seek(self._n_read)
            for line in lines:
                if not line.endswith(b"\n"):  # being written, or cut off: what comes next ends it
                    break
                with contextlib.suppress(ValueError):
                    part = json.loads(line)
                    self._values[_text(part["key"])] = part["value"]
                self._n_read += len(line)

    def _append(self, part: Mapping[str, Any]) -> None:
        line = json.dumps(part, sort_keys=True, separators=(",", ":"))
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a+b") as lines:
            fcntl.flock(lines, fcntl.LOCK_EX)
            is_torn = lines.seek(0, os.SEEK_END) and not _ends_line(lines)
            lines.write(f"{chr(10) if is_torn else ''}{line}\n".encode())

    def forget(self) -> None:
        """Delete every kept part of this benchmark."""
        self.file.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._values, self._n_read = {}, 0


def _text(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)


def _ends_line(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


@dataclass(frozen=True, slots=True)
class Run:
    """What a benchmark is given: its options and the results it kept."""

    options: argparse.Namespace
    results: Results

    def say(self, message: str) -> None:
        """Tell a waiting person on stderr."""
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")
        sys.stderr.flush()


def main(
    name: str,
    figures: Callable[[Run], Sequence[Figure]],
    *,
    add_arguments: Callable[[argparse.ArgumentParser], None] | None = None,
    argv: Sequence[str] | None = None,
) -> None:
    """Run a benchmark from the command line and print its figures."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--fresh", action="store_true", help="forget kept results and start over")
    if add_arguments is not None:
        add_arguments(parser)
    options = parser.parse_args(argv)
    results = Results(name)
    if options.fresh:
        results.forget()
    with _stdout_to_stderr():
        found = list(figures(Run(options, results)))
        facts = machine()
    print(_as_json(found, facts) if options.json else _as_table(name, found, facts))


def code_hash(*paths: Path) -> str:
    """Hash source files, folders taken with every ``.py`` below them: 16 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def versions(*packages: str) -> dict[str, str]:
    """Return the installed versions of ``packages``."""
    return {package: metadata.version(package) for package in packages}


def machine() -> dict[str, Any]:
    """Return the facts that a figure depends on: processor, cores, memory, Python, load."""
    import psutil

    return {
        "cpu": _cpu_name(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_1min": round(os.getloadavg()[0], 2),
    }


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _as_json(figures: Sequence[Figure], facts: Mapping[str, Any]) -> str:
    return json.dumps({"figures": [each.plain() for each in figures], "machine": facts})


def _as_table(name: str, figures: Sequence[Figure], facts: Mapping[str, Any]) -> str:
    rows = [("figure", "value", "unit", "target", "")]
    for each in figures:
        sign = ">=" if each.better == "higher" else "<="
        target = "" if each.target is None else f"{sign} {each.target:g}"
        mark = "" if each.target is None else "holds" if each.holds else "MISSED"
        rows.append((each.name, f"{each.value:.5g}", each.unit, target, mark))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    about = "{0} on {cpu}, {cores} cores, {memory_gb} GB, load {load_1min}".format(name, **facts)
    return "\n".join([about, "", *(line.rstrip() for line in lines)])


@contextlib.contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    """Send what is printed to stderr, also by C code and by children."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def use_own_tests() -> None:
    """Make ``tests`` the folder beside this one: some installed library has a package of that name, too."""
    if "tests" not in sys.modules:
        sys.modules["tests"] = ModuleType("tests")
        sys.modules["tests"].__path__ = [str(Path(__file__).parents[1] / "tests")]
