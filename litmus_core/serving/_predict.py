"""``POST /predict``: predictions for a body of rows, in JSON or Arrow."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import Receive, Scope

from litmus_core.runtime import Bundle, flat_rows
from litmus_core.serving._arrow import ARROW, arrow_library, predictions_to_arrow, rows_of_arrow
from litmus_core.serving._metrics import Metrics
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_log import RequestLog
from litmus_core.serving._request_parsing import (
    Limits,
    MemoryLimiter,
    check_lengths,
    parse_rows,
    read_body,
)
from litmus_core.serving._worker import Worker

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SMALL_BYTES = 8_192
_N_TRIALS = 5
# A browser sends none of these types for another site's page without a preflight request.
_READ_AS_JSON = frozenset({"application/json", "text/json"})


# Rows, their predictions and ids (None: answers are not stored), and the body of the reply.
Answer = tuple[list[Any], list[dict[str, Any]], list[str] | None, bytes]


@dataclass(slots=True)
class PredictHandler:
    """Handler of ``POST /predict``, with one model.

    A model that answers one row in less than ``quick_below_ms`` is called directly in the event loop, if the
    request is small and the model's thread is idle. So the two never call it at the same time. Passing the
    request to the thread would cost as much as the answer. 0 turns this off.
    """

    bundle: Bundle
    worker: Worker
    limits: Limits
    metrics: Metrics
    notes: RequestLog | None = None
    quick_below_ms: float = 0.0
    quick: bool = False
    memory: MemoryLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Start with no work in progress."""
        self.memory = MemoryLimiter(self.limits.max_bytes_at_once)

    async def prepare(self) -> None:
        """Warm the model up, and measure whether it is quick."""
        await self.worker.run(self.bundle.warm)
        if self.quick_below_ms > 0 and self.bundle.examples:
            self.quick = await self.worker.run(self._one_row_ms) < self.quick_below_ms

    def _one_row_ms(self) -> float:
        row, times = self.bundle.examples[:1], []
        for _ in range(_N_TRIALS):
            started = time.perf_counter()
            self.bundle.predict_records(row)
            times.append(time.perf_counter() - started)
        return 1000.0 * statistics.median(times)

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Return the predictions; raises an error for an invalid request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        sent, wanted = kinds_of(headers)
        level = level_of(scope)
        if level is not None:
            self.bundle.needed_calibration.check(level)
        with self.memory.holding() as lease:
            body = await read_body(headers, receive, self.limits, lease)
            job = self._job(body, arrow_in=sent == ARROW, arrow_out=wanted == ARROW, level=level)
            try:
                if self.quick and len(body) <= _SMALL_BYTES and sent != ARROW != wanted and self.worker.idle:
                    rows, predictions, ids, content = job()
                else:
                    rows, predictions, ids, content = await self.worker.run(
                        job, timeout_s=self.limits.max_answer_s
                    )
            except MemoryError as error:
                raise no_memory() from error
        self.metrics.n_rows += len(predictions)
        if self.notes is not None:
            self.notes.sample(rows, predictions, ids)
        return Response(content, media_type=wanted)

    def _job(
        self, body: bytes, *, arrow_in: bool, arrow_out: bool, level: float | None
    ) -> Callable[[], Answer]:
        def answer() -> Answer:
            if arrow_in:
                names = {column.name for column in self.bundle.columns}
                rows = rows_of_arrow(body, self.limits, names=names)
            else:
                rows = parse_rows(body, self.limits)
                if body.count(b"{") > len(rows) + 1:  # perhaps records, whose fields are samples, too
                    rows = flat_rows(rows, self.bundle.columns)
                    check_lengths(rows, self.limits)
            predict = self.bundle.predict_records
            predict = predict if level is None else partial(predict, level=level)
            predictions, notes = self.bundle.with_notes(predict, rows)
            collector = None if self.notes is None else self.notes.collector
            ids = None if collector is None else collector.take(rows, predictions)
            if arrow_out:
                content = predictions_to_arrow(self.bundle, predictions, ids, level=level, notes=notes)
                return rows, predictions, ids, content
            reply: dict[str, Any] = {"predictions": predictions}
            reply |= ({} if ids is None else {"ids": ids}) | ({} if level is None else {"level": level})
            reply |= {"notes": notes} if notes else {}
            return rows, predictions, ids, _JSON.encode(reply).encode("utf-8")

        return answer


def no_memory() -> RequestError:
    """Return the error of a request whose rows need more memory than there is."""
    return RequestError(
        "The server has too little memory for these rows.", status=413, hint="Send fewer rows."
    )


def kinds_of(headers: Mapping[bytes, bytes]) -> tuple[str, str]:
    """Return the request's and the response's format; raises RequestError for unsupported ones."""
    sent, _, parameters = _header(headers, b"content-type").partition(";")
    sent = sent.strip()
    wanted = ARROW if ARROW in _header(headers, b"accept") else "application/json"
    if sent != ARROW and sent not in _READ_AS_JSON and not sent.endswith("+json"):
        raise _cannot_read(f"A body of the type {sent[:100]}" if sent else "A body without a Content-Type")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise _cannot_read(f"Text in {charset[:100]}")
    if (coding := _header(headers, b"content-encoding")) not in ("", "identity"):
        raise _cannot_read(f"A body that is packed as {coding[:100]}")
    if ARROW in (sent, wanted):
        arrow_library()
    return sent, wanted


def level_of(scope: Scope) -> float | None:
    """Return the ``level`` of the request's address, None without.

    Raises RequestError if it is not a number, is there twice, or is not all that the address holds.
    """
    query: bytes = scope.get("query_string", b"")
    if not query:
        return None
    parameters = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    values = parameters.pop("level", [])
    if parameters:
        raise RequestError(
            f"/predict has no parameter '{min(parameters)[:100]}'.",
            status=422,
            hint="Ask for a level: ?level=0.9.",
        )
    if not values:
        return None
    if len(values) > 1:
        raise RequestError("'level' is there twice.", status=422, hint="Ask for one level at a time.")
    try:
        return float(values[-1])
    except ValueError as error:
        raise RequestError(
            f"'{values[-1][:100]}' is not a level for an interval.",
            status=422,
            hint="Name whole per cents from 0.5 to 0.99, such as ?level=0.9.",
        ) from error


def _header(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1").lower()


def _cannot_read(subject: str) -> RequestError:
    return RequestError(
        f"{subject} cannot be read.",
        status=415,
        hint=f"Send plain JSON in UTF-8 (Content-Type: application/json), or {ARROW}.",
    )
