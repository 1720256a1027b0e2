"""Draw how rows are split into training, validation and test, on Target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app import state
from app.presenters.humanize import distinct, share
from app.presenters.markdown import literal
from app.presenters.question.draft import Draft
from app.presenters.question.groups import GroupsView, with_groups
from app.presenters.question.target import ALL_MAY_JUDGE, ChoicesView
from litmus_core.types import SplitKind, SplitPlan

__all__ = ["draw_split"]

_SPLITS: dict[SplitKind | None, str] = {
    "random": "At random",
    "time": "The latest",
    "group": "Whole groups",
    None: "My own files",
}
_SPLIT_HELP = (
    "Some rows are never shown to the models, so that the verdict is honest. **At random** fits most "
    "tables. **The latest**: when the model will be used on days to come. **Whole groups**: when several "
    "rows belong to one customer, machine or patient. **My own files**: when you have a test table already."
)


def draw_split(
    view: ChoicesView, draft: Draft, *, groups: GroupsView | None, n_rows: int, mark: str
) -> Draft:
    """Draw the choice of the split, and, if Litmus detected groups, whether predictions are for new ones."""
    if groups is not None:
        answered = _draw_groups(groups, draft, mark=mark)
        if answered != draft:
            return answered
    now = None if draft.test_version_id or draft.validation_version_id else draft.split.kind
    options: list[SplitKind | None] = ["random"]
    options += ["time"] if view.time_columns else []
    options += ["group"] if view.group_columns else []
    options += [None] if view.other_tables else []
    state.follow(f"split-{mark}", now if now in options else "random")
    kind = st.segmented_control(
        "Rows kept aside for an honest verdict",
        options,
        required=True,
        format_func=_SPLITS.__getitem__,
        key=f"split-{mark}",
        help=_SPLIT_HELP,
    )
    if kind != now:
        draft = replace(draft, split_is_chosen=True)
    if draft.split.is_found and kind == now and groups is None:
        st.caption("Litmus found this: with a random split, the score would look too good.")
    if kind is None:
        return _draw_separate_files(view, draft, mark=mark)
    draft = replace(draft, validation_version_id=None, test_version_id=None)
    if kind == "random":
        aside = share(draft.split.test_fraction)
        mix = ", with the same mix of answers" if draft.stratifies else ""
        may_all = draft.split.may_judge_by_all(n_rows, draft.goal.budget)
        all_may_judge = f" {ALL_MAY_JUDGE}" if may_all else ""
        st.caption(f"{aside} of the rows are kept aside for the final test{mix}.{all_may_judge}")
        return replace(draft, split=SplitPlan(test_fraction=draft.split.test_fraction))
    columns = view.time_columns if kind == "time" else view.group_columns
    return _draw_column(kind, columns, draft, mark=mark)


def _draw_column(kind: SplitKind, columns: Sequence[str], draft: Draft, *, mark: str) -> Draft:
    if kind == "time" and draft.split.finer:
        columns = [draft.split.by, *columns]
    column = st.selectbox(
        "The latest by" if kind == "time" else "Rows that belong together have the same",
        columns,
        index=columns.index(draft.split.by) if draft.split.by in columns else 0,
        key=f"split-column-{mark}-{kind}",
    )
    if kind == draft.split.kind and column == draft.split.by:
        return draft
    split = SplitPlan(kind=kind, column=column, test_fraction=draft.split.test_fraction)
    return replace(draft, split=split)


def _draw_groups(groups: GroupsView, draft: Draft, *, mark: str) -> Draft:
    """Draw the question whether predictions are for new groups; for known groups a random split is right."""
    key = f"groups-{mark}"
    state.follow(key, groups.are_new)
    picked = st.radio(
        f"Several rows share one value of *{literal(groups.split.by)}*. Which will you predict for?",
        [True, False],
        format_func=lambda are_new: "New ones" if are_new else "Those in this table",
        captions=[
            "Rows that share one stay together, so the score holds for new ones.",
            "Rows are split at random. For new ones, this score would be too good.",
        ],
        key=key,
    )
    return draft if picked == groups.are_new else with_groups(draft, groups, are_new=picked)


def _draw_separate_files(view: ChoicesView, draft: Draft, *, mark: str) -> Draft:
    names = distinct(dict(view.other_tables))
    left, right = st.columns(2)
    picked: list[str | None] = []
    for place, title, now in (
        (left, "Table for choosing (validation)", draft.validation_version_id),
        (right, "Table for the final test", draft.test_version_id),
    ):
        ids = list(names)
        picked.append(
            place.selectbox(
                title,
                ids,
                index=ids.index(now) if now in ids else None,
                format_func=names.__getitem__,
                placeholder="Part of the rows, at random",
                key=f"own-{mark}-{title}",
            )
        )
    return replace(draft, split=SplitPlan(), validation_version_id=picked[0], test_version_id=picked[1])
