"""Groups of rows that Litmus detected, and the question that decides their split."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.presenters.question.draft import Draft
from litmus_core.types import SplitPlan, Suggestion

__all__ = ["GroupsView", "present_groups", "with_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsView:
    """Groups of rows that Litmus detected. ``are_new``: predictions are for new groups, so that groups stay
    together.

    ``is_feature``: models learn from the group column unless the groups stay together.
    """

    split: SplitPlan
    are_new: bool
    is_feature: bool


def present_groups(
    draft: Draft, suggestion: Suggestion, default_split: SplitPlan | None
) -> GroupsView | None:
    """Return the detected groups; None if there are none, or the visitor splits in another way."""
    own_files = draft.validation_version_id or draft.test_version_id
    if default_split is None or default_split.kind != "group" or own_files:
        return None
    proposed = replace(default_split, test_fraction=draft.split.test_fraction)
    if draft.split.kind != "random" and draft.split != proposed:
        return None
    is_feature = proposed.column in suggestion.features
    return GroupsView(split=proposed, are_new=draft.split == proposed, is_feature=is_feature)


def with_groups(draft: Draft, groups: GroupsView, *, are_new: bool) -> Draft:
    """Return the draft with a split whose score holds for new groups, or for those in the table."""
    column = groups.split.column
    features = tuple(name for name in draft.features or () if name != column)
    if are_new:
        return replace(draft, split=groups.split, features=features, split_is_chosen=True)
    learned = (*features, column) if groups.is_feature and column else features
    plan = SplitPlan(test_fraction=groups.split.test_fraction)
    return replace(draft, split=plan, features=learned, split_is_chosen=True)
