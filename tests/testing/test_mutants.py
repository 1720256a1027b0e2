"""The benchmark of mutants changes what it says, and knows which tests run a line."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import _mutants_records, mutants
from benchmarks._mutants_copy import ROOT, Copy
from benchmarks._mutants_doors import dropped_from_fields, dropped_from_function, parameters
from benchmarks._mutants_places import Module, Mutant, optional_positionals, sample, swapped
from benchmarks._mutants_probes import Block, Table, source_hash, with_probes
from benchmarks._mutants_recorder import packed, unpacked
from benchmarks._mutants_records import RecordedTest, Records
from benchmarks._mutants_trial import Outcome, Trials, batches, choose, parameter_of


def changed(source: str, kind: str) -> list[str]:
    """Return what the changes of a kind make of the first statement of a module."""
    module = Module("some.py", source.encode(), {"ours": 1})
    return [
        each.apply(module.source).decode()
        for each in module.changes(ast.parse(source).body[0])
        if each.kind == kind
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("save(rows)", ["pass"]),
        ("a.b = 1", ["pass"]),
        ("raise ValueError('no')", ["pass"]),
        ("import os", []),
        ("'a text that documents'", []),
        ("if a:\n    save()", []),
        ("n: int", []),
    ],
)
def test_a_statement_is_deleted_where_that_can_be_noticed(source, expected):
    assert changed(source, "statement") == expected


def test_what_ends_as_the_function_would_is_not_deleted():
    source = b"def f():\n    if x:\n        return\n    save()\n    return None\n"
    module = Module("some.py", source, {})

    assert [each.lineno for each in module.statements() if any(module.changes(each))] == [3, 4]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(a, b=1, c=2)", ["f(a, c=2)", "f(a, b=1)"]),
        ("f(b=1)", ["f()"]),
        ("f(a, **more)", ["f(a)"]),
        ("ours(a, b)", ["ours(a)"]),
        ("theirs(a, b)", []),
        ("values.get(a, b)", ["values.get(a)"]),
        ("values.get(a)", []),
        ("f('ä', b=1)", ["f('ä')"]),
    ],
)
def test_an_argument_is_left_out_where_it_can_be(source, expected):
    assert changed(source, "argument") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("a == b", ["a != b"]),
        ("a is not b", ["a is b"]),
        ("a in b", ["a not in b"]),
        ("a < b < c", ["a <= b < c", "a < b <= c"]),
        ("a and b and c", ["a or b or c"]),
        ("a and (b or c)", ["a or (b or c)", "a and (b and c)"]),
        ("x = not a", ["x =  a"]),
    ],
)
def test_a_comparison_is_flipped(source, expected):
    assert changed(source, "comparison") == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "1"), (0.5, "2.0"), (True, "False"), ("a", "'a_x'"), (None, None)]
)
def test_a_constant_becomes_another_of_its_kind(value, expected):
    assert swapped(value) == expected


def test_what_only_type_checkers_read_stays():
    assert changed("x: Literal['a'] = f'b{1}'", "constant") == []
    assert changed("Kind = Literal['a', 'b']", "constant") == []


def test_a_name_whose_functions_need_different_arguments_is_left_alone():
    trees = [
        ast.parse("def f(a, b=1): ..."),
        ast.parse("def g(self, a): ..."),
        ast.parse("def g(a, b=1): ..."),
    ]

    assert optional_positionals(trees) == {"f": 1}


def test_a_dropped_parameter_is_its_default():
    source = b'def f(a, *, b=2, **c):\n    """Do."""\n    return a, b, c\n'
    module = Module("some.py", source, {})
    found = list(dropped_from_function(module, ast.parse(source).body[0]))
    names: dict[str, object] = {}
    exec(found[0].apply(source), names)

    assert [each.text.strip() for each in found] == ["b = 2", "c = {}"]
    assert names["f"](1, b=5) == (1, 2, {})


def test_a_dropped_field_is_its_default():
    source = (
        b"from dataclasses import dataclass, field\n"
        b"@dataclass(frozen=True, slots=True)\n"
        b"class C:\n    a: int\n    b: list = field(default_factory=list)\n"
    )
    (found,) = dropped_from_fields(Module("some.py", source, {}), ast.parse(source).body[1])
    names: dict[str, object] = {"__name__": __name__}
    exec(found.apply(source), names)

    assert names["C"](1, [2]).b == []


@pytest.mark.exhaustive(reason="benchmarks.mutants lists them of all of Litmus; small sources are read above")
def test_the_doors_that_people_use_are_among_those_that_lose_parameters():
    dropped = {(each.path, parameter_of(each)) for each in parameters()}

    assert {
        ("litmus_core/experiments/_api/train.py", "workspace"),
        ("litmus_core/experiments/_runs/service.py", "hard"),  # of a service of Studio
        ("litmus_core/cli/_runs.py", "hard"),
        ("litmus_core/cli/_training_options.py", "leave_out"),  # a field of a record that a command takes
    } <= dropped


def test_probes_tell_which_blocks_ran():
    blocks: list[Block] = []
    source = "def f(x):\n    if x:\n        return 1\n    y = 2\n    return y\n"
    tree = with_probes(ast.parse(source), "some.py", blocks)
    tree.body = [each for each in tree.body if not isinstance(each, ast.ImportFrom)]
    hits = [0] * len(blocks)
    names = {"__hits__": hits}
    exec(compile(tree, "", "exec"), names)

    def ran() -> list[tuple[int, int]]:
        return sorted((block.first, block.last) for block, hit in zip(blocks, hits, strict=True) if hit)

    names["f"](1)
    assert ran() == [(1, 5), (2, 3), (3, 3)]
    names["f"](0)
    assert ran() == [(1, 5), (2, 3), (3, 3), (4, 5)]


def test_hits_are_read_as_they_were_written():
    assert unpacked(packed(np.array([0, 1, 0, 0, 0, 0, 0, 0, 0, 1], np.uint8))) == [1, 9]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout of one module and its tests."""
    for name, text in {
        "litmus_core/__init__.py": "",
        "litmus_core/some.py": "def f(x):\n    return x + 1\n\n\ndef g():\n    return 1\n",
        "tests/test_some.py": (
            "from litmus_core.some import f\n\n\ndef test_zero():\n    assert f(0)\n\n\n"
            "def test_one():\n    assert f(1) == 2\n"
        ),
        **{
            f"benchmarks/_mutants_{name}.py": (ROOT / f"benchmarks/_mutants_{name}.py").read_text()
            for name in ("copy", "probes", "recorder")
        },
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_seed_draws_the_same_places_and_another_one_others(root):
    first, again, other = (sample(root, n=2, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert len(sample(root, n=9, seed=1)) == 2  # there are no more


def kept(root, *, hits: list[int], fixtures: dict[str, list[int]]) -> Records:
    """Return the records of one test of the module."""
    source, test = (root / "litmus_core/some.py").read_bytes(), (root / "tests/test_some.py").read_bytes()
    blocks = [
        Block("litmus_core/some.py", 1, 6, False),
        Block("litmus_core/some.py", 2, 2, True),
        Block("litmus_core/some.py", 6, 6, True),
    ]
    folder = root / "records" / "code"
    folder.mkdir(parents=True)
    Table(blocks, {"litmus_core/some.py": source_hash(source)}).write(folder / "table.json")

    def vector(numbers: list[int]) -> str:
        return packed(np.isin(np.arange(3), numbers).astype(np.uint8))

    lines = [
        {"fixture": name, "seconds": 1.0, "hits": vector(numbers)} for name, numbers in fixtures.items()
    ] + [
        {
            "test": "tests/test_some.py::test_one",
            "file": "tests/test_some.py",
            "hash": source_hash(test),
            "outcome": "passed",
            "seconds": 0.5,
            "fixtures": list(fixtures),
            "hits": vector(hits),
        }
    ]
    (folder / "some.jsonl").write_text("\n".join(map(json.dumps, lines)) + '\n{"test": "cut o')
    return Records(root / "records", root)


def test_a_test_runs_what_its_fixtures_run_and_costs_what_they_cost(root):
    records = kept(root, hits=[1], fixtures={"tests::made": [2]})

    assert [each.fixtures for each in records.running("litmus_core/some.py", 6)] == [{"tests::made": 1.0}]
    assert [each.name for each in records.running("litmus_core/some.py", 2)] == [
        "tests/test_some.py::test_one"
    ]


def test_a_line_that_no_test_runs_has_none_and_one_that_runs_on_import_has_all(root):
    records = kept(root, hits=[1], fixtures={})

    assert records.running("litmus_core/some.py", 6) == []
    assert len(records.running("litmus_core/some.py", 1)) == 1


def test_a_changed_module_or_test_is_not_taken_for_the_recorded_one(root):
    records = kept(root, hits=[1], fixtures={})
    (root / "litmus_core/some.py").write_text("def f(x):\n    return 1\n")
    assert records.running("litmus_core/some.py", 2) == []

    (root / "tests/test_some.py").write_text("")
    assert Records(root / "records", root).tests == {}


def a_test(name: str, seconds: float, file: str = "tests/data/test_a.py", **fixtures: float) -> RecordedTest:
    return RecordedTest(f"{file}::{name}", file, "", seconds, fixtures)


def test_the_cheapest_come_first_each_file_soon_and_shared_fixtures_are_paid_once():
    cheap = [a_test(f"t{n}", 0.1 * n) for n in range(1, 6)]
    other = a_test("o", 0.9, "tests/app/test_b.py")
    shared = [a_test(f"s{n}", 1.0, "tests/cli/test_c.py", made=5.0) for n in range(2)]

    chosen = choose([*shared, other, *reversed(cheap)], "litmus_core/data/_some.py", seconds=10.0)

    assert [each.name.partition("::")[2] for each in chosen] == [
        "t1",
        "t2",
        "t3",
        "o",
        "s0",
        "s1",
        "t4",
        "t5",
    ]
    assert len(choose([*shared, other], "litmus_core/data/_some.py", seconds=1.0)) == 1
    named = choose([*cheap, other, *shared], "litmus_core/data/_some.py", seconds=10.0, word="t5")
    assert named[0].name.endswith("t5")


def test_dear_tests_are_run_after_the_cheap_ones():
    first, second = batches([a_test("a", 1.0), a_test("b", 5.0), a_test("c", 60.0)])

    assert (len(first), len(second)) == (2, 1)


@pytest.fixture
def trials(root, monkeypatch):
    for module in ("_mutants_trial", "_mutants_records"):
        monkeypatch.setattr(f"benchmarks.{module}.ROOT", root)
    copy = Copy(root)
    monkeypatch.setattr(Copy, "python", property(lambda self: Path(sys.executable)))
    return Trials(copy, kept(root, hits=[1], fixtures={}), root / "mutants", seconds=10.0)


@pytest.mark.parametrize(("text", "caught"), [("x + 2", True), ("1 + x", False)])
def test_a_mutant_is_caught_where_a_test_that_runs_it_fails(trials, root, monkeypatch, text, caught):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    source = (root / "litmus_core/some.py").read_text()
    start = source.index("x + 1")
    mutant = Mutant("litmus_core/some.py", 2, "constant", start, start + 5, text)

    outcome = trials.outcome(mutant)

    assert (outcome.caught, outcome.n_tests) == (caught, 1)
    assert (root / "litmus_core/some.py").read_text() == source
    monkeypatch.setattr(Copy, "pytest", None)  # what was found is not run again
    assert trials.outcome(mutant) == outcome


def test_where_tests_fail_without_a_change_nothing_counts_as_caught(trials, root):
    (root / "litmus_core/__init__.py").write_text("raise OSError('broken')")

    with pytest.raises(RuntimeError, match=r"(?s)test_one fails in the copy without a change: .*broken"):
        trials.outcome(Mutant("litmus_core/some.py", 2, "constant", 0, 0, "#"))


def test_shares_come_with_the_lower_end_of_what_is_likely():
    found = {Mutant("a.py", n, "statement", n, n, ""): Outcome(n < 9, "", 1, 0) for n in range(10)}
    values = {each.name: each.value for each in mutants.rates(found)}

    assert values["caught: statement"] == 0.9
    assert values["lower bound: statement"] == pytest.approx(0.652, abs=0.001)


def test_every_folder_of_tests_can_be_recorded():
    assert {"tests/store", "tests/test_errors.py", "litmus_core"} <= set(_mutants_records.folders())
