"""Pieces that several pages draw: stepper, verdict banner, empty state, help marks."""

from app.components._empty import empty_state
from app.components._heading import heading
from app.components._interval import interval_strip
from app.components._stepper import stepper
from app.components._verdict import verdict_banner

__all__ = ["empty_state", "heading", "interval_strip", "stepper", "verdict_banner"]
