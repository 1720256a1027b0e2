"""The OpenAPI description of the API: the rows it accepts and the predictions it returns."""

from __future__ import annotations

from typing import Any, get_type_hints

from litmus_core.runtime import DEFAULT_LEVEL, Bundle, rows_schema
from litmus_core.types import Column, OutcomeCounts

_NULLABLE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "detail": {
            "type": "object",
            "properties": {
                "message": {"type": "string"},
                "row": {"type": ["integer", "null"], "description": "Counted from 0."},
                "field": _NULLABLE_TEXT,
                "hint": _NULLABLE_TEXT,
            },
        }
    },
}

OUTCOMES_SPEC: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "outcomes": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "id": {"type": "string", "description": "From the answer's ids."},
                                    "outcome": {"description": "A label, or a number."},
                                    "at": {"type": "string", "description": "When, as ISO 8601."},
                                },
                                "required": ["id", "outcome"],
                            },
                        }
                    },
                    "required": ["outcomes"],
                }
            }
        },
    }
}


def describe(bundle: Bundle, *, max_rows: int) -> dict[str, Any]:
    """Return the body of ``GET /schema``: columns, target, and an example request."""
    return {
        "model": bundle.manifest.name,
        "version": bundle.manifest.id,
        "problem_type": bundle.problem_type,
        "target": bundle.target,
        "classes": list(bundle.classes),
        "positive_class": bundle.positive_class,
        "columns": [_column(column) for column in bundle.columns],
        "max_rows": max_rows,
        "certainty": _certainty(bundle),
        "example": {"rows": bundle.examples[:1]},
        "examples": bundle.examples[:20],
    }


def _certainty(bundle: Bundle) -> dict[str, Any] | None:
    """Return the fields that ``?level=`` adds to predictions, and the largest level; None without
    calibration."""
    calibration = bundle.calibration
    if calibration is None or calibration.largest_level is None:
        return None
    return {"fields": list(bundle.form.certainty_schema), "largest_level": calibration.largest_level}


def parameters(bundle: Bundle) -> list[dict[str, Any]]:
    """Return OpenAPI's ``parameters`` of ``POST /predict``."""
    certainty = _certainty(bundle)
    if certainty is None:
        return []
    return [
        {
            "name": "level",
            "in": "query",
            "required": False,
            "description": "Adds an interval or a set of labels that holds the truth for this share of rows.",
            "schema": {"type": "number", "minimum": 0.5, "maximum": certainty["largest_level"]},
            "example": min(DEFAULT_LEVEL, certainty["largest_level"]),
        }
    ]


def _answer(bundle: Bundle) -> dict[str, Any]:
    """Return the schema of one prediction, with the fields that a level adds."""
    schema = dict(bundle.form.schema)
    if bundle.calibration is not None:
        schema["properties"] = schema["properties"] | bundle.form.certainty_schema
    return schema


def _column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "kind": column.kind, "examples": list(column.examples[:10])}


def request_body(bundle: Bundle) -> dict[str, Any]:
    """Return OpenAPI's ``requestBody`` of ``POST /predict``."""
    example = {"rows": bundle.examples[:1]}
    return {
        "required": True,
        "content": {"application/json": {"schema": rows_schema(bundle.columns), "example": example}},
    }


def responses(bundle: Bundle) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's ``responses`` of ``POST /predict``."""
    schema = {
        "type": "object",
        "properties": {
            "predictions": {"type": "array", "items": _answer(bundle)},
            "ids": {"type": "array", "items": {"type": "string"}, "description": "Of an endpoint's answers."},
            "notes": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Columns of many rows that hardly any has as the model learned them.",
            },
        },
    }
    good = {
        "description": "One prediction per row, in the rows' order.",
        "content": {
            "application/json": {
                "schema": schema,
                "example": {"predictions": list(bundle.golden.predictions[:1])},
            }
        },
    }
    return {200: good, **problem_responses()}


def outcome_responses() -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's ``responses`` of ``POST /outcomes``."""
    counts = {name: {"type": "integer"} for name in get_type_hints(OutcomeCounts) if name.startswith("n_")}
    problem = {"type": "object", "properties": {"place": {"type": "integer"}, "message": {"type": "string"}}}
    schema = {"type": "object", "properties": {**counts, "problems": {"type": "array", "items": problem}}}
    accepted = {"application/json": {"schema": schema}}
    refused = {"application/json": {"schema": {"anyOf": [schema, PROBLEM]}}}
    others = problem_responses()
    del others[501]  # it takes no Arrow
    return {
        200: {"description": "What became of the outcomes; some may be refused.", "content": accepted},
        **others,
        422: {"description": "No outcome could be read, or the body has another shape.", "content": refused},
    }


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's ``responses`` for requests that are refused."""
    bad = {
        400: "The body is not JSON.",
        401: "The API key is missing or wrong (only where the server has one).",
        408: "The body did not arrive in time.",
        413: "Too many rows, or too large a body, as it is or unpacked.",
        415: "The body is neither JSON in UTF-8 nor an Arrow stream.",
        422: "A row does not fit the schema, or the body has another shape.",
        501: "Arrow is not installed on the server.",
        503: "Too many requests are waiting.",
        504: "The model did not answer in time.",
    }
    return {
        status: {"description": text, "content": {"application/json": {"schema": PROBLEM}}}
        for status, text in bad.items()
    }
