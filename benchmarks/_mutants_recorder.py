"""A pytest plug-in for ``benchmarks.mutants``: notes what each test runs, or runs chosen tests in an order.

    MUTANTS_HITS=.hits MUTANTS_LINES=lines.jsonl python -m pytest -p benchmarks._mutants_recorder ...
    MUTANTS_ORDER=order.json python -m pytest -p benchmarks._mutants_recorder ...

One line of JSON a test: ``{"test", "file", "hash", "outcome", "seconds", "fixtures", "hits"}``, and one a
fixture that several tests share: ``{"fixture", "seconds", "hits"}``. ``hits`` are the blocks that ran
meanwhile in any process: see ``unpacked``. A test runs what its fixtures run, too, also where an earlier test
had them made.
"""

from __future__ import annotations

import base64
import json
import mmap
import os
import time
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks._mutants_probes import source_hash

HITS, LINES, ORDER = "MUTANTS_HITS", "MUTANTS_LINES", "MUTANTS_ORDER"
_SECONDS, _TIMES = 20.0, 8.0  # a test may take so long, and so many times as long as when it was recorded


def packed(hits: np.ndarray[Any, Any]) -> str:
    """Write a vector of zeros and ones as text."""
    return base64.b64encode(zlib.compress(np.packbits(hits).tobytes())).decode()


def unpacked(text: str) -> list[int]:
    """Return the numbers of the blocks that ran."""
    bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8))
    return [int(each) for each in np.flatnonzero(bits)]


class Part:
    """What ran in a test, or in a fixture, without the shared fixtures that it asked for."""

    def __init__(self, size: int) -> None:
        self.hits = np.zeros(size, np.uint8)
        self.seconds = 0.0


class Recorder:
    """Notes what each test and each shared fixture runs."""

    def __init__(self, hits: Path, lines: Path) -> None:
        with hits.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._lines = lines.open("a")
        self._open: list[Part] = []
        self._since = time.perf_counter()
        self._fixtures: set[str] = set()
        self._outcome = "passed"

    def _settle(self) -> None:
        """Give what ran since the last time to the innermost open part."""
        now, raw = time.perf_counter(), self._map[:]
        self._map[:] = bytes(len(raw))
        if self._open:
            part = self._open[-1]
            part.hits |= np.frombuffer(raw, np.uint8)
            part.seconds += now - self._since
        self._since = now

    def _part(self) -> Generator[None, Any, tuple[Any, Part]]:
        self._settle()
        self._open.append(Part(len(self._map)))
        try:
            answer = yield
        finally:
            self._settle()
            part = self._open.pop()
        return answer, part

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._fixtures = {_key(each[-1]) for each in _definitions(item) if _shared(each[-1])}
        self._outcome = "passed"
        answer, part = yield from self._part()
        file = item.nodeid.partition("::")[0]
        self._write(
            part,
            test=item.nodeid,
            file=file,
            hash=source_hash(item.path.read_bytes()),
            outcome=self._outcome,
            fixtures=sorted(self._fixtures),
        )
        return answer

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        if not _shared(fixturedef):
            return (yield)
        self._fixtures.add(_key(fixturedef))
        answer, part = yield from self._part()
        self._write(part, fixture=_key(fixturedef))
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed and self._outcome == "passed":
            self._outcome = report.outcome

    def _write(self, part: Part, **facts: Any) -> None:
        line = {**facts, "seconds": round(part.seconds, 3), "hits": packed(part.hits)}
        self._lines.write(json.dumps(line) + "\n")
        self._lines.flush()


class Order:
    """Runs chosen tests only, in the order given, each for at most so many seconds."""

    def __init__(self, chosen: dict[str, float]) -> None:
        self._seconds = chosen
        self._place = {test: place for place, test in enumerate(chosen)}

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, Any, Any]:
        answer = yield
        others = [item for item in items if item.nodeid not in self._place]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.nodeid in self._place]
        items.sort(key=lambda item: self._place[item.nodeid])
        for item in items:
            limit = _SECONDS + _TIMES * self._seconds[item.nodeid]
            item.add_marker(pytest.mark.timeout(limit), append=False)
        return answer


def _definitions(item: pytest.Item) -> list[Any]:
    info = getattr(item, "_fixtureinfo", None)
    return list(info.name2fixturedefs.values()) if info else []


def _shared(fixture: pytest.FixtureDef[Any]) -> bool:
    return fixture.scope != "function"


def _key(fixture: pytest.FixtureDef[Any]) -> str:
    return f"{fixture.baseid}::{fixture.argname}"


def pytest_configure(config: pytest.Config) -> None:
    """Record, or put in order, as the settings say."""
    if hits := os.environ.pop(HITS, ""):
        lines = Path(os.environ.pop(LINES))
        config.pluginmanager.register(Recorder(Path(hits), lines), "mutants_recorder")
    if order := os.environ.pop(ORDER, ""):
        config.pluginmanager.register(Order(json.loads(Path(order).read_text())), "mutants_order")
