"""The HTTP application of one exported forecast."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope

from litmus_core.serving._app import GatedApp, add_error_handlers
from litmus_core.serving._arrow import ARROW
from litmus_core.serving._guards.middleware import Access, AccessMiddleware
from litmus_core.serving._metrics import CONTENT_TYPE, Metrics
from litmus_core.serving._predict import kinds_of
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_parsing import (
    Limits,
    MemoryLimiter,
    Shape,
    check_count,
    check_lengths,
    parse_object,
    read_body,
)
from litmus_core.serving._worker import Worker

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_ROUTES = "There are GET /health, GET /schema, POST /forecast, GET /metrics and GET /openapi.json."
_EXAMPLE = 'Send {"new": [{"time": "2026-01-31", "value": 12.5}, …]}; an empty list asks for the next values.'
NEW_VALUES = Shape(name="new", example=_EXAMPLE, smaller="Send the latest values, or train again.")


class ForecastDesk(Protocol):
    """What answers; each method raises a LitmusError for what does not fit."""

    name: str
    version: str

    def describe(self) -> dict[str, Any]:
        """Return what a request may hold, with an example."""

    def answer(self, request: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the next values after the ``new`` ones of a request."""


@dataclass(slots=True)
class ForecastHandler:
    """Answers ``POST /forecast`` in one thread, within the limits."""

    desk: ForecastDesk
    worker: Worker
    limits: Limits
    metrics: Metrics
    hands: MemoryLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Start with no work in progress."""
        self.hands = MemoryLimiter(self.limits.max_bytes_at_once)

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Return the next values; raises what is wrong with the request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if ARROW in kinds_of(headers):
            raise RequestError("Forecasts are read and written as JSON.", status=415, hint=_EXAMPLE)
        with self.hands.holding() as lease:
            body = await read_body(headers, receive, self.limits, lease)
            content, n_rows = await self.worker.run(
                lambda: self._answered(body), timeout_s=self.limits.max_answer_s
            )
        self.metrics.n_rows += n_rows
        return Response(content, media_type="application/json")

    def _answered(self, body: bytes) -> tuple[bytes, int]:
        request = parse_object(body, self.limits, NEW_VALUES)
        check_count(len(request["new"]), self.limits, NEW_VALUES)
        check_lengths(request["new"], self.limits)
        reply = self.desk.answer(request)
        return _JSON.encode(reply).encode("utf-8"), len(reply["forecasts"])


def create_forecast_app(
    desk: ForecastDesk, *, limits: Limits | None = None, access: Access | None = None
) -> FastAPI:
    """Return the application that answers for ``desk``, behind the checks that every request passes.

    ``access`` says who may send requests. Errors have the same body as those of a served bundle.
    """
    limits = limits or Limits()
    worker = Worker(max_waiting=limits.max_waiting)
    metrics = Metrics(model=desk.name, version=desk.version)
    handler = ForecastHandler(desk, worker, limits, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        worker.close()

    app = GatedApp(
        title=desk.name,
        version=desk.version,
        description="Answers the next values of its series, after newer ones where a request brings some.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.notes = None
    app.gate = AccessMiddleware(app.behind_gate, access=access or Access(), metrics=metrics, predict=_no_rows)
    _add_routes(app, desk, handler)
    add_error_handlers(app, _ROUTES)
    return app


async def _no_rows(scope: Scope, receive: Receive) -> NoReturn:
    raise RequestError("This server answers forecasts, not rows.", status=404, hint=_ROUTES)


def _add_routes(app: FastAPI, desk: ForecastDesk, handler: ForecastHandler) -> None:
    @app.get("/health", summary="Whether the forecast is ready", response_description="It is.")
    async def health() -> dict[str, str]:
        return {"status": "ok", "model": desk.name, "version": desk.version}

    @app.get("/schema", summary="The series, and what a request may hold")
    async def schema() -> dict[str, Any]:
        return desk.describe()

    @app.post("/forecast", summary="Answer the next values, after newer ones where there are some")
    async def forecast(request: Request) -> Response:
        return await handler.answer(request.scope, request.receive)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(handler.metrics.text(), media_type=CONTENT_TYPE)
