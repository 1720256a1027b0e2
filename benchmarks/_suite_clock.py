"""A pytest plug-in that notes the processor seconds of each fixture and each test, those of children too.

    SUITE_SECONDS=seconds.jsonl SUITE_ROOT=PID python -m pytest -n 0 -p benchmarks._suite_clock ...

One line of JSON a part (collect, fixture, test, teardown): ``{"file", "part", "name", "cpu_s", "wall_s"}``.
Counted is what the process SUITE_ROOT and all below it use meanwhile; it waits for children of children that
ended (benchmarks.suite), so that theirs stays counted. Of a fixture it is the set-up, without the fixtures
that it asked for.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

SECONDS, ROOT = "SUITE_SECONDS", "SUITE_ROOT"
_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _USED = 1, slice(11, 15)  # fields of /proc/PID/stat after the name: see proc(5)


def processor_seconds(root: int) -> float:
    """Return what a process and all below it have used until now, ended ones that were waited for too."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _fields(folder)):
            children.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
            used[int(folder.name)] = sum(map(int, fields[_USED])) / _TICKS
    total, left = 0.0, [root]
    while left:
        pid = left.pop()
        total += used.get(pid, 0.0)
        left += children.get(pid, [])
    return total


def _fields(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return []


class Clock:
    """Notes what passes between two moments, less what inner parts noted for themselves."""

    def __init__(self, to: Path, root: int) -> None:
        self._to, self._root = to.open("a"), root
        self._inner = [(0.0, 0.0)]
        self._own_s = 0.0  # used by looking at the clock: a third of all where tests are small

    def _now(self) -> tuple[float, float]:
        began = time.thread_time()
        used_s = processor_seconds(self._root) - self._own_s
        self._own_s += time.thread_time() - began
        return used_s, time.perf_counter()

    def _note(self, file: str, part: str, name: str) -> Generator[None, Any, Any]:
        begun = self._now()
        self._inner.append((0.0, 0.0))
        try:
            return (yield)
        finally:
            whole = [end - start for start, end in zip(begun, self._now(), strict=True)]
            inner, outer = self._inner.pop(), self._inner.pop()
            self._inner.append((outer[0] + whole[0], outer[1] + whole[1]))
            cpu_s, wall_s = (round(all_of - less, 3) for all_of, less in zip(whole, inner, strict=True))
            line = {"file": file, "part": part, "name": name, "cpu_s": cpu_s, "wall_s": wall_s}
            self._to.write(json.dumps(line) + "\n")
            self._to.flush()

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        return (yield from self._note("", "collect", ""))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        name = f"{fixturedef.argname} ({fixturedef.scope})"
        return (yield from self._note(_file(request._pyfuncitem), "fixture", name))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._note(_file(item), "test", item.name))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._note(_file(item), "teardown", item.name))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_configure(config: pytest.Config) -> None:
    """Count where a file to write to is named."""
    if to := os.environ.pop(SECONDS, ""):
        config.pluginmanager.register(Clock(Path(to), int(os.environ.pop(ROOT))), "suite_clock")
