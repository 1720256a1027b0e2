"""The choice of the deployed model: the judged one, or the final model, fitted again on all rows."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.text import format_bytes, format_count, format_milliseconds, join_names
from litmus_core.types import Candidate, LatencyFigure
from litmus_core.verdicts import final_model_message

__all__ = ["FinalModelView", "present_final_model", "used_sentence"]


_AS_JUDGED = "The judged model is ready to use; Export can train it on all rows."


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalModelView:
    """The final model of a candidate.

    ``sentence`` says which model is deployed; ``has_final``: both exist.
    """

    sentence: str
    has_final: bool
    in_use: bool


def present_final_model(candidate: Candidate) -> FinalModelView:
    """Present a candidate's final model, or why it has none."""
    final = candidate.final
    if final is None:
        sentence = candidate.no_final or "The model that was judged is the one you use."
        return FinalModelView(sentence=sentence, has_final=False, in_use=False)
    return FinalModelView(sentence=final_model_message(final), has_final=True, in_use=final.in_use)


def used_sentence(candidate: Candidate, *, batch_rows: int) -> str:
    """Return the final model's speed and size, or why there is none; "" if none was planned."""
    final = candidate.final
    if final is None or not final.in_use:
        left_out = f"{candidate.no_final} {_AS_JUDGED}" if candidate.no_final else ""
        return left_out if final is None else final_model_message(final)
    figure, size = candidate.deployed.latency_at(batch_rows), final.size_bytes
    facts = [
        *([] if figure is None else [_speed(figure)]),
        *([] if size is None else [f"takes {format_bytes(size)}"]),
    ]
    return f"{final_model_message(final)}{f' It {join_names(facts)}.' if facts else ''}"


def _speed(figure: LatencyFigure) -> str:
    rows = "one row" if figure.batch_rows == 1 else format_count(figure.batch_rows, "row")
    return f"answers {rows} in {format_milliseconds(figure.p95_ms)} ({figure.p95_calls}, on this computer)"
