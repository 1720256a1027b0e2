"""Requests to an endpoint that no client should send: none measured yet."""

from __future__ import annotations

from benchmarks._harness import Figure, Run


def figures(_: Run) -> list[Figure]:
    """Return no figure."""
    return []
