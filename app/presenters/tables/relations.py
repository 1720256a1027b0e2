"""The target's relation to each column: a bar for each range or value, by classes or by the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters import humanize
from app.presenters.tables.columns import KINDS
from litmus_core.text import format_count, format_number
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    from litmus_core.data import Group, Relation, Relations

__all__ = ["GroupBar", "RelationCard", "RelationsView", "present_relations"]

_CLASSES = 5  # classes with separate colours; the others share one
_BY = {"ranges": "by ranges", "values": "by its values", "letters": "by its number of letters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBar:
    """One range or value: ``parts`` (0 to 1, one per class; or one, the mean's position) and its text."""

    label: str
    parts: tuple[float, ...]
    text: str
    hover: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationCard:
    """The target's relation to one column."""

    name: str
    kind: str
    by: str
    bars: tuple[GroupBar, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationsView:
    """All columns; ``classes`` names the parts of the bars in their order (none: bars are means)."""

    lead: str
    classes: tuple[str, ...]
    cards: tuple[RelationCard, ...]


def present_relations(relations: Relations) -> RelationsView:
    """Present the target's relation to each column."""
    classes = relations.classes[:_CLASSES]
    more = len(relations.classes) > _CLASSES
    shown = (*classes, "others") if more else classes
    if classes:
        lead = f"How the answers in {relations.target} are distributed, by the values of each column."
    else:
        lead = f"The mean of {relations.target}, by the values of each column."
    return RelationsView(
        lead=lead,
        classes=shown,
        cards=tuple(
            _card(column, relations, n_shown=len(classes))
            for column in relations.columns
            if not COLUMN_KINDS[column.kind].is_identifier
        ),
    )


def _card(relation: Relation, relations: Relations, *, n_shown: int) -> RelationCard:
    if relations.classes:
        bars = tuple(_class_bar(group, relations, n_shown=n_shown) for group in relation.groups)
    else:
        bars = _mean_bars(relation.groups)
    strongest = max(bars, key=lambda bar: bar.parts[0], default=None)
    reading = "" if strongest is None else f"{relation.column}: most at {strongest.label}, {strongest.text}."
    return RelationCard(
        name=relation.column, kind=KINDS[relation.kind], by=_BY[relation.by], bars=bars, reading=reading
    )


def _class_bar(group: Group, relations: Relations, *, n_shown: int) -> GroupBar:
    shares = group.shares
    parts = shares[:n_shown] + ((sum(shares[n_shown:]),) if len(shares) > n_shown else ())
    most = max(range(len(shares)), key=shares.__getitem__, default=0)
    shares_text = ", ".join(
        f"{name} {humanize.share(share)}"
        for name, share in zip(relations.classes, shares, strict=True)
        if share >= 0.005
    )
    return GroupBar(
        label=group.label,
        parts=parts,
        text=f"{humanize.share(shares[most])} {relations.classes[most]}" if shares else "",
        hover=f"{group.label}: {format_count(group.n_rows, 'row')}. {shares_text}",
    )


def _mean_bars(groups: tuple[Group, ...]) -> tuple[GroupBar, ...]:
    means = [group.mean for group in groups if group.mean is not None]
    low, high = min((*means, 0.0)), max((*means, 0.0))
    width = (high - low) or 1.0
    return tuple(
        GroupBar(
            label=group.label,
            parts=(0.0 if group.mean is None else (group.mean - low) / width,),
            text="" if group.mean is None else format_number(group.mean),
            hover=f"{group.label}: {format_count(group.n_rows, 'row')}",
        )
        for group in groups
    )
