"""Deployment environments, the lab's measurements of a bundle in them, and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types._latency import LEAST_CALLS, LEAST_CALLS_P99, LatencyFigure

ServingMode = Literal["http", "batch"]
CertificateForm = Literal["short", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentEnvironment:
    """A kind of production machine, under the name that people give it.

    ``memory_mb`` None is no limit (1e6 bytes each), ``price_per_hour_usd`` None an unknown price. ``mode``
    selects the throughput for the cost: one row per request over HTTP, or many rows per call.
    """

    name: str
    cpus: int = 1
    memory_mb: int | None = None
    price_per_hour_usd: float | None = None
    mode: ServingMode = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedCost:
    """US dollars for a million predictions at full load, in the ``environment`` of a certificate."""

    usd: float
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFigure:
    """Wall time in milliseconds of a one-row request with ``callers`` concurrent callers."""

    callers: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    n_calls: int
    n_errors: int
    requests_per_s: float

    @property
    def percentile_ms(self) -> float | None:
        """The 95th percentile; None for fewer than 20 calls."""
        return self.p95_ms if self.n_calls >= LEAST_CALLS else None

    @property
    def percentile_99_ms(self) -> float | None:
        """The 99th percentile; None for fewer than 100 calls."""
        return self.p99_ms if self.n_calls >= LEAST_CALLS_P99 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One package in a bundle's environment. ``licence`` is its own statement; "" if it states none."""

    name: str
    version: str
    licence: str
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFigures:
    """Peak memory in process and over HTTP. ``limit`` says how a limit was enforced ("": none)."""

    peak_bytes: int | None = None
    peak_http_bytes: int | None = None
    limit: str = ""

    @property
    def most_bytes(self) -> int | None:
        """The higher peak; None if neither was measured."""
        return max(
            (peak for peak in (self.peak_bytes, self.peak_http_bytes) if peak is not None), default=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenReplay:
    """How many golden rows were predicted again; one sentence for each different prediction."""

    n_rows: int = 0
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonotoneProbes:
    """How often a bundle broke its monotone constraints, and in how many steps up a column's range.

    ``columns`` are phrases that name the constrained columns and their directions.
    """

    columns: str
    n_probes: int
    n_violations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabReport:
    """The lab's measurements of a bundle in one deployment environment; None and empty: not measured.

    ``own_environment`` means that the bundle ran with only its own requirements installed. ``problems`` are
    sentences about what could not be measured. ``cpu_limit`` says how the limit was enforced ("": it
    was not). ``n_different_rows`` were timed. Sizes are in bytes.
    """

    environment: DeploymentEnvironment
    own_environment: bool
    problems: tuple[str, ...] = ()
    cold_start_s: float | None = None
    latency: tuple[LatencyFigure, ...] = ()
    http: tuple[HttpFigure, ...] = ()
    memory: MemoryFigures = MemoryFigures()
    cpu_limit: str = ""
    golden: GoldenReplay = GoldenReplay()
    n_different_rows: int = 0
    bundle_bytes: int = 0
    environment_bytes: int | None = None
    dependencies: tuple[Dependency, ...] = ()
    machine: str = ""
    monotone: MonotoneProbes | None = None

    @property
    def rows_per_s(self) -> float | None:
        """Rows per second in the environment's mode: the best over the callers, or over the batch sizes."""
        if self.environment.mode == "http":
            return max((figure.requests_per_s for figure in self.http), default=None)
        return max(
            (1000 * figure.batch_rows / figure.p50_ms for figure in self.latency if figure.p50_ms),
            default=None,
        )

    @property
    def cost_usd_per_million(self) -> float | None:
        """Price of a million predictions at full load; None without a price or a throughput."""
        price, rows_per_s = self.environment.price_per_hour_usd, self.rows_per_s
        if price is None or not rows_per_s:
            return None
        return price / 3600 * 1e6 / rows_per_s

    def latency_at(self, batch_rows: int) -> LatencyFigure | None:
        """Return the figure measured at exactly ``batch_rows`` rows a call, if there is one."""
        return next((figure for figure in self.latency if figure.batch_rows == batch_rows), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """One measurement compared with its limit. ``passed`` None: there is no limit.

    ``plugin`` names the plug-in that checked it ("": Litmus did), and ``version`` the hash of its code, or
    its package and version; "" if the plug-in gave no answer. ``figure`` is what a plug-in measured.
    """

    key: str
    title: str
    passed: bool | None
    text: str
    figure: float | None = None
    plugin: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The test results of a bundle, line by line; it ``passed`` if no line failed.

    ``bundle_sha256`` is the hash of the bundle's files: the certificate is valid for exactly these. The
    ``short`` form runs with the installed libraries, the ``full`` one in an environment built from the
    bundle's own requirements.
    """

    bundle_id: str
    bundle_sha256: str
    form: CertificateForm
    made_at: str
    lines: tuple[CertificateLine, ...]
    report: LabReport

    @property
    def passed(self) -> bool:
        """Whether no line failed."""
        return all(line.passed is not False for line in self.lines)

    @property
    def failures(self) -> tuple[CertificateLine, ...]:
        """The lines that failed."""
        return tuple(line for line in self.lines if line.passed is False)

    @property
    def plugin_lines(self) -> tuple[CertificateLine, ...]:
        """The lines that plug-ins checked."""
        return tuple(line for line in self.lines if line.plugin)
