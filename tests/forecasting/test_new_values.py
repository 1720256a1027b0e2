"""A table of newer values is read as the training table was, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import Studio
from litmus_core.errors import DataError
from litmus_core.forecasting import Forecaster, Learned, SeriesColumns, read_series
from litmus_core.forecasting._bundle.forecaster import SeriesModels
from litmus_core.forecasting._states.naive import NaiveState
from litmus_core.forecasting._training.intervals import Band
from tests.forecasting.tables import SPEC

COLUMNS = SeriesColumns(time="Monat", value="Umsatz", id="Filiale", known_future=("Aktion",))
MONTHS = pd.date_range("2021-01-01", periods=38, freq="MS")
PLAIN = "series,time,value,Aktion\nSüd,2024-01-01,1234,0\nSüd,2024-02-01,1235.5,1\nSüd,2024-03-01,,1\n"
EXPORT = (
    "Monat;Filiale;Umsatz;Aktion\n01.01.2024;Süd;1.234 €;0\n01.02.2024;Süd;1.235,50 €;1\n01.03.2024;Süd;;1\n"
)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def forecaster(studio: Studio, tmp_path: Path) -> Forecaster:
    """A shop whose last value is repeated, so that nothing is trained."""
    rows = [f"{month:%d.%m.%Y};Süd;1.{200 + n},50 €;{n % 2}" for n, month in enumerate(MONTHS[:36])]
    (tmp_path / "sales.csv").write_text("\n".join(["Monat;Filiale;Umsatz;Aktion", *rows]), encoding="cp1252")
    version = studio.datasets.import_file(tmp_path / "sales.csv")
    table = studio.forecasts._renamed(version, COLUMNS)
    panel, _ = read_series(table, replace(SPEC, columns=COLUMNS))
    learned = Learned(
        frequency=panel.frequency,
        season=12,
        horizon=4,
        level=0.8,
        is_positive=True,
        weights={"naive": 1.0},
        fallback="naive",
        boosters=None,
        known_columns=("Aktion",),
        codes={},
        columns=COLUMNS,
        spelled=version.columns,
    )
    (series,) = panel.series
    models = [SeriesModels(series=series, states={"naive": NaiveState(float(series.values[-1]))})]
    return Forecaster(
        learned, models, Band(scales=np.ones(1), profile=np.arange(1.0, 5.0), quantiles=np.arange(1.0, 7.0))
    )


@pytest.mark.parametrize(
    ("text", "encoding", "last"),
    [
        (PLAIN, "utf-8", 1235.5),
        (PLAIN, "cp1252", 1235.5),
        (EXPORT, "cp1252", 1235.5),
        (re.sub(r"(\d\d)\.(\d\d)\.", r"\1/\2/", EXPORT), "utf-16", 1235.5),
        (EXPORT.replace("1.235,50", "1.235"), "utf-8", 1235.0),
    ],
)
def test_newer_values_are_read_as_the_training_table_was(
    studio: Studio, forecaster: Forecaster, tmp_path: Path, text: str, encoding: str, last: float
) -> None:
    path = tmp_path / "newer.csv"
    path.write_text(text, encoding=encoding)

    later = studio.forecasts.observe(forecaster, path)

    row = later.forecast("Süd").rows()[0]
    assert (row["time"], row["value"]) == ("2024-03-01", last)
    assert later.models[0].series.covariates[-3:].tolist() == [[0.0], [1.0], [1.0]]


def test_a_row_without_a_value_between_others_is_named(
    studio: Studio, forecaster: Forecaster, tmp_path: Path
) -> None:
    path = tmp_path / "newer.csv"
    path.write_text(PLAIN.replace("1234,0", ",0"), encoding="utf-8")

    with pytest.raises(DataError, match="2024-01-01 has no value in series 'Süd'"):
        studio.forecasts.observe(forecaster, path)
