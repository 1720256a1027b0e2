"""Latency measurement: how long models take to predict, in a fresh process as in production."""

from litmus_core.latency._lab import BATCHES, CALLERS, SHORT, LabPlan, try_bundle
from litmus_core.latency._measure import measure

__all__ = ["BATCHES", "CALLERS", "SHORT", "LabPlan", "measure", "try_bundle"]
