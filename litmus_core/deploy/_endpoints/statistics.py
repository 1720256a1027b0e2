"""Endpoint statistics: its servers' counts, its state, and its log."""

from __future__ import annotations

from typing import Any

from litmus_core.deploy._endpoints.folder import EndpointFolder, endpoint_folders
from litmus_core.deploy._endpoints.server_process import add_counts, read_counts
from litmus_core.serving import write_failure_path
from litmus_core.store import Workspace
from litmus_core.types import EndpointStats, EndpointTraffic, Restarts

_KINDS = {
    "400": "not JSON",
    "401": "no API key",
    "408": "slow caller",
    "413": "too large",
    "415": "unknown type of body",
    "422": "row does not fit",
    "500": "failure of the model",
    "501": "no Arrow",
    "503": "too busy",
    "504": "slow model",
}
_UNKEPT = (
    "It answers, but its counts and samples cannot be written: the disk is full, or you may not write there."
)
_TAIL_BYTES = 1 << 20


def endpoint_stats(workspace: Workspace, name: str) -> EndpointStats:
    """Return the counts, times and state of the endpoint ``name``; raises NotFoundError if there is none."""
    home = EndpointFolder(workspace, name)
    state = home.read()
    counts, live, message = state.counts, {}, state.trouble.message
    for path in home.path.glob("counts-*.json"):
        counts_here = read_counts(path)
        counts = add_counts(counts, counts_here)
        if counts_here.get("pid") == state.child_pid:
            live = counts_here
        if state.state == "answering" and write_failure_path(path).exists():
            message = " ".join(filter(None, (message, _UNKEPT)))
    statuses = counts.get("requests", {})
    errors = {status: n for status, n in statuses.items() if not status.startswith("2")}
    return EndpointStats(
        name=name,
        id=state.id,
        state=state.state,
        url=state.address.url,
        version=state.live,
        bundle_id=state.version(state.live).bundle_id,
        previous=state.previous,
        versions=state.versions,
        started_at=state.started_at,
        traffic=EndpointTraffic(
            n_requests=sum(statuses.values()),
            n_rows=counts.get("rows", 0),
            n_errors=sum(errors.values()),
            errors=_by_kind(errors),
            p50_ms=live.get("p50_ms"),
            p95_ms=live.get("p95_ms"),
            n_samples_lost=counts.get("samples_lost", 0),
            n_answers_lost=counts.get("answers_lost", 0),
        ),
        restarts=Restarts(
            n=state.restarts.n, last_at=state.restarts.last_at, last_reason=state.restarts.last_reason
        ),
        message=message,
        needs_key=state.api_key_file is not None or state.address.token_file is not None,
    )


def all_endpoint_stats(workspace: Workspace) -> list[EndpointStats]:
    """Return the statistics of every endpoint, stopped ones included, by name."""
    return [endpoint_stats(workspace, home.name) for home in endpoint_folders(workspace)]


def endpoint_log_tail(workspace: Workspace, name: str, n_lines: int) -> str:
    """Return the last lines of an endpoint's log; raises NotFoundError if there is no such endpoint."""
    home = EndpointFolder(workspace, name)
    home.read()
    if not home.log.exists():
        return ""
    with home.log.open("rb") as log:
        log.seek(max(0, home.log.stat().st_size - _TAIL_BYTES))
        lines = log.read().decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-n_lines:] if n_lines > 0 else [])


def _by_kind(errors: dict[str, Any]) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for status, n in errors.items():
        kind = _KINDS.get(status, f"HTTP {status}")
        kinds[kind] = kinds.get(kind, 0) + n
    return kinds
