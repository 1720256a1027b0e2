"""Verdicts of outcomes on a deployed model, as tests tell of them."""

from __future__ import annotations

from typing import Any

from litmus_core.types import LiveJudgement, LiveState, LiveVerdict
from litmus_core.verdicts import live_headline


def live_verdict(judged: LiveJudgement | LiveState, **facts: Any) -> LiveVerdict:
    """Return the verdict on the first version of the endpoint "leave", by nine outcomes; facts differ."""
    judgement = LiveJudgement(state=judged) if isinstance(judged, str) else judged
    usual: dict[str, Any] = {
        "name": "leave",
        "version": 1,
        "bundle_id": "bd_1",
        "n_answers": 9,
        "n_outcomes": 9,
        "headline": live_headline(judgement),
        "judged_at": "2026-01-02T00:00:00+00:00",
    }
    return LiveVerdict(judgement=judgement, **usual | facts)
