"""Everything here holds by machine code and by NumPy."""

from __future__ import annotations

import pytest

from litmus_core.compiled._native import _function
from tests.compiled.random_made import only_machine_code


@pytest.fixture(autouse=True, params=["machine code", "NumPy"])
def means(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what compiled models run on in this test."""
    if request.param == "NumPy":
        monkeypatch.setattr(_function, "libraries", lambda: None)
    else:
        only_machine_code()
    return str(request.param)
