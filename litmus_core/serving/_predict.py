"""``POST /predict``: a body in, predictions out, in JSON or Arrow, by the model's thread or at once."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from litmus_core.runtime import Bundle
from litmus_core.serving._arrow import ARROW, arrow_library, arrow_of_answers, rows_of_arrow
from litmus_core.serving._bodies import Limits, parse_rows, read_body
from litmus_core.serving._metrics import Metrics
from litmus_core.serving._notes import Notes
from litmus_core.serving._problems import RequestError
from litmus_core.serving._worker import Worker

_SMALL_BYTES = 8_192
_N_TRIALS = 5


@dataclass(slots=True)
class Desk:
    """Answers requests with one model.

    A model whose one-row answer takes less than ``quick_below_ms`` is asked right in the event loop when the
    request is small and the model's thread has nothing to do: the two never ask it at the same time, and the
    hop between threads would cost as much as the answer. 0 never does so.
    """

    bundle: Bundle
    worker: Worker
    limits: Limits
    metrics: Metrics
    notes: Notes | None = None
    quick_below_ms: float = 0.0
    quick: bool = False

    async def prepare(self) -> None:
        """Warm the model up, and find out whether it is quick."""
        await self.worker.run(self.bundle.warm)
        if self.quick_below_ms > 0 and self.bundle.examples:
            self.quick = await self.worker.run(self._one_row_ms) < self.quick_below_ms

    def _one_row_ms(self) -> float:
        row, times = self.bundle.examples[:1], []
        for _ in range(_N_TRIALS):
            started = time.perf_counter()
            self.bundle.answers(row)
            times.append(time.perf_counter() - started)
        return 1000.0 * statistics.median(times)

    async def answer(self, request: Request) -> Response:
        """Return the predictions, or raise what is wrong with the request."""
        sent, wanted = _kinds(request)
        body = await read_body(request, self.limits)
        job = self._job(body, arrow_in=sent == ARROW, arrow_out=wanted == ARROW)
        if self.quick and len(body) <= _SMALL_BYTES and sent != ARROW != wanted and self.worker.idle:
            rows, predictions, content = job()
        else:
            rows, predictions, content = await self.worker.run(job, timeout_s=self.limits.max_answer_s)
        self.metrics.n_rows += len(predictions)
        if self.notes is not None:
            self.notes.sample(rows, predictions)
        return Response(content, media_type=wanted)

    def _job(
        self, body: bytes, *, arrow_in: bool, arrow_out: bool
    ) -> Callable[[], tuple[list[Any], list[dict[str, Any]], bytes]]:
        def answer() -> tuple[list[Any], list[dict[str, Any]], bytes]:
            rows = (rows_of_arrow if arrow_in else parse_rows)(body, self.limits)
            predictions = self.bundle.answers(rows)
            if arrow_out:
                return rows, predictions, arrow_of_answers(self.bundle, predictions)
            told = {"predictions": predictions}
            text = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return rows, predictions, text.encode("utf-8")

        return answer


def _kinds(request: Request) -> tuple[str, str]:
    """Return what the body is and what the answer shall be; raises RequestError for what cannot be read."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = ARROW if ARROW in request.headers.get("accept", "").lower() else "application/json"
    if sent.startswith("application/vnd.apache.") and sent != ARROW:
        raise RequestError(
            f"A body of the type {sent} cannot be read.", status=415, hint=f"Send JSON, or {ARROW}."
        )
    if ARROW in (sent, wanted):
        arrow_library()
    return sent, wanted
