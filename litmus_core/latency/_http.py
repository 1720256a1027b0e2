"""A bundle over HTTP: its own server, called by several clients at once from another process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litmus_core.latency._child import LatencyProcess
from litmus_core.latency._job import figure_of
from litmus_core.latency._trial import LatencyTrial
from litmus_core.types import HttpFigure

_START_S = 180.0
_GRACE_S = 15.0
_POLL_S = 0.02
_MOST_BODIES = 2000


def measure_over_http(
    trial: LatencyTrial,
    *,
    callers: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    n_calls: int,
    calls_s: float,
    on_progress: Callable[[str], None],
) -> tuple[list[HttpFigure], int | None, list[str]]:
    """Serve the trial's bundle and request one row at a time; returns figures, peak memory and problems.

    Each number of callers makes ``n_calls`` requests in all, or as many as fit into ``calls_s`` seconds.
    """
    figures: list[HttpFigure] = []
    ready = trial.folder / "server.json"
    bodies = [json.dumps({"rows": [row]}) for row in rows[:_MOST_BODIES]]
    with trial.child("serve", {"ready_file": str(ready)}) as server:
        port = _wait(server, ready, until=min(trial.until, time.monotonic() + _START_S))
        if port is None:
            return [], None, [trial.failure_message(server, "while its server started")]
        for place, n_callers in enumerate((min(callers), *callers)):
            stats = _measure_calls(trial, port, n_callers, bodies, n_calls=n_calls, calls_s=calls_s)
            if isinstance(stats, str):
                has_ended = server.process.poll() is not None
                return (
                    figures,
                    None,
                    [trial.failure_message(server, "while it was asked over HTTP") if has_ended else stats],
                )
            if place:  # the first one is the warm-up
                figures.append(stats)
                on_progress(f"{n_callers} at once over HTTP: {stats.p95_ms:.3g} ms at most, 95 % of the time")
        peak = _peak_of(server.process.pid)
        _end(server)
    return figures, peak, []


def _wait(server: LatencyProcess, ready: Path, *, until: float) -> int | None:
    while time.monotonic() < until and server.process.poll() is None:
        if ready.exists():
            return urlsplit(str(json.loads(ready.read_text(encoding="utf-8"))["url"])).port
        time.sleep(_POLL_S)
    return None


def _measure_calls(
    trial: LatencyTrial, port: int, n_callers: int, bodies: Sequence[str], *, n_calls: int, calls_s: float
) -> HttpFigure | str:
    """Return the figure for that many callers, or an error message."""
    job = {
        "port": port,
        "callers": n_callers,
        "bodies": bodies,
        "n_calls": -(-n_calls // n_callers),
        "allowed_s": calls_s,
    }
    command = [sys.executable, *trial.command("call", job)[-3:]]
    try:
        done = subprocess.run(command, capture_output=True, timeout=calls_s + 60, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        return f"Asking over HTTP with {n_callers} callers failed: {error}."
    document = json.loads(done.stdout)
    if not document["times_s"]:
        return f"No request of {n_callers} callers was answered: {'; '.join(document['errors'][:1])}."
    times = figure_of(1, document["times_s"])
    return HttpFigure(
        callers=n_callers,
        p50_ms=times.p50_ms,
        p95_ms=times.p95_ms,
        p99_ms=times.p99_ms,
        n_calls=times.n_calls,
        n_errors=document["n_errors"],
        requests_per_s=times.n_calls / document["wall_s"],
    )


def _peak_of(pid: int) -> int | None:
    """Return a process's peak memory in bytes; None if the system does not report it."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else None


def _end(server: LatencyProcess) -> None:
    server.process.terminate()
    try:
        server.process.wait(timeout=_GRACE_S)
    except subprocess.TimeoutExpired:  # it ends with its block
        return
