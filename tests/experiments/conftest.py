"""What tests of a studio share: a workspace of its own, and a question asked of a small table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from litmus_core import Studio
from litmus_core.types import Experiment
from tests.walks import shop_experiment


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def experiment(studio: Studio, tmp_path: Path) -> Experiment:
    return shop_experiment(studio, tmp_path)
