"""The lab: how long models take to answer, measured in a fresh process as production would run them."""

from litmus_core.latency._measure import measure

__all__ = ["measure"]
