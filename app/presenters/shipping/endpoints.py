"""Endpoints: their statistics and versions, and the name of a new one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from app.presenters import humanize
from app.presenters.humanize import StateMessage
from litmus_core.experiments import EndpointChange, ServedModel
from litmus_core.text import format_milliseconds
from litmus_core.types import (
    Certificate,
    Endpoint,
    EndpointState,
    EndpointStats,
    EndpointVersion,
)

__all__ = [
    "Certification",
    "EndpointVersionView",
    "EndpointView",
    "certificate_message",
    "free_name",
    "present_endpoint",
    "present_nameless",
]

_STATES: dict[EndpointState, StateMessage] = {
    "starting": StateMessage(word="Starting", icon=":material/hourglass_top:", tone="accent", rank=1),
    "answering": StateMessage(word="Answering", icon=":material/check_circle:", tone="good", rank=0),
    "restarting": StateMessage(word="Restarting", icon=":material/autorenew:", tone="near", rank=1),
    "stopped": StateMessage(word="Stopped", icon=":material/stop_circle:", tone="quiet", rank=2),
    "failed": StateMessage(word="Not answering", icon=":material/error:", tone="bad", rank=2),
}
_LIVING = ("starting", "answering", "restarting")
_UNPROVEN = StateMessage(word="no certificate", icon=":material/horizontal_rule:", tone="quiet", rank=3)
_PROVING = StateMessage(
    word="being certified in full", icon=":material/progress_activity:", tone="accent", rank=2
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """A bundle's certification: its best certificate, and the message of the running process."""

    certificate: Certificate | None = None
    progress: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointVersionView:
    """One bundle behind an endpoint's name. ``blocked`` says why it cannot be promoted, "" if it can.

    ``broken`` are the assertions that its certificate says it breaks. ``takes_reason``: it is promoted once
    outcomes show that it is better, or for a reason. ``change`` says when it came to answer, and why.
    """

    number: int
    bundle_id: str
    source_id: str
    model: str
    file_name: str
    added: str
    proof: StateMessage | None  # None: it earns no certificate
    is_live: bool
    is_previous: bool
    blocked: str
    broken: str
    takes_reason: bool
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointProblems:
    """Problems of an endpoint since it was started; "" if there were none."""

    errors: str = ""
    restarts: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """One named endpoint on this computer, running or stopped. ``state`` None: check its health.

    ``served`` None: its model's record was deleted.
    """

    id: str
    name: str
    bundle_id: str
    served: ServedModel | None
    url: str
    since: str
    state: StateMessage | None
    is_alive: bool
    version: int
    facts: tuple[tuple[str, str, str], ...] = ()  # (what, value, help)
    problems: EndpointProblems = EndpointProblems()
    needs_key: bool = False
    versions: tuple[EndpointVersionView, ...] = field(default=())

    @property
    def model(self) -> str:
        """What it serves, as people call it."""
        return _title(self.served)

    @property
    def source_id(self) -> str:
        """The experiment, forecast or targets of its model; "" if its record was deleted."""
        return _source_id(self.served)

    @property
    def page(self) -> str:
        """Where its server says what a request may hold."""
        return f"{self.url}{'/docs' if self.served is None else self.served.page}"

    @property
    def bundle_ids(self) -> frozenset[str]:
        """All bundles behind its name."""
        return frozenset((self.bundle_id, *(version.bundle_id for version in self.versions)))


def present_endpoint(
    stats: EndpointStats,
    *,
    models: Mapping[str, ServedModel],
    proofs: Mapping[str, Certification],
    history: Sequence[EndpointChange] = (),
) -> EndpointView:
    """Present an endpoint's statistics; ``models`` and ``proofs`` by the id of what a version serves."""
    is_alive = stats.state in _LIVING
    return EndpointView(
        id=stats.id,
        name=stats.name,
        bundle_id=stats.bundle_id,
        served=models.get(stats.bundle_id),
        url=stats.url.rstrip("/"),
        since=humanize.ago(stats.started_at) if stats.started_at else "",
        state=_STATES[stats.state],
        is_alive=is_alive,
        version=stats.version,
        facts=_facts(stats),
        problems=EndpointProblems(
            errors=" · ".join(f"{kind}: {n:,}" for kind, n in sorted(stats.traffic.errors.items())),
            restarts=_restarts(stats),
            message=stats.message,
        ),
        needs_key=stats.needs_key,
        versions=tuple(
            _version(
                version,
                stats,
                models.get(version.bundle_id),
                proof=proofs.get(version.bundle_id, Certification()),
                changes=[change for change in history if change.bundle_id == version.bundle_id],
            )
            for version in sorted(stats.versions, key=lambda version: -version.number)
        ),
    )


def present_nameless(endpoint: Endpoint, *, models: Mapping[str, ServedModel]) -> EndpointView:
    """Present an endpoint without statistics: it has an address and nothing more."""
    return EndpointView(
        id=endpoint.id,
        name="",
        bundle_id=endpoint.bundle_id,
        served=models.get(endpoint.bundle_id),
        url=endpoint.url.rstrip("/"),
        since=humanize.ago(endpoint.started_at),
        state=None,
        is_alive=True,
        version=1,
    )


def _source_id(served: ServedModel | None) -> str:
    return "" if served is None else served.source_id


