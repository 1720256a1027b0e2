"""Sampled rows of an endpoint, with their known outcomes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from litmus_core.deploy._endpoints.folder import EndpointFolder
from litmus_core.deploy._endpoints.outcomes import LiveRows
from litmus_core.serving import read_id
from litmus_core.store import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSamples:
    """Sampled rows (n) of the live version whose outcomes are known, in the order of the outcomes.

    ``places`` (n,) are their indices in the :class:`LiveRows` that they were joined with.
    """

    rows: list[dict[str, Any]]
    places: list[int]


def sampled_rows(workspace: Workspace, name: str, live: LiveRows) -> EndpointSamples:
    """Join the sampled rows of the endpoint ``name`` with the outcomes in ``live``.

    Lines that cannot be read are left out, such as the last line of a server that was killed.
    """
    samples = EndpointFolder(workspace, name).samples
    places = {number: place for place, number in enumerate(live.numbers)}
    rows: dict[int, dict[str, Any]] = {}
    for path in (samples.with_name(f"{samples.name}.1"), samples):
        if not path.exists():
            continue
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                for number, row in _rows_of(line, version=live.version.bundle_id):
                    if number in places and isinstance(row, dict):
                        rows[places[number]] = row
    ordered = sorted(rows)
    return EndpointSamples(rows=[rows[place] for place in ordered], places=ordered)


def _rows_of(line: str, *, version: str) -> list[tuple[int, Any]]:
    try:
        sample = json.loads(line)
        if sample["version"] != version:
            return []
        numbers = [read_id(text) for text in sample["ids"]]
        pairs = list(zip(numbers, sample["rows"], strict=True))
    except (ValueError, KeyError, TypeError):
        return []
    return [(number, row) for number, row in pairs if number is not None]
