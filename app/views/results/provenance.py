"""Draw a run's provenance: its tuning trials, the Python that reproduces it, and technical details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from app.presenters.code import CodeView
from app.presenters.markdown import literal
from app.presenters.results.results import TechnicalRow
from app.presenters.training.tuning import TuningView
from app.views.code import draw_folded_code
from app.views.training.tuning import Shares, draw_tuning

__all__ = ["Provenance", "draw_provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The provenance of a run; ``tuning_shares`` and ``code`` are called when their section is opened."""

    tuning: TuningView | None
    tuning_shares: Shares
    code: Callable[[], CodeView]


def draw_provenance(provenance: Provenance, technical: Sequence[TechnicalRow], *, run_id: str) -> None:
    """Draw the provenance of a run in folded sections."""
    if provenance.tuning is not None:
        draw_tuning(provenance.tuning, provenance.tuning_shares, run_id=run_id)
    draw_folded_code(provenance.code, run_id=run_id)
    with st.expander("Technical details of this run", icon=":material/construction:"):
        st.table(
            {"": [row.label for row in technical], " ": [literal(row.value) for row in technical]},
            border="horizontal",
            hide_index=True,
        )
