"""PostgreSQL's types: how each one is read, and notes on those that are not kept unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_UNCHANGED = {
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "bool",
    "text",
    "varchar",
    "name",
    "numeric",
}
_UNSIGNED = {"oid": "{}::int8"}  # unsigned there: the driver would read it as signed
_MOMENTS = {"date", "timestamp", "timestamptz"}
# Read as texts without any loss, so without a note.
_TEXTS = {
    "bpchar": "rtrim({})",
    "uuid": "{}::text",
    "citext": "{}::text",
    '"char"': "{}::text",
    "inet": "abbrev({})",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumn:
    """A column: the SQL of its values with ``{}`` for its name (None: it is left out), and a note."""

    name: str
    sql: str | None
    note: str = ""
    is_numeric: bool = False
    may_be_infinite: bool = False


def columns_of(schema: Any) -> list[SourceColumn]:
    """Return how each column of an ADBC schema is read."""
    return [_column(field.name, _type_of(field)) for field in schema]


def _type_of(field: Any) -> str:
    metadata: dict[bytes, bytes] = field.metadata or {}
    return metadata.get(b"POSTGRESQL:type", b"").decode()


def _column(name: str, type_name: str) -> SourceColumn:
    if type_name in _UNCHANGED:
        return SourceColumn(name=name, sql="{}", is_numeric=type_name == "numeric")
    if type_name in _UNSIGNED:
        return SourceColumn(name=name, sql=_UNSIGNED[type_name])
    if type_name in _MOMENTS:
        return SourceColumn(name=name, sql="CASE WHEN isfinite({0}) THEN {0} END", may_be_infinite=True)
    if type_name in _TEXTS:
        return SourceColumn(name=name, sql=_TEXTS[type_name])
    if type_name == "money":
        return SourceColumn(name=name, sql="{}::numeric", is_numeric=True)
    if type_name == "interval":
        return SourceColumn(
            name=name, sql="extract(epoch FROM {})::float8", note=f"Intervals in '{name}' are seconds."
        )
    if type_name == "bytea":
        return SourceColumn(name=name, sql=None, note=f"'{name}' holds binary data and was left out.")
    return SourceColumn(name=name, sql="{}::text", note=_texts_note(name, type_name))


def _texts_note(name: str, type_name: str) -> str:
    if type_name.startswith("_"):
        return f"Arrays in '{name}' were kept as texts."
    if type_name in ("json", "jsonb"):
        return f"JSON in '{name}' was kept as texts: select its fields in a query to have columns of them."
    return ""
