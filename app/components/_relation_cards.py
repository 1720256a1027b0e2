"""The target's relation to each column as cards, in a single element."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app.presenters.tables.relations import GroupBar, RelationCard, RelationsView

__all__ = ["relation_cards", "relations_html"]


def relation_cards(view: RelationsView, cards: Sequence[RelationCard]) -> None:
    """Draw ``cards`` of ``view`` below its legend."""
    st.html(relations_html(view, cards))


def relations_html(view: RelationsView, cards: Sequence[RelationCard]) -> str:
    """Return the legend and the cards as HTML; every text of the table is escaped."""
    legend = "".join(
        f'<span><i class="litmus-part-{place}"></i>{escape(name)}</span>'
        for place, name in enumerate(view.classes)
    )
    head = f'<div class="litmus-legend">{legend}</div>' if legend else ""
    return f'{head}<div class="litmus-cards litmus-relations">{"".join(map(_card, cards))}</div>'


def _card(view: RelationCard) -> str:
    return (
        f'<section class="litmus-card"><div class="litmus-card-head"><strong title="{escape(view.name)}">'
        f"{escape(view.name)}</strong><span>{escape(view.kind)}, {escape(view.by)}</span></div>"
        f'<div class="litmus-groups" role="img" aria-label="{escape(view.reading)}">'
        f"{''.join(map(_bar, view.bars))}</div></section>"
    )


def _bar(bar: GroupBar) -> str:
    parts = "".join(
        f'<i class="litmus-part-{place}" style="width:{part:.2%}"></i>'
        for place, part in enumerate(bar.parts)
        if part > 0
    )
    return (
        f'<div class="litmus-group" title="{escape(bar.hover)}"><span>{escape(bar.label)}</span>'
        f"<b>{parts}</b><em>{escape(bar.text)}</em></div>"
    )
