"""Compare measurements of a bundle with its requirements: pass or fail per line, with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litmus_core.deploy._bundles.container import START_PERIOD_S
from litmus_core.metrics import get_metric
from litmus_core.runtime import Manifest
from litmus_core.text import format_count
from litmus_core.types import LEAST_CALLS, Budget, CertificateForm, CertificateLine, Dependency, LabReport
from litmus_core.verdicts import assertion_text, coverage_sentence

_COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_MOST_NAMED = 3


def judge(
    manifest: Manifest, report: LabReport, *, form: CertificateForm, not_rebuilt: str, built_s: float
) -> tuple[CertificateLine, ...]:
    """Return the certificate's lines. ``not_rebuilt`` says why the bundle has no environment of its own."""
    budget = manifest.task.budget if manifest.task is not None else Budget()
    lines = [
        _environment(report, form=form, not_rebuilt=not_rebuilt, built_s=built_s),
        _run(report),
        _golden(report),
        _latency(report, budget),
        _memory(report),
        _cold_start(report),
        _size(report, budget),
    ]
    lines += [*_coverage(manifest), *_monotone(report), *_assertions(manifest)]
    if form == "full":
        lines += [_http(report), *_installed(report)]
    return (*lines, *_cost(report))


def _line(key: str, title: str, passed: bool | None, text: str) -> CertificateLine:
    return CertificateLine(key=key, title=title, passed=passed, text=text)


def _environment(
    report: LabReport, *, form: CertificateForm, not_rebuilt: str, built_s: float
) -> CertificateLine:
    title = "Its own environment"
    if form == "short":
        return _line("environment", title, None, "Not rebuilt: the short form runs on the libraries at hand.")
    if not report.own_environment:
        words = f"{not_rebuilt} The lines below are of the libraries at hand."
        return _line("environment", title, False, words)
    how = f"built in {built_s:.0f} s" if built_s else "it was here already"
    size = "" if report.environment_bytes is None else f", {_mb(report.environment_bytes)}"
    return _line("environment", title, True, f"Made from the bundle's requirements alone ({how}{size}).")


def _run(report: LabReport) -> CertificateLine:
    limits = "; ".join(part for part in (report.cpu_limit, report.memory.limit) if part)
    words = (
        " ".join(report.problems)
        or f"It ran from another place in a fresh process to the end{_bracketed(limits)}."
    )
    return _line("run", "Runs elsewhere", not report.problems, words)


def _bracketed(limits: str) -> str:
    return f" ({limits})" if limits else ""


def _golden(report: LabReport) -> CertificateLine:
    title, n = "Golden predictions", report.golden.n_rows
    if not n:
        return _line("golden", title, False, "The golden rows could not be replayed.")
    if report.golden.differences:
        words = f"{len(report.golden.differences)} answers differ. {report.golden.differences[0]}"
        return _line("golden", title, False, words)
    return _line("golden", title, True, f"All {n:,} golden rows are answered as at export.")


def _coverage(manifest: Manifest) -> Iterator[CertificateLine]:
    """Yield how often intervals or label sets held the truth on the judged rows, if that is known."""
    verdict = manifest.results.verdict
    if verdict is None or verdict.coverage is None:
        return
    coverage = verdict.coverage
    words, is_held = coverage_sentence(coverage), coverage.high >= coverage.level
    if not is_held:
        words += " That is fewer than promised: do not rely on them."
    is_limit = verdict.bar is not None and get_metric(verdict.bar.metric).family == "interval_width"
    yield _line("coverage", "Sure as promised", is_held if is_limit else None, words)


def _monotone(report: LabReport) -> Iterator[CertificateLine]:
    """Yield how many probes broke a monotone constraint."""
    probes = report.monotone
    if probes is None:
        return
    broken = format_count(probes.n_violations, "violation")
    words = f"{broken} in {probes.n_probes:,} probes of real rows: {probes.columns}."
    yield _line("monotone", "Monotone", not probes.n_violations, words)


def _assertions(manifest: Manifest) -> Iterator[CertificateLine]:
    """Yield a line for each assertion that was tried when the model was judged."""
    verdict = manifest.results.verdict
    passed = {"held": True, "broken": False, "open": None}
    for result in () if verdict is None else verdict.assertions:
        title = f"Assertion: {assertion_text(result.assertion)}"
        yield _line("assertion", title, passed[result.state], result.sentence)


def _latency(report: LabReport, budget: Budget) -> CertificateLine:
    title, rows = "Answering time", budget.batch_rows
    figure = report.latency_at(rows)
    if figure is None:
        # Not measured at that size: fails if there is a budget, since nothing shows that it is met.
        limit = None if budget.max_latency_ms is None else False
        return _line("latency", title, limit, f"Calls of {rows:,} rows could not be measured.")
    calls = f"95 % of {figure.n_calls:,} calls" if figure.is_percentile else figure.p95_calls
    words = f"{_rows(rows)}: {figure.p95_ms:.3g} ms at most, {calls}"
    if budget.max_latency_ms is None:
        return _line("latency", title, None, f"{words}; the task sets no limit.")
    good = figure.p95_ms <= budget.max_latency_ms
    verb = "within" if good else "more than"
    return _line("latency", title, good, f"{words}, {verb} the limit of {budget.max_latency_ms:g} ms.")


