"""Everything here holds by machine code and by NumPy."""

from __future__ import annotations

import pytest

from litmus_core.compiled import _native
from litmus_core.compiled._native import _function


@pytest.fixture(autouse=True, params=["machine code", "NumPy"])
def means(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what compiled models run on in this test."""
    if request.param == "NumPy":
        monkeypatch.setattr(_function, "libraries", lambda: None)
    elif _native.why_not():
        pytest.skip(f"no machine code: {_native.why_not()}")
    return str(request.param)
