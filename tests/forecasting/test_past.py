"""What was forecast at each judging origin, as plots read it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from litmus_core.errors import BundleError
from litmus_core.forecasting import LearnedForecast, PastForecasts, load_past, save_past


def test_each_origin_has_what_was_forecast_before_its_values_were_known(
    trained: LearnedForecast, tmp_path: Path
) -> None:
    save_past(trained.past, tmp_path / "past.npz")
    north, south = load_past(tmp_path / "past.npz")
    assert (north.name, south.name) == ("north", "south")
    assert len(north.times) == len(north.values) == len(north.is_filled) == 40
    assert str(north.times[0]) == "2016-01-01T00:00:00"
    assert north.forecasts.shape == north.low.shape == (len(north.origins), 4)
    assert north.origins[-1] == 36  # the last four values are the last that could be compared
    assert np.mean([_are_inside(north), _are_inside(south)]) == trained.report.scores.coverage


def _are_inside(one: PastForecasts) -> list[bool]:
    """Return whether each value lay within the interval that was forecast of it."""
    truth = np.stack([one.values[origin : origin + 4] for origin in one.origins])
    return ((one.low <= truth) & (truth <= one.high)).ravel().tolist()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "past.npz").write_bytes(b"no numbers")
    with pytest.raises(BundleError, match="cannot be read"):
        load_past(tmp_path / "past.npz")
    with pytest.raises(BundleError, match="cannot be read"):
        load_past(tmp_path / "none.npz")
