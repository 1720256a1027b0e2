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


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_no_module_is_named_by_a_word_that_the_glossary_replaces(names: ModuleType) -> None:
    assert names.main() == 0


def test_a_module_that_is_named_so_is_told_with_better_words(names: ModuleType, tmp_path: Path) -> None:
    for name in ("litmus_core/data/_kept_rows.py", "app/message.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    (found,) = names.misnamed(tmp_path, {"kept": "stored"})

    assert found == "litmus_core/data/_kept_rows.py: 'kept' is no name for a module. Better: stored."


def test_a_class_of_a_replaced_word_and_a_second_one_of_a_name_are_told(
    names: ModuleType, tmp_path: Path
) -> None:
    for module in ("one", "two"):
        (tmp_path / "litmus_core").mkdir(exist_ok=True)
        (tmp_path / f"litmus_core/{module}.py").write_text("class Rows: ...\ndef kept_rows(): ...\n")

    found = list(names.ill_named(tmp_path, {"kept": "stored"}))

    assert found == [
        "litmus_core/one.py: 'kept' is no word for 'kept_rows'. Better: stored.",
        "litmus_core/two.py: 'kept' is no word for 'kept_rows'. Better: stored.",
        "Two classes are called 'Rows': litmus_core/one.py and litmus_core/two.py. "
        "A class has a name of its own.",
    ]


def test_every_exception_is_a_name_or_a_module_that_is_there(names: ModuleType, tmp_path: Path) -> None:
    (package, (name, *_)), *_ = names.NAMES_THAT_STAY.items()
    (tmp_path / package).mkdir()
    (tmp_path / package / "one.py").write_text(f"class {name}: ...\n")

    told = "\n".join(names.needless(tmp_path))

    stay = [each for names_of in names.NAMES_THAT_STAY.values() for each in names_of]
    assert len(told.splitlines()) == len(stay) + len(names.EXCEPTIONS) - 1
    assert f"'{name}'" not in told


def test_a_local_name_that_hides_its_noun_is_refused(names: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "litmus_core").mkdir()
    module = tmp_path / "litmus_core" / "rows.py"
    module.write_text("def rows(asked, kept_rows):\n    return [said for said in asked]\n")
    better = {"asked": "request", "said": "prediction", "kept": "stored"}

    assert list(names.ill_named_values(tmp_path, better)) == [
        "litmus_core/rows.py: 'asked' names no field, parameter or value. Better: request.",
        "litmus_core/rows.py: 'said' names no field, parameter or value. Better: prediction.",
    ]
