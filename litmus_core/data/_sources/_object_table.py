"""Objects as rows of a table: columns as they appear, numbers kept as numbers, the rest as texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._sources._staged import as_cell, check_width
from litmus_core.data._types.dates.formats import may_be_compact
from litmus_core.data._types.evidence import LARGEST
from litmus_core.data._types.numbers.lossy_values import undecoded_note

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_CELLS = 500_000
_FEWEST_ROWS = 100
_NONE = type(None)
_NESTED = frozenset((dict, list))
# A key of the object, or of a nested object: {"a.b": 1, "a": {"b": 2}} has two.
Key = str | tuple[str, str]


class ObjectTable:
    """Collects rows and writes them in batches to the folder ``spool``. Messages call the file ``name``.

    A column of numbers that a double represents exactly stays numeric: its cells need not be written as text
    and read again.
    """

    def __init__(self, spool: Path, *, name: str) -> None:
        self.n_rows = 0
        self._spool, self._name = spool, name
        self._places: dict[Key, int] = {}
        self._n_filled: Counter[int] = Counter()
        self._n_undecoded: Counter[int] = Counter()
        self._kinds: set[str] = set()
        self._keys: list[Key] = []
        self._layout: list[int] = []
        self._rows: list[tuple[list[int], list[Any]]] = []
        self._spooled: list[Path] = []
        self._numbers: dict[int, _Range] = {}
        self._texts: set[int] = set()
        self._lists: set[Key] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """The column names of the file; the column of a nested object has both keys."""
        return tuple(str(as_cell(_column_name(key))) for key in self._places)

    def add(self, row: dict[str, Any]) -> None:
        """Add the next object."""
        flat = self._flatten(row) if _NESTED.intersection(map(type, row.values())) else row
        if list(flat) != self._keys:
            self._keys = list(flat)
            self._layout = [self._places.setdefault(key, len(self._places)) for key in flat]
            check_width(len(self._places), name=self._name)
        self._rows.append((self._layout, list(flat.values())))
        self.n_rows += 1
        if len(self._rows) >= max(_FEWEST_ROWS, _BATCH_CELLS // max(1, len(self._places))):
            self._flush()

    def _flatten(self, row: dict[str, Any]) -> dict[Key, Any]:
        flat: dict[Key, Any] = {}
        for key, value in row.items():
            if isinstance(value, dict) and value:
                self._kinds.add("object")
                flat |= {(key, inner): deep for inner, deep in value.items()}
                self._lists.update((key, inner) for inner, deep in value.items() if type(deep) in _NESTED)
            else:
                if isinstance(value, list):
                    self._lists.add(key)
                flat[key] = None if value == {} else value
        return flat

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        arrays = [self._array(place, values) for place, values in self._columns()]
        path = self._spool / f"{len(self._spooled)}.arrow"
        table = pa.Table.from_arrays(arrays, names=[f"c{place}" for place in range(len(arrays))])
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
        self._spooled.append(path)
        self._rows = []

    def _columns(self) -> Iterator[tuple[int, Sequence[Any]]]:
        width = len(self._places)
        layouts = {id(layout): layout for layout, _ in self._rows}
        for layout in layouts.values():
            n_rows = sum(1 for other, _ in self._rows if other is layout)
            self._n_filled.update(dict.fromkeys(layout, n_rows))
        if len(layouts) == 1 and self._layout == list(range(width)):
            return enumerate(zip(*(values for _, values in self._rows), strict=True))
        full = []
        for layout, values in self._rows:
            row: list[Any] = [None] * width
            for place, value in zip(layout, values, strict=True):
                row[place] = value
            full.append(row)
        return enumerate(zip(*full, strict=True))

    def _array(self, place: int, values: Sequence[Any]) -> pa.Array:
        import pyarrow as pa

        kinds = set(map(type, values)) - {_NONE}
        if kinds and kinds <= {int, float} and place not in self._texts:
            numbers = _numbers(values, is_integer=float not in kinds)
            if numbers is not None and (bounds := _Range.of(numbers)) is not None:
                self._numbers[place] = bounds.merged(self._numbers.get(place))
                return numbers
        if kinds:
            self._texts.add(place)
        try:
            return pa.array(values if kinds <= {str} else list(map(as_cell, values)), pa.string())
        except UnicodeEncodeError:  # half of a surrogate pair
            cells = list(map(as_cell, values))
            self._n_undecoded[place] += sum(
                isinstance(value, str) and cell != value for cell, value in zip(cells, values, strict=True)
            )
            return pa.array(cells, pa.string())

    def write(self, staged: Path) -> tuple[str, ...]:
        """Write all rows to the Parquet file ``staged`` and return the columns' types.

        Texts have the type "", and lists, which are kept as texts, the type VARCHAR.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._flush()
        storages = tuple(
            "VARCHAR" if key in self._lists else self._storage(place, name)
            for (key, place), name in zip(self._places.items(), self.names, strict=True)
        )
        types = {"": pa.string(), "VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}
        schema = pa.schema([(f"c{place}", types[storage]) for place, storage in enumerate(storages)])
        with pq.ParquetWriter(staged, schema, compression="snappy", use_dictionary=False) as writer:
            for path in self._spooled:
                with pa.ipc.open_file(path) as file:
                    table = file.read_all()
                arrays = [_as_type(table, place, field.type) for place, field in enumerate(schema)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                path.unlink()
        return storages

    def _storage(self, place: int, name: str) -> str:
        numbers = self._numbers.get(place)
        if numbers is None or place in self._texts or may_be_compact(name):
            return ""
        if numbers.is_whole:
            return "BIGINT" if numbers.largest < LARGEST else ""
        return "DOUBLE"

    def notes(self) -> Iterator[str]:
        """Yield notes on what was flattened, what is missing in some rows, and invalid characters."""
        if "object" in self._kinds:
            inner = next((_column_name(key) for key in self._places if not isinstance(key, str)), "")
            yield f"Objects within objects became columns of their own, such as '{as_cell(inner)}'."
        if self._lists:
            yield "Lists were kept as texts."
        names = self.names
        gaps = [names[place] for place in range(len(names)) if self._n_filled[place] < self.n_rows]
        if gaps:
            shown = ", ".join(f"'{gap}'" for gap in gaps[:3])
            more = f" and {len(gaps) - 3:,} more" if len(gaps) > 3 else ""
            yield f"Some rows have no {shown}{more}; the values are missing there."
        yield from (undecoded_note(n, names[place]) for place, n in self._n_undecoded.items())


class _Range:
    """The range of numbers: whether all are whole, and the largest absolute value."""

    def __init__(self, *, is_integer: bool, largest: float) -> None:
        self.is_whole, self.largest = is_integer, largest

    @classmethod
    def of(cls, numbers: pa.Array) -> _Range | None:
        """Return an array's range; None if a number is infinite or NaN."""
        import numpy as np

        values = numbers.drop_null().to_numpy(zero_copy_only=False)
        if not np.isfinite(values).all():
            return None
        is_integer = values.dtype.kind == "i" or bool((values == np.floor(values)).all())
        return cls(is_integer=is_integer, largest=float(np.abs(values.astype(np.float64)).max()))

    def merged(self, other: _Range | None) -> _Range:
        """Return the range of both."""
        if other is None:
            return self
        return _Range(is_integer=self.is_whole and other.is_whole, largest=max(self.largest, other.largest))


def _numbers(values: Sequence[Any], *, is_integer: bool) -> pa.Array | None:
    import pyarrow as pa

    try:
        return pa.array(values, pa.int64() if is_integer else pa.float64())
    except (pa.ArrowException, OverflowError):  # whole numbers that a double cannot represent
        return None


def _as_type(table: pa.Table, place: int, wanted: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if place >= table.num_columns:
        return pa.nulls(table.num_rows, wanted)
    column = table.column(place).combine_chunks()
    if column.type == wanted:
        return column
    if wanted == pa.string():
        return pa.array(list(map(as_cell, column.to_pylist())), wanted)
    return column.cast(wanted)


def _column_name(key: Key) -> str:
    return key if isinstance(key, str) else ".".join(key)
