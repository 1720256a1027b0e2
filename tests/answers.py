"""The stopped endpoint 'shop', with answers of which outcomes may come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.experiments import Studio
from litmus_core.serving import AnswerStore
from litmus_core.serving._outcomes import AnswerIds, StoredAnswer, id_text
from litmus_core.types import EndpointVersion
from tests import tiny


def add_shop(studio: Studio, bundle: Path) -> None:
    """Add the endpoint to a workspace; its bundle is written to ``bundle``."""
    record = tiny.bundle(bundle)
    version = EndpointVersion(
        number=1, bundle_id=record.id, path=record.path, sha256=record.sha256, added_at="2026"
    )
    state = State(id="ep_1", name="shop", versions=(version,), live=1, started_at="2026")
    EndpointFolder(studio.workspace, "shop").write(state)


def answered(studio: Studio, orders: list[str | int]) -> list[str]:
    """Store an answer for each order; return the ids."""
    home = EndpointFolder(studio.workspace, "shop")
    bundle_id = home.read().versions[0].bundle_id
    first = AnswerIds().take(len(orders))
    prediction = {"label": "yes", "probabilities": {"no": 0.25, "yes": 0.75}}
    AnswerStore(home.answers).add(
        [
            StoredAnswer(
                number=first + place, version=bundle_id, prediction=prediction, keys={"order": order}
            )
            for place, order in enumerate(orders)
        ]
    )
    return [id_text(first + place) for place in range(len(orders))]


def outcomes(studio: Studio) -> list[Any]:
    """All outcomes that count."""
    home = EndpointFolder(studio.workspace, "shop")
    return AnswerStore(home.answers).judged(home.read().versions[0].bundle_id).outcomes
