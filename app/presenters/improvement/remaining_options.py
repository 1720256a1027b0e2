"""Options when no action is likely to help, and actions that failed before."""

from __future__ import annotations

from dataclasses import dataclass

from app.navigation import PageKey
from app.presenters.improvement.gain_format import format_gain
from litmus_core.advice import action_title
from litmus_core.text import format_count
from litmus_core.types import ActionList, FailedAction, Task, Verdict
from litmus_core.verdicts import unit_of

__all__ = ["FailedView", "OptionView", "present_failed", "present_options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedView:
    """An action that is not offered again, and the run that carried it out."""

    title: str
    sentence: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """Another option: the button ``label`` opens ``page`` (None: it is further down on this page)."""

    title: str
    sentence: str
    page: PageKey | None = None
    label: str = ""


def present_failed(failed: FailedAction, metric: str, unit: str = "") -> FailedView:
    """Present an action's measured and promised gain, in the target's ``unit``."""
    values = (failed.brought, failed.promised)
    brought, promised = (format_gain(value, metric, unit=unit) for value in values)
    return FailedView(
        title=action_title(failed.action, unit=unit),
        sentence=f"brought {brought} of {promised} promised",
        run_id=failed.run_id,
    )


def present_options(actions: ActionList, task: Task, verdict: Verdict | None) -> tuple[OptionView, ...]:
    """Return the options that remain when no action is likely to help."""
    use = OptionView(title="Use it", sentence="Is it good enough as it is?", page="results", label="Decide")
    if task.bar is not None:
        use = OptionView(
            title="Use it anyway, or move the bar",
            sentence="See which bar this model can promise. Nothing is trained.",
            page="results",
            label="Use it or move the bar",
        )
    return (
        use,
        OptionView(
            title="Change the question",
            sentence=f"Ask for less about {task.target}: fewer classes, or another metric.",
            page="target",
            label="Change the question",
        ),
        OptionView(
            title="Gather rows",
            sentence=_rows_sentence(actions, task, verdict),
            page="data",
            label="Add rows",
        ),
        OptionView(title="Ask a scientist", sentence="Hand the question over, further down on this page."),
    )


def _rows_sentence(actions: ActionList, task: Task, verdict: Verdict | None) -> str:
    """Return one sentence on the benefit of more rows, for learning and for judging."""
    action = next((option for option in actions.actions if option.kind == "rows"), None)
    if any(failed.action.kind == "rows" for failed in actions.failed):
        learning = "More rows to learn from were tried and did not help"
    elif action is None or action.collect is None:
        learning = "What more rows to learn from would bring is not known"
    else:
        n_rows = format_count(action.collect.n_rows, "more row")
        few = action.gain.value <= 0 or action.gain.high <= 0
        unit = "" if verdict is None else unit_of(verdict)
        gain = "nothing" if few else f"about {format_gain(action.gain.value, task.metric, unit=unit)}"
        learning = f"To learn from, {n_rows} would bring {gain}"
    if verdict is None or verdict.outcome != "undecided":
        return f"{learning}."
    if verdict.more_rows is None:
        return f"{learning}; to judge by, no practical number of rows would settle the verdict."
    more = f"{verdict.more_rows:,} more"
    if verdict.score.has_few_blocks:
        more += f" in about {verdict.score.blocks_in(verdict.more_rows):,} new groups or periods"
    return f"{learning}; to judge by, about {more} would settle the verdict."
