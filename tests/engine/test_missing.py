"""What a card lacks is said only where the table would allow it."""

from __future__ import annotations

import pytest

from litmus_core.engine import _missing, missing_parts
from tests.engine.conftest import COLUMNS

NUMBERS = [each for each in COLUMNS if each.kind == "number"]


@pytest.mark.parametrize(
    ("torch", "encoder", "columns", "expected"),
    [
        (True, True, COLUMNS, {}),
        (True, False, COLUMNS, {"encoder": "a pretrained encoder"}),
        (False, True, COLUMNS, {"network": "litmus[torch]", "encoder": "litmus[torch]"}),
        (False, False, NUMBERS, {"network": "litmus[torch]"}),
    ],
)
def test_what_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, torch: bool, encoder: bool, columns: object, expected: dict[str, str]
) -> None:
    monkeypatch.setattr(_missing, "has_torch", lambda: torch)
    monkeypatch.setattr(_missing, "has_encoder", lambda: encoder)
    found = missing_parts("binary", columns)
    assert found.keys() == expected.keys()
    assert all(expected[key] in sentence for key, sentence in found.items())
