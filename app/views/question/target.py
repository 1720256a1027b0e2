"""Draw Target: the column, the problem type, the features, and the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from app import state
from app.components import facts, permitted_button
from app.presenters.humanize import distinct
from app.presenters.markdown import literal
from app.presenters.question.draft import Draft, with_metric, with_settled_kind
from app.presenters.question.groups import GroupsView
from app.presenters.question.questions import PROBLEMS
from app.presenters.question.target import ChoicesView, TaskView
from app.presenters.question.task_types import AS_IT_IS, with_kind
from app.views.fields import draw_field
from app.views.question.metric_picker import draw_judging
from app.views.question.split import draw_split
from litmus_core.types import DatasetVersion, Experiment

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

__all__ = ["ConfirmTarget", "StartVariation", "draw_choices", "draw_column", "draw_set_task"]

_MOST_BUTTONS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTarget:
    """Continue to training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartVariation:
    """Start a variation of the task in a new experiment."""


def draw_column(version: DatasetVersion, draft: Draft, *, tables: Sequence[DatasetVersion]) -> Draft:
    """Draw the table and the column to predict; another table starts a new draft."""
    left, right = st.columns(2)
    names = distinct({table.id: f"{table.name} (version {table.version})" for table in [version, *tables]})
    picked = left.selectbox(
        "Table",
        list(names),
        index=list(names).index(version.id),
        format_func=names.__getitem__,
        key=f"table-{version.id}",
    )
    columns = version.column_names
    key = f"column-{version.id}"
    target = right.selectbox(
        "Column to predict",
        columns,
        index=columns.index(draft.target) if draft.target in columns else None,
        placeholder="Pick the column that holds the answer",
        key=key,
        help="The column whose value you want to know for new rows. Technical word: target.",
    )
    if picked != version.id:
        return Draft(version_id=picked)
    if target is None:
        _draw_first_columns(version, key=key)
    return draft if target == draft.target else Draft(version_id=version.id, target=target)


def _draw_first_columns(version: DatasetVersion, *, key: str) -> None:
    """Draw a button for each column that may be the target, if there are few columns."""
    names = [column.name for column in version.columns if not column.traits.is_identifier]
    if len(names) > _MOST_BUTTONS:
        return
    st.markdown("Which column holds the answer?")
    with st.container(horizontal=True, gap="small", key="answer-columns"):
        for at, name in enumerate(names):
            st.button(literal(name), key=f"answer-column-{at}", on_click=_pick, args=(key, name))


def _pick(key: str, column: str) -> None:
    st.session_state[key] = column


def draw_choices(view: ChoicesView, draft: Draft, *, groups: GroupsView | None, n_rows: int) -> Draft:
    """Draw the problem type and the choices that depend on it; return the changed draft."""
    mark = f"{draft.version_id}-{draft.target}"
    with st.container(border=True, key="question"):
        st.markdown(f"#### {view.example}")
        st.markdown(" ".join(part for part in (view.why, view.missing) if part))
        first = st.container()
        with st.expander("Change the kind of question, or how answers are judged", icon=":material/tune:"):
            draft = _draw_kind(view, draft, mark=mark, first=first)
    with st.container(border=True, key="columns"):
        draft = _draw_features(view, draft, mark=mark)
    with st.container(border=True, key="split"):
        return draw_split(view, draft, groups=groups, n_rows=n_rows, mark=mark)


def _draw_kind(view: ChoicesView, draft: Draft, *, mark: str, first: DeltaGenerator) -> Draft:
    draft_now = _draw_plugin_kind(view, draft, mark=mark)
    if draft_now != draft:
        return draft_now
    if draft_now.task_type is not None:
        return _draw_metric(view, draft_now, mark=f"{mark}-{view.kind}", first=first)
    kind = view.problem_types[0]
    if view.only_kind:
        st.markdown(f":gray[Kind of answer]  \n{PROBLEMS[kind]}. {view.only_kind}")
    else:
        now = draft.problem_type if draft.problem_type in view.problem_types else kind
        state.follow(f"kind-{mark}", now)  # a metric may have decided the kind
        picked = st.segmented_control(
            "Kind of answer",
            view.problem_types,
            required=True,
            format_func=PROBLEMS.__getitem__,
            key=f"kind-{mark}",
            help="Technical words: binary classification, multiclass classification, regression. "
            "A metric that fits only one of them settles it.",
        )
        kind = now if picked is None else picked
    of_kind = replace(draft, problem_type=kind)
    judged = _draw_metric(view, of_kind, mark=f"{mark}-{draft.problem_type}", first=first)
    return with_settled_kind(judged, view.problem_types) if draft.problem_type == kind else judged


def _draw_plugin_kind(view: ChoicesView, draft: Draft, *, mark: str) -> Draft:
    """Draw the task types beyond the built-in problem types, and the parameters of the selected one."""
    kinds = {kind_view.name: kind_view for kind_view in view.kinds}
    if not kinds:
        return draft
    picked = st.selectbox(
        "Ask it as",
        [AS_IT_IS, *kinds],
        index=[AS_IT_IS, *kinds].index(view.kind),
        format_func=lambda name: kinds[name].title if name else "What the column holds",
        key=f"asked-as-{mark}",
        help="Another question about the same column, such as whether it is above a limit.",
    )
    kind = kinds.get(picked)
    fields = () if kind is None else kind.fields
    values = {field.name: draw_field(field, key=f"asked-{mark}-{picked}-{field.name}") for field in fields}
    return with_kind(draft, kind, values)


def _draw_metric(view: ChoicesView, draft: Draft, *, mark: str, first: DeltaGenerator) -> Draft:
    metric = draw_judging(view.judging, view.metric, mark=mark, first=first)
    positive = draft.positive_class
    if view.classes:
        positive = st.selectbox(
            "The answer that matters",
            view.classes,
            index=view.classes.index(positive) if positive in view.classes else 0,
            key=f"positive-{draft.version_id}-{draft.target}",
            help="The one that alarms and rankings are judged by. Technical word: positive class.",
        )
    return with_metric(replace(draft, positive_class=positive), metric)


def _draw_features(view: ChoicesView, draft: Draft, *, mark: str) -> Draft:
    chosen = draft.features or ()
    st.markdown(f"**Uses {len(chosen)} of {len(view.columns)} columns**")
    for name, reason in view.left_out[:6]:
        st.caption(f":material/visibility_off: *{literal(name)}*: {reason}")
    if len(view.left_out) > 6:
        st.caption(f"and {len(view.left_out) - 6} more.")
    with st.expander("Change the columns", icon=":material/view_column:"):
        picked = st.multiselect(
            "Columns to use",
            view.columns,
            default=[name for name in view.columns if name in chosen],
            key=f"features-{mark}",
            help="Only what is known at the moment of the prediction. Technical word: features.",
        )
    if not picked:
        st.warning("Pick at least one column to use.", icon=":material/info:")
    return replace(draft, features=tuple(picked))


def draw_set_task(view: TaskView, *, experiment: Experiment) -> ConfirmTarget | StartVariation | None:
    """Draw the task of the selected experiment, the next step, and the way to vary it."""
    with st.container(border=True, key="task"):
        st.markdown(f"### {literal(experiment.name)}")
        st.markdown(f"{view.question}.")
        facts(view.facts)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Go on to Train", type="primary", icon=":material/arrow_forward:", key="next"):
            return ConfirmTarget()
        if permitted_button(
            "Ask it differently",
            action="experiments.create",
            icon=":material/edit:",
            key="vary",
            help="Starts a new experiment from these choices; this one stays as it is.",
        ):
            return StartVariation()
    return None
