"""Rows with a known right answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.fakes import SignPredictor


@pytest.fixture
def signs() -> tuple[SignPredictor, pd.DataFrame, Any]:
    """A predictor, 200 rows that it answers rightly, and their truth."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"signal": rng.normal(size=200), "noise": rng.normal(size=200)})
    truth = np.where(frame["signal"] > 0, "yes", "no").astype(object)
    return SignPredictor(), frame, truth