def _title(served: ServedModel | None) -> str:
    return "a model that was deleted" if served is None else served.title


def _facts(stats: EndpointStats) -> tuple[tuple[str, str, str], ...]:
    times = [
        "none yet" if number is None else format_milliseconds(number)
        for number in (stats.traffic.p50_ms, stats.traffic.p95_ms)
    ]
    if stats.traffic.p95_ms is None and stats.traffic.p50_ms is not None:
        times[1] = "from 20 on"
    source = "Of the last 1,000 good answers of this version, as the server itself saw them."
    return (
        ("Requests", f"{stats.traffic.n_requests:,}", "Since it was first deployed, over all its versions."),
        ("Rows", f"{stats.traffic.n_rows:,}", "Rows answered in those requests."),
        ("Errors", f"{stats.traffic.n_errors:,}", "Requests that were refused or failed."),
        ("Median", times[0], f"Half of the answers took no longer (p50). {source}"),
        ("95th percentile", times[1], f"19 of 20 answers took no longer (p95). {source}"),
        ("Restarts", f"{stats.restarts.n:,}", "How often its server crashed and was restarted."),
    )


def _restarts(stats: EndpointStats) -> str:
    if not stats.restarts.n:
        return ""
    when = "" if stats.restarts.last_at is None else f" {humanize.ago(stats.restarts.last_at)}"
    why = f": {stats.restarts.last_reason.rstrip('.')}" if stats.restarts.last_reason else ""
    return f"Restarted by itself{when}{why}."


def _version(
    version: EndpointVersion,
    stats: EndpointStats,
    served: ServedModel | None,
    *,
    proof: Certification,
    changes: Sequence[EndpointChange],
) -> EndpointVersionView:
    is_certified = served is None or served.has_certificate
    comes_back = version.number < stats.version and bool(changes)
    return EndpointVersionView(
        number=version.number,
        bundle_id=version.bundle_id,
        source_id=_source_id(served),
        model=_title(served),
        file_name=Path(version.path).name,
        added=humanize.ago(version.added_at),
        proof=certificate_message(proof) if is_certified else None,
        is_live=version.number == stats.version,
        is_previous=version.number == stats.previous,
        blocked=_blocked(proof) if is_certified else "",
        broken=_broken(proof),
        takes_reason=is_certified and (not comes_back or bool(_broken(proof))),
        change=_change(changes) if changes else "",
    )


def _change(changes: Sequence[EndpointChange]) -> str:
    """Return when a version was promoted or brought back last, otherwise first started, by whom and why."""
    change = next((change for change in reversed(changes) if change.kind != "started"), changes[0])
    how = {
        "started": "Started",
        "replaced": "Started after a stop",
        "promoted": "Promoted",
        "rolled back": "Brought back",
    }[change.kind]
    who = f" by {change.by}" if change.by else ""
    not_compared = "it was not compared with the version before." if change.kind == "replaced" else ""
    why = change.reason or change.proof or not_compared
    return f"{how} {humanize.ago(change.at)}{who}{f': {why}' if why else '.'}"


def certificate_message(proof: Certification) -> StateMessage:
    """Return a bundle's certification state, as icon, word and colour."""
    certificate = proof.certificate
    if proof.progress is not None:
        return _PROVING
    if certificate is None:
        return _UNPROVEN
    if not certificate.passed:
        return StateMessage(
            word=f"{certificate.form} certificate not passed", icon=":material/cancel:", tone="bad", rank=4
        )
    icon, rank = (":material/verified:", 0) if certificate.form == "full" else (":material/check:", 1)
    return StateMessage(word=f"{certificate.form} certificate passed", icon=icon, tone="good", rank=rank)


def _blocked(proof: Certification) -> str:
    certificate = proof.certificate
    if certificate is None or certificate.form != "full":
        if proof.progress is not None:
            return "It waits for its full certificate; certifying now."
        return "It needs a full certificate first: see the tab Certificate."
    if not certificate.passed and not _broken(proof):
        failed = "It did not pass its full certificate: " + " ".join(
            line.text for line in certificate.failures
        )
        if all(line.plugin for line in certificate.failures):
            failed += " If you changed or disabled the check since, certify it again."
        return failed
    return ""


def _broken(proof: Certification) -> str:
    """Return the assertions that a version breaks, where nothing else fails its full certificate."""
    certificate = proof.certificate
    if certificate is None or certificate.form != "full":
        return ""
    lines = certificate.failures
    if not lines or any(line.key != "assertion" for line in lines):
        return ""
    return " ".join(["It breaks what must hold of its answers.", *(line.text for line in lines)])


def free_name(experiment: str, names: Collection[str], *, preferred: Sequence[str] = ()) -> str:
    """Return the name for an experiment's endpoint: its current name, otherwise a free one.

    >>> free_name("Who will leave?", ["who-will-leave"]), free_name("客户", [])
    ('who-will-leave-2', 'model')
    >>> free_name("x", [], preferred=["a"])
    'a'
    """
    if preferred:
        return preferred[0]
    stem = re.sub(r"[^a-z0-9]+", "-", experiment.lower())[:50].strip("-") or "model"
    return next(name for name in chain([stem], (f"{stem}-{n}" for n in count(2))) if name not in names)
