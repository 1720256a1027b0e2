"""Which tests run which block: recorded folder by folder, kept, and asked by place.

What a folder's recording notes is kept test by test, so that an interrupted one is not lost. It holds for a
module as long as its source is the same, whatever else changes, and for a test as long as its file is: what a
mutant is said to be caught by has failed in a run of its own, so that an old record can only miss a test.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._mutants_copy import ROOT, Copy, Ended
from benchmarks._mutants_probes import HITS, Table, source_hash
from benchmarks._mutants_recorder import HITS as HITS_SETTING
from benchmarks._mutants_recorder import LINES, unpacked

# What takes minutes and sees through other doors what tests beside it see, too.
QUICK = "not exhaustive and not browser and not kills"
_LAST = ("guides", "warm", "browser", "cluster")  # folders that take long for the lines that they alone run
_TABLE, _MOST_SECONDS = "table.json", 3_600.0


@dataclass(frozen=True, slots=True)
class RecordedTest:
    """A recorded test: its fixtures' seconds are theirs, so that those it shares are paid once."""

    name: str
    file: str
    file_hash: str
    seconds: float
    fixtures: dict[str, float]


def folders(root: Path = ROOT) -> list[str]:
    """Return what is recorded at once: each folder of tests, files beside them, and the doctests."""
    found = {path.parent for path in root.glob("tests/*/test_*.py")} | set(root.glob("tests/test_*.py"))
    names = sorted(path.relative_to(root).as_posix() for path in found)
    return sorted([*names, "litmus_core"], key=lambda name: name.rpartition("/")[2] in _LAST)


def record(copy: Copy, table: Table, path: str, kept: Path) -> Ended:
    """Run the tests of a folder in a copy with probes and keep what each of them ran."""
    kept.mkdir(parents=True, exist_ok=True)
    table.write(kept / _TABLE)
    lines = kept / f"{path.replace('/', '-')}-{time.time_ns()}.jsonl"
    plugin = ["-p", "benchmarks._mutants_recorder", "-m", QUICK, path]
    settings = {HITS_SETTING: str(copy.root / HITS), LINES: str(lines)}
    ended = copy.pytest(plugin, seconds=_MOST_SECONDS, **settings)
    if ended.code in (0, 1, 5):  # passed, failed, nothing to run: it came to its end
        (kept / f"{lines.stem}.done").write_text(json.dumps({"path": path, "tests": hash_of_tests(path)}))
    return ended


def hash_of_tests(path: str, root: Path = ROOT) -> str:
    """Return what stands for the tests of a folder as they are."""
    if not path.startswith("tests"):
        return "code"
    files = sorted((root / path).rglob("*.py")) if (root / path).is_dir() else [root / path]
    return source_hash(b"\0".join(file.read_bytes() for file in files))


def folder_of(path: str) -> str:
    """Return the folder of the tests of a module's package.

    >>> folder_of("litmus_core/store/_projections/experiments.py"), folder_of("app/views/tables/data.py")
    ('tests/store/', 'tests/app/')
    """
    parts = path.split("/")
    return f"tests/{parts[0] if parts[0] == 'app' else parts[1]}/"


def is_recorded(path: str, kept: Path) -> bool:
    """Return whether a folder was recorded to its end, with its tests as they are."""
    done = [json.loads(file.read_text()) for file in kept.glob("*/*.done")]
    return {"path": path, "tests": hash_of_tests(path)} in done


class Records:
    """All that was recorded, asked for the tests that run a line."""

    def __init__(self, kept: Path, root: Path = ROOT) -> None:
        self._root = root
        self.tests: dict[str, RecordedTest] = {}
        self.failed: set[str] = set()
        self._blocks: dict[tuple[str, str], dict[tuple[int, int, bool], set[str]]] = {}
        for file in sorted(kept.glob(f"*/{_TABLE}"), key=lambda path: path.stat().st_mtime):
            self._read(file)

    def _read(self, file: Path) -> None:
        table = Table.read(file)
        for block in table.blocks:
            at = self._blocks.setdefault((block.path, table.hashes[block.path]), {})
            at.setdefault((block.first, block.last, block.inside), set())
        for lines in sorted(file.parent.glob("*.jsonl")):
            self._read_session(table, lines)

    def _read_session(self, table: Table, lines: Path) -> None:
        seconds: dict[str, float] = defaultdict(float)
        hits: dict[str, set[int]] = defaultdict(set)
        tests = []
        for line in _plain(lines):
            if "fixture" in line:
                seconds[line["fixture"]] += line["seconds"]
                hits[line["fixture"]].update(unpacked(line["hits"]))
            else:
                tests.append(line)
        for line in tests:
            self._add(table, line, seconds, hits)

    def _add(
        self, table: Table, line: dict[str, Any], seconds: dict[str, float], hits: dict[str, set[int]]
    ) -> None:
        file = self._root / line["file"]
        if not file.exists() or source_hash(file.read_bytes()) != line["hash"]:
            return
        if line["outcome"] != "passed":
            self.failed.add(line["test"])
            return
        fixtures = {name: seconds[name] for name in line["fixtures"]}
        test = RecordedTest(line["test"], line["file"], line["hash"], line["seconds"], fixtures)
        self.tests[test.name] = test
        ran = set(unpacked(line["hits"])).union(*(hits[name] for name in fixtures))
        for block in (table.blocks[number] for number in ran if number < len(table.blocks)):
            at = self._blocks[block.path, table.hashes[block.path]]
            at[block.first, block.last, block.inside].add(test.name)

    def running(self, path: str, line: int) -> list[RecordedTest]:
        """Return the tests that run a line.

        What runs on import runs once for many tests: theirs are those that run anything of the module, and
        those of the folder of the same name.
        """
        at = self._blocks.get((path, source_hash((self._root / path).read_bytes())), {})
        around = [key for key in at if key[0] <= line <= key[1]]
        innermost = max(around, key=lambda key: (key[0], -key[1]), default=None)
        on_import = innermost is None or not innermost[2]
        names = set().union(*at.values()) if on_import else at[innermost]
        if on_import:
            near = folder_of(path)
            names |= {name for name, test in self.tests.items() if test.file.startswith(near)}
        return [self.tests[name] for name in sorted(names) if name in self.tests]


def _plain(lines: Path) -> Iterator[dict[str, Any]]:
    for text in lines.read_text().splitlines():
        try:
            yield json.loads(text)
        except json.JSONDecodeError:  # cut off by a kill
            return
