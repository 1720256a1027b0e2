"""Errors over HTTP: a status and a message, with row and field if they are known."""

from __future__ import annotations

from typing import Any

from litmus_core.errors import BusyError, DataError, LitmusError, RowError, UsageError


class RequestError(LitmusError):
    """A request that cannot be answered, with its HTTP status."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def status_of(error: LitmusError) -> int:
    """Return the HTTP status: 4xx for the caller's mistakes, 503 to try later, 500 for ours."""
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, BusyError):
        return 503
    return 422 if isinstance(error, DataError | UsageError) else 500


def detail_of(error: LitmusError) -> dict[str, Any]:
    """Return the response's body: ``{"detail": {"message", "row", "field", "hint"}}``, null where unknown."""
    row, field = (error.row, error.field) if isinstance(error, RowError) else (None, None)
    return problem(error.message, row=row, field=field, hint=error.hint)


def problem(
    message: str, *, row: int | None = None, field: str | None = None, hint: str = ""
) -> dict[str, Any]:
    """Return a problem in the form of every 4xx and 5xx response."""
    return {"detail": {"message": message, "row": row, "field": field, "hint": hint or None}}
