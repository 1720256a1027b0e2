"""Format numbers, shares, counts and lists: one way to write each, wherever people read them."""

from litmus_core.text._amounts import NARROW, format_bytes, format_milliseconds, in_unit, unbroken
from litmus_core.text._lists import join_names, quote_names, shorten
from litmus_core.text._numbers import format_chance, format_count, format_number, format_share
from litmus_core.text._scores import (
    Measured,
    decimals_of,
    digits_within,
    format_distance,
    format_interval,
    format_measured,
    format_score,
    places_within,
)
from litmus_core.text._templates import fill_sentence
from litmus_core.text._values import value_code, value_text

__all__ = [
    "NARROW",
    "Measured",
    "decimals_of",
    "digits_within",
    "fill_sentence",
    "format_bytes",
    "format_chance",
    "format_count",
    "format_distance",
    "format_interval",
    "format_measured",
    "format_milliseconds",
    "format_number",
    "format_score",
    "format_share",
    "in_unit",
    "join_names",
    "places_within",
    "quote_names",
    "shorten",
    "unbroken",
    "value_code",
    "value_text",
]
