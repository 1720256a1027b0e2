"""What an endpoint is made of and how it fares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EndpointState = Literal["starting", "answering", "restarting", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointVersion:
    """A bundle behind an endpoint's name. ``number`` counts from 1 and is never used again."""

    number: int
    bundle_id: str
    path: str
    sha256: str
    added_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStats:
    """How an endpoint fares: counts of ``POST /predict`` since it was started, over all its versions.

    ``p50_ms`` and ``p95_ms`` are of the last 1,000 good answers of the version that answers now, as the
    server itself saw them; None before the first. ``errors`` counts refusals and failures by kind, such as
    "row does not fit". ``message`` says what is wrong, "" when nothing is. ``needs_key``: it asks for an
    API key. ``n_samples_lost`` counts sampled requests that could not be kept.
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
    n_requests: int = 0
    n_rows: int = 0
    n_errors: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    p50_ms: float | None = None
    p95_ms: float | None = None
    n_restarts: int = 0
    last_restart_at: str | None = None
    last_restart_reason: str = ""
    message: str = ""
    needs_key: bool = False
    n_samples_lost: int = 0
