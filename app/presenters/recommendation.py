"""What the decision card recommends: use the model, move the bar or improve it, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from litmus_core.advice import closest_to_budget, is_out_of_reach, worth_doing
from litmus_core.metrics import get_metric
from litmus_core.types import ActionList, Bar, Candidate, Caution, Task, Verdict
from litmus_core.verdicts import bar_text, excess_messages, grade_of, unit_of

__all__ = ["Choice", "present_choice", "present_exhausted", "recommended_choice"]

Choice = Literal["use", "bar", "improve"]
_LITTLE = 0.25  # a share of the model's gain over guessing
_LIKELY = 0.9  # the least chance of reaching the bar at which to use the model


def recommended_choice(verdict: Verdict) -> Choice:
    """Return what to do about a verdict, before any trials of actions."""
    if verdict.obstacles or verdict.broken or verdict.excesses:
        return "improve"
    if verdict.outcome == "no bar":
        return "use"
    if verdict.outcome == "meets":
        return "bar" if verdict.bar is not None and _asks_little(verdict.bar, verdict) else "use"
    is_likely = (verdict.probability_passes or 0.0) >= _LIKELY
    return "use" if grade_of(verdict).key == "probably meets" and is_likely else "improve"


def present_choice(
    verdict: Verdict, *, promised: Bar | None, task: Task, candidates: Sequence[Candidate]
) -> tuple[Choice, str]:
    """Return what to do about a verdict, and why; ``promised`` is the best bar that its model keeps."""
    return recommended_choice(verdict), _advice(verdict, promised, task, candidates)


def present_exhausted(
    verdict: Verdict, *, promised: Bar | None, actions: ActionList | None, done: Collection[str]
) -> tuple[Choice, str] | None:
    """Return what to do if no action is likely to help, and why; None if an action may help.

    ``actions`` are the results of trials after the run (None: no trials). ``done`` has keys of started
    actions.
    """
    is_about_the_score = not (verdict.obstacles or verdict.broken or verdict.excesses)
    if actions is None or not is_about_the_score or recommended_choice(verdict) != "improve":
        return None
    left = [action for action in worth_doing(actions) if action.key not in done]
    if is_out_of_reach(actions) and verdict.bar is not None:
        why = f"Nothing that was tried is likely to reach {bar_text(verdict.bar, unit_of(verdict))}."
    elif actions.n_rows and not left:
        why = "Nothing that was tried is likely to help."
    else:
        return None
    if promised is None or _asks_little(promised, verdict):
        return "improve", f"{why} See what else you can do."
    bar = bar_text(promised, unit_of(verdict))
    return "bar", f"{why} Move the bar to {bar}, which this model very likely meets."


def _advice_on_data(obstacles: Sequence[Caution]) -> str:
    kinds = [caution.kind for caution in obstacles]
    if "weaker_model" in kinds:
        return "Train it again with more time: the score belongs to better models than this one."
    if kinds == ["older_rows"]:
        return "Go by the score of the later test rows: the model learned from rows newer than the others."
    sure = any(caution.severity == "harmful" for caution in obstacles)
    first = "Fix the data first: the score looks" if sure else "Check the data first: the score may look"
    return f"{first} better than it is."


def _advice(verdict: Verdict, promised: Bar | None, task: Task, candidates: Sequence[Candidate]) -> str:
    if verdict.obstacles:
        return _advice_on_data(verdict.obstacles)
    if verdict.broken:
        return "It breaks a rule that its predictions must keep. Another model may keep it."
    if verdict.excesses:
        scored = [model for model in candidates if model.validation is not None]
        near = closest_to_budget(task.budget, scored)
        nearest = "" if near is None else f" {near.sentence}"
        exceeds = " and ".join(excess_messages(verdict))
        return f"It is {exceeds} for your budget.{nearest} See what would make it lighter."
    if verdict.outcome == "no bar":
        return "No bar was set, so only you can say whether this is good enough."
    choice = recommended_choice(verdict)
    if verdict.outcome == "meets":
        if choice == "bar":
            asks = "no" if verdict.bar is not None and verdict.bar.passes(verdict.baseline) else "little"
            return f"The bar asks for {asks} more than guessing. Move it to what you need."
        return "It is good enough: use it."
    if choice == "use":
        return "It is very likely good enough: use it, or improve it to be sure."
    leads = {
        "probably meets": "It is probably good enough. To be sure, see what would settle it.",
        "toss-up": "It could go either way. See what would settle it.",
        "probably misses": "It is probably not good enough. See what would help.",
        "misses": "It is not good enough yet. See what would help.",
    }
    lead = leads[grade_of(verdict).key]
    if _is_as_good_as_guessing(verdict):
        is_likely_worse = not verdict.score.low <= verdict.baseline <= verdict.score.high
        how = "better" if is_likely_worse else "as good"
        lead = f"Guessing is {how}. See what would help."
    return f"{lead}{_other_bar(verdict, promised)}"


def _is_as_good_as_guessing(verdict: Verdict) -> bool:
    gain = verdict.score.value - verdict.baseline
    return gain <= 0 if get_metric(verdict.score.metric).greater_is_better else gain >= 0


def _other_bar(verdict: Verdict, promised: Bar | None) -> str:
    """Return a sentence on the best bar that the model very likely meets; "" without one."""
    if promised is None:
        return ""
    bar = bar_text(promised, unit_of(verdict))
    if _asks_little(promised, verdict):
        return f" A bar that it very likely meets, {bar}, asks for little more than guessing."
    return f" Or move the bar to {bar}, which this model very likely meets."


def _asks_little(bar: Bar, verdict: Verdict) -> bool:
    """Return whether the bar asks for less than a quarter of the model's gain over guessing."""
    gain = abs(verdict.score.value - verdict.baseline)
    return abs(bar.value - verdict.baseline) < _LITTLE * gain or bar.passes(verdict.baseline)
