"""The empty state of a page: what to do first, and experiments to open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.navigation import PageKey
from app.presenters.home import state_of
from app.presenters.markdown import literal
from app.theme import Tone
from litmus_core.text import format_count
from litmus_core.types import DatasetVersion, ExperimentSummary

__all__ = ["EmptyStateView", "ExperimentLink", "present_empty_state"]

_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentLink:
    """An experiment to open."""

    experiment_id: str
    name: str
    word: str
    icon: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyStateView:
    """The message, the one thing to do (``to`` None: choose an experiment), and links to experiments."""

    title: str
    sentence: str
    to: PageKey | None
    label: str
    links_title: str
    links: tuple[ExperimentLink, ...]
    n_more: int  # experiments without a link


def present_empty_state(
    summaries: Sequence[ExperimentSummary],
    *,
    has_question: bool,
    is_live: bool,
    table: DatasetVersion | None,
    version_ids: Collection[str] = (),
) -> EmptyStateView:
    """Present the empty state: what to do first.

    ``has_question``: an experiment without models is selected. ``table`` is the selected table,
    ``version_ids`` its versions; None if neither the address nor the visitor named one.
    """
    if is_live:
        sentence = "The models appear here as soon as they are finished and judged."
        return _view("Still training", sentence, to="train", label="Watch the training")
    if has_question:
        sentence = (
            "No model is finished for this question yet. Train first: then models are judged, "
            "and any of them can be put to work."
        )
        return _view("No model yet", sentence, to="train", label="Train the models")
    if table is not None:
        return _on_table(summaries, table, version_ids)
    if summaries:
        return _view(
            "Which experiment?",
            "No experiment is open here. Pick one.",
            links_title="Experiments",
            shown=summaries,
        )
    sentence = "A model comes from a table and a question. Start with a table, or try a sample from Home."
    return _view("No model yet", sentence, to="data", label="Add a table")


def _on_table(
    summaries: Sequence[ExperimentSummary], table: DatasetVersion, version_ids: Collection[str]
) -> EmptyStateView:
    on_table = [summary for summary in summaries if summary.experiment.task.dataset_version_id in version_ids]
    if on_table:
        return _view(
            "Which question?",
            f"{format_count(len(on_table), 'question').capitalize()} "
            f"{'was' if len(on_table) == 1 else 'were'} asked of *{literal(table.name)}*. "
            "Pick one, or ask another.",
            to="target",
            label="Ask another question",
            links_title=f"Asked of {table.name}",
            shown=on_table,
        )
    return _view(
        "No model yet",
        f"Nothing was asked of *{literal(table.name)}* so far. "
        "Say what you want to know and how good is good enough.",
        to="target",
        label="Choose what to predict",
        links_title="Other experiments",
        shown=summaries,
    )


def _view(
    title: str,
    sentence: str,
    *,
    to: PageKey | None = None,
    label: str = "",
    links_title: str = "",
    shown: Sequence[ExperimentSummary] = (),
) -> EmptyStateView:
    latest = sorted(shown, key=lambda summary: summary.updated_at, reverse=True)
    return EmptyStateView(
        title=title,
        sentence=sentence,
        to=to,
        label=label,
        links_title=links_title if shown else "",
        links=tuple(map(_link, latest[:_MOST])),
        n_more=max(0, len(latest) - _MOST),
    )


def _link(summary: ExperimentSummary) -> ExperimentLink:
    state = state_of(summary)
    return ExperimentLink(
        experiment_id=summary.experiment.id,
        name=summary.experiment.name,
        word=state.word,
        icon=state.icon,
        tone=state.tone,
    )
