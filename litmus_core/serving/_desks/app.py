"""The HTTP application of what answers by itself: an exported forecast, or a folder of many targets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
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
from litmus_core.serving._openapi import problem_responses
from litmus_core.serving._predict import kinds_of
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_log import RequestLog, RequestLogOptions
from litmus_core.serving._request_parsing import (
    ROWS,
    Limits,
    MemoryLimiter,
    Shape,
    check_count,
    check_lengths,
    parse_object,
    parse_rows,
    read_body,
)
from litmus_core.serving._worker import Worker

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_EXAMPLE = 'Send {"new": [{"time": "2026-01-31", "value": 12.5}, …]}; an empty list asks for the next values.'
NEW_VALUES = Shape(name="new", example=_EXAMPLE, smaller="Send the latest values, or train again.")


class Desk(Protocol):
    """What answers; each method raises a LitmusError for what does not fit."""

    name: str
    version: str

    def describe(self) -> dict[str, Any]:
        """Return what a request may hold, with an example."""

    def answer(self, request: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the reply to a request."""

    def schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the JSON schemas of a request and of its reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The path of a desk, how its body is parsed, and the list in its reply that is counted.

    ``pairs`` returns the requests that a sample is drawn from, and what was replied to each of them.
    """

    path: str
    summary: str
    subject: str
    shape: Shape
    parse: Callable[[bytes, Limits], Mapping[str, Any]]
    counted: str
    pairs: Callable[[Mapping[str, Any], dict[str, Any]], tuple[list[Any], list[dict[str, Any]]]]

    @property
    def routes(self) -> str:
        """Which paths there are."""
        return f"There are GET /health, GET /schema, POST {self.path}, GET /metrics and GET /openapi.json."


def _new_values(body: bytes, limits: Limits) -> Mapping[str, Any]:
    request = parse_object(body, limits, NEW_VALUES)
    check_count(len(request["new"]), limits, NEW_VALUES)
    check_lengths(request["new"], limits)
    return request


FORECASTS = Route(
    path="/forecast",
    summary="Answer the next values, after newer ones where there are some",
    subject="Forecasts",
    shape=NEW_VALUES,
    parse=_new_values,
    counted="forecasts",
    pairs=lambda request, reply: ([request], [reply]),
)
TARGETS = Route(
    path="/predict",
    summary="Answer all targets of rows",
    subject="Answers of many targets",
    shape=ROWS,
    parse=lambda body, limits: {"rows": parse_rows(body, limits)},
    counted="predictions",
    pairs=lambda request, reply: (request["rows"], reply["predictions"]),
)


@dataclass(slots=True)
class DeskHandler:
    """Answers the requests to a desk in one thread, within the limits."""

    desk: Desk
    route: Route
    worker: Worker
    limits: Limits
    metrics: Metrics
    notes: RequestLog | None = None
    hands: MemoryLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Start with no work in progress."""
        self.hands = MemoryLimiter(self.limits.max_bytes_at_once)

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Return the reply; raises what is wrong with the request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if ARROW in kinds_of(headers):
            subject = f"{self.route.subject} are read and written as JSON."
            raise RequestError(subject, status=415, hint=self.route.shape.example)
        with self.hands.holding() as lease:
            body = await read_body(headers, receive, self.limits, lease)
            request, reply, content = await self.worker.run(
                lambda: self._answered(body), timeout_s=self.limits.max_answer_s
            )
        self.metrics.n_rows += len(reply[self.route.counted])
        if self.notes is not None:
            self.notes.sample(*self.route.pairs(request, reply))
        return Response(content, media_type="application/json")

    def _answered(self, body: bytes) -> tuple[Mapping[str, Any], dict[str, Any], bytes]:
        request = self.route.parse(body, self.limits)
        reply = self.desk.answer(request)
        return request, reply, _JSON.encode(reply).encode("utf-8")


def create_forecast_app(
    desk: Desk,
    *,
    limits: Limits | None = None,
    access: Access | None = None,
    log_options: RequestLogOptions | None = None,
) -> FastAPI:
    """Return the application that answers the next values of series, after newer ones in a request."""
    return create_desk_app(desk, FORECASTS, limits=limits, access=access, log_options=log_options)


def create_targets_app(
    desk: Desk,
    *,
    limits: Limits | None = None,
    access: Access | None = None,
    log_options: RequestLogOptions | None = None,
) -> FastAPI:
    """Return the application that answers all targets of rows."""
    return create_desk_app(desk, TARGETS, limits=limits, access=access, log_options=log_options)


def create_desk_app(
    desk: Desk,
    route: Route,
    *,
    limits: Limits | None = None,
    access: Access | None = None,
    log_options: RequestLogOptions | None = None,
) -> FastAPI:
    """Return the application that answers for ``desk``, behind the checks that every request passes.

    ``access`` says who may send requests, ``log_options`` where counts and samples are stored. Errors have
    the same body as those of a served bundle.
    """
    limits = limits or Limits()
    worker = Worker(max_waiting=limits.max_waiting)
    metrics = Metrics(model=desk.name, version=desk.version)
    notes = None if log_options is None else RequestLog(log_options, metrics)
    handler = DeskHandler(desk, route, worker, limits, metrics, notes)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        worker.close()

    app = GatedApp(
        title=desk.name,
        version=desk.version,
        description=f"{route.summary}.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )

    async def no_rows(scope: Scope, receive: Receive) -> NoReturn:
        raise RequestError("This server answers forecasts, not rows.", status=404, hint=route.routes)

    app.state.notes = notes
    predict = handler.answer if route.path == "/predict" else no_rows
    app.gate = AccessMiddleware(app.behind_gate, access=access or Access(), metrics=metrics, predict=predict)
    _add_routes(app, handler)
    add_error_handlers(app, route.routes)
    return app


def _add_routes(app: FastAPI, handler: DeskHandler) -> None:
    desk, route = handler.desk, handler.route

    @app.get("/health", summary="Whether it is ready", response_description="It is.")
    async def health() -> dict[str, str]:
        return {"status": "ok", "model": desk.name, "version": desk.version}

    @app.get("/schema", summary="What a request may hold, with an example")
    async def schema() -> dict[str, Any]:
        return desk.describe()

    extra, replies = _described(desk)

    @app.post(route.path, summary=route.summary, openapi_extra=extra, responses=replies)
    async def answer(request: Request) -> Response:
        return await handler.answer(request.scope, request.receive)

    @app.post("/outcomes", include_in_schema=False)
    async def outcomes() -> Response:
        raise RequestError(f"{route.subject} are not joined with outcomes.", status=404, hint=route.routes)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(handler.metrics.text(), media_type=CONTENT_TYPE)


def _described(desk: Desk) -> tuple[dict[str, Any], dict[int | str, dict[str, Any]]]:
    """Return what OpenAPI says of the body and of the replies."""
    request, reply = desk.schemas()
    content = {"application/json": {"schema": request, "example": desk.describe()["example"]}}
    good = {"description": "The answers.", "content": {"application/json": {"schema": reply}}}
    return {"requestBody": {"required": True, "content": content}}, {200: good, **problem_responses()}
