"""Modules are named by the words of the glossary."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_names", ROOT / "scripts" / "check_names.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_module_is_named_by_a_word_that_the_glossary_replaces(names: ModuleType) -> None:
    assert names.main() == 0


def test_a_module_that_is_named_so_is_told_with_better_words(names: ModuleType, tmp_path: Path) -> None:
    for name in ("litmus_core/data/_kept_rows.py", "app/message.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    (found,) = names.misnamed(tmp_path, {"kept": "stored"})

    assert found == "litmus_core/data/_kept_rows.py: 'kept' is no name for a module. Better: stored."


def test_every_exception_is_a_module(names: ModuleType) -> None:
    assert [name for name in names.EXCEPTIONS if not (ROOT / name).exists()] == []
