"""What follows from a task type is asked of its object, and nowhere decided by its name."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "check_task_types", ROOT / "scripts" / "check_task_types.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_nothing_outside_the_task_types_decides_by_their_names(check: ModuleType) -> None:
    assert check.main() == 0


@pytest.mark.parametrize(
    "code",
    [
        'task.problem_type == "regression"',
        'kind in ("binary", "multiclass")',
        '"regression" in kinds',
        "task.type is task_types.BINARY",
        'words = {"binary": 1, "multiclass": 2}',
        'match kind:\n    case "binary" | "multiclass": ...',
    ],
)
def test_a_decision_by_name_is_found(check: ModuleType, code: str) -> None:
    assert list(check.decisions(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "task.type.has_classes",
        "task.type is not other.type",
        'Facet("words", {"binary": 1, "multiclass": 2, "regression": 3})',
        'Task(problem_type="binary")',
    ],
)
def test_what_asks_the_object_is_not(check: ModuleType, code: str) -> None:
    assert not list(check.decisions(ast.parse(code)))


def test_a_file_is_told_with_its_line(
    check: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/page.py").write_text('\nif kind == "binary": ...\n')

    assert check.main(tmp_path) == 1
    assert capsys.readouterr().out == (
        "app/page.py:2: a comparison by a task type's name. Ask the object for what follows from it.\n"
    )
