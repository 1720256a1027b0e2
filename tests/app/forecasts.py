"""A workspace with a table of two shops and a trained forecast of it, made without another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core import Studio
from litmus_core.experiments._forecasts import service
from tests.forecasting.tables import SPEC, shops


def train_forecast(workspace: Path) -> str:
    """Import the table, train a forecast in this process, and return its id; skipped without the part."""
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    table = workspace.parent / "units.csv"
    shops().to_csv(table, index=False)
    with pytest.MonkeyPatch.context() as patch, Studio.open(workspace) as studio:
        patch.setattr(service, "start_work", lambda *_, **__: None)
        forecast_id = studio.forecasts.start(studio.datasets.import_file(table), SPEC).id
        studio.forecasts.train(forecast_id, on_progress=lambda message: None)
    return forecast_id
