"""Folding: what the lab's facts change: certificates, and the environments that bundles are tried in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litmus_core.store._draft import Draft
from litmus_core.store._rows import ENVIRONMENT_COLUMNS, columns_of
from litmus_core.types import BundleCertified, EnvironmentDeleted, EnvironmentSaved, Event, to_plain


def _bundle_certified(draft: Draft, fact: BundleCertified, event: Event) -> None:
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
        "p95_ms": one_row.p95_ms if one_row else None,
        "peak_bytes": report.peak_bytes,
        "cost_usd_per_million": report.cost_usd_per_million,
        "certificate": json.dumps(to_plain(certificate)),
    }
    draft.put("certificates", row)


def _environment_saved(draft: Draft, fact: EnvironmentSaved, event: Event) -> None:
    draft.put(
        "deployment_environments", columns_of(fact.environment, ENVIRONMENT_COLUMNS) | {"deleted": False}
    )


def _environment_deleted(draft: Draft, fact: EnvironmentDeleted, event: Event) -> None:
    # The row stays: it says that one of the environments that come with Litmus is not wanted.
    draft.put("deployment_environments", {"name": fact.name, "deleted": True})


CERTIFICATE_APPLIERS: dict[type, Callable[[Draft, Any, Event], None]] = {
    BundleCertified: _bundle_certified,
    EnvironmentDeleted: _environment_deleted,
    EnvironmentSaved: _environment_saved,
}
