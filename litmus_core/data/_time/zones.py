"""The zone that a column's times were written in, before they became UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from litmus_core.data._types.dates.formats import ISO_ZONED
from litmus_core.types import Detected

if TYPE_CHECKING:
    import duckdb

    from litmus_core.data._rows.wide_tables import WideCells
    from litmus_core.data._types.typed_column import Typed

_LIKELY = ("Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago",
           "America/Denver", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland")  # fmt: skip
_OFFSET = r"(?:z|utc|[+-]\d{2}(?::?\d{2})?)$"
_UTC = "UTC"
_SEVERAL = "several"


def written_zones(
    connection: duckdb.DuckDBPyConnection, cells: str | WideCells, columns: Iterable[tuple[str, Typed]]
) -> Iterator[Detected]:
    """Yield the zone of each of some named columns of texts (``cells``) that became UTC."""
    for name, column in columns:
        if column.form == ISO_ZONED and column.cells:
            yield from _detected(name, _zone(_offsets(connection, cells, column)))


def named_zones(source: Path) -> Iterator[Detected]:
    """Yield the zones that a Parquet file names for its columns."""
    import pyarrow.parquet as pq

    for field in pq.read_schema(source):
        yield from _detected(field.name, getattr(field.type, "tz", None) or _UTC)


def zone_notes(detected: Iterable[Detected]) -> Iterator[str]:
    """Yield the note on each column whose times became UTC, so that a day may be another one."""
    for item in detected:
        if item.option == "zone":
            zone = "several zones" if item.value == _SEVERAL else f"the zone {item.value}"
            yield f"Times of '{item.column}' were in {zone} and became UTC: days and hours may be other ones."


def _detected(column: str, zone: str) -> Iterator[Detected]:
    if zone != _UTC:
        yield Detected(option="zone", value=zone, why=f"times of '{column}' became UTC", column=column)


def _offsets(
    connection: duckdb.DuckDBPyConnection, cells: str | WideCells, column: Typed
) -> list[tuple[str, datetime, datetime]]:
    """Return the offsets of a column of texts, month by month, with the first and the last moment of each."""
    offset = f"regexp_extract(lower(trim({column.cells})), '{_OFFSET}')"

    def select(texts: str) -> str:
        return (
            f"SELECT zone, min(moment), max(moment) FROM (SELECT {offset} AS zone, "  # noqa: S608
            f"{column.expression} AS moment FROM {texts}) WHERE moment IS NOT NULL "
            "GROUP BY zone, date_trunc('month', moment)"
        )

    if isinstance(cells, str):
        return connection.execute(select(cells)).fetchall()
    zoned_column = cells.one_column(column.cells)  # DuckDB reads the variable by its name
    rows = connection.execute(select("zoned_column")).fetchall()
    del zoned_column
    return rows


def _zone(offsets: list[tuple[str, datetime, datetime]]) -> str:
    """Return the zone whose clocks show these offsets at these moments."""
    seconds = {text: _seconds(text) for text, _, _ in offsets}
    if len(set(seconds.values())) == 1:
        text, ahead = next(iter(seconds.items()))
        return f"{text[0]}{abs(ahead) // 3600:02d}:{abs(ahead) // 60 % 60:02d}" if ahead else _UTC
    moments = [(moment, seconds[text]) for text, *ends in offsets for moment in ends]
    return next((name for name in _candidates() if _shows(ZoneInfo(name), moments)), _SEVERAL)


def _candidates() -> Iterable[str]:
    yield from (name for name in _LIKELY if name in available_timezones())
    yield from sorted(available_timezones() - set(_LIKELY))


def _shows(zone: ZoneInfo, moments: Iterable[tuple[datetime, int]]) -> bool:
    """Whether a zone's clocks are as far ahead of UTC at each moment."""
    for moment, ahead in moments:
        local = zone.fromutc(moment.replace(tzinfo=zone))
        offset = local.utcoffset()
        if offset is None or offset.total_seconds() != ahead:
            return False
    return True


def _seconds(offset: str) -> int:
    digits = re.sub(r"\D", "", offset).ljust(4, "0")
    return (-1 if offset.startswith("-") else 1) * (int(digits[:2]) * 3600 + int(digits[2:4]) * 60)
