"""The files that README and guides name, as a reader would have them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.data.workbooks import write_xlsx
from tests.guides.blocks import ROOT


def write_files(folder: Path) -> None:
    """Write the tables that the blocks name into ``folder``."""
    shop, later = _shop(240, seed=0), _shop(120, seed=1)
    for name in ("shop.csv", "orders.csv"):
        shop.to_csv(folder / name, index=False)
    for name in ("later.csv", "new_orders.csv", "rows.csv"):
        later.to_csv(folder / name, index=False)
    shop.rename(columns={"sold": "left"}).to_csv(folder / "churn.csv", index=False)
    shop.rename(columns={"price": "tip"}).to_parquet(folder / "taxi.parquet", index=False)
    (folder / "many-parquet-files").mkdir()
    for part in range(2):
        later.to_parquet(folder / "many-parquet-files" / f"{part}.parquet", index=False)
    _titles(200).to_csv(folder / "titles.csv", index=False)
    _prices(shop).to_csv(folder / "prices.csv", index=False)
    (folder / "listings").mkdir()
    listings = pd.DataFrame({"title": ["The Lamp!", None], "price": [3.0, 8.0], "brand": ["Öko", "Nah"]})
    listings.to_parquet(folder / "listings" / "0.parquet", index=False)
    _write_sales(folder)
    _units().to_csv(folder / "units.csv", index=False)
    _parts(200).to_csv(folder / "parts.csv", index=False)
    (folder / "sample_data").symlink_to(ROOT / "sample_data")


def _shop(n_rows: int, *, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    size = draw.normal(10, 3, n_rows).round(2)
    size[7] = 10_000.0  # somebody's slip
    colour = draw.choice(["red", "green", "blue"], n_rows)
    price = (20 + 3 * np.minimum(size, 20) + 5 * (colour == "red") + draw.normal(0, 2, n_rows)).round(2)
    wanted = price - 50 + draw.normal(0, 6, n_rows)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 365, n_rows), unit="D")
    return pd.DataFrame(
        {
            "size": size,
            "colour": colour,
            "currency": "EUR",
            "day": days.strftime("%Y-%m-%d"),
            "price": price,
            "profit": (price - 50).round(2),
            "sold": np.where(wanted > 0, "yes", "no"),
            "bought": np.where(wanted > 5, "yes", "no"),
        }
    )


def _titles(n_rows: int) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    words = {"Fridges": ["cooling", "freezer", "litres"], "Lamps": ["light", "bulb", "shade"]}
    kinds = draw.choice(list(words), n_rows)
    others = ["white", "new", "large"]
    titles = [
        " ".join([draw.choice(words[kind]), *draw.choice([*words[kind], *others], 4)]) for kind in kinds
    ]
    return pd.DataFrame({"title": titles, "Category": kinds, "category": kinds})


def _prices(shop: pd.DataFrame) -> pd.DataFrame:
    listed = (shop["price"] / 0.9 + np.random.default_rng(3).normal(0, 2, len(shop))).round(2)
    return shop[["size", "colour", "price"]].assign(**{"list price": listed})


def _parts(n_rows: int) -> pd.DataFrame:
    """Return parts with two tags that hang on age and load, a tag that occurs once, and two numbers."""
    draw = np.random.default_rng(6)
    age, load = draw.uniform(0, 10, n_rows).round(2), draw.uniform(0, 5, n_rows).round(2)
    worn, loud = age + draw.normal(0, 1, n_rows) > 6, load + draw.normal(0, 1, n_rows) > 3
    tags = [", ".join(np.array(["worn", "loud"])[list(pair)]) for pair in zip(worn, loud, strict=True)]
    tags[3] = "lost"
    weight = (50 - age + draw.normal(0, 1, n_rows)).round(2)
    heat = (20 + 8 * load + draw.normal(0, 4, n_rows)).round(2)
    return pd.DataFrame({"age": age, "load": load, "weight": weight, "heat": heat, "tags": tags})


def _units() -> pd.DataFrame:
    """Return what two shops sold in 40 quarters."""
    draw, quarters = np.random.default_rng(5), pd.date_range("2016-01-01", periods=40, freq="QS")
    seasons = np.tile([90.0, 110.0, 100.0, 140.0], 10) + np.arange(40)
    shops = [
        pd.DataFrame({"shop": shop, "quarter": quarters.strftime("%Y-%m-%d"), "units": size * seasons})
        for shop, size in (("north", 1.0), ("south", 0.6))
    ]
    units = pd.concat(shops, ignore_index=True)
    return units.assign(units=(units["units"] + draw.normal(0, 4, len(units))).round())


def _write_sales(folder: Path) -> None:
    """Write a table as Germans write it: as text, and in a workbook below a title."""
    draw = np.random.default_rng(4)
    days = ["01/01/2020", "02/06/2020", "03/11/2020", "04/04/2020", "05/09/2020", "06/02/2020", "31/12/2020"]
    prices = ["1,5", *(f"{each:.2f}".replace(".", ",") for each in draw.uniform(1, 90, 999))]
    products, pieces = draw.choice(["lamp", "chair", "table"], 1_000), draw.integers(1, 9, 1_000)
    days += [f"{day:02d}/{month:02d}/2021" for day, month in draw.integers(1, [29, 13], (993, 2))]
    names = ["order", "day", "product", "price", "pieces"]
    orders = [f"A{number}" for number in range(1, 1_001)]
    rows = list(zip(orders, days, products, prices, map(str, pieces), strict=True))
    text = "\n".join(";".join(row) for row in (names, *rows))
    (folder / "sales.csv").write_text(f"{text}\n")
    cells = [(row[0], row[2], int(row[4])) for row in rows[:100]]
    write_xlsx(
        folder / "sales.xlsx", {"Sales": [["Sales of 2021"], [], ["order", "product", "pieces"], *cells]}
    )
