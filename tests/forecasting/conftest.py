"""A training that the tests of this folder share."""

from __future__ import annotations

import pytest

from litmus_core.forecasting import Forecaster, ForecastReport, LearnedForecast, learn_forecast
from tests.forecasting.tables import SPEC, shops


@pytest.fixture(scope="session")
def trained() -> LearnedForecast:
    """Two shops, trained and judged once; skipped without the optional part."""
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    return learn_forecast(shops(), SPEC)


@pytest.fixture
def forecaster(trained: LearnedForecast) -> Forecaster:
    """What answers of the shared training."""
    return trained[0]


@pytest.fixture
def report(trained: LearnedForecast) -> ForecastReport:
    """What is known of the shared training."""
    return trained[1]
