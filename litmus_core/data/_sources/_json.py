"""JSON lines, and JSON arrays of objects: each object is a row; nested objects are flattened one level."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from litmus_core.data._sources._object_table import ObjectTable
from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged, as_cell
from litmus_core.errors import DataError

if TYPE_CHECKING:
    from litmus_core.types import ReadOptions

SUFFIXES = (".json", ".jsonl", ".ndjson")
OPTIONS = ("decimal", "thousands", "date_order")
_CHUNK = 1 << 20
_LARGEST_ROW = 64 << 20  # characters of one object


def is_json(head: bytes, suffix: str) -> bool:
    """Return whether a file is JSON, by its beginning and name."""
    start = head[:2000].decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n")
    if suffix in SUFFIXES:
        return True
    return start.startswith(("{", "[")) and start[1:].lstrip()[:1] in ('"', "{")


def stage_json(source: Path, *, name: str, scratch: Path, options: ReadOptions) -> Staged:
    """Stage the objects of a JSON file; raises DataError with the line or row of any damage."""
    refuse_others(options, OPTIONS, name=name, subject="a JSON file")
    duplicates: set[str] = set()
    (spool := scratch / "spool").mkdir()
    table = ObjectTable(spool, name=name)
    for row in _rows(source, name=name, duplicates=duplicates):
        table.add(row)
    if not table.n_rows or not table.names:
        raise DataError(f"'{name}' has no rows.", hint="Choose a file with at least one object in it.")
    storages = table.write(scratch / "staged.parquet")
    return Staged(
        readable=scratch / "staged.parquet",
        names=table.names,
        storages=storages,
        notes=(*table.notes(), *_duplicate_key_notes(duplicates)),
    )


def _duplicate_key_notes(keys: set[str]) -> Iterator[str]:
    if keys:
        shown = ", ".join(f"'{as_cell(key)}'" for key in sorted(keys)[:3])
        yield f"Some objects have {shown} more than once; the last value of each was kept."


def _rows(source: Path, *, name: str, duplicates: set[str]) -> Iterator[dict[str, Any]]:
    """Yield each object; ``duplicates`` collects keys that an object has more than once."""

    def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        gathered = dict(pairs)
        if len(gathered) < len(pairs):
            duplicates.update(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        return gathered

    decoder = json.JSONDecoder(object_pairs_hook=gather)
    try:
        with source.open(encoding=_encoding(source)) as file:
            for number, value in enumerate(_values(file, name=name, decoder=decoder), start=1):
                if not isinstance(value, dict):
                    raise DataError(
                        f"Entry {number:,} of '{name}' is not an object, so it is not a row of a table.",
                        hint='Each entry has to look like {"size": 3, "colour": "red"}.',
                    )
                yield value
    except UnicodeError as damaged:
        raise DataError(
            f"'{name}' has bytes that are not valid UTF-8.", hint="Save it again as UTF-8."
        ) from damaged


def _encoding(source: Path) -> str:
    with source.open("rb") as file:
        head = file.read(8)
    encoding = json.detect_encoding(head)
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _values(file: IO[str], *, name: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    start = file.read(_CHUNK)
    if start.lstrip().startswith("["):
        yield from _Array(file, start, name=name, decoder=decoder)
    else:
        file.seek(0)
        yield from _lines(file, name=name, decoder=decoder)


def _lines(file: IO[str], *, name: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    for number, line in enumerate(iter(lambda: file.readline(_LARGEST_ROW), ""), start=1):
        if not line.strip():
            continue
        try:
            value = decoder.decode(line)
        except (ValueError, RecursionError) as damaged:
            if number == 1 and _is_one_object(line, file):
                raise _one_object_error(name) from damaged
            raise _invalid_json_error(f"Line {number:,}", name=name) from damaged
        if number == 1 and isinstance(value, dict) and _holds_rows(value) and not file.readline(1):
            raise _one_object_error(name)
        yield value


def _holds_rows(value: dict[str, Any]) -> bool:
    """Return whether an object is a whole table: it has a list of rows, or columns with the same rows."""
    items = [*value.values()]
    if any(isinstance(item, list) and item and isinstance(item[0], dict) for item in items):
        return True
    if all(isinstance(item, list) for item in items) and {"columns", "data"} <= {*value}:
        return True  # of pandas, orient="split"
    if all(isinstance(item, list) and len(item) > 1 for item in items):
        return len({*map(len, items)}) == 1
    if not items or not all(isinstance(item, dict) and item for item in items):
        return False
    inner, *others = (tuple(item) for item in items)
    is_grid = all(keys == inner for keys in others)
    return is_grid and ((len(items) > 1 < len(inner)) or _are_places(tuple(value)) or _are_places(inner))


def _are_places(keys: tuple[str, ...]) -> bool:
    return len(keys) > 1 and keys == tuple(map(str, range(len(keys))))


def _is_one_object(line: str, file: IO[str]) -> bool:
    """Return whether the file is one object over several lines."""
    try:
        return isinstance(json.loads(line + file.read(_LARGEST_ROW)), dict)
    except (ValueError, RecursionError):
        return False


def _one_object_error(name: str) -> DataError:
    return DataError(
        f"'{name}' holds one JSON object, not a list of rows.",
        hint="Save the list of rows in it as a file of its own, beginning with [. "
        'In pandas that is to_json(path, orient="records").',
    )


def _invalid_json_error(subject: str, *, name: str) -> DataError:
    return DataError(
        f"{subject} of '{name}' is not valid JSON.", hint="Save the file again, or correct that place."
    )


class _Array:
    """The elements of a JSON array that begins with ``text``; the file is read on as needed."""

    def __init__(self, file: IO[str], text: str, *, name: str, decoder: json.JSONDecoder) -> None:
        self._file, self._text, self._name = file, text, name
        self._place = text.index("[") + 1
        self._decoder = decoder

    def __iter__(self) -> Iterator[Any]:
        number = 0
        while (mark := self._next_mark()) != "]":
            if number and mark != ",":
                raise _invalid_json_error(
                    f"What follows entry {number:,}" if mark else "The end", name=self._name
                )
            self._place += bool(number)
            number += 1
            yield self._element(number)
        self._place += 1
        if self._next_mark():
            raise _invalid_json_error("What follows the last bracket", name=self._name)

    def _next_mark(self) -> str:
        """Skip whitespace and return the next character; "" at the end."""
        while True:
            rest = self._text[self._place : self._place + _CHUNK]
            self._place += len(rest) - len(rest.lstrip())
            if self._place < len(self._text) or (not rest and not self._read_on()):
                return self._text[self._place : self._place + 1]

    def _element(self, number: int) -> Any:
        self._next_mark()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except RecursionError as damaged:
                raise _invalid_json_error(f"Entry {number:,}", name=self._name) from damaged
            except ValueError as damaged:
                if not self._read_on():
                    raise _invalid_json_error(f"Entry {number:,}", name=self._name) from damaged
            else:
                if end < len(self._text) or not self._read_on():  # a number may have more digits
                    self._place = end
                    return value

    def _read_on(self) -> bool:
        n_left = len(self._text) - self._place
        more = self._file.read(max(_CHUNK, n_left)) if n_left < _LARGEST_ROW else ""
        if more:
            self._text, self._place = self._text[self._place :] + more, 0
        return bool(more)
