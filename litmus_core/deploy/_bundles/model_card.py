"""The model card: a model's purpose, score, training, and what to know before using it."""

from __future__ import annotations

import html
from dataclasses import dataclass

from litmus_core.deploy._code_templates import reproduce_code
from litmus_core.runtime import Calibration, Manifest, part_text
from litmus_core.text import format_interval, format_score
from litmus_core.types import (
    DatasetVersion,
    LatencyFigure,
    RunPlan,
    Score,
    code_name,
    markdown_line,
    markdown_sentence,
)
from litmus_core.verdicts import certainty_sentences, final_model_message, verdict_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A model's data, its run's plan and its calibration, as far as they are known."""

    dataset: DatasetVersion | None = None
    plan: RunPlan | None = None
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSection:
    """A section of the card: sentences, a table with a header row, and code, in this order."""

    title: str
    sentences: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    code: str = ""


LIMITS = (
    "The model knows only its training rows. On rows from another time, place or way of measuring it may "
    "do worse than its scores, without any warning.",
    "The model never predicts a label that it has not seen; it treats values that it has not seen as "
    "unknown.",
    "Its scores hold for rows like the training rows, not for single groups of people: check the results by "
    "group before it decides about anyone.",
)
FINAL_SCORES = (
    "The scores are those of the judged model, which had not seen the rows that judged it. This model has "
    "the same settings and more rows to learn from; no row is left to score it on."
)
_SPLITS = {"random": "at random", "time": "by time", "group": "by group"}


def sections(manifest: Manifest, origin: Origin) -> tuple[CardSection, ...]:
    """Return the card's sections in reading order."""
    return (
        _task(manifest),
        _data(manifest, origin),
        _quality(manifest),
        *_certainty(origin),
        _speed(manifest),
        _limits(manifest),
        _training(manifest, origin),
    )


_WHERE = {False: "After the model", True: "Task type"}


def _task(manifest: Manifest) -> CardSection:
    signature = manifest.signature
    lines = [
        f"Predicts `{code_name(signature.target)}`: {signature.task_type.prediction}, from "
        f"{len(signature.columns)} columns of a row."
    ]
    if signature.classes:
        shown = ", ".join(f"`{code_name(str(label))}`" for label in signature.classes[:20])
        more = len(signature.classes) - 20
        lines.append(f"Labels: {shown}{f' and {more} more' if more > 0 else ''}.")
    if signature.task_type.has_threshold:
        positive = signature.classes[signature.positive_index]
        threshold = 0.5 if signature.threshold is None else signature.threshold
        lines.append(f"It says `{code_name(str(positive))}` from a probability of {threshold:.4g} on.")
    lines += [
        f"{_WHERE[part.point == 'task_type']}: `{code_name(part_text(part))}`."
        for part in manifest.postprocess
    ]
    if manifest.task is not None and manifest.task.bar is not None:
        lines.append(f"The bar was {manifest.task.bar}.")
    return CardSection(title="What it predicts", sentences=tuple(lines))


def _data(manifest: Manifest, origin: Origin) -> CardSection:
    dataset, lines = origin.dataset, []
    if dataset is not None:
        lines.append(
            f"Trained on '{_bare(dataset.name)}', version {dataset.version}: {dataset.n_rows:,} rows from "
            f"`{code_name(dataset.public_source)}` (SHA-256 of the rows {dataset.content_hash[:16]}…)."
        )
    if manifest.task is not None:
        split = manifest.task.split
        by = f" ({_bare(split.by)})" if split.column else ""
        lines.append(
            f"The rows were split {_SPLITS[split.kind]}{by} into training, validation and test data."
        )
    rows = [("column", "kind")] + [(column.name, column.kind) for column in manifest.signature.columns]
    return CardSection(title="Data", sentences=tuple(lines), table=tuple(rows))


def _quality(manifest: Manifest) -> CardSection:
    lines = () if manifest.results.verdict is None else (_bare(verdict_sentence(manifest.results.verdict)),)
    if manifest.results.final is not None:
        lines = (*lines, final_model_message(manifest.results.final), FINAL_SCORES)
    scores = (("validation", manifest.results.validation), ("test", manifest.results.test))
    rows = [_score(part, score) for part, score in scores if score is not None]
    if not rows:
        lines = (*lines, "No score was recorded with it.")
    if manifest.results.test is None:
        lines = (*lines, "It has no test score: validation scores of chosen models are optimistic.")
    header = ("part", "metric", "value", "95 % interval", "rows")
    return CardSection(title="How good it is", sentences=lines, table=(header, *rows) if rows else ())


