"""What goes wrong over HTTP: a status, and words with the row and field where there are some."""

from __future__ import annotations

from typing import Any

from litmus_core.errors import BusyError, DataError, LitmusError, RowError, UsageError


class RequestError(LitmusError):
    """A request that cannot be answered, with its HTTP status."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def status_of(error: LitmusError) -> int:
    """Return the HTTP status that says whose turn it is: 4xx the caller's, 503 later, 500 ours."""
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, BusyError):
        return 503
    return 422 if isinstance(error, DataError | UsageError) else 500


def detail_of(error: LitmusError) -> dict[str, Any]:
    """Return the answer's body: ``{"detail": {"message", "row", "field", "hint"}}``, null for nothing."""
    row, field = (error.row, error.field) if isinstance(error, RowError) else (None, None)
    return problem(error.message, row=row, field=field, hint=error.hint)


def problem(
    message: str, *, row: int | None = None, field: str | None = None, hint: str = ""
) -> dict[str, Any]:
    """Return one problem in the shape that every 4xx and 5xx answer has."""
    return {"detail": {"message": message, "row": row, "field": field, "hint": hint or None}}
