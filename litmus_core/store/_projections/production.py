"""Apply facts about production: bundles, endpoints, certificates, deployment environments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litmus_core.store._analytic.rows import BUNDLE_COLUMNS, ENDPOINT_COLUMNS, ENVIRONMENT_COLUMNS, columns_of
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.types import (
    BundleCertified,
    BundleExported,
    EndpointPromoted,
    EndpointRestarted,
    EndpointStarted,
    EndpointStopped,
    EnvironmentDeleted,
    EnvironmentSaved,
    Event,
    to_plain,
)


def _bundle_exported(draft: UnitOfWork, fact: BundleExported, event: Event) -> None:
    draft.put("bundles", columns_of(fact.bundle, BUNDLE_COLUMNS))


def _endpoint_started(draft: UnitOfWork, fact: EndpointStarted, event: Event) -> None:
    draft.put("endpoints", columns_of(fact.endpoint, ENDPOINT_COLUMNS))


def _endpoint_stopped(draft: UnitOfWork, fact: EndpointStopped, event: Event) -> None:
    if row := draft.one("endpoints", fact.endpoint_id):
        draft.put("endpoints", row | {"alive": False, "stopped_at": row["stopped_at"] or event.at})


def _endpoint_promoted(draft: UnitOfWork, fact: EndpointPromoted, event: Event) -> None:
    if row := draft.one("endpoints", fact.endpoint_id):
        draft.put("endpoints", row | {"bundle_id": fact.bundle_id, "version": fact.version})


def _endpoint_restarted(draft: UnitOfWork, fact: EndpointRestarted, event: Event) -> None:
    if row := draft.one("endpoints", fact.endpoint_id):
        draft.put("endpoints", row | {"n_restarts": fact.n_restarts})


def _bundle_certified(draft: UnitOfWork, fact: BundleCertified, event: Event) -> None:
    certificate = fact.certificate
    report = certificate.report
    one_row = report.latency_at(1)
    row = {
        "id": f"{certificate.bundle_id}/{certificate.form}",
        "bundle_id": certificate.bundle_id,
        "form": certificate.form,
        "passed": certificate.passed,
        "environment": report.environment.name,
        "made_at": certificate.made_at,
        "cold_start_s": report.cold_start_s,
        "p95_ms": one_row.percentile_ms if one_row else None,
        "peak_bytes": report.memory.peak_bytes,
        "cost_usd_per_million": report.cost_usd_per_million,
        "certificate": json.dumps(to_plain(certificate)),
    }
    draft.put("certificates", row)


def _environment_saved(draft: UnitOfWork, fact: EnvironmentSaved, event: Event) -> None:
    draft.put(
        "deployment_environments", columns_of(fact.environment, ENVIRONMENT_COLUMNS) | {"deleted": False}
    )


def _environment_deleted(draft: UnitOfWork, fact: EnvironmentDeleted, event: Event) -> None:
    # The row stays: it records that a built-in environment was removed.
    draft.put("deployment_environments", {"name": fact.name, "deleted": True})


PRODUCTION_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    BundleCertified: _bundle_certified,
    BundleExported: _bundle_exported,
    EndpointPromoted: _endpoint_promoted,
    EndpointRestarted: _endpoint_restarted,
    EndpointStarted: _endpoint_started,
    EndpointStopped: _endpoint_stopped,
    EnvironmentDeleted: _environment_deleted,
    EnvironmentSaved: _environment_saved,
}
