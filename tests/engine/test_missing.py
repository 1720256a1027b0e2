"""What a family lacks is said only where the table would allow it."""

from __future__ import annotations

import pytest

from litmus_core.engine import missing_parts
from litmus_core.engine._catalog import missing_extras
from tests.engine.conftest import COLUMNS

NUMBERS = [each for each in COLUMNS if each.kind == "number"]


@pytest.mark.parametrize(
    ("torch", "encoder", "columns", "expected"),
    [
        (True, True, COLUMNS, {}),
        (True, False, COLUMNS, {"encoder": "a pretrained encoder"}),
        (False, True, COLUMNS, {"network": "litmus-automl[torch]", "encoder": "litmus-automl[torch]"}),
        (False, False, NUMBERS, {"network": "litmus-automl[torch]"}),
    ],
)
def test_what_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, torch: bool, encoder: bool, columns: object, expected: dict[str, str]
) -> None:
    monkeypatch.setattr(missing_extras, "has_extra", lambda extra: torch or not extra)
    monkeypatch.setattr(missing_extras, "has_encoder", lambda: encoder)
    found = missing_parts("binary", columns)
    assert found.keys() == expected.keys()
    assert all(expected[key] in sentence for key, sentence in found.items())
