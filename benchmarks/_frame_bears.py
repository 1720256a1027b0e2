"""The same pre-processing in bears, by a Python that has it: PYTHON benchmarks/_frame_bears.py ROWS.parquet.

bears 0.1.6 has no ``.str`` and no ``.dt`` in any layout, and no ``np.log1p`` of a column where rows are
dicts: code for pandas does not run. So it gets one function of a row for its ``apply``, made of Python's
``str`` and ``re``. Prints seconds by layout, those of pandas in the same environment beside them, as JSON;
what they make is compared first.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import bears
import pandas as pd
from _frame_code import STOP_WORDS, Listings

_LAYOUTS = ("LIST_OF_DICT", "DICT", "PANDAS")
_MOST_S = 2.0


def of_row(pre: Listings, row: Any) -> dict[str, Any]:
    """Return what a fitted ``pre`` makes of one row."""
    title, about, listed = row["title"], row["about"], pd.Timestamp(row["listed"])
    text = None
    if isinstance(title, str) and isinstance(about, str):
        text = " ".join(re.sub(STOP_WORDS, "", f"{_clean(title)} {_clean(about)}").split())[:80]
    known = isinstance(title, str)
    dated = listed is not pd.NaT
    return {
        "price": (_log1p(pre, row["price"]) - pre.mean_) / pre.std_,
        "text": text,
        "n_letters": math.nan if text is None else len(text),
        "n_words": math.nan if text is None else len(text.split()),
        "n_digits": len(re.findall(r"\d", title)) if known else math.nan,
        "n_marks": title.count("!") if known else math.nan,
        "year": listed.year if dated else math.nan,
        "month": listed.month if dated else math.nan,
        "weekday": listed.weekday() if dated else math.nan,
        "hour": listed.hour if dated else math.nan,
        "weight": (_filled(row["weight"], pre.weight_) - pre.weight_mean_) / pre.weight_std_,
        "brand": pre.brands_.get(row["brand"], -1),
        "colour": pre.colours_.get(row["colour"], -1),
    }


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def _filled(value: Any, middle: float) -> float:
    return middle if value is None or value != value else float(value)


def _log1p(pre: Listings, value: Any) -> float:
    return math.log1p(min(max(_filled(value, pre.price_), 0.0), 1000.0))


def calls(rows: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """Return what is timed, by layout, once all have given what pandas gives."""
    pre = Listings().fit(rows)
    expected = pre.transform(rows)
    found: dict[str, Callable[[], Any]] = {"pandas itself": lambda: pre.transform(rows)}
    for layout in _LAYOUTS:
        given = rows.to_dict("records") if layout == "LIST_OF_DICT" else rows
        frame = bears.ScalableDataFrame.of(given, layout=bears.constants.DataLayout[layout])

        def call(frame: Any = frame) -> Any:
            return frame.apply(lambda row: of_row(pre, row), axis=1)

        made = call()
        listed = made.to_list() if layout == "PANDAS" else made.to_list_of_dict()
        pd.testing.assert_frame_equal(
            pd.DataFrame(listed)[list(expected)].where(lambda each: each.notna()),
            expected,
            check_dtype=False,
            rtol=1e-9,
        )
        found[layout] = call
    return found


def seconds(call: Callable[[], Any]) -> float:
    """Return the median of several runs, the first not counted."""
    call()
    taken: list[float] = []
    while not taken or (sum(taken) < _MOST_S and len(taken) < 100):
        started = perf_counter()
        call()
        taken.append(perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    table = pd.read_parquet(sys.argv[1])
    print(json.dumps({name: seconds(call) for name, call in calls(table).items()}))
