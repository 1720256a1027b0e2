"""Columns as cards with small plots: a single element, so that wide tables stay fast."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app.presenters.tables.columns import CardPlot
from app.presenters.tables.data import ColumnCard

__all__ = ["cards_html", "column_cards"]


def column_cards(cards: Sequence[ColumnCard]) -> None:
    """Draw the cards, as many beside each other as fit."""
    st.html(cards_html(cards))


def cards_html(cards: Sequence[ColumnCard]) -> str:
    """Return the cards as HTML; every text of the table is escaped."""
    return f'<div class="litmus-cards">{"".join(map(_card, cards))}</div>'


def _card(view: ColumnCard) -> str:
    reading = escape(view.plot.reading)
    warning = f'<span class="litmus-warn">{escape(view.warning)}</span>' if view.warning else ""
    return (
        f'<section class="litmus-card"><div class="litmus-card-head"><strong title="{escape(view.name)}">'
        f"{escape(view.name)}</strong><span>{escape(view.kind)}</span></div>"
        f'<div class="litmus-plot" role="img" aria-label="{reading}">{_plot(view.plot)}</div>'
        f'<div class="litmus-card-foot">{escape(view.detail)} {warning}</div></section>'
    )


def _plot(plot: CardPlot) -> str:
    if plot.heights:
        bars = "".join(
            f'<i style="height:{max(height, 0.02 if height else 0):.1%}"></i>' for height in plot.heights
        )
        return f'<div class="litmus-histogram">{bars}</div>'
    if plot.bars:
        return "".join(
            f'<div class="litmus-value"><b style="width:{bar.share:.1%}"></b>'
            f"<span>{escape(bar.label)}</span><em>{escape(bar.text)}</em></div>"
            for bar in plot.bars
        )
    return "".join(f"<q>{escape(quote)}</q>" for quote in plot.quotes)
