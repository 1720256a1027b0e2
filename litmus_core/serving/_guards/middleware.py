"""The middleware of each request: it checks host, origin and key, and counts requests and responses."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from litmus_core.errors import BusyError, LitmusError, UsageError
from litmus_core.serving._guards.hosts import Hosts
from litmus_core.serving._guards.tokens import ProviderTokens
from litmus_core.serving._metrics import Metrics
from litmus_core.serving._problems import detail_of, problem, status_of

KEY_VARIABLE = "LITMUS_API_KEY"
_OPEN = frozenset(
    {"/health", "/v2/health/live", "/v2/health/ready", "/", "/docs"}  # the page contains no data itself
)
_CLOSE = (b"connection", b"close")
_OURS = ((b"x-content-type-options", b"nosniff"), (b"cross-origin-resource-policy", b"same-origin"))


def read_key(path: Path | None) -> str | None:
    """Return the API key in the file, else in $LITMUS_API_KEY, else None: no key is required.

    Raises UsageError for a file that is empty or cannot be read.
    """
    if path is None:
        return os.environ.get(KEY_VARIABLE, "").strip() or None
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"The API key cannot be read from {path}.", hint="Name a text file that holds the key alone."
        ) from error
    if not key:
        raise UsageError(f"The file {path} is empty.", hint="Write the API key into it.")
    return key


@dataclass(slots=True)
class Access:
    """Access rules: the key or the tokens for requests (None: none needed), the accepted hosts, and whether
    the server is stopping."""

    key: str | None = None
    tokens: ProviderTokens | None = None
    hosts: Hosts = field(default_factory=Hosts)
    closing: bool = False

    def admits(self, scope: Scope) -> bool:
        """Return whether the request may pass: an open path, the right key (compared in constant time), or a
        valid token."""
        if scope["path"] in _OPEN or not self.is_closed:
            return True
        sent = _token(scope)
        if self.key is not None and hmac.compare_digest(_digest(sent), _digest(self.key.encode())):
            return True
        return self.tokens is not None and self.tokens.admits(sent)

    @property
    def is_closed(self) -> bool:
        """Whether requests need a key or a token."""
        return self.key is not None or self.tokens is not None


def _token(scope: Scope) -> bytes:
    headers = dict(scope["headers"])
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    sent: bytes = token.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"").strip()
    return sent


def _digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def refusal(error: LitmusError) -> JSONResponse:
    """Return a LitmusError as a response."""
    status = status_of(error)
    headers = {"Retry-After": "1"} if status in (503, 504) else {}
    return JSONResponse(detail_of(error), status_code=status, headers=headers)


def bug() -> JSONResponse:
    """Return the response for an unexpected error in the model."""
    problem_body = problem(
        "The model could not answer, for a reason of its own.", hint="See the server's log."
    )
    return JSONResponse(problem_body, status_code=500)


class AccessMiddleware:
    """Middleware that counts and times requests, checks host and key, and closes connections when stopping.

    Pages of other sites are refused: no response has a CORS header, and none is a redirect.

    ``POST /predict`` goes straight to ``predict``: FastAPI's routing costs as much as a quick model.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        access: Access,
        metrics: Metrics,
        predict: Callable[[Scope, Receive], Awaitable[Response]],
    ) -> None:
        self._app, self._access, self._metrics, self._predict = app, access, metrics, predict

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; one that is cancelled, since the server ends, gets 503."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_OURS]
                if self._access.closing or status == 408:
                    message["headers"] = [*message["headers"], _CLOSE]
            await send(message)

        self._metrics.n_in_flight += 1
        try:
            if reason := self._access.hosts.refusal(scope["headers"]):
                await _foreign(reason, scope, receive, watched)
            elif not self._access.admits(scope):
                await _not_admitted(self._access, scope, receive, watched)
            elif scope["path"] == "/predict" and scope["method"] == "POST":
                await self._direct(scope, receive, watched)
            else:
                await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if not status:
                error = BusyError("The server ends, and could not wait for this.", hint="Send it again.")
                await refusal(error)(scope, receive, watched)
        finally:
            self._metrics.n_in_flight -= 1
            self._metrics.count(scope["path"], status or 500, time.perf_counter() - started)

    async def _direct(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._predict(scope, receive)
        except LitmusError as error:
            answer = refusal(error)
        except Exception:
            await bug()(scope, receive, send)
            raise  # so that it is logged
        await answer(scope, receive, send)


async def _foreign(reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    hint = "Use the address that it printed; another name of it needs --allow-host NAME where it is started."
    await JSONResponse(problem(reason, hint=hint), status_code=403)(scope, receive, send)


async def _not_admitted(access: Access, scope: Scope, receive: Receive, send: Send) -> None:
    if access.tokens is None:
        body = problem(
            "This model answers only with its API key.",
            hint="Send it as 'Authorization: Bearer KEY' or as 'X-API-Key: KEY'.",
        )
    else:
        body = problem(
            "This model answers only with a valid token.",
            hint="Send 'Authorization: Bearer TOKEN': for this service, not expired, from its provider.",
        )
    answer = JSONResponse(body, status_code=401, headers={"WWW-Authenticate": "Bearer"})
    await answer(scope, receive, send)
