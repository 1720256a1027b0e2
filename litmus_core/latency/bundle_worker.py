"""Runs a bundle in the lab: one stand-alone file, for whatever environment the bundle has.

    python bundle_worker.py answer JOB   measure in this process; JSON lines on stdout
    python bundle_worker.py serve JOB    serve over HTTP within the job's limits
    python bundle_worker.py call JOB     call a server as several clients; one JSON line on stdout

It imports nothing of Litmus but ``load_bundle``, late: the environment may hold another version of it than
the process that started the job. JOB is a JSON file.
"""

from __future__ import annotations

import http.client
import json
import os
import runpy
import sys
import threading
import time
from pathlib import Path
from typing import Any

_WARM_UP = 5


def main() -> None:
    """Run the mode on the command line."""
    mode, path = sys.argv[1:3]
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    if mode == "call":
        _write_line(os.dup(1), _call(job))
        return
    limits = _limit(job)
    if mode == "serve":
        sys.argv = ["litmus_core.serving", job["bundle"], "--port", "0", "--ready-file", job["ready_file"]]
        runpy.run_module("litmus_core.serving", run_name="__main__")
        return
    out = os.dup(1)
    os.dup2(2, 1)  # other output goes to stderr
    try:
        _measure(job, limits, out)
    except Exception as error:  # noqa: BLE001 - the parent reports it
        message = f"{error}" if type(error).__module__.startswith("litmus") else repr(error)
        is_memory = isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError)
        _write_line(out, {"failed": "memory" if is_memory else message})


def _limit(job: dict[str, Any]) -> dict[str, str]:
    """Limit this process to the job's processors and memory, as far as the system allows; report how."""
    how = {"cpu_limit": "", "memory_limit": ""}
    if job["cpus"] and hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))[: job["cpus"]]
        os.sched_setaffinity(0, allowed)
        how["cpu_limit"] = f"bound to {len(allowed)} of {os.cpu_count()} processors"
    if job["memory_bytes"] and sys.platform == "linux":
        import resource

        # Data, not address space: threads and allocators reserve far more addresses than they ever use.
        resource.setrlimit(resource.RLIMIT_DATA, (job["memory_bytes"],) * 2)
        how["memory_limit"] = "private data limited by the kernel (RLIMIT_DATA)"
    return how


def _measure(job: dict[str, Any], limits: dict[str, str], out: int) -> None:
    from litmus_core import load_bundle

    bundle = load_bundle(job["bundle"])
    rows = json.loads(Path(job["rows"]).read_text(encoding="utf-8")) if job["rows"] else bundle.examples
    differences = bundle.check()[:20]  # first: a bundle that differs from its export rejects other rows
    if not differences:
        bundle.predict_records(rows[:1])
    _write_line(out, {"first": True, "peak_bytes": _peak(), **limits})
    if job["only_start"]:
        return
    _write_line(out, {"golden": len(bundle.examples), "differences": differences})
    for batch_rows in job["batches"] if not differences else ():
        times = _time_calls(bundle, rows, batch_rows, allowed_s=job["allowed_s"], n_single=job["n_single"])
        _write_line(out, {"batch_rows": batch_rows, "times_s": times, "peak_bytes": _peak()})
    if job["dependencies"]:
        _write_line(out, {"dependencies": _dependencies()})
    _write_line(out, {"done": True, "peak_bytes": _peak()})


def _time_calls(
    bundle: Any, rows: list[Any], batch_rows: int, *, allowed_s: float, n_single: int
) -> list[float]:
    """Time calls of ``batch_rows`` different rows in rotation; the first few are not counted."""
    most = {1: n_single, 10: 100, 100: 30, 1000: 10}.get(batch_rows, 5)
    for place in range(_WARM_UP if batch_rows < 100 else 1):
        _batch_time(bundle, rows, batch_rows, -1 - place)
    times: list[float] = []
    while len(times) < most and (len(times) < 3 or sum(times) < allowed_s):
        times.append(_batch_time(bundle, rows, batch_rows, len(times)))
    return times


def _batch_time(bundle: Any, rows: list[Any], batch_rows: int, place: int) -> float:
    batch = [rows[(place * batch_rows + at) % len(rows)] for at in range(batch_rows)]
    began = time.perf_counter()
    bundle.predict(batch)
    return time.perf_counter() - began


def _peak() -> int | None:
    """Return this process's peak memory in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:  # not on this system
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _dependencies() -> list[dict[str, Any]]:
    from importlib import metadata

    versions = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name.lower() not in ("pip", "setuptools", "wheel"):
            versions[name.lower()] = {
                "name": name,
                "version": distribution.version,
                "licence": _licence(distribution.metadata),
                "n_bytes": sum(_size(file) for file in distribution.files or ()),
            }
    return [versions[name] for name in sorted(versions)]


def _size(file: Any) -> int:
    try:
        return int(os.stat(file.locate()).st_size)
    except OSError:  # listed, but not installed
        return 0


def _licence(about: Any) -> str:
    """Return a distribution's licence: its expression, its classifiers, or its first words."""
    classifiers = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if "License ::" in line
    ]
    named = about.get("License-Expression") or ", ".join(
        classifier for classifier in classifiers if classifier != "OSI Approved"
    )
    first = (about.get("License") or "").strip().partition("\n")[0]
    return str(named or first)[:80]


def _call(job: dict[str, Any]) -> dict[str, Any]:
    """Request one row at a time, from several callers at once, until all are done or time is up."""
    times: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + job["allowed_s"]
    threads = [
        threading.Thread(target=_caller, args=(job, place, until, times, errors))
        for place in range(job["callers"])
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "times_s": times,
        "wall_s": time.perf_counter() - began,
        "errors": errors[:5],
        "n_errors": len(errors),
    }


def _caller(job: dict[str, Any], place: int, until: float, times: list[float], errors: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=30)
    headers = {"Content-Type": "application/json"}
    bodies = job["bodies"][place :: job["callers"]] or job["bodies"]
    for number in range(job["n_calls"]):
        if time.perf_counter() > until:
            break
        began = time.perf_counter()
        try:
            connection.request("POST", "/predict", bodies[number % len(bodies)].encode(), headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                errors.append(f"{answer.status}: {body[:200]!r}")
                continue
        except (OSError, http.client.HTTPException) as error:
            errors.append(repr(error))
            connection.close()
            continue
        times.append(time.perf_counter() - began)
    connection.close()


def _write_line(out: int, facts: dict[str, Any]) -> None:
    left = (json.dumps(facts) + "\n").encode()
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    main()
