"""From a request's bytes to rows: within limits, strict JSON, in the one shape that is known."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from litmus_core.serving._problems import RequestError

_SHAPE = 'Send {"rows": [{"column": value, …}, …]}; GET /schema has an example.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may bring, and how many requests may wait for the model."""

    max_rows: int = 50_000
    max_body_bytes: int = 64 << 20
    max_waiting: int = 64


async def read_body(request: Request, limits: Limits) -> bytes:
    """Return the body; raises RequestError (413) as soon as it is known to be too large."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limits.max_body_bytes:
        raise _too_large(limits)
    parts, n_bytes = [], 0
    async for part in request.stream():
        n_bytes += len(part)
        if n_bytes > limits.max_body_bytes:
            raise _too_large(limits)
        parts.append(part)
    return b"".join(parts)


def parse_rows(body: bytes, limits: Limits) -> list[Any]:
    """Return the rows of ``{"rows": […]}``; raises RequestError: 400 no JSON, 422 other shape, 413 many."""
    parsed = _parse(body)
    if not isinstance(parsed, dict) or "rows" not in parsed:
        what = "is a list" if isinstance(parsed, list) else 'has no "rows"'
        raise RequestError(f"The body {what}.", status=422, hint=_SHAPE)
    rows = parsed["rows"]
    if not isinstance(rows, list):
        raise RequestError('"rows" is not a list.', status=422, hint=_SHAPE)
    if len(rows) > limits.max_rows:
        raise RequestError(
            f"{len(rows):,} rows are more than the {limits.max_rows:,} that one request may have.",
            status=413,
            hint="Send several requests, or score a file with: litmus predict BUNDLE FILE --to OUT",
        )
    return rows


def _parse(body: bytes) -> Any:
    if not body.strip():
        raise RequestError("The body is empty.", status=400, hint=_SHAPE)
    try:
        text = body.decode("utf-8-sig")
        parsed = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if "\\u" in text:  # half of a surrogate pair is no character, and breaks whatever encodes it
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise RequestError("The body is not UTF-8 text.", status=400, hint="Send JSON in UTF-8.") from error
    except RecursionError as error:
        raise RequestError("The body is nested too deeply.", status=400, hint=_SHAPE) from error
    except ValueError as error:
        raise RequestError(f"The body is not JSON: {error}.", status=400, hint=_SHAPE) from error
    return parsed


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON value; send null for a missing one")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large a number")
    return value


def _too_large(limits: Limits) -> RequestError:
    return RequestError(
        f"The body is larger than {limits.max_body_bytes / 1e6:,.0f} MB.",
        status=413,
        hint="Send several requests, or score a file with: litmus predict BUNDLE FILE --to OUT",
    )
