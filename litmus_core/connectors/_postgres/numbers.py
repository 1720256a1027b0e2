"""Numerics, which the driver returns as texts: stored as decimals if these hold all digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

_MOST_DIGITS = 38  # of a decimal in 16 bytes
_SURE_DIGITS = 15  # of any decimal that a float holds


class ExactNumbers:
    """Counts the digits of numeric columns batch by batch, then converts the columns."""

    def __init__(self, places: Sequence[int]) -> None:
        self._integer = dict.fromkeys(places, 1)
        self._fraction = dict.fromkeys(places, 0)
        self._special: set[int] = set()

    def count_digits(self, arrays: list[Any]) -> list[Any]:
        """Count the digits of the arrays' numbers; return the arrays unchanged."""
        import pyarrow.compute as pc

        for place in self._integer:
            texts = pc.utf8_ltrim(arrays[place], "-")
            parts = pc.extract_regex(texts, r"^(?P<integer>[0-9]+)(?:\.(?P<fraction>[0-9]+))?$")
            if parts.null_count > texts.null_count:  # NaN, Infinity
                self._special.add(place)
            for counted, index in ((self._integer, 0), (self._fraction, 1)):
                n_digits = pc.max(pc.utf8_length(pc.struct_field(parts, index))).as_py()
                counted[place] = max(counted[place], n_digits or 0)
        return arrays

    def retype(self, file: Path) -> None:
        """Rewrite ``file`` with numbers in place of the columns' texts."""
        import pyarrow.parquet as pq

        if not self._integer:
            return
        texts, typed = pq.ParquetFile(file), file.with_name(f"{file.name}.typed")
        schema = texts.schema_arrow
        for place in self._integer:
            schema = schema.set(place, schema.field(place).with_type(self._type(place)))
        with texts, pq.ParquetWriter(typed, schema) as writer:
            for group in range(texts.num_row_groups):
                writer.write_table(texts.read_row_group(group).cast(schema))
        typed.replace(file)

    def rounded(self) -> list[int]:
        """Return the positions of columns whose numbers lose digits."""
        return [
            place for place in self._integer if self._is_real(place) and self._n_digits(place) > _SURE_DIGITS
        ]

    def _type(self, place: int) -> Any:
        import pyarrow as pa

        if self._is_real(place):
            return pa.float64()
        return pa.decimal128(self._n_digits(place), self._fraction[place])

    def _is_real(self, place: int) -> bool:
        return place in self._special or self._n_digits(place) > _MOST_DIGITS

    def _n_digits(self, place: int) -> int:
        return self._integer[place] + self._fraction[place]
