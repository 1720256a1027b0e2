"""Raw columns of every kind, and a moment, for tests of pandas-shaped code."""

from __future__ import annotations

import pandas as pd

from tests.frame.nasty import column

SIZE, PRICE = column("size", "number", "DOUBLE"), column("price", "number", "FLOAT")
TITLE, PLACE = column("title", "text", "VARCHAR"), column("place", "category", "VARCHAR")
WHEN, SEEN = column("when", "date", "TIMESTAMP"), column("seen", "date", "TIMESTAMP")
SOLD, LEVEL = column("sold", "boolean", "BOOLEAN"), column("level", "category", "BIGINT")
COLUMNS = (SIZE, PRICE, TITLE, PLACE, WHEN, SEEN, SOLD, LEVEL)
FIRST = pd.Timestamp("2024-02-29T12:30:00")
