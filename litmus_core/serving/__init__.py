"""A bundle over HTTP: ``GET /health``, ``GET /schema``, ``POST /predict``, ``GET /docs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litmus_core.serving._server import serve

if TYPE_CHECKING:
    from litmus_core.serving._app import create_app
    from litmus_core.serving._bodies import Limits

__all__ = ["Limits", "create_app", "serve"]


def __getattr__(name: str) -> Any:
    # FastAPI is loaded by whoever builds an application, not by whoever only asks what there is.
    if name == "create_app":
        from litmus_core.serving._app import create_app

        return create_app
    if name == "Limits":
        from litmus_core.serving._bodies import Limits

        return Limits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
