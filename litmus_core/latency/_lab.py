"""Latency tests of a bundle as production runs it: fresh processes, its own environment, limits."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litmus_core.errors import writing
from litmus_core.latency._http import measure_over_http
from litmus_core.latency._job import figure_of
from litmus_core.latency._trial import LatencyTrial
from litmus_core.types import (
    Dependency,
    DeploymentEnvironment,
    GoldenReplay,
    HttpFigure,
    LabReport,
    LatencyFigure,
    MemoryFigures,
    from_plain,
)

BATCHES = (1, 10, 100, 1000, 10_000)
CALLERS = (1, 4, 16)
OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPlan:
    """How thorough a trial is: rows per call, concurrent callers, one-row calls, cold starts.

    ``callers`` empty leaves HTTP out; ``dependencies`` lists what is installed where the bundle runs.
    ``calls_s`` is for the calls of one batch size or number of callers: a slow model makes fewer.
    ``timeout_s`` is for everything; calls that have not returned by then count as hung.
    """

    batches: tuple[int, ...] = BATCHES
    callers: tuple[int, ...] = CALLERS
    n_single: int = 1000
    n_starts: int = 3
    dependencies: bool = True
    calls_s: float = 15.0
    timeout_s: float = 600.0


SHORT = LabPlan(
    batches=(1, 100),
    callers=(),
    n_single=200,
    n_starts=1,
    dependencies=False,
    calls_s=1.5,
    timeout_s=120.0,
)


@dataclass(slots=True)
class _Measurements:
    """The measurements so far."""

    starts_s: list[float] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    latency: list[LatencyFigure] = field(default_factory=list)
    http: list[HttpFigure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def try_bundle(
    bundle: Path,
    environment: DeploymentEnvironment,
    *,
    python: Path | None = None,
    rows: Sequence[Mapping[str, Any]] = (),
    plan: LabPlan | None = None,
    on_progress: OnProgress = lambda _: None,
) -> LabReport:
    """Run the bundle in the folder ``bundle`` as ``environment`` says and return the measurements.

    ``python`` is the interpreter of the bundle's own environment; None uses the installed libraries.
    ``rows`` are JSON objects of real rows to request, in rotation; the bundle's golden rows if there are
    none. A process that fails, hangs or hits the memory limit is reported in ``problems``; earlier
    measurements are kept. Raises UsageError if the disk is full.
    """
    plan = plan or LabPlan()
    measurements = _Measurements()
    with tempfile.TemporaryDirectory(prefix="litmus-lab-") as scratch:
        folder = Path(scratch)
        with writing(folder):
            other_folder = folder / "another place" / "bundle"
            shutil.copytree(bundle, other_folder, copy_function=_link_or_copy)
            (folder / "rows.json").write_text(json.dumps(list(rows)), encoding="utf-8")
        trial = LatencyTrial(
            folder=folder,
            bundle=other_folder,
            python=python,
            cpus=environment.cpus,
            memory_mb=environment.memory_mb,
            rows=folder / "rows.json" if rows else None,
            until=time.monotonic() + plan.timeout_s,
        )
        _in_process(trial, plan, measurements, on_progress)
        if plan.callers and not measurements.problems:
            sample = list(rows) or _golden_rows(other_folder)
            figures, peak, problems = measure_over_http(
                trial,
                callers=plan.callers,
                rows=sample,
                n_calls=plan.n_single,
                calls_s=plan.calls_s,
                on_progress=on_progress,
            )
            measurements.http += figures
            measurements.problems += problems
            measurements.facts["peak_http_bytes"] = peak
        return _report(measurements, environment, bundle=bundle, rows=rows, is_custom=python is not None)


def _in_process(
    trial: LatencyTrial, plan: LabPlan, measurements: _Measurements, on_progress: OnProgress
) -> None:
    """Start, answer, replay the golden rows, and time each batch size, each in its own process."""
    job = {"only_start": True, "batches": [], "n_single": 0, "allowed_s": 0.0, "dependencies": False}
    on_progress("Starting cold")
    for _ in range(plan.n_starts - 1):
        for facts in trial.results(job, measurements.problems):
            measurements.starts_s += [facts["after_s"]] if "first" in facts else []
    job |= {"only_start": False, "batches": plan.batches, "n_single": plan.n_single}
    job |= {"allowed_s": plan.calls_s, "dependencies": plan.dependencies}
    for facts in trial.results(job, measurements.problems):
        if "first" in facts:
            measurements.starts_s.append(facts["after_s"])
            on_progress("Replaying the golden rows")
        if "times_s" in facts:
            figure = figure_of(facts["batch_rows"], facts["times_s"])
            measurements.latency.append(figure)
            rows = "1 row" if figure.batch_rows == 1 else f"{figure.batch_rows:,} rows"
            on_progress(f"{rows} a call: {figure.p50_ms:.3g} ms")
        measurements.facts |= facts


def _report(
    measurements: _Measurements,
    environment: DeploymentEnvironment,
    *,
    bundle: Path,
    rows: Sequence[Mapping[str, Any]],
    is_custom: bool,
) -> LabReport:
    facts = measurements.facts
    starts = sorted(measurements.starts_s)
    different = len({json.dumps(row, sort_keys=True) for row in rows}) or facts.get("golden", 0)
    return LabReport(
        environment=environment,
        own_environment=is_custom,
        problems=tuple(measurements.problems),
        cold_start_s=starts[len(starts) // 2] if starts else None,
        latency=tuple(measurements.latency),
        http=tuple(measurements.http),
        memory=MemoryFigures(
            peak_bytes=facts.get("peak_bytes"),
            peak_http_bytes=facts.get("peak_http_bytes"),
            limit=facts.get("memory_limit", ""),
        ),
        cpu_limit=facts.get("cpu_limit", ""),
        golden=GoldenReplay(n_rows=facts.get("golden", 0), differences=tuple(facts.get("differences", ()))),
        n_different_rows=different,
        bundle_bytes=sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()),
        dependencies=tuple(from_plain(Dependency, fact) for fact in facts.get("dependencies", ())),
        machine=_machine(),
    )


def _golden_rows(bundle: Path) -> list[Any]:
    from litmus_core.runtime import GOLDEN, Golden

    return list(Golden.from_json((bundle / GOLDEN).read_bytes()).rows)


def _link_or_copy(source: str, target: str) -> None:
    """Link a file to another path without copying, if the file system can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{name}, {os.cpu_count()} processors, {platform.system()}"
