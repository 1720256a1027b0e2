"""Draw a new task from its column to its start, one part after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

import streamlit as st

from app import state
from app.components import waiting
from app.errors import show, show_bug
from app.presenters.markdown import literal
from app.presenters.question.draft import Draft, draft_task, with_suggestion
from app.presenters.question.groups import present_groups
from app.presenters.question.target import present_bar, present_caution, present_choices, present_reach
from app.views.question.goal import StartTraining, draw_bar, draw_begin, draw_budget
from app.views.question.target import draw_choices, draw_column
from litmus_core.errors import LitmusError
from litmus_core.metrics import score_unit
from litmus_core.plugins import PluginDescription
from litmus_core.text import unbroken
from litmus_core.types import Baseline, DatasetVersion, Quote, SplitPlan, Suggestion, Task

__all__ = ["QuestionState", "draw_question"]

_QUOTED = (
    "From the size of your table, a simple model, and earlier runs here. "
    "The score lies in this range 4 times in 5."
)


class QuestionState(Protocol):
    """The data that the view reads about a table while the task is a draft."""

    def suggestion(self, version_id: str, target: str) -> Future[Suggestion]:
        """Return Litmus's proposal for a target as a future."""

    def baselines(self, task: Task) -> Future[tuple[Baseline, ...]]:
        """Return the scores of guessing and of a simple model as a future."""

    def quote(self, task: Task) -> Future[Quote]:
        """Return the quote of a training as a future."""

    def custom_task_types(self) -> tuple[PluginDescription, ...]:
        """Return the available task types beyond the built-in problem types."""

    def exists(self, future: Future[Any], *, is_quick: bool = True) -> bool:
        """Return whether a future's result is known."""


def draw_question(
    version: DatasetVersion,
    draft: Draft,
    *,
    tables: Sequence[DatasetVersion],
    ask: QuestionState,
    find_split: Callable[[DatasetVersion, str], SplitPlan | None],
) -> tuple[Draft, StartTraining | None]:
    """Draw the parts of a task; return its draft and the visitor's request to start.

    ``find_split`` returns the split that suits the table's structure, if the checks know one by now.
    """
    draft = draw_column(version, draft, tables=tables)
    if draft.target is None or draft.version_id != version.id:
        return draft, None
    proposed = ask.suggestion(version.id, draft.target)
    if not ask.exists(proposed):
        waiting(proposed.done, f"Reading {draft.target}…", height=400)
        return draft, None
    kinds = ask.custom_task_types()
    draft = _draw_choices(
        version,
        draft,
        proposed.result(),
        tables=tables,
        kinds=kinds,
        split=find_split(version, draft.target),
    )
    task = draft_task(draft)
    if task is None:
        st.info("Keep at least one column to learn from, then the bar can be set.", icon=":material/info:")
        return draft, None
    future = ask.baselines(task)
    is_known_already = ask.exists(
        future
    )  # another cost is quick to compute: the bar's box stays, without a placeholder
    if draft.goal.bar is None and is_known_already and future.exception() is None:
        is_known_already = ask.exists(ask.quote(task))  # no bar is proposed that training will not reach
    st.subheader("How good is good enough?", anchor=False)
    if is_known_already:
        unit = score_unit(task, version.column(task.target))
        draft = _draw_bar(draft, task, future, quote=partial(_quote, ask, task), unit=unit)
    else:
        awaited = ask.quote(task) if future.done() else future
        waiting(awaited.done, "Finding out what guessing and a simple model reach…", height=260)
    st.subheader("What may it cost?", anchor=False)
    draft = draw_budget(draft)
    if is_known_already and future.exception() is None and (priced := draft_task(draft)) is not None:
        _draw_quote(ask, priced)
    return draft, draw_begin(ready=is_known_already and _can_train(draft, future))


def _draw_choices(
    version: DatasetVersion,
    draft: Draft,
    suggestion: Suggestion,
    *,
    tables: Sequence[DatasetVersion],
    kinds: tuple[PluginDescription, ...],
    split: SplitPlan | None,
) -> Draft:
    """Draw the proposal and its choices; a change draws the page again."""
    before = with_suggestion(draft, suggestion, default_split=split)
    view = present_choices(version, suggestion, before, tables=tables, plugin_types=kinds)
    draft = draw_choices(
        view, before, groups=present_groups(before, suggestion, split), n_rows=version.n_rows
    )
    if draft != before:  # all of the page above shows the earlier draft
        state.keep("draft", draft)
        st.rerun()
    return draft


def _can_train(draft: Draft, baselines: Future[tuple[Baseline, ...]]) -> bool:
    """Return whether training makes sense; it does not for a bar that no model can reach."""
    if not draft.goal.wants_bar or draft.goal.bar is None or draft.metric is None:
        return True
    reached = () if baselines.exception() is not None else baselines.result()
    caution = present_caution(draft.metric, draft.goal.bar, reached)
    return caution is None or caution.can_train


def _draw_quote(ask: QuestionState, task: Task) -> None:
    """Draw the quote of the training; draw nothing if it cannot be computed."""
    quoted = ask.quote(task)
    if not ask.exists(quoted, is_quick=False):
        waiting(quoted.done, "Working out what training will take…", height=0)
    elif quoted.exception() is None:
        st.markdown(f":material/schedule: {literal(unbroken(quoted.result().sentence))}", help=_QUOTED)


def _quote(ask: QuestionState, task: Task) -> Quote | None:
    """Return the quote of the training; None if it is unknown."""
    quoted = ask.quote(task)
    if not ask.exists(quoted, is_quick=False) or quoted.exception() is not None:
        return None
    return quoted.result()


def _draw_bar(
    draft: Draft,
    task: Task,
    future: Future[tuple[Baseline, ...]],
    *,
    quote: Callable[[], Quote | None],
    unit: str,
) -> Draft:
    reached: tuple[Baseline, ...] = ()
    error = future.exception()
    if isinstance(error, LitmusError):
        show(error, safe="Your table and your choices are unchanged.")
    elif error is not None:
        show_bug(
            error,
            title="What guessing and a simple model reach could not be worked out",
            safe="This is a fault of Litmus; your table and your choices are unchanged."
            " You can set the bar and train without it.",
        )
    else:
        reached = future.result()
    quoted = None if error is not None else quote()
    view = present_bar(task.metric, reached, bar=draft.goal.bar, unit=unit, quote=quoted)

    def reach(value: float) -> str:
        return "" if quoted is None else present_reach(task.metric, value, quoted)

    return draw_bar(view, draft, baselines=reached, reach=reach)
