"""The last live verdict as gauges; another process writes it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from litmus_core.serving._metrics import metric_family
from litmus_core.types import LiveState


def live_gauges(path: Path | None, version: str) -> str:
    """Return the verdict in ``path`` on the bundle ``version`` in Prometheus' text format; "" without one."""
    try:
        verdict = {} if path is None else json.loads(path.read_text(encoding="utf-8"))
        return _families(verdict) if verdict.get("bundle_id") == version else ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # never judged, or not a verdict
        return ""


def _families(verdict: dict[str, Any]) -> str:
    judgement = verdict["judgement"]
    score, bar = judgement["score"] or {}, judgement["bar"] or {}
    states = [(f'state="{name}"', int(name == judgement["state"])) for name in get_args(LiveState)]
    at = datetime.fromisoformat(verdict["judged_at"]).timestamp()
    metric = f'metric="{(score or bar).get("metric", "")}"'
    families = [
        metric_family("litmus_live_state", "gauge", "1 for what outcomes say of the bar.", states),
        metric_family("litmus_live_outcomes", "gauge", "Outcomes judged.", [("", verdict["n_outcomes"])]),
        metric_family("litmus_live_judged_at_seconds", "gauge", "When they were judged.", [("", at)]),
    ]
    names = {"": "value", "_low": "low", "_high": "high"}
    if score:
        families += [
            metric_family(f"litmus_live_score{end}", "gauge", _ABOUT[end], [(metric, score[key])])
            for end, key in names.items()
        ]
    if bar:
        families.append(metric_family("litmus_live_bar", "gauge", "The bar.", [(metric, bar["value"])]))
    return "".join(families)


_ABOUT = {
    "": "Score on rows with outcomes.",
    "_low": "Lowest likely score, valid at every look.",
    "_high": "Highest likely score, valid at every look.",
}
