"""What answers: from a folder, without the libraries that trained, and after newer values."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks._hostile_forecasts import problems
from litmus_core.errors import BundleError, DataError, UnknownNameError, UsageError
from litmus_core.forecasting import Forecaster, load_forecaster, read_series, save_forecaster
from litmus_core.forecasting._models.boosters import fit_boosters
from tests.forecasting.tables import SPEC, shops

_CODE = """
import sys
from litmus_core import load_forecaster
rows = load_forecaster(sys.argv[1]).forecast("north").rows()
heavy = {"pandas", "scipy", "lightgbm", "statsforecast", "sklearn"} & set(sys.modules)
print(rows[0]["time"], rows[0]["value"], sorted(heavy))
"""


def test_a_folder_answers_the_same_without_the_libraries(forecaster: Forecaster, tmp_path: Path) -> None:
    save_forecaster(forecaster, tmp_path / "model")
    command = [sys.executable, "-c", _CODE, str(tmp_path / "model")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    value = forecaster.forecast("north").values[0]
    assert printed == f"2026-01-01 {float(value)} []\n"


def test_an_altered_folder_is_refused(forecaster: Forecaster, tmp_path: Path) -> None:
    save_forecaster(forecaster, tmp_path)
    path = tmp_path / "forecast.json"
    path.write_text(path.read_text(encoding="utf-8").replace("north", "nortH"), encoding="utf-8")
    with pytest.raises(BundleError, match="was altered"):
        load_forecaster(tmp_path)
    with pytest.raises(BundleError, match="holds no forecast"):
        load_forecaster(tmp_path / "nowhere")


def test_new_values_move_the_answer_on(forecaster: Forecaster) -> None:
    last = forecaster.models[0].series.values[-1]
    later = forecaster.observe(
        ["2025-10-01", "2026-01-01", "2026-04-01"], [last, 150.0, 160.0], series="north"
    )
    assert later.forecast("north").rows()[0]["time"] == "2026-07-01"
    assert forecaster.forecast("north").rows()[0]["time"] == "2026-01-01"
    assert (later.forecast("south").values == forecaster.forecast("south").values).all()
    one_by_one = forecaster.observe(["2026-01-01"], [150.0], series="north")
    one_by_one = one_by_one.observe(["2026-04-01"], [160.0], series="north")
    assert (one_by_one.forecast("north").values == later.forecast("north").values).all()


def test_a_shorter_horizon_and_another_level_fit_in(forecaster: Forecaster) -> None:
    whole, part = forecaster.forecast("north", level=0.95), forecaster.forecast("north", horizon=2)
    assert (part.values == whole.values[:2]).all()
    assert (part.low > whole.low[:2]).all()
    assert (part.high < whole.high[:2]).all()


def test_what_does_not_fit_is_refused_in_words(forecaster: Forecaster) -> None:
    with pytest.raises(UsageError, match="of 2 series"):
        forecaster.forecast()
    with pytest.raises(UnknownNameError, match="Did you mean 'north'"):
        forecaster.forecast("nort")
    with pytest.raises(UsageError, match="horizon of 5"):
        forecaster.forecast("north", horizon=5)
    with pytest.raises(UsageError, match=r"level of 0\.99"):
        forecaster.forecast("north", level=0.99)
    with pytest.raises(DataError, match=r"2025-11-15 .* The next one is 2026-01-01"):
        forecaster.observe(["2025-11-15"], [1.0], series="north")
    with pytest.raises(UnknownNameError, match="column known ahead 'promotion'"):
        forecaster.forecast("north", future={"promotion": [1, 0, 0, 0]})


def test_trees_of_our_own_say_what_lightgbm_s_say(monkeypatch: pytest.MonkeyPatch) -> None:
    import lightgbm

    boosters = []
    train = lightgbm.train
    monkeypatch.setattr(
        lightgbm, "train", lambda *words, **more: boosters.append(train(*words, **more)) or boosters[-1]
    )
    panel, _ = read_series(shops(), SPEC)
    model = fit_boosters(panel, 4, seed=0)
    assert model is not None
    steps = np.array([1, 2, 3, 4])
    rows = model.design.rows(panel.series[0], np.full(4, 40), steps)
    np.testing.assert_allclose(model.trees.predict(rows), boosters[0].predict(rows), rtol=1e-12)
    quick = model.forecast_from(panel.series[0], np.array([36, 40]), 4)[1]
    np.testing.assert_allclose(quick, model.forecast(panel.series[0], 4), rtol=1e-12)


def test_changed_numbers_are_refused_in_words(forecaster: Forecaster, tmp_path: Path) -> None:
    save_forecaster(forecaster, tmp_path / "good")
    assert list(problems(tmp_path, range(150))) == []


def test_a_value_from_a_far_future_and_one_that_is_no_number_are_said(forecaster: Forecaster) -> None:
    with pytest.raises(DataError, match=r"2999-01-01 is more than 1,000 values after 2026-01-01"):
        forecaster.observe(["2999-01-01"], [1.0], series="north")
    with pytest.raises(DataError, match="a value is not a number"):
        forecaster.observe(["2026-01-01"], ["many"], series="north")  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("time", "value", "message"),
    [
        ("2025-10-01", 0.0, r"2025-10-01 is known as .*, so 0 changes nothing in series 'north'"),
        ("2026-01-01", 1e308, r"1e\+308 is too large"),
        (pd.NaT, 1.0, "'NaT' is not a time"),
        ("", 1.0, "'' is not a time"),
    ],
)
def test_a_value_that_would_change_nothing_or_spoil_all_is_refused(
    forecaster: Forecaster, time: object, value: float, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        forecaster.observe([time], [value], series="north")


def test_a_new_time_with_a_zone_is_what_its_clock_shows(forecaster: Forecaster) -> None:
    later = forecaster.observe(["2026-01-01T00:00:00+01:00"], [150.0], series="north")
    assert later.forecast("north").rows()[0]["time"] == "2026-04-01"


def test_a_lone_series_has_no_name(forecaster: Forecaster) -> None:
    one = forecaster.models[0]
    lone = Forecaster(
        forecaster.learned, [replace(one, series=replace(one.series, name=""))], forecaster.band
    )
    with pytest.raises(UsageError, match="one series without a name, not of 'nope'"):
        lone.forecast("nope")
