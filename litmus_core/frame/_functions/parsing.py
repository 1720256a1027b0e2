"""``to_numeric``, ``to_datetime`` and ``to_timedelta`` of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.frame._graph import apply, is_all_missing
from litmus_core.frame._series.dates import Span
from litmus_core.frame._series.durations import unit_us
from litmus_core.frame._series.operands import as_number
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import no_options, untraceable
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._values.text_parsing import ANY_ISO, ISO

_PARTS = ("year", "month", "day")


def to_numeric(arg: Any, errors: str = "raise", **options: Any) -> Any:
    """Return texts as numbers, as ``pandas.to_numeric``; with ``errors="coerce"`` others become missing.

    >>> from litmus_core.frame import ScalableDataFrame
    >>> frame = ScalableDataFrame([{"size": "3"}, {"size": "big"}])
    >>> frame["size"] = to_numeric(frame["size"], errors="coerce")
    >>> frame.collect()
    [{'size': 3.0}, {'size': nan}]
    """
    if not isinstance(arg, ScalableSeries):
        import pandas as pd

        return pd.to_numeric(arg, errors=errors, **options)  # type: ignore[call-overload]
    no_options("to_numeric", options)
    if errors not in ("raise", "coerce"):
        raise untraceable(f"to_numeric(…, errors={errors!r})", "Say errors='coerce'.")
    if arg.node.dtype != "text":
        return ScalableSeries(as_number(arg.node))
    if errors == "raise":
        return arg.astype(float)
    return ScalableSeries(apply("text as number or missing", arg.node))


def to_datetime(arg: Any, errors: str = "raise", **options: Any) -> Any:
    """Return texts, numbers (with ``unit``) or a frame of year, month and day as dates.

    ``format`` is strptime's, or "ISO8601". Without a format it reads dates such as 2024-12-31, with or
    without a time. It refuses texts that may be other dates; pandas guesses by the first row.

    >>> from litmus_core.frame import ScalableDataFrame
    >>> frame = ScalableDataFrame([{"sold": "31.12.2024"}])
    >>> to_datetime(frame["sold"], format="%d.%m.%Y").dt.year
    ScalableSeries of numbers: collect() of its frame computes it
    """
    if isinstance(arg, Mapping) and any(isinstance(one, ScalableSeries) for one in arg.values()):
        arg = _frame_of(arg)
    if not isinstance(arg, ScalableSeries | SymbolicDataFrame):
        import pandas as pd

        return pd.to_datetime(arg, errors=errors, **options)  # type: ignore[call-overload]
    if errors not in ("raise", "coerce"):
        raise untraceable(f"to_datetime(…, errors={errors!r})", "Say errors='coerce'.")
    form, unit = options.pop("format", None), options.pop("unit", None)
    options.pop("utc", None) if options.get("utc") is False else None
    options.pop("infer_datetime_format", None)
    no_options("to_datetime", options)
    if isinstance(arg, SymbolicDataFrame):
        return _of_parts(arg)
    if arg.node.dtype == "moment" or is_all_missing(arg.node):
        return arg
    if arg.node.dtype == "text":
        return ScalableSeries(
            apply("text as moment", arg.node, form=_format_of(form), coerces=errors == "coerce")
        )
    if form is not None or unit is None:
        raise untraceable(
            "to_datetime of numbers without a unit", "Say unit='s', or make texts of them for a format."
        )
    return ScalableSeries(
        apply("number as moment", as_number(arg.node), unit_us=unit_us(unit, "to_datetime"))
    )


def to_timedelta(arg: Any, unit: Any = None, **options: Any) -> Any:
    """Return numbers as durations, which can be added to dates."""
    if not isinstance(arg, ScalableSeries):
        import pandas as pd

        return pd.to_timedelta(arg, unit, **options)
    no_options("to_timedelta", options)
    scale = apply("constant", value=unit_us(unit, "to_timedelta"))
    return Span(apply("multiply", as_number(arg.node), scale), ScalableSeries)


def _format_of(form: Any) -> str:
    if form is None:
        return ISO
    if form == ANY_ISO or (isinstance(form, str) and "%" in form and "%z" not in form and "%Z" not in form):
        return str(form)
    raise untraceable(
        f"to_datetime(…, format={form!r})", "Say a format of strptime without a zone, or 'ISO8601'."
    )


def _frame_of(columns: Mapping[str, Any]) -> SymbolicDataFrame:
    first = next(one for one in columns.values() if isinstance(one, ScalableSeries))
    frame = SymbolicDataFrame({"": first})
    for name, one in columns.items():
        frame[name] = one
    return frame[list(columns)]  # type: ignore[no-any-return]


def _of_parts(frame: SymbolicDataFrame) -> ScalableSeries:
    if set(frame.nodes) != set(_PARTS):
        raise untraceable("to_datetime of a frame with other columns", "Call them year, month and day.")
    return ScalableSeries(apply("date of parts", *(as_number(frame[name].node) for name in _PARTS)))
