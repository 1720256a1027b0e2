"""The HTTP application of one bundle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from litmus_core.errors import LitmusError
from litmus_core.runtime import Bundle
from litmus_core.serving._guards.middleware import Access, AccessMiddleware, bug, refusal
from litmus_core.serving._metrics import CONTENT_TYPE, Metrics
from litmus_core.serving._open_inference.handler import OpenInferenceHandler
from litmus_core.serving._open_inference.routes import add_open_inference
from litmus_core.serving._openapi import (
    OUTCOMES_SPEC,
    describe,
    outcome_responses,
    parameters,
    request_body,
    responses,
)
from litmus_core.serving._outcomes import AnswerCollector, AnswerStore
from litmus_core.serving._outcomes.gauges import live_gauges
from litmus_core.serving._outcomes.handler import OutcomesHandler
from litmus_core.serving._predict import PredictHandler
from litmus_core.serving._problems import problem
from litmus_core.serving._request_log import RequestLog, RequestLogOptions
from litmus_core.serving._request_parsing import Limits
from litmus_core.serving._worker import Worker

_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ROUTES = (
    "There are GET /health, GET /schema, POST /predict, POST /outcomes, GET /metrics, GET /docs, "
    "GET /openapi.json, and the Open Inference Protocol below /v2."
)


def create_app(
    bundle: Bundle,
    *,
    limits: Limits | None = None,
    access: Access | None = None,
    log_options: RequestLogOptions | None = None,
    quick_below_ms: float = 0.0,
) -> FastAPI:
    """Return the application that serves ``bundle``; it warms the model up before it is ready.

    One thread answers the requests one after the other; a model that answers one row in less than
    ``quick_below_ms`` is called without that thread while it is idle. Every 4xx and 5xx response has the body
    ``{"detail": {"message", "row", "field", "hint"}}``, or ``{"error"}`` below ``/v2``. ``access`` defines
    who may send requests, ``log_options`` where counts and samples are stored; ``app.state.notes`` writes
    them.
    """
    limits = limits or Limits()
    worker = Worker(max_waiting=limits.max_waiting)
    metrics = Metrics(model=bundle.manifest.name, version=bundle.manifest.id)
    notes = _request_log(log_options, bundle, metrics)
    predict_handler = PredictHandler(bundle, worker, limits, metrics, notes, quick_below_ms)
    outcomes = OutcomesHandler(
        collector=None if notes is None else notes.collector, limits=limits, memory=predict_handler.memory
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await predict_handler.prepare()
        yield
        worker.close()
        outcomes.worker.close()

    app = GatedApp(
        title=bundle.manifest.name,
        version=bundle.manifest.id,
        description=f"Answers '{bundle.target}' for rows of {len(bundle.columns)} columns.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own page loads its code from the internet
        redoc_url=None,
        redirect_slashes=False,  # a redirect would lead to any host that the request names
    )
    app.state.notes = notes
    access = access or Access()
    app.gate = AccessMiddleware(
        app.behind_gate, access=access, metrics=metrics, predict=predict_handler.answer
    )
    _add_pages(app, bundle, limits)
    _add_predict(app, predict_handler)
    _add_outcomes(app, outcomes)
    _add_metrics(app, metrics, verdict=None if log_options is None else log_options.verdict)
    add_open_inference(app, OpenInferenceHandler(predict_handler, access))
    add_error_handlers(app, _ROUTES)
    return app


def _request_log(
    log_options: RequestLogOptions | None, bundle: Bundle, metrics: Metrics
) -> RequestLog | None:
    if log_options is None:
        return None
    store = None if log_options.predictions is None else AnswerStore(log_options.predictions)
    return RequestLog(
        log_options, metrics, collector=None if store is None else AnswerCollector(store, bundle)
    )


class GatedApp(FastAPI):
    """FastAPI behind the access middleware, which serves quick requests: FastAPI's layers cost as much."""

    gate: AccessMiddleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.gate(scope, receive, send)

    async def behind_gate(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer requests that the middleware lets through."""
        await super().__call__(scope, receive, send)


def _add_pages(app: FastAPI, bundle: Bundle, limits: Limits) -> None:
    @app.get("/health", summary="Whether the model is ready", response_description="It is.")
    @app.head("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok", "model": bundle.manifest.name, "version": bundle.manifest.id}

    @app.get(
        "/schema",
        summary="The columns that a row needs, with examples",
        response_description="Columns, classes and real rows.",
    )
    async def schema() -> dict[str, Any]:
        return describe(bundle, max_rows=limits.max_rows)

    @app.get("/", include_in_schema=False)
    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_page(), headers={"Content-Security-Policy": _PAGE_POLICY})


def _add_predict(app: FastAPI, predict_handler: PredictHandler) -> None:
    @app.post(
        "/predict",
        summary="Answer rows",
        responses=responses(predict_handler.bundle),
        openapi_extra={
            "requestBody": request_body(predict_handler.bundle),
            "parameters": parameters(predict_handler.bundle),
        },
    )
    async def predict(request: Request) -> Response:
        return await predict_handler.answer(request.scope, request.receive)


def _add_outcomes(app: FastAPI, outcomes: OutcomesHandler) -> None:
    @app.post(
        "/outcomes",
        summary="Say what came true of answers",
        openapi_extra=OUTCOMES_SPEC,
        responses=outcome_responses(),
        include_in_schema=outcomes.collector is not None,
    )
    async def record(request: Request) -> Response:
        return await outcomes.answer(request.scope, request.receive)


def _add_metrics(app: FastAPI, metrics: Metrics, *, verdict: Path | None) -> None:
    @app.get("/metrics", include_in_schema=False)
    async def add_metrics() -> Response:
        return Response(metrics.text() + live_gauges(verdict, metrics.version), media_type=CONTENT_TYPE)


def add_error_handlers(app: FastAPI, routes: str) -> None:
    """Answer errors in the form of every 4xx and 5xx response; ``routes`` says which paths there are."""

    async def deliberate(_: Request, error: Any) -> JSONResponse:
        return refusal(error)

    async def of_http(request: Request, error: Any) -> JSONResponse:
        subject = f"{request.method} {request.url.path} is not possible here."
        hint = routes if error.status_code in (404, 405) else ""
        message = subject if hint else str(error.detail)
        is_open_inference = f"{request.url.path}/".startswith("/v2/")
        return JSONResponse(
            {"error": f"{message} {hint}".strip()} if is_open_inference else problem(message, hint=hint),
            status_code=error.status_code,
            headers=error.headers,
        )

    async def failed(_: Request, __: Any) -> JSONResponse:
        return bug()

    app.add_exception_handler(LitmusError, deliberate)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, failed)  # Starlette raises it again, so that it is logged


@cache
def _page() -> str:
    return Path(__file__).with_name("page.html").read_text(encoding="utf-8")
