"""Properties of a column's DuckDB type, so that no code compares the names of types."""

from __future__ import annotations

from dataclasses import dataclass


class HasStorage:
    """An object whose ``storage`` is the DuckDB type of a column of Litmus's own tables."""

    __slots__ = ()
    storage: str

    @property
    def stores_numbers(self) -> bool:
        """Whether it stores numbers, whole or not."""
        return self.storage in ("BIGINT", "DOUBLE")

    @property
    def stores_whole_numbers(self) -> bool:
        """Whether it stores whole numbers only."""
        return self.storage == "BIGINT"

    @property
    def stores_fractions(self) -> bool:
        """Whether it stores numbers that need not be whole."""
        return self.storage == "DOUBLE"

    @property
    def stores_text(self) -> bool:
        """Whether it stores text."""
        return self.storage == "VARCHAR"

    @property
    def stores_times(self) -> bool:
        """Whether it stores dates and times."""
        return self.storage == "TIMESTAMP"

    @property
    def stores_truths(self) -> bool:
        """Whether it stores yes or no."""
        return self.storage == "BOOLEAN"

    def stores_like(self, other: HasStorage) -> bool:
        """Return whether both store the same type, or numbers of any type."""
        return self.storage == other.storage or (self.stores_numbers and other.stores_numbers)


@dataclass(frozen=True, slots=True)
class StoredType(HasStorage):
    """A DuckDB type by itself: ``StoredType("BIGINT").stores_numbers``."""

    storage: str
