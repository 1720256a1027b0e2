"""Which of two models is put to work: the judged one, or one that has learned from all rows."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types import Candidate
from litmus_core.verdicts import final_model_message

__all__ = ["FinalModelView", "present_final_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalModelView:
    """``sentence`` says which model is put to work; ``has_final``: there is another to choose."""

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
