"""Column kinds: what a column means, and how Litmus treats it. Add a new kind here.

A column stores the name of its kind; :attr:`Column.traits` is the object. Code that treats columns
differently asks that object and never compares names: ``scripts/check_kinds.py`` refuses that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from litmus_core.types._currencies import CURRENCY_CODES, CURRENCY_SYMBOLS

KindName = Literal["number", "money", "percent", "date", "category", "place", "text", "id", "boolean"]
Role = Literal["quantity", "moment", "truth", "vocabulary", "prose", "identifier"]
Reading = Literal["number", "boolean", "date", "text"]
Encoding = Literal["number", "boolean", "category", "date", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnKind:
    """What Litmus takes a column to mean.

    ``role`` decides how checks, summaries, charts and forms treat it: a quantity has means and ranges, a
    moment lies in time, a truth is yes or no, a vocabulary has few words that recur, prose is free text, an
    identifier names the row. ``reads`` is the type of one value in a row, a file or a frame. ``encoder``
    encodes it for models, and ``number_encoder`` does where the column stores numbers. ``label`` is the name
    that people read; ``asks_for`` and ``example`` are parts of the error about an unreadable value.
    ``storage`` is DuckDB's type for a column declared as this kind; ``json_schema`` describes a value to
    users of the API. A column of numbers that a file wrote with one of the ``units`` is of this kind.
    ``general`` is the more general kind: money is a case of number. A kind that ``recurs`` names the same few
    things again and again: a model will see them again in production.
    """

    name: KindName
    label: str
    role: Role
    reads: Reading
    encoder: Encoding
    storage: str
    asks_for: str
    json_schema: Mapping[str, Any]
    example: str = ""
    number_encoder: Encoding | None = None
    units: frozenset[str] = frozenset()
    general: KindName | None = None
    recurs: bool = False

    def is_a(self, name: KindName) -> bool:
        """Return whether this is the kind called ``name``, or a special case of it."""
        return name in (self.name, self.general)

    @property
    def is_quantity(self) -> bool:
        """Whether its values are amounts: they can be averaged, multiplied and cut into ranges."""
        return self.role == "quantity"

    @property
    def is_moment(self) -> bool:
        """Whether its values lie in time."""
        return self.role == "moment"

    @property
    def is_truth(self) -> bool:
        """Whether its values are yes or no."""
        return self.role == "truth"

    @property
    def is_vocabulary(self) -> bool:
        """Whether its values are few words that recur."""
        return self.role == "vocabulary"

    @property
    def is_prose(self) -> bool:
        """Whether its values are free text."""
        return self.role == "prose"

    @property
    def is_identifier(self) -> bool:
        """Whether its values only name the row."""
        return self.role == "identifier"

    @property
    def is_ordered(self) -> bool:
        """Whether its values have an order: amounts and moments."""
        return self.role in ("quantity", "moment")

    @property
    def is_choice(self) -> bool:
        """Whether its values are few and recur."""
        return self.role in ("vocabulary", "truth")

    @property
    def is_name(self) -> bool:
        """Whether its values are names: of few things, or of each row."""
        return self.role in ("vocabulary", "identifier")


_TEXT = {"type": ["string", "number", "null"]}

_ALL = (
    ColumnKind(
        name="number",
        label="number",
        role="quantity",
        reads="number",
        encoder="number",
        storage="DOUBLE",
        asks_for="a number",
        json_schema={"type": ["number", "string", "null"]},
    ),
    ColumnKind(
        name="money",
        label="money",
        role="quantity",
        reads="number",
        encoder="number",
        storage="DOUBLE",
        asks_for="an amount of money",
        json_schema={"type": ["number", "string", "null"], "description": "An amount, without its currency."},
        units=frozenset({*CURRENCY_CODES, *CURRENCY_SYMBOLS}),
        general="number",
    ),
    ColumnKind(
        name="percent",
        label="percent",
        role="quantity",
        reads="number",
        encoder="number",
        storage="DOUBLE",
        asks_for="a percentage",
        json_schema={"type": ["number", "string", "null"], "description": "25 for 25 %."},
        units=frozenset({"%"}),
        general="number",
    ),
    ColumnKind(
        name="category",
        label="category",
        role="vocabulary",
        reads="text",
        encoder="category",
        storage="VARCHAR",
        asks_for="text",
        json_schema=_TEXT,
    ),
    ColumnKind(
        name="place",
        label="place",
        role="vocabulary",
        recurs=True,
        reads="text",
        encoder="category",
        storage="VARCHAR",
        asks_for="text",
        json_schema=_TEXT,
        general="category",
    ),
    ColumnKind(
        name="text",
        label="text",
        role="prose",
        reads="text",
        encoder="text",
        storage="VARCHAR",
        asks_for="text",
        json_schema=_TEXT,
    ),
    ColumnKind(
        name="date",
        label="date",
        role="moment",
        reads="date",
        encoder="date",
        storage="TIMESTAMP",
        asks_for="a date",
        example=' like "2024-12-31" or "2024-12-31T18:30:00"',
        json_schema={
            "type": ["string", "null"],
            "description": "ISO 8601, such as 2024-12-31T18:30:00.",
        },
    ),
    ColumnKind(
        name="boolean",
        label="yes or no",
        role="truth",
        reads="boolean",
        encoder="boolean",
        storage="BOOLEAN",
        asks_for="true or false",
        json_schema={"type": ["boolean", "string", "number", "null"]},
    ),
    ColumnKind(
        name="id",
        label="ID",
        role="identifier",
        reads="text",
        encoder="category",
        number_encoder="number",
        storage="VARCHAR",
        asks_for="text",
        json_schema=_TEXT,
    ),
)
COLUMN_KINDS: Mapping[str, ColumnKind] = {kind.name: kind for kind in _ALL}
KIND_NAMES: tuple[KindName, ...] = get_args(KindName)
