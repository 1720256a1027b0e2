"""Endpoints: versions and statistics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EndpointState = Literal["starting", "answering", "restarting", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointVersion:
    """A bundle behind an endpoint's name. ``number`` counts from 1 and is never reused."""

    number: int
    bundle_id: str
    path: str
    sha256: str
    added_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """How often a dead server was restarted; the time of the last restart (UTC, ISO 8601), and the reason."""

    n: int = 0
    last_at: str | None = None
    last_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTraffic:
    """Counts of ``POST /predict`` since the endpoint was started, over all its versions.

    ``p50_ms`` and ``p95_ms`` are for the last 1,000 successful requests to the current version, measured in
    the server; None before the first one. ``errors`` counts refusals and failures by kind, such as
    "row does not fit". ``n_samples_lost`` counts sampled requests that could not be stored, and
    ``n_answers_lost`` answers that could not be kept for their outcomes.
    """

    n_requests: int = 0
    n_rows: int = 0
    n_errors: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    p50_ms: float | None = None
    p95_ms: float | None = None
    n_samples_lost: int = 0
    n_answers_lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStats:
    """The versions, state and statistics of an endpoint.

    ``message`` describes the problem, "" if there is none. ``needs_key``: callers send a key or token.
    """

    name: str
    id: str
    state: EndpointState
    url: str
    bundle_id: str
    version: int
    previous: int | None
    versions: tuple[EndpointVersion, ...]
    started_at: str
    traffic: EndpointTraffic = field(default_factory=EndpointTraffic)
    restarts: Restarts = Restarts()
    message: str = ""
    needs_key: bool = False
