"""Reads what a Vega-Lite chart draws."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator


def marks(chart: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the layers with marks of a kind, the one at the back first; the chart is valid Vega-Lite."""
    _schema().validate(chart)
    return [layer for layer in chart["layer"] if kind in (layer["mark"], layer["mark"].get("type"))]


def rows(layer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that a layer draws."""
    return layer["data"]["values"]


@cache
def _schema() -> Draft7Validator:
    """Return the schema of Vega-Lite, which comes with Streamlit; without importing what it comes in."""
    (package,) = find_spec("altair").submodule_search_locations
    (file,) = Path(package).glob("vegalite/v*/schema/vega-lite-schema.json")
    return Draft7Validator(json.loads(file.read_text(encoding="utf-8")))


def labels(chart: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the layer of each label by its text."""
    return {layer["mark"]["text"]: layer for layer in marks(chart, "text") if "text" in layer["mark"]}
