"""The section Live service of the pages Forecast and Many targets."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

from app import services
from app.controllers.endpoints import (
    EndpointsController,
    call_endpoint,
    endpoint_views,
    health,
    refusal,
)
from app.errors import guard
from app.presenters.shipping.endpoints import EndpointView
from app.presenters.shipping.live_service import ReplyView, present_live_service, present_reply
from app.views.shipping.live_service import draw_live_service
from litmus_core.deploy import folder_sha256
from litmus_core.errors import BusyError
from litmus_core.experiments import ForecastRecord, ModelSource, TargetsRecord

__all__ = ["draw"]

_ANSWER_TIMEOUT_S = 60.0


def draw(
    record: ForecastRecord | TargetsRecord, source: ModelSource, model: Path, request: Mapping[str, Any]
) -> None:
    """Draw the section; ``model`` is the folder that answers, ``request`` a body to try."""
    with guard():
        view = present_live_service(
            record.request.name,
            source,
            record.id,
            endpoint_views(),
            request=request,
            is_served=_is_served(model),
        )
        draw_live_service(view, _Operations(record.id), ask=_ask, is_answering=health)


def _is_served(model: Path) -> bool:
    """Return whether a running endpoint has a copy of the folder as it is now."""
    running = [stats for stats in services.studio().endpoints.all_stats() if stats.state == "answering"]
    hashes = {version.sha256 for stats in running for version in stats.versions}
    return bool(hashes) and folder_sha256(model) in hashes


def _ask(endpoint: EndpointView, body: str, key: str) -> ReplyView:
    """Send a body to an endpoint; raises RowError for what it refuses, BusyError if nothing answers."""
    route = "" if endpoint.served is None else endpoint.served.route
    started = time.perf_counter()
    try:
        status, reply = call_endpoint(
            endpoint.url, "POST", route, body=body, key=key, timeout_s=_ANSWER_TIMEOUT_S
        )
    except (OSError, HTTPException) as error:
        raise BusyError("The endpoint does not answer.", hint="It may have been stopped.") from error
    milliseconds = 1000 * (time.perf_counter() - started)
    if status != 200:
        raise refusal(status, reply)
    return present_reply(json.loads(reply), milliseconds=milliseconds)


class _Operations(EndpointsController):
    """Operations on one forecast, or on many targets, which are served as they are."""

    def __init__(self, work_id: str) -> None:
        self._work_id = work_id

    def build(self) -> str:
        """Return the id: what is served of it is copied when it is deployed."""
        return self._work_id
