"""The HTTP application over one bundle."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from litmus_core.errors import LitmusError
from litmus_core.runtime import Bundle
from litmus_core.serving._bodies import Limits, parse_rows, read_body
from litmus_core.serving._openapi import describe, request_body, responses
from litmus_core.serving._problems import detail_of, problem, status_of
from litmus_core.serving._worker import Worker

_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ROUTES = "There are GET /health, GET /schema, POST /predict, GET /docs and GET /openapi.json."


def create_app(bundle: Bundle, *, limits: Limits | None = None) -> FastAPI:
    """Return the application that answers for ``bundle``; it warms the model up before it is ready.

    Rows are answered by one thread, one request after the other. Every 4xx and 5xx answer has the body
    ``{"detail": {"message", "row", "field", "hint"}}``.
    """
    limits = limits or Limits()
    worker = Worker(max_waiting=limits.max_waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await worker.run(bundle.warm)
        yield
        worker.close()

    app = FastAPI(
        title=bundle.manifest.name,
        version=bundle.manifest.id,
        description=f"Answers '{bundle.target}' for rows of {len(bundle.columns)} columns.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own page loads its code from the internet
        redoc_url=None,
    )
    _add_pages(app, bundle, limits)
    _add_predict(app, bundle, worker, limits)
    _add_error_handlers(app)
    return app


def _add_pages(app: FastAPI, bundle: Bundle, limits: Limits) -> None:
    @app.get("/health", summary="Whether the model is ready", response_description="It is.")
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


def _add_predict(app: FastAPI, bundle: Bundle, worker: Worker, limits: Limits) -> None:
    @app.post(
        "/predict",
        summary="Answer rows",
        responses=responses(bundle),
        openapi_extra={"requestBody": request_body(bundle)},
    )
    async def predict(request: Request) -> Response:
        body = await read_body(request, limits)

        def answer() -> bytes:
            predictions = bundle.answers(parse_rows(body, limits))
            return json.dumps(
                {"predictions": predictions}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
            ).encode("utf-8")

        return Response(await worker.run(answer), media_type="application/json")


def _add_error_handlers(app: FastAPI) -> None:
    async def deliberate(_: Request, error: Any) -> JSONResponse:
        status = status_of(error)
        headers = {"Retry-After": "1"} if status == 503 else {}
        return JSONResponse(detail_of(error), status_code=status, headers=headers)

    async def of_http(request: Request, error: Any) -> JSONResponse:
        what = f"{request.method} {request.url.path} is not possible here."
        hint = _ROUTES if error.status_code in (404, 405) else ""
        return JSONResponse(
            problem(what if hint else str(error.detail), hint=hint),
            status_code=error.status_code,
            headers=error.headers,
        )

    async def bug(_: Request, __: Any) -> JSONResponse:
        return JSONResponse(
            problem("The model could not answer, for a reason of its own.", hint="See the server's log."),
            status_code=500,
        )

    app.add_exception_handler(LitmusError, deliberate)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, bug)  # Starlette raises it again, so that it is logged


@cache
def _page() -> str:
    return Path(__file__).with_name("page.html").read_text(encoding="utf-8")
