"""What was last judged of an endpoint, and which run trains its model again: small files beside its state."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from litmus_core.deploy._endpoints.folder import EndpointFolder, endpoint_folders, replace_text
from litmus_core.errors import LitmusError, writing
from litmus_core.store import Workspace
from litmus_core.types import LiveVerdict, from_plain, to_plain

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """The run that trains the model of the endpoint ``name`` again; ``n_outcomes`` were known by then."""

    name: str
    run_id: str
    experiment_id: str
    started_at: str
    n_outcomes: int


def store_verdict(workspace: Workspace, verdict: LiveVerdict) -> None:
    """Keep the last verdict for pages and ``/metrics``; where it cannot be written, the one before stays."""
    with suppress(LitmusError):
        _write(EndpointFolder(workspace, verdict.name).verdict, verdict)


def stored_verdict(workspace: Workspace, name: str) -> LiveVerdict | None:
    """Return the last verdict on the version of ``name`` that answers now; None if there is none.

    Raises NotFoundError if there is no such endpoint.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    verdict = _read(home.verdict, LiveVerdict)
    return verdict if verdict and verdict.bundle_id == state.version(state.live).bundle_id else None


def store_retraining(workspace: Workspace, retraining: Retraining) -> None:
    """Remember which run trains an endpoint's model again; raises UsageError if it cannot be written."""
    _write(EndpointFolder(workspace, retraining.name).retraining, retraining)


def stored_retraining(workspace: Workspace, name: str) -> Retraining | None:
    """Return the last run that trained the model of ``name`` again; None if there is none."""
    return _read(EndpointFolder(workspace, name).retraining, Retraining)


def retraining_of(workspace: Workspace, experiment_id: str) -> Retraining | None:
    """Return what the runs of an experiment train again; None if that is no endpoint's model."""
    records = (_read(home.retraining, Retraining) for home in endpoint_folders(workspace))
    return next((one for one in records if one is not None and one.experiment_id == experiment_id), None)


def _write(path: Path, record: object) -> None:
    with writing(path):
        replace_text(path, json.dumps(to_plain(record), indent=1))


def _read(path: Path, kind: type[T]) -> T | None:
    """Return what a file holds; None where there is none, or one that cannot be read."""
    try:
        return from_plain(kind, json.loads(path.read_text(encoding="utf-8")))
    except Exception:  # noqa: BLE001 - cattrs raises groups of errors; the next judging writes it anew
        return None
