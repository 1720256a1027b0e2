"""Facts about one candidate beside its score: speed, size, training time, threshold."""

from __future__ import annotations

from app.presenters import humanize
from litmus_core.text import format_bytes, format_count, format_milliseconds
from litmus_core.types import Candidate, LatencyFigure

__all__ = ["candidate_facts"]


def _calls(figure: LatencyFigure) -> str:
    """Return the calls that a latency figure is for: a few calls have no percentile."""
    half = f"half of them took at most {format_milliseconds(figure.p50_ms)} (p50)"
    if not figure.is_percentile:
        return f"{figure.p95_calls[:1].upper()}{figure.p95_calls[1:]}; {half}."
    most, sentence = figure.percentile_99_ms, f"95th percentile (p95) of {figure.n_calls:,} calls; {half}"
    return (
        f"{sentence}."
        if most is None
        else f"{sentence}, 99 of 100 at most {format_milliseconds(most)} (p99)."
    )


def candidate_facts(candidate: Candidate) -> list[tuple[str, str, str]]:
    """Return the candidate's facts as (name, value, explanation)."""
    facts = [
        (
            f"{format_count(figure.batch_rows, 'row')} {'takes' if figure.batch_rows == 1 else 'take'}",
            format_milliseconds(figure.p95_ms),
            _calls(figure),
        )
        for figure in candidate.latency
    ]
    if candidate.size_bytes is not None:
        facts.append(
            ("Size", format_bytes(candidate.size_bytes), "The model's files, as they would be deployed.")
        )
    facts.append(("Trained in", humanize.brief(candidate.fit_s), "This model alone."))
    if candidate.threshold is not None:
        facts.append(
            (
                "Decision threshold",
                humanize.share(candidate.threshold),
                "The probability from which it flags a case, tuned on validation data.",
            )
        )
    if candidate.abstained is not None:
        facts.append(
            (
                "No answer",
                humanize.share(candidate.abstained, decimals=1),
                "Share of validation rows it does not answer; its score is of the others.",
            )
        )
    return facts