def _certainty(origin: Origin) -> tuple[CardSection, ...]:
    if origin.calibration is None:
        return ()
    lines = tuple(map(_bare, certainty_sentences(origin.calibration)))
    return (CardSection(title="How sure it is of each answer", sentences=lines),)


def _score(part: str, score: Score) -> tuple[str, ...]:
    interval = format_interval(score.low, score.high) if score.n_rows else "not known"
    return (part, score.metric, format_score(score.value), interval, f"{score.n_rows:,}")


def _speed(manifest: Manifest) -> CardSection:
    header = ("rows a call", "p50 ms", "p95 ms", "p99 ms", "calls")
    rows = tuple(map(_figure, manifest.results.latency))
    note = (
        "Measured in a new process on the machine that trained it; certificate.json, if present, holds "
        "the certified figures."
    )
    return CardSection(
        title="Latency",
        sentences=(note,) if rows else ("The latency was not measured before the export.",),
        table=(header, *rows) if rows else (),
    )


def _figure(figure: LatencyFigure) -> tuple[str, ...]:
    p95 = f"{figure.p95_ms:.3g}" + ("" if figure.is_percentile else " (slowest)")
    p99 = "" if figure.percentile_99_ms is None else f"{figure.percentile_99_ms:.3g}"
    return (f"{figure.batch_rows:,}", f"{figure.p50_ms:.3g}", p95, p99, f"{figure.n_calls:,}")


def _limits(manifest: Manifest) -> CardSection:
    lines = [*LIMITS]
    if manifest.native_reason:
        lines.append(_bare(manifest.native_reason))
    return CardSection(title="Limits", sentences=(*lines, manifest.trust))


def _training(manifest: Manifest, origin: Origin) -> CardSection:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.versions.items()))
    form = "compiled" if manifest.executor == "compiled" else f"as its library keeps it ({manifest.executor})"
    lines = (
        f"Model `{code_name(manifest.origin.model)}` ({manifest.origin.family_kind}), {form}, exported "
        f"{manifest.created_at[:10]}.",
        f"Made with {versions}.",
    )
    code = "" if manifest.task is None else reproduce_code(manifest.task, origin.dataset, origin.plan)
    return CardSection(title="How it was made", sentences=lines, code=code)


def markdown(manifest: Manifest, origin: Origin) -> str:
    """Return MODEL_CARD.md."""
    lines = [f"# Model card: {markdown_line(manifest.name)}", ""]
    for part in sections(manifest, origin):
        lines += [f"## {part.title}", ""]
        for sentence in part.sentences:
            lines += [markdown_sentence(sentence), ""]
        if part.table:
            lines += [_md_row(part.table[0]), f"|{'---|' * len(part.table[0])}"]
            lines += [*map(_md_row, part.table[1:]), ""]
        if part.code:
            lines += ["```python", part.code.rstrip(), "```", ""]
    return "\n".join(lines)


def _md_row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(map(markdown_line, cells))} |"


def _bare(text: str) -> str:
    """Return a user's text without backticks, which would turn parts of it into code."""
    return text.replace("`", "'")


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d2530}"
    "h1{line-height:1.2}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #d7dde5;"
    "padding:.3rem .6rem;text-align:left}code,pre{background:#f3f5f8;border-radius:4px;padding:.1rem .3rem}"
    "pre{padding:.8rem;overflow:auto}"
)


def page(manifest: Manifest, origin: Origin) -> str:
    """Return model_card.html: the same text, on a self-contained page."""
    title = html.escape(f"Model card: {manifest.name}")
    body = [f"<h1>{title}</h1>"]
    for part in sections(manifest, origin):
        body.append(f"<h2>{html.escape(part.title)}</h2>")
        body += [f"<p>{_inline(sentence)}</p>" for sentence in part.sentences]
        if part.table:
            head, *rows = part.table
            body.append(f"<table><tr>{_cells('th', head)}</tr>")
            body += [f"<tr>{_cells('td', row)}</tr>" for row in rows]
            body.append("</table>")
        if part.code:
            body.append(f"<pre>{html.escape(part.code.rstrip())}</pre>")
    head_part = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html><html lang="en"><head>{head_part}</head><body>'
        + "\n".join(body)
        + "</body></html>\n"
    )


def _cells(tag: str, cells: tuple[str, ...]) -> str:
    return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)


def _inline(sentence: str) -> str:
    """Return a sentence as HTML, with text in backticks as code."""
    parts = html.escape(sentence).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
