"""Columns of a table: names, storage types and kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from litmus_core.types._column_kinds import COLUMN_KINDS, ColumnKind, KindName
from litmus_core.types._storage import HasStorage

_UNIT = re.compile(r"\bunit (?P<unit>[^;]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(HasStorage):
    """One column of a data set version.

    ``name`` is trimmed and unique within the table; ``original_name`` is the name in the file.
    ``storage`` is the DuckDB type in the Parquet file (``BIGINT``, ``DOUBLE``, ``VARCHAR``,
    ``TIMESTAMP``, ``BOOLEAN``); ``kind`` is how Litmus interprets the column. ``written_as`` is the format of
    dates or numbers in a text file, if not ISO or plain: a strptime format
    (``%d/%m/%Y``, ``%d %b %Y with German months``), ``thousands`` (1,234.5), ``decimal comma`` (1.234,5),
    ``thousands by spaces`` (1 234.5), ``decimal comma, thousands by spaces`` (1 234,5) or
    ``thousands by apostrophes`` (1'234.5). A unit follows
    it, or stands alone: ``thousands; unit $``, ``unit %``, ``unit km``, ``unit ()`` (negatives in brackets).
    Texts that are all whole numbers are ``codes``, or ``codes of 5 digits``, some of which begin with a 0.
    ``lists`` are texts that lists, or objects within objects, became.

    Fixes of the table hold for rows to score, too: ``replaced`` are pairs of texts (before, after), after is
    None for what became missing, and both are equal for a text that only has other spellings. ``tidied`` are
    texts that are ``trimmed``, or ``folded``: trimmed, and found in ``replaced`` whatever their case.
    """

    name: str
    original_name: str
    kind: KindName
    storage: str
    n_missing: int = 0
    n_distinct: int = 0
    examples: tuple[str, ...] = ()
    written_as: str = ""
    replaced: tuple[tuple[str, str | None], ...] = ()
    tidied: Literal["", "trimmed", "folded"] = ""

    @property
    def traits(self) -> ColumnKind:
        """The traits of its kind."""
        return COLUMN_KINDS[self.kind]

    @property
    def unit(self) -> str:
        """The unit of its numbers, such as a currency; "" if the file wrote none.

        >>> from dataclasses import replace
        >>> price = Column(name="price", original_name="price", kind="money", storage="DOUBLE")
        >>> price.unit, replace(price, written_as="thousands; unit EUR").unit
        ('', 'EUR')
        """
        unit = _UNIT.search(self.written_as)
        return unit["unit"].strip() if unit and unit["unit"] != "()" else ""
