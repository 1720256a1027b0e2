"""One mutant against the tests that run its line: the cheapest first, until one of them fails.

What was found of a mutant is kept: what caught it, for as long as the file of that test is the same, or the
tests that did not, so that a later run asks only others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks._mutants_copy import ROOT, Copy
from benchmarks._mutants_places import Mutant
from benchmarks._mutants_probes import source_hash
from benchmarks._mutants_recorder import ORDER
from benchmarks._mutants_records import QUICK, RecordedTest, Records, folder_of

_FIRST_OF_A_FILE = 3  # tests of each file come first, so that each way to a line is tried soon
_FIRST_SECONDS = 15.0  # tests of so many seconds are asked before files of the others are even read
_NEAR = 0.5  # what tests of the folder of the same name seem to cost
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
_PARAMETER = re.compile(r"self, '(\w+)'|^(\w+) = ")
_STARTS, _TIMES = 120.0, 6.0  # a whole run may take so long, and so many times as long as when recorded


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant; ``by`` names the test that caught it, or why it counts as caught."""

    caught: bool
    by: str
    n_tests: int
    n_left: int


class Trials:
    """Runs mutants in a copy and keeps what was found of each."""

    def __init__(self, copy: Copy, records: Records, kept: Path, *, seconds: float) -> None:
        self._copy, self._records, self._kept = copy, records, kept
        self._seconds = seconds
        self._runs, self._output = False, ""

    def outcome(self, mutant: Mutant) -> Outcome:
        """Return the kept outcome of a mutant, or run what was not asked yet."""
        file = self._kept / f"{_identity(mutant)}.json"
        known = json.loads(file.read_text()) if file.exists() else {"asked": {}}
        if (by := known.get("by")) and known["hash"] == _hash_of(by):
            return Outcome(True, by, len(known["asked"]), 0)
        asked = {name: of for name, of in known["asked"].items() if of == _hash_of(name)}
        tests = [each for each in self._records.running(mutant.path, mutant.line) if each.name not in asked]
        chosen = choose(tests, mutant.path, seconds=self._seconds, word=parameter_of(mutant))
        by = self._caught_by(mutant, chosen)
        asked |= {each.name: each.file_hash for each in chosen}
        found = asdict(mutant) | {"asked": asked, "by": by, "hash": _hash_of(by) if by else ""}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(found, indent=1))
        return Outcome(bool(by), by, len(asked), len(tests) - len(chosen))

    def _caught_by(self, mutant: Mutant, tests: list[RecordedTest]) -> str:
        self._check(tests)
        source = (ROOT / mutant.path).read_bytes()
        with self._copy.changed(mutant.path, mutant.apply(source)):
            for batch in batches(tests):
                if by := self._first_to_fail(batch):
                    return by
        return ""

    def _check(self, tests: list[RecordedTest]) -> None:
        """See once that tests pass in the copy: all would seem to catch what breaks them there."""
        if tests and not self._runs:
            if self._first_to_fail(tests[:1]):
                raise RuntimeError(f"{tests[0].name} fails in the copy without a change: {self._output}")
            self._runs = True

    def _first_to_fail(self, tests: Sequence[RecordedTest]) -> str:
        order = self._copy.root / ".order.json"
        order.write_text(json.dumps({each.name: cost(each) for each in tests}))
        files = list(dict.fromkeys(each.file for each in tests))
        limit = _STARTS + _TIMES * sum(cost(each) for each in tests)
        arguments = ["-x", "-p", "benchmarks._mutants_recorder", "-m", QUICK, *files]
        ended = self._copy.pytest(arguments, seconds=limit, **{ORDER: str(order)})
        self._output = ended.output.strip()[-2_000:]
        if ended.code is None:
            return f"{tests[0].name} (and others, which did not end)"
        if ended.code in (0, 5):
            return ""
        named = _FAILED.search(ended.output)
        return named[1] if named else f"{tests[0].name} (pytest ended: {self._output[-200:]})"


def cost(test: RecordedTest) -> float:
    """Return the seconds that a test takes alone."""
    return test.seconds + sum(test.fixtures.values())


def parameter_of(mutant: Mutant) -> str:
    """Return the name of the parameter that a mutant drops; "" for others."""
    found = _PARAMETER.search(mutant.text) if mutant.kind == "parameter" else None
    return next(filter(None, found.groups()), "") if found else ""


def choose(tests: list[RecordedTest], path: str, *, seconds: float, word: str = "") -> list[RecordedTest]:
    """Order tests by what they cost, those of the folder of the same name sooner; stop at ``seconds``.

    Those that have ``word`` in their name come first.
    """
    near = folder_of(path)
    of_file: dict[str, list[RecordedTest]] = defaultdict(list)
    for test in sorted(tests, key=lambda each: (cost(each), each.name)):
        of_file[test.file].append(test)

    def seems(test: RecordedTest) -> float:
        return cost(test) * (_NEAR if test.file.startswith(near) else 1.0)

    named = [test for test in tests if word and re.search(rf"(?<![a-z]){word}\b", test.name)]
    firsts = sorted((each for of in of_file.values() for each in of[:_FIRST_OF_A_FILE]), key=seems)
    rest = sorted((each for of in of_file.values() for each in of[_FIRST_OF_A_FILE:]), key=seems)
    chosen, spent, paid = [], 0.0, set[str]()
    ordered = {each.name: each for each in (*sorted(named, key=seems), *firsts, *rest)}
    for test in ordered.values():
        price = test.seconds + sum(of for name, of in test.fixtures.items() if name not in paid)
        if spent + price <= seconds or not chosen:
            chosen.append(test)
            paid |= set(test.fixtures)
            spent += price
    return chosen


def batches(tests: list[RecordedTest]) -> list[list[RecordedTest]]:
    """Cut an order in two where reading the files of the rest is not worth it before; by file in each."""
    spent, first = 0.0, 0
    while first < len(tests) and spent + cost(tests[first]) <= _FIRST_SECONDS:
        spent += cost(tests[first])
        first += 1
    return [_by_file(each) for each in (tests[:first], tests[first:]) if each]


def _by_file(tests: list[RecordedTest]) -> list[RecordedTest]:
    """Keep each file's tests together, so that what they share is made once."""
    files = list(dict.fromkeys(each.file for each in tests))
    return sorted(tests, key=lambda each: files.index(each.file))


def _identity(mutant: Mutant) -> str:
    facts: dict[str, Any] = asdict(mutant) | {"source": source_hash((ROOT / mutant.path).read_bytes())}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]


def _hash_of(test: str) -> str:
    file = ROOT / test.partition("::")[0]
    return source_hash(file.read_bytes()) if file.is_file() else ""
