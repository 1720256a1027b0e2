"""A column kind is an object that has an answer for everybody who asks; nobody compares its name."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from app.presenters.results.what_if import present_fields
from litmus_core.frame import FeaturePipeline, RawColumn
from litmus_core.types import COLUMN_KINDS, KIND_NAMES, Column
from litmus_core.types._column_kinds import _ALL, Encoding, Reading, Role

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def check_kinds() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_kinds", ROOT / "scripts" / "check_kinds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def column(kind: str) -> Column:
    return Column(name="x", original_name="x", kind=kind, storage=COLUMN_KINDS[kind].storage)


def test_every_name_has_one_kind_and_every_kind_its_own_label() -> None:
    assert set(COLUMN_KINDS) == set(KIND_NAMES)
    assert len(_ALL) == len(KIND_NAMES)
    assert all(kind.name == name for name, kind in COLUMN_KINDS.items())
    assert len({kind.label for kind in COLUMN_KINDS.values()}) == len(COLUMN_KINDS)


def test_every_role_reading_and_encoding_is_that_of_a_kind() -> None:
    kinds = COLUMN_KINDS.values()
    assert {kind.role for kind in kinds} == set(get_args(Role))
    assert {kind.reads for kind in kinds} == set(get_args(Reading))
    assert {kind.encoder for kind in kinds} == set(get_args(Encoding))


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_is_read_fitted_shown_and_described(kind: str) -> None:
    examples = {"number": [1.0, 2.5, None], "boolean": [True, False, None], "text": ["a b", "c", None],
                "date": np.array(["2024-01-01", "2024-02-03", "NaT"], "datetime64[us]")}  # fmt: skip
    traits = COLUMN_KINDS[kind]
    values = pd.DataFrame({"x": examples[traits.reads]})

    pipeline = FeaturePipeline([column(kind)]).fit(values)

    assert len(pipeline.transform(values)) == 3
    assert RawColumn(column(kind)).reads == traits.reads
    (field,) = present_fields([column(kind)], {"x": None}, examples={})
    assert field.kind
    assert "null" in traits.json_schema["type"]
    assert traits.asks_for


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ('each.kind == "number"', True),
        ('column.kind not in ("date", "text")', True),
        ('kinds[name] != "date"', True),
        ('match column.kind:\n    case "id": pass', True),
        (str(dict.fromkeys(KIND_NAMES)), True),
        ('step.dtype == "text"', False),
        ('finding.kind == "leakage"', False),
        ('column.storage in ("BIGINT", "DOUBLE")', True),
        ('column.storage != "VARCHAR"', True),
        ("column.storage == other.storage", False),
        ('storage == "BOOLEAN"', True),
        ('[each for each in columns if self._storage != "TIMESTAMP"]', True),
        (
            '_SEGMENTS = ("category", "id")\nfound = [each for each in columns if each.kind in _SEGMENTS]',
            True,
        ),
        (
            '_SEGMENTS = ("leakage", "drift")\nfound = [each for each in columns if each.kind in _SEGMENTS]',
            False,
        ),
        ("each.traits.is_quantity", False),
    ],
)
def test_a_comparison_with_the_name_of_a_kind_is_found(
    check_kinds: ModuleType, tmp_path: Path, code: str, is_found: bool
) -> None:
    (tmp_path / "module.py").write_text(code)
    assert bool(list(check_kinds.compared_kinds(tmp_path / "module.py"))) is is_found


@pytest.mark.parametrize(
    ("storage", "answers"),
    [
        ("BIGINT", {"numbers", "whole_numbers"}),
        ("DOUBLE", {"numbers", "fractions"}),
        ("VARCHAR", {"text"}),
        ("TIMESTAMP", {"times"}),
        ("BOOLEAN", {"truths"}),
    ],
)
def test_a_column_says_what_it_stores(storage: str, answers: set[str]) -> None:
    stored = Column(name="x", original_name="x", kind="text", storage=storage)
    questions = ("numbers", "whole_numbers", "fractions", "text", "times", "truths")

    assert {each for each in questions if getattr(stored, f"stores_{each}")} == answers
    assert stored.stores_like(replace(stored, storage="BIGINT")) is ("numbers" in answers)
    assert stored.stores_like(replace(stored, kind="id"))


def test_the_guide_has_a_row_of_every_kind() -> None:
    guide = (ROOT / "docs" / "guides" / "data.md").read_text(encoding="utf-8")
    assert [name for name in KIND_NAMES if f"\n| `{name}` |" not in guide] == []


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_nobody_compares_the_name_of_a_kind(check_kinds: ModuleType) -> None:
    assert check_kinds.main() == 0
