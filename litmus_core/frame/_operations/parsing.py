"""Operations that parse numbers and dates from text, and build dates from numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Operation
from litmus_core.frame._values.moments import from_microseconds, to_microseconds
from litmus_core.frame._values.text_parsing import ISO, check_one_shape, moment_reader, number_or_missing

_NAT = np.datetime64("NaT", "us")
_EPOCH = datetime(1970, 1, 1)
_MOST_US = 9.2e15  # microseconds that pandas holds before and after 1970; moments beyond are missing


def _numbers(texts: list[str | None], read: Callable[[Any], float]) -> Any:
    return np.array([read(text) for text in texts], dtype=np.float64)


def _pandas_numbers(texts: Any) -> Any:
    import pandas as pd

    return pd.to_numeric(texts, errors="coerce").astype("float64")


def _moments(texts: list[str | None], read: Callable[[Any], float], one_shape: bool) -> Any:
    if one_shape:
        check_one_shape(texts)
    return from_microseconds([read(text) for text in texts])


def _read_moment(*, form: str, coerces: bool) -> Mapping[str, Any]:
    return {"read": moment_reader(form, coerces=coerces), "one_shape": form == ISO}


def _pandas_moments(texts: Any, *, form: str, coerces: bool) -> Any:
    read = moment_reader(form, coerces=coerces)
    return texts.map(lambda text: np.datetime64(int(us), "us") if (us := read(text)) == us else _NAT).astype(
        "datetime64[us]"
    )


def _whole(us: Any) -> Any:
    """Return microseconds as whole numbers, and where they are missing."""
    missing = ~(np.abs(us) < _MOST_US)
    return np.where(missing, 0, us).astype(np.int64), missing


def _moved(when: Any, us: Any) -> Any:
    integers, missing = _whole(us)
    return np.where(missing, _NAT, when + integers.astype("timedelta64[us]"))


def _pandas_moved(when: Any, us: Any) -> Any:
    import pandas as pd

    return (when + pd.to_timedelta(us, unit="us")).astype("datetime64[us]")


def _moved_one(when: Any, us: float) -> Any:
    return when + int(us) if when == when and abs(us) < _MOST_US else math.nan


def _as_moments(numbers: Any, *, unit_us: float) -> Any:
    integers, missing = _whole(numbers * unit_us)
    return np.where(missing, _NAT, integers.astype("datetime64[us]"))


def _as_moment(number: float, *, unit_us: float) -> float:
    return int(number * unit_us) if abs(number * unit_us) < _MOST_US else math.nan


def _date_us(year: float, month: float, day: float) -> float:
    try:
        return (datetime(int(year), int(month), int(day)) - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return math.nan


def _dates(year: Any, month: Any, day: Any) -> Any:
    parts = np.broadcast_arrays(year, month, day)
    return from_microseconds(list(map(_date_us, *(part.tolist() for part in parts))))


def _pandas_dates(year: Any, month: Any, day: Any) -> Any:
    import pandas as pd

    parts = {"year": year, "month": month, "day": day}
    return pd.to_datetime(pd.DataFrame(parts), errors="coerce").astype("datetime64[us]")


def _floored(when: Any, us: int) -> Any:
    integers = when.astype(np.int64)
    return np.where(np.isnat(when), _NAT, (integers - integers % us).astype("datetime64[us]"))


def _spelled(us: float, form: str) -> str | None:
    return None if us != us else (_EPOCH + timedelta(microseconds=us)).strftime(form)


PARSING_OPERATIONS = (
    Operation(
        name="text as number or missing",
        input_types=("text",),
        gives="number",
        record="{read}({0})",
        columns=_numbers,
        pandas=_pandas_numbers,
        bind=lambda: {"read": number_or_missing},
    ),
    Operation(
        name="text as moment",
        input_types=("text",),
        gives="moment",
        record="{read}({0})",
        columns=_moments,
        pandas=_pandas_moments,
        bind=_read_moment,
    ),
    Operation(
        name="moved moment",
        input_types=("moment", "number"),
        gives="moment",
        record="{move}({0}, {1})",
        columns=lambda when, us, move: _moved(when, us),
        pandas=_pandas_moved,
        bind=lambda: {"move": _moved_one},
    ),
    Operation(
        name="where moment",
        input_types=("moment", "flag", "moment"),
        gives="moment",
        record="{0} if {1} else {2}",
        columns=lambda when, mask, other: np.where(mask, when, other),
        pandas=lambda when, mask, other: when.where(mask, other),
    ),
    Operation(
        name="number as moment",
        input_types=("number",),
        gives="moment",
        record="{read}({0})",
        columns=lambda numbers, read, unit_us: _as_moments(numbers, unit_us=unit_us),
        pandas=lambda numbers, unit_us: (numbers * unit_us // 1).astype("datetime64[us]"),
        bind=lambda unit_us: {"read": partial(_as_moment, unit_us=unit_us), "unit_us": unit_us},
    ),
    Operation(
        name="date of parts",
        input_types=("number", "number", "number"),
        gives="moment",
        record="{date}({0}, {1}, {2})",
        columns=lambda year, month, day, date: _dates(year, month, day),
        pandas=_pandas_dates,
        bind=lambda: {"date": _date_us},
    ),
    Operation(
        name="floored moment",
        input_types=("moment",),
        gives="moment",
        record="{0} - {0} % {us}",
        columns=_floored,
        pandas=lambda when, us: when.dt.floor(f"{us}us"),
    ),
    Operation(
        name="moment as text",
        input_types=("moment",),
        gives="text",
        record="{spell}({0}, {form})",
        columns=lambda when, form, spell: [spell(us, form) for us in to_microseconds(when)],
        pandas=lambda when, form: when.dt.strftime(form).astype(object),
        bind=lambda form: {"form": form, "spell": _spelled},
    ),
)
