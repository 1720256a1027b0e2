"""The routes of the protocol, added to Litmus' own."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from litmus_core.errors import LitmusError
from litmus_core.serving._open_inference.handler import OpenInferenceHandler, refusal

_MODEL = "/v2/models/{name}"
_VERSION = f"{_MODEL}/versions/{{version}}"


def add_open_inference(app: FastAPI, handler: OpenInferenceHandler) -> None:
    """Add the paths: health, metadata, and ``infer``."""

    @app.get("/v2/health/live", include_in_schema=False)
    @app.head("/v2/health/live", include_in_schema=False)
    async def live() -> dict[str, bool]:
        return {"live": True}

    @app.get("/v2/health/ready", include_in_schema=False)
    @app.head("/v2/health/ready", include_in_schema=False)
    async def ready() -> Response:
        is_ready = handler.is_ready()
        return JSONResponse({"ready": is_ready}, status_code=200 if is_ready else 503)

    @app.get("/v2", include_in_schema=False)
    async def server() -> dict[str, Any]:
        return handler.server()

    @app.get(_MODEL, include_in_schema=False)
    @app.get(_VERSION, include_in_schema=False)
    async def model(name: str, version: str | None = None) -> Response:
        try:
            return JSONResponse(handler.model(name, version))
        except LitmusError as error:
            return refusal(error)

    @app.get(f"{_MODEL}/ready", include_in_schema=False)
    @app.get(f"{_VERSION}/ready", include_in_schema=False)
    async def model_ready(name: str, version: str | None = None) -> Response:
        try:
            handler.check_name(name, version)
        except LitmusError as error:
            return refusal(error)
        is_ready = handler.is_ready()
        content = {"name": handler.model_name, "ready": is_ready}
        return JSONResponse(content, status_code=200 if is_ready else 503)

    @app.post(f"{_MODEL}/infer", include_in_schema=False)
    @app.post(f"{_VERSION}/infer", include_in_schema=False)
    async def infer(request: Request, name: str, version: str | None = None) -> Response:
        try:
            return await handler.infer(request.scope, request.receive, name, version)
        except LitmusError as error:
            return refusal(error)