def _memory(report: LabReport) -> CertificateLine:
    title = "Memory"
    most = report.memory.most_bytes
    limit = report.environment.memory_mb
    if most is None:
        return _line(
            "memory", title, None if limit is None else False, "The most memory used could not be measured."
        )
    words = f"{_mb(most)} at most"
    if limit is None:
        return _line("memory", title, None, f"{words}; the environment sets no limit.")
    good = most <= limit * 1e6
    verb = "within" if good else "more than"
    return _line("memory", title, good, f"{words}, {verb} the {limit:,} MB of '{report.environment.name}'.")


def _cold_start(report: LabReport) -> CertificateLine:
    title, seconds = "Cold start", report.cold_start_s
    if seconds is None:
        return _line("cold start", title, False, "It never came to a first answer.")
    good = seconds <= START_PERIOD_S
    verb = "within" if good else "more than"
    words = (
        f"{seconds:.2f} s from the start of the process to the first answer, {verb} the {START_PERIOD_S} s"
    )
    return _line("cold start", title, good, f"{words} that the container's health check allows.")


def _size(report: LabReport, budget: Budget) -> CertificateLine:
    words = f"The bundle takes {_mb(report.bundle_bytes)}"
    if budget.max_size_mb is None:
        return _line("size", "Size", None, f"{words}; the task sets no limit.")
    good = report.bundle_bytes <= budget.max_size_mb * 1e6
    verb = "within" if good else "more than"
    return _line("size", "Size", good, f"{words}, {verb} the limit of {budget.max_size_mb:g} MB.")


def _http(report: LabReport) -> CertificateLine:
    title = "Over HTTP"
    if not report.http:
        return _line("http", title, False, "It could not be asked over HTTP.")
    n_errors = sum(figure.n_errors for figure in report.http)
    n_calls = n_errors + sum(figure.n_calls for figure in report.http)
    if n_errors:
        return _line("http", title, False, f"{n_errors:,} of {n_calls:,} requests were not answered.")
    most = report.http[-1]
    calls = "95 %" if most.n_calls >= LEAST_CALLS else f"the slowest of {most.n_calls}"
    words = f"All {n_calls:,} requests were answered; with {most.callers} callers at once {calls} within"
    return _line("http", title, True, f"{words} {most.p95_ms:.3g} ms.")


def _installed(report: LabReport) -> Iterator[CertificateLine]:
    dependencies = report.dependencies
    if not dependencies:
        yield _line(
            "dependencies", "Dependencies", False, "What it would be installed with could not be listed."
        )
        return
    largest = sorted(dependencies, key=lambda dependency: -dependency.n_bytes)[:_MOST_NAMED]
    named = ", ".join(
        f"{dependency.name} {dependency.version} ({_mb(dependency.n_bytes)})" for dependency in largest
    )
    total = _mb(sum(dependency.n_bytes for dependency in dependencies))
    words = f"{len(dependencies)} packages, {total}; the largest: {named}."
    yield _line("dependencies", "Dependencies", report.own_environment, words)
    yield _licences(dependencies)


def _licences(dependencies: tuple[Dependency, ...]) -> CertificateLine:
    strict = [dependency for dependency in dependencies if _COPYLEFT.search(dependency.licence)]
    silent = [dependency for dependency in dependencies if not dependency.licence]
    if strict:
        words = (
            f"These ask that what uses them is open, too: {_list(strict)}. Ask whoever decides about that."
        )
        return _line("licences", "Licences", False, words)
    if silent:
        return _line(
            "licences",
            "Licences",
            None,
            f"These name no licence: {_list(silent)}. The rest are permissive.",
        )
    return _line(
        "licences", "Licences", True, f"All {len(dependencies)} name a licence, and none is copyleft."
    )


def _list(dependencies: list[Dependency]) -> str:
    names = [
        f"{dependency.name} ({dependency.licence})" if dependency.licence else dependency.name
        for dependency in dependencies
    ]
    more = len(names) - 2 * _MOST_NAMED
    return ", ".join(names[: 2 * _MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _cost(report: LabReport) -> Iterator[CertificateLine]:
    cost = report.cost_usd_per_million
    if cost is None:
        return
    place, how = report.environment, {"http": "one row a request", "batch": "many rows a call"}
    words = f"{cost:.3g} USD a million predictions at full load on '{place.name}', {how[place.mode]}, at"
    yield _line("cost", "Cost", None, f"{words} {place.price_per_hour_usd:g} USD an hour.")


def _rows(n_rows: int) -> str:
    return "One row" if n_rows == 1 else f"{n_rows:,} rows"


def _mb(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
