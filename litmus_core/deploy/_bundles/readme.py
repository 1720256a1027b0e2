"""The README of a bundle."""

from __future__ import annotations

import json

from litmus_core.runtime import Golden, Manifest
from litmus_core.text import format_interval, format_score
from litmus_core.types import LatencyFigure, Score, code_name, markdown_line, markdown_sentence
from litmus_core.verdicts import final_model_message, verdict_sentence


def readme(manifest: Manifest, golden: Golden) -> str:
    """Return README.md: what the model predicts, how well, how to use it, what to know first."""
    signature = manifest.signature
    lines = [
        f"# {markdown_line(manifest.name)}",
        "",
        f"A Litmus bundle, exported {manifest.created_at[:10]}. It answers `{code_name(signature.target)}` "
        f"({signature.task_type.prediction}) from {_columns(len(signature.columns))}.",
        "",
        *_quality(manifest),
        "## Use it",
        "",
        "```python",
        "from litmus_core import load_bundle",
        "",
        'bundle = load_bundle("this folder, or the .zip")',
        "bundle.predict(rows)  # a list of dicts, pandas, polars, or the path of a CSV or Parquet file",
        "```",
        "",
        "From a shell: `litmus predict BUNDLE FILE --to OUT` or `litmus serve BUNDLE`. On a bare machine:",
        "",
        "```sh",
        "pip install -r requirements.txt  # in this folder: the wheel of the base package lies in wheels/",
        "python -m litmus_core.serving . --port 8000",
        "```",
        "",
        "or `LITMUS_API_KEY=… docker compose up` (the image was not built where the bundle was",
        "made). What the model is for, how good it is and how it was made is in MODEL_CARD.md, and in",
        "model_card.html.",
        "",
        *_schema(manifest, golden),
        "## Before you load it",
        "",
        markdown_sentence(manifest.trust),
        "",
        _requirements(manifest),
        "`golden.json` holds real rows of the data: treat the bundle as you treat that data.",
        "",
    ]
    return "\n".join(lines)


def _requirements(manifest: Manifest) -> str:
    if manifest.executor == "compiled":
        return "It is compiled: it needs what requirements.txt names, and nothing that it was trained with."
    return (
        f"{markdown_line(manifest.native_reason)} It loads with Python {_minor_version(manifest)} and what "
        "requirements.txt names."
    )


def _quality(manifest: Manifest) -> list[str]:
    lines = []
    if manifest.results.verdict is not None:
        lines += [markdown_line(verdict_sentence(manifest.results.verdict)), ""]
    if manifest.results.final is not None:
        lines += [final_model_message(manifest.results.final), ""]
    for part, score in (("validation", manifest.results.validation), ("test", manifest.results.test)):
        if score is not None:
            lines.append(f"- {part}: {_score(score)}")
    lines += [f"- answering {_rows(figure)}" for figure in manifest.results.latency]
    return [*lines, ""] if lines else []


def _schema(manifest: Manifest, golden: Golden) -> list[str]:
    return [
        "## It wants",
        "",
        "| column | kind |",
        "|---|---|",
        *(f"| {markdown_line(column.name)} | {column.kind} |" for column in manifest.signature.columns),
        "",
        "A real row, and its answer:",
        "",
        "```json",
        json.dumps(golden.rows[0], ensure_ascii=False),
        json.dumps(golden.predictions[0], ensure_ascii=False),
        "```",
        "",
    ]


def _score(score: Score) -> str:
    return (
        f"{score.metric} {format_score(score.value)} "
        f"(95 % interval {format_interval(score.low, score.high)}, "
        f"{score.n_rows:,} rows)"
    )


def _rows(figure: LatencyFigure) -> str:
    rows = "one row" if figure.batch_rows == 1 else f"{figure.batch_rows:,} rows"
    most = "at most 95 % of the time" if figure.is_percentile else figure.p95_calls
    return f"{rows}: {figure.p50_ms:.3g} ms half of the time, {figure.p95_ms:.3g} ms {most}"


def _columns(n_columns: int) -> str:
    return "1 column" if n_columns == 1 else f"{n_columns} columns"


def _minor_version(manifest: Manifest) -> str:
    return ".".join(manifest.versions["python"].split(".")[:2])
