"""Serve a bundle over HTTP: ``GET /health``, ``GET /schema``, ``POST /predict``, ``GET /metrics``, and a
page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from litmus_core.serving._guards.hosts import (
    OPEN_VARIABLE,
    OPENS,
    is_loopback,
    require_permission,
    require_sign_in,
    trusted_hosts,
)
from litmus_core.serving._request_log import RequestLogOptions, write_failure_path
from litmus_core.serving._server import (
    ServerAddress,
    SupervisorOptions,
    exit_status,
    listening,
    serve,
    serve_forecast,
    serve_targets,
)
from litmus_core.serving._supervision import LEAVE

if TYPE_CHECKING:
    from litmus_core.serving._app import create_app
    from litmus_core.serving._desks.app import Desk, create_forecast_app, create_targets_app
    from litmus_core.serving._guards.middleware import Access, read_key
    from litmus_core.serving._guards.pages import first_page_at, page_guard
    from litmus_core.serving._outcomes import (
        OUTCOMES_CAME,
        AnswerStore,
        JudgedRows,
        NewOutcome,
        OutcomeReader,
        read_id,
        time_of,
    )
    from litmus_core.serving._request_parsing import Limits

__all__ = [
    "LEAVE",
    "OPENS",
    "OPEN_VARIABLE",
    "OUTCOMES_CAME",
    "Access",
    "AnswerStore",
    "Desk",
    "JudgedRows",
    "Limits",
    "NewOutcome",
    "OutcomeReader",
    "RequestLogOptions",
    "ServerAddress",
    "SupervisorOptions",
    "create_app",
    "create_forecast_app",
    "create_targets_app",
    "exit_status",
    "first_page_at",
    "is_loopback",
    "listening",
    "page_guard",
    "read_id",
    "read_key",
    "require_permission",
    "require_sign_in",
    "serve",
    "serve_forecast",
    "serve_targets",
    "time_of",
    "trusted_hosts",
    "write_failure_path",
]

# FastAPI is imported only when an application is built.
_LAZY = {
    "Access": "_guards.middleware",
    "AnswerStore": "_outcomes",
    "Desk": "_desks.app",
    "JudgedRows": "_outcomes",
    "Limits": "_request_parsing",
    "NewOutcome": "_outcomes",
    "OUTCOMES_CAME": "_outcomes",
    "OutcomeReader": "_outcomes",
    "create_app": "_app",
    "create_forecast_app": "_desks.app",
    "create_targets_app": "_desks.app",
    "first_page_at": "_guards.pages",
    "page_guard": "_guards.pages",
    "read_id": "_outcomes",
    "read_key": "_guards.middleware",
    "time_of": "_outcomes",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"litmus_core.serving.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
