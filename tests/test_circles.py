"""No modules import each other in a circle, and none names in a text what is above it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import grimp
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_circles", ROOT / "scripts" / "check_circles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("litmus_core", "app", cache_dir=None)


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_there_is_no_circle_but_those_that_are_stated(check: ModuleType) -> None:
    assert check.main() == 0


def test_every_exception_still_has_a_circle(check: ModuleType, graph: grimp.ImportGraph) -> None:
    found = {".".join(circle[0].split(".")[:2]) for circle in check.circles(graph)}
    assert set(check.EXCEPTIONS) <= found


def test_a_planted_circle_is_found(check: ModuleType) -> None:
    lower, upper = "litmus_core.types._runs", "litmus_core.jobs.worker"
    planted = grimp.build_graph("litmus_core", "app", cache_dir=None)
    before = list(check.circles(planted))
    assert planted.find_shortest_chain(importer=upper, imported=lower) is not None

    planted.add_import(importer=lower, imported=upper)

    (found,) = [each for each in check.circles(planted) if each not in before]
    assert {lower, upper} <= set(found)
    assert not check.is_excepted(found)


def test_two_modules_that_import_each_other_are_a_circle(check: ModuleType) -> None:
    planted = grimp.ImportGraph()
    for each in ("a", "a.one", "a.two", "a.three"):
        planted.add_module(each)
    planted.add_import(importer="a.one", imported="a.two")
    planted.add_import(importer="a.two", imported="a.three")
    assert list(check.circles(planted)) == []

    planted.add_import(importer="a.two", imported="a.one")

    assert list(check.circles(planted)) == [["a.one", "a.two"]]


def test_a_module_that_is_started_from_below_by_its_name_is_found(check: ModuleType, tmp_path: Path) -> None:
    module = tmp_path / "litmus_core" / "jobs" / "_start.py"
    module.parent.mkdir(parents=True)
    module.write_text('UPPER = "litmus_core.experiments._worker:main"\nLOWER = "litmus_core.data._child"\n')
    order = [{"data"}, {"jobs"}, {"experiments"}]

    (found,) = check.upward_names(tmp_path, order)

    assert found == (
        "litmus_core/jobs/_start.py:1: 'litmus_core.experiments._worker:main' is above jobs. "
        "Let the caller pass the name."
    )
