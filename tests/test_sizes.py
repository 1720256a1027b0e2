"""No dataclass and no package grows too wide to read, but for a stated reason."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def sizes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_sizes", ROOT / "scripts" / "check_sizes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_nothing_is_wide_without_a_reason(sizes: ModuleType) -> None:
    assert list(sizes.too_wide(ROOT)) == []


def test_every_reason_is_for_something_wide(sizes: ModuleType, tmp_path: Path) -> None:
    package = tmp_path / "litmus_core" / "types"
    package.mkdir(parents=True)
    fields = "".join(f"    f{at}: int\n" for at in range(16))
    (package / "_tasks.py").write_text(f"@dataclass\nclass Task:\n{fields}")

    reasons = sizes.FLAT_CLASSES | sizes.WIDE_PACKAGES
    assert set(sizes.needless(tmp_path)) == {
        f"{name} is not wide. Delete its reason from scripts/check_sizes.py."
        for name in reasons.keys() - {"litmus_core/types/_tasks.py:Task"}
    }


def test_a_function_of_more_than_40_lines_is_told(sizes: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    lines = {n: "".join(f"    x = {at}\n" for at in range(n)) for n in (40, 41)}
    (tmp_path / "app" / "one.py").write_text(
        f'def short():\n    """Has\n\n    a docstring."""\n{lines[40]}\nasync def long():\n{lines[41]}'
    )

    assert list(sizes.too_wide(tmp_path)) == [
        "app/one.py:long has 41 lines. Give a part of it a name: at most 40."
    ]


def test_fields_of_bases_count_and_class_variables_do_not(sizes: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    fields = "".join(f"    f{at}: int\n" for at in range(10))
    more = "".join(f"    g{at}: int\n" for at in range(6)) + "    seen: ClassVar[int] = 0\n"
    (tmp_path / "app" / "one.py").write_text(
        f"@dataclass\nclass Base:\n{fields}\n@dataclasses.dataclass(frozen=True)\nclass Wide(Base):\n{more}\n"
        f"class Plain:\n{fields}{more}"
    )

    assert sizes.flat_classes(tmp_path) == {"app/one.py:Wide": 16}
    assert list(sizes.too_wide(tmp_path)) == [
        "app/one.py:Wide has 16 fields. Group what belongs together: at most 15."
    ]


def test_a_package_of_many_modules_is_told(sizes: ModuleType, tmp_path: Path) -> None:
    package = tmp_path / "litmus_core" / "data"
    package.mkdir(parents=True)
    for name in ("__init__", *(f"_part_{at}" for at in range(16))):
        (package / f"{name}.py").touch()

    assert list(sizes.too_wide(tmp_path)) == [
        "litmus_core/data has 16 modules. Give ideas packages of their own: at most 15."
    ]
