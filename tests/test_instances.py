"""The stores of tests have one instance of DuckDB after another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litmus_core import Studio
from tests import instances


def test_a_store_has_the_instance_that_one_before_it_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Studio.open(tmp_path / "first"):
        pass
    made: list[Any] = []
    make = instances.make_instance
    monkeypatch.setattr(instances, "make_instance", lambda *given, **more: made.append(make(*given, **more)))

    with Studio.open(tmp_path / "second"):
        pass
    assert made == []
