"""A forecast or many targets as a live service: what deploys it, and how it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pprint import pformat
from typing import Any

from app.presenters.shipping.endpoints import EndpointView, free_name
from app.presenters.shipping.export import DeployView, Snippet, calls
from litmus_core.experiments import ModelSource
from litmus_core.text import format_milliseconds

__all__ = ["LiveServiceView", "ReplyView", "present_live_service", "present_reply"]

_STARTING = "Copying what answers, then waiting until the service is ready…"
_CHANGED = "What answers has changed since this was deployed. Deploy it again to answer with the change."


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveServiceView:
    """The section of a page. ``deploy`` None: a running endpoint has the model as it is now.

    ``request`` is a body to try, as JSON. ``changed`` says that the endpoint has an earlier state of it.
    """

    deploy: DeployView | None
    endpoint: EndpointView | None
    no_outcomes: str
    changed: str
    request: str
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """An endpoint's reply as JSON, and its time over HTTP."""

    text: str
    duration: str


def present_live_service(
    name: str,
    source: ModelSource,
    source_id: str,
    endpoints: Sequence[EndpointView],
    *,
    request: Mapping[str, Any],
    is_served: bool,
) -> LiveServiceView:
    """Present the section of the work called ``name``, with ``source_id`` as its id.

    ``endpoints`` are all in the workspace. ``is_served``: one that runs has the model as it is now.
    """
    endpoint = _endpoint_of(source_id, endpoints)
    served = None if endpoint is None else endpoint.served
    is_alive = endpoint is not None and endpoint.is_alive
    return LiveServiceView(
        deploy=None if is_served else _deploy(name, source, endpoint, endpoints),
        endpoint=endpoint,
        no_outcomes="" if served is None else served.no_outcomes,
        changed=_CHANGED if is_alive and not is_served else "",
        request=json.dumps(request, ensure_ascii=False),
        snippets=()
        if endpoint is None or served is None or not is_alive
        else calls(
            f"{endpoint.url}{served.route}",
            request,
            pformat(dict(request), width=90, sort_dicts=False),
            reply=served.reply,
            needs_key=endpoint.needs_key,
        ),
    )


def _endpoint_of(source_id: str, endpoints: Sequence[EndpointView]) -> EndpointView | None:
    """Return the endpoint that serves it, live before waiting, running before stopped."""
    ranked = [
        *(endpoint for endpoint in endpoints if endpoint.source_id == source_id),
        *(
            endpoint
            for endpoint in endpoints
            if any(version.source_id == source_id for version in endpoint.versions)
        ),
    ]
    return next((endpoint for endpoint in ranked if endpoint.is_alive), next(iter(ranked), None))


def _deploy(
    name: str, source: ModelSource, endpoint: EndpointView | None, endpoints: Sequence[EndpointView]
) -> DeployView:
    """Propose the name of its endpoint, or that of an earlier one that was called the same."""
    earlier = [
        other.name
        for other in endpoints
        if other.served is not None and (other.served.source, other.served.title) == (source, name)
    ]
    return DeployView(
        name=free_name(
            name,
            [other.name for other in endpoints],
            preferred=[*([] if endpoint is None else [endpoint.name]), *earlier],
        ),
        behind={other.name: other.model for other in endpoints if other.is_alive},
        has_certificate=False,
        starting=_STARTING,
    )


def present_reply(reply: Mapping[str, Any], *, milliseconds: float) -> ReplyView:
    """Present what an endpoint replied."""
    return ReplyView(
        text=json.dumps(reply, indent=1, ensure_ascii=False),
        duration=f"Answered over HTTP in {format_milliseconds(milliseconds)}.",
    )
