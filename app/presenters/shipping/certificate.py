"""A bundle's certificate, line by line, and the deployment environments to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.humanize import StateMessage
from litmus_core.text import NARROW, format_bytes, format_count, format_milliseconds, unbroken
from litmus_core.types import LEAST_CALLS, Budget, Certificate, CertificateLine, DeploymentEnvironment

__all__ = [
    "CertificateLineView",
    "CertificateView",
    "EnvironmentView",
    "TimesView",
    "present_certificate",
    "present_environment",
]

_LINES: dict[bool | None, StateMessage] = {
    True: StateMessage(word="passed", icon=":material/check_circle:", tone="good", rank=1),
    False: StateMessage(word="failed", icon=":material/cancel:", tone="bad", rank=0),
    None: StateMessage(word="not judged", icon=":material/radio_button_unchecked:", tone="quiet", rank=2),
}
_MODES = {"http": "one row a request over HTTP", "batch": "many rows a call"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLineView:
    """One measurement compared with its limit."""

    state: StateMessage
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesView:
    """Latency in ms, p50 and p95: by rows per call, and by concurrent callers.

    ``budget_ms`` is for calls of ``budget_rows`` rows.
    """

    batches: tuple[tuple[int, float, float], ...]
    callers: tuple[tuple[int, float, float], ...]
    budget_ms: float | None
    budget_rows: int
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate. ``cost`` is "" if the environment has no price, ``times`` None: not measured."""

    state: StateMessage
    sentence: str
    lines: tuple[CertificateLineView, ...]
    cost: str
    times: TimesView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentView:
    """A deployment environment: its label, and the editor's initial values."""

    name: str
    label: str
    environment: DeploymentEnvironment


def present_certificate(certificate: Certificate, budget: Budget) -> CertificateView:
    """Present a certificate: failed lines first, lines without a limit last."""
    n_failed, report = len(certificate.failures), certificate.report
    form = "Full" if certificate.form == "full" else "Short"
    state = (
        StateMessage(word=f"{form} certificate passed", icon=":material/verified:", tone="good", rank=0)
        if certificate.passed
        else StateMessage(
            word=f"{form} certificate: {format_count(n_failed, 'line')} failed",
            icon=":material/cancel:",
            tone="bad",
            rank=1,
        )
    )
    how = (
        "in an environment built from the bundle's own requirements"
        if report.own_environment
        else "with the libraries of this computer"
    )
    lines = sorted((_line(line) for line in certificate.lines), key=lambda line: line.state.rank)
    cost = report.cost_usd_per_million
    return CertificateView(
        state=state,
        sentence=f"Measured {humanize.ago(certificate.made_at)} for {_described(report.environment)}, {how}.",
        lines=tuple(lines),
        cost="" if cost is None else f"{cost:,.2f}" if cost >= 1 else f"{cost:.2g}",
        times=_times(certificate, budget),
    )


def _line(line: CertificateLine) -> CertificateLineView:
    return CertificateLineView(state=_LINES[line.passed], title=line.title, text=unbroken(line.text))


def _times(certificate: Certificate, budget: Budget) -> TimesView | None:
    report = certificate.report
    batches = tuple((figure.batch_rows, figure.p50_ms, figure.p95_ms) for figure in report.latency)
    if not batches:
        return None
    callers = tuple((figure.callers, figure.p50_ms, figure.p95_ms) for figure in report.http)
    fewest = min([figure.n_calls for figure in report.latency] + [figure.n_calls for figure in report.http])
    return TimesView(
        batches=batches,
        callers=callers,
        budget_ms=budget.max_latency_ms,
        budget_rows=budget.batch_rows,
        reading=_reading(batches, callers, fewest=fewest),
    )


def _reading(
    batches: Sequence[tuple[int, float, float]],
    callers: Sequence[tuple[int, float, float]],
    *,
    fewest: int,
) -> str:
    (first, _, short), (last, _, long) = batches[0], batches[-1]
    sentence = f"{format_count(first, 'row')} in {format_milliseconds(short)}"
    if last != first:
        sentence += f", {format_count(last, 'row')} in {format_milliseconds(long)}"
    sentence += " inside the process"
    if callers:
        most, _, slow = callers[-1]
        sentence += f"; over HTTP with {format_count(most, 'caller')} at once {format_milliseconds(slow)}"
    few = (
        ""
        if fewest >= LEAST_CALLS
        else f" Where fewer than {LEAST_CALLS} were made it is the slowest of them."
    )
    return f"19 of 20 calls take at most: {sentence}.{few}"


def present_environment(environment: DeploymentEnvironment) -> EnvironmentView:
    """Present a deployment environment as a label and the editor's values."""
    return EnvironmentView(
        name=environment.name, label=_described(environment, quoted=False), environment=environment
    )


def _described(environment: DeploymentEnvironment, *, quoted: bool = True) -> str:
    parts = [format_count(environment.cpus, "processor")]
    if environment.memory_mb is not None:
        parts.append(format_bytes(1e6 * environment.memory_mb))
    if environment.price_per_hour_usd is not None:
        parts.append(f"{environment.price_per_hour_usd:g}{NARROW}USD an hour")
    parts.append(_MODES[environment.mode])
    if quoted:
        return f"“{environment.name}” ({', '.join(parts)})"
    return f"{environment.name}: {', '.join(parts)}"
