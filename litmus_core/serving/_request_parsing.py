"""Parse a request's bytes into rows: strict JSON of one fixed shape, within limits."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive

from litmus_core.errors import BusyError, RowError, UsageError
from litmus_core.serving._problems import RequestError

_TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MOST_CONTAINERS = 100_000  # more for very many rows; the few objects in one row are refused by name
_SMALL_BODY = 1 << 20
MOST_BODY_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one request, and how many requests may wait for the model.

    ``max_body_s``: seconds until the whole body has arrived; ``max_answer_s``: seconds from then to the
    answer, waiting included. ``max_bytes_at_once`` is for the large bodies of all requests together. A limit
    above MOST_BODY_BYTES raises UsageError.
    """

    max_rows: int = 50_000
    max_body_bytes: int = 64 << 20
    max_bytes_at_once: int = MOST_BODY_BYTES
    max_value_characters: int = 1_000_000
    max_waiting: int = 64
    max_body_s: float = 30.0
    max_answer_s: float = 60.0

    def __post_init__(self) -> None:
        """Raise UsageError for an invalid limit."""
        if not 1 <= self.max_body_bytes <= MOST_BODY_BYTES:
            raise UsageError(
                f"A request's body may have up to {MOST_BODY_BYTES / 1e6:,.0f} MB, not "
                f"{self.max_body_bytes / 1e6:,.0f}.",
                hint="Score larger files with: litmus predict BUNDLE FILE --to OUT",
            )
        if self.max_rows < 1:
            raise UsageError("A request has one row at least.", hint="Choose a larger limit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The shape of a body, an object with a list ``name``, and hints on how to send it and how to send
    less."""

    name: str
    example: str
    smaller: str


ROWS = Shape(
    name="rows",
    example='Send {"rows": [{"column": value, …}, …]}; GET /schema has an example.',
    smaller="Send several requests, or score a file with: litmus predict BUNDLE FILE --to OUT",
)


class MemoryLimiter:
    """Limiter of the memory for large bodies of all requests together; for one event loop."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes, self._n_bytes = most_bytes, 0

    @contextmanager
    def holding(self) -> Iterator[MemoryLease]:
        """Count one request's body for the duration of the block."""
        lease = MemoryLease(self)
        try:
            yield lease
        finally:
            self._n_bytes -= lease.n_bytes

    def take(self, n_bytes: int) -> None:
        """Count more bytes; raises BusyError if the total is too large."""
        if self._n_bytes + n_bytes > self._most_bytes:
            raise BusyError(
                f"Other requests' bodies are large: all together may have {self._most_bytes / 1e6:,.0f} MB.",
                hint="Try again in a moment.",
            )
        self._n_bytes += n_bytes


class MemoryLease:
    """The bytes of one request in memory; small bodies are not counted."""

    def __init__(self, memory: MemoryLimiter) -> None:
        self._memory, self.n_bytes = memory, 0

    def grow_to(self, n_bytes: int) -> None:
        """Set the number of bytes of the body that have arrived."""
        if n_bytes > _SMALL_BODY:
            self._memory.take(n_bytes - self.n_bytes)
            self.n_bytes = n_bytes


async def read_body(
    headers: Mapping[bytes, bytes], receive: Receive, limits: Limits, lease: MemoryLease
) -> bytes:
    """Return the body.

    Raises RequestError as soon as it is too large (413), too slow or cut off (408), and BusyError if other
    requests' large bodies leave no memory.
    """
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > limits.max_body_bytes:
        raise _too_large(limits)
    parts: list[bytes] = []
    n_bytes = 0
    try:
        async with asyncio.timeout(limits.max_body_s):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestError("The caller left before the body was complete.", status=408)
                part, more = message.get("body", b""), message.get("more_body", False)
                n_bytes += len(part)
                if n_bytes > limits.max_body_bytes:
                    raise _too_large(limits)
                lease.grow_to(n_bytes)
                parts.append(part)
    except TimeoutError as error:
        raise RequestError(
            f"The body did not arrive within {limits.max_body_s:g} seconds.",
            status=408,
            hint="Send it at once, or fewer rows per request.",
        ) from error
    return b"".join(parts)


def parse_rows(body: bytes, limits: Limits) -> list[Any]:
    """Return the rows of ``{"rows": […]}``, as :func:`parse_list` does."""
    return parse_list(body, limits, ROWS)


def parse_list(body: bytes, limits: Limits, shape: Shape) -> list[Any]:
    """Return the rows of ``{"rows": […]}``, or of another list that ``shape`` names.

    Raises RequestError (400: not JSON, 422: another shape, 413: too many) and RowError (422) for a row that
    repeats a field or has a text of more than ``limits.max_value_characters``.
    """
    parsed, repeated = _parse_object(body, limits, shape)
    rows: list[Any] = parsed[shape.name]
    check_count(len(rows), limits, shape)
    if repeated:
        _refuse_repeated(parsed, rows, shape)
    if len(body) > limits.max_value_characters:
        check_lengths(rows, limits)
    return rows


def parse_object(body: bytes, limits: Limits, shape: Shape) -> dict[str, Any]:
    """Return the object ``{"inputs": […], …}``, whose list ``shape`` names.

    Raises RequestError (400: not JSON, 413: too many objects, 422: another shape, or a field that is named
    twice).
    """
    parsed, repeated = _parse_object(body, limits, shape)
    if repeated:
        raise RequestError("The body names a field twice.", status=422, hint=shape.example)
    return parsed


def _parse_object(body: bytes, limits: Limits, shape: Shape) -> tuple[dict[str, Any], bool]:
    """Return the object that has the list of ``shape``, and whether an object in it repeats a field."""
    _check_containers(body, limits, shape)
    parsed, repeated = _parse(body, shape)
    if not isinstance(parsed, dict) or shape.name not in parsed:
        problem = "is a list" if isinstance(parsed, list) else f'has no "{shape.name}"'
        raise RequestError(f"The body {problem}.", status=422, hint=shape.example)
    if not isinstance(parsed[shape.name], list):
        raise RequestError(f'"{shape.name}" is not a list.', status=422, hint=shape.example)
    return parsed, repeated


def _check_containers(body: bytes, limits: Limits, shape: Shape) -> None:
    """Refuse, before parsing, a body that would become very many objects: two bytes become sixty.

    Braces and brackets inside texts are only excluded when that matters.
    """
    most = max(_MOST_CONTAINERS, 10 * limits.max_rows)
    if body.count(b"{") + body.count(b"[") <= most:
        return
    bare = _TEXTS.sub(b"", body)
    if bare.count(b"{") + bare.count(b"[") > most:
        raise RequestError(
            f"The body has more than {most:,} objects and lists; one request may have "
            f"{limits.max_rows:,} {shape.name} of plain values.",
            status=413,
            hint=shape.smaller,
        )


def check_count(n_rows: int, limits: Limits, shape: Shape = ROWS) -> None:
    """Raise RequestError (413) if there are more rows than one request may have."""
    if n_rows > limits.max_rows:
        raise RequestError(
            f"{n_rows:,} {shape.name} are more than the {limits.max_rows:,} that one request may have.",
            status=413,
            hint=shape.smaller,
        )


def check_lengths(rows: Sequence[Any], limits: Limits) -> None:
    """Raise RowError for the first text that is too long."""
    for number, row in enumerate(rows):
        for field, value in row.items() if isinstance(row, dict) else ():
            if isinstance(value, str) and len(value) > limits.max_value_characters:
                raise RowError(
                    f"'{field}' of row ",
                    row=number,
                    rest=f" has {len(value):,} characters; "
                    f"one value may have {limits.max_value_characters:,}.",
                    field=field,
                    hint="Shorten it.",
                )


class _Repeated(dict[str, Any]):
    """A JSON object that repeats ``field``."""

    field: str


def _parse(body: bytes, shape: Shape) -> tuple[Any, bool]:
    """Return the JSON value, and whether an object in it repeats a field."""
    if not body.strip():
        raise RequestError("The body is empty.", status=400, hint=shape.example)
    repeated = False
    try:
        text = body.decode("utf-8-sig")
        try:
            parsed = _PARSE_UNIQUE.decode(text)
        except _RepeatedFieldError:
            parsed, repeated = _PARSE_REPEATED.decode(text), True
        if "\\u" in text:  # half a surrogate pair is not a character, and encoders fail on it
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise RequestError("The body is not UTF-8 text.", status=400, hint="Send JSON in UTF-8.") from error
    except RecursionError as error:
        raise RequestError("The body is nested too deeply.", status=400, hint=shape.example) from error
    except ValueError as error:
        raise RequestError(f"The body is not JSON: {error}.", status=400, hint=shape.example) from error
    return parsed, repeated


class _RepeatedFieldError(Exception):
    """An object repeats a field."""


def _build_unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise _RepeatedFieldError
    return built


def _build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) == len(pairs):
        return built
    twice = _Repeated(built)
    names = [name for name, _ in pairs]
    twice.field = next(name for place, name in enumerate(names) if name in names[:place])
    return twice


def _refuse_repeated(parsed: dict[str, Any], rows: list[Any], shape: Shape) -> None:
    if isinstance(parsed, _Repeated):
        raise RequestError(f'The body names "{parsed.field}" twice.', status=422, hint=shape.example)
    for number, row in enumerate(rows):
        if isinstance(row, _Repeated):
            raise RowError(
                "Row ",
                row=number,
                rest=f" names the field '{row.field}' twice.",
                field=row.field,
                hint="Send each field once.",
            )


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON value; send null for a missing one")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large a number")
    return value


# Built once: the first for nearly every body, the second for bodies with a repeated field.
_PARSE_UNIQUE, _PARSE_REPEATED = (
    json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=build)
    for build in (_build_unique, _build)
)


def _too_large(limits: Limits) -> RequestError:
    return RequestError(
        f"The body is larger than {limits.max_body_bytes / 1e6:,.0f} MB.", status=413, hint=ROWS.smaller
    )
