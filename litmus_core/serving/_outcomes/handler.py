"""``POST /outcomes``: outcomes of answers, by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope

from litmus_core.errors import DataError
from litmus_core.serving._arrow import ARROW
from litmus_core.serving._outcomes.collector import AnswerCollector
from litmus_core.serving._outcomes.ids import read_id
from litmus_core.serving._outcomes.reader import NewOutcome, OutcomeReader
from litmus_core.serving._predict import kinds_of
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_parsing import Limits, MemoryLimiter, Shape, parse_list, read_body
from litmus_core.serving._worker import Worker
from litmus_core.types import OutcomeCounts, OutcomeProblem, to_plain

OUTCOMES = Shape(
    name="outcomes",
    example='Send {"outcomes": [{"id": an answer\'s id, "outcome": what came true}, …]}.',
    smaller="Send several requests, or a file with: litmus endpoints outcomes NAME FILE",
)
_FIELDS = frozenset({"id", "outcome", "at"})


@dataclass(slots=True)
class OutcomesHandler:
    """Stores outcomes in a separate thread, while predictions go on."""

    collector: AnswerCollector | None
    limits: Limits
    memory: MemoryLimiter
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        """Start with no work in progress."""
        self.worker = Worker(max_waiting=self.limits.max_waiting)

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Store a request's outcomes; raises an error if the whole request is invalid."""
        collector, headers = self.collector, dict(scope["headers"])
        if collector is None:
            raise no_outcomes()
        if kinds_of(headers)[0] == ARROW:
            raise RequestError("Outcomes are read as JSON.", status=415, hint=OUTCOMES.example)
        with self.memory.holding() as lease:
            body = await read_body(headers, receive, self.limits, lease)
            counts = await self.worker.run(
                lambda: self._record(body, collector), timeout_s=self.limits.max_answer_s
            )
        refused = counts.n_refused and counts.n_refused == counts.n_sent
        return JSONResponse(to_plain(counts), status_code=422 if refused else 200)

    def _record(self, body: bytes, collector: AnswerCollector) -> OutcomeCounts:
        sent = parse_list(body, self.limits, OUTCOMES)
        collector.write()  # an outcome may arrive before its answer is written
        read, problems = _read(sent, collector.reader)
        counts = collector.store.record(read)
        return counts.with_refused(problems, n_sent=len(sent))


def _read(
    sent: Sequence[Any], reader: OutcomeReader
) -> tuple[list[tuple[int, NewOutcome]], list[OutcomeProblem]]:
    now = datetime.now(UTC)
    read: list[tuple[int, NewOutcome]] = []
    problems: list[OutcomeProblem] = []
    for place, entry in enumerate(sent):
        try:
            number = _number(entry)
            read.append((number, reader.read(entry["outcome"], entry.get("at"), now=now)))
        except DataError as error:
            problems.append(OutcomeProblem(place=place, message=f"{error.message} {error.hint}".strip()))
    return read, problems


def _number(entry: Any) -> int:
    if not isinstance(entry, dict) or not {"id", "outcome"} <= entry.keys() <= _FIELDS:
        raise DataError('It is not {"id": …, "outcome": …}, with "at" if its time is known.')
    number = read_id(entry["id"])
    if number is None:
        raise DataError(
            f"'{str(entry['id'])[:40]}' is not the id of an answer.", hint="/predict returns the ids."
        )
    return number


def no_outcomes() -> RequestError:
    """Return the error of a server that stores no answers."""
    return RequestError(
        "This server keeps no answers, so outcomes cannot be joined to them.",
        status=404,
        hint="Deploy the model as an endpoint: litmus deploy.",
    )
