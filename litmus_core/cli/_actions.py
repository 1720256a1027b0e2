"""``litmus improve``: list the next actions after a run with their expected gains, and start one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import LitmusError, UsageError
from litmus_core.types import Action, ActionList, ActionOutcome, Gain, Run, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.recipes import Walk, WalkStep


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("improve")(improve)


@studio_command
def improve(
    session: Session,
    run: Annotated[str, typer.Argument(help="The run's id.")],
    start: Annotated[
        str | None, typer.Option(help="Start the listed action with this key, and wait for its end.")
    ] = None,
    rows: Annotated[
        Path | None,
        typer.Option(help="A file with the rows that the action asks for, with --start; else any rows."),
    ] = None,
    most_s: Annotated[
        float | None,
        typer.Option(min=5, help="With --start: the time limit in seconds, less than the action's own."),
    ] = None,
) -> None:
    """Show what to do next after a run and the gain to expect; with --start, do it."""
    from litmus_core.experiments import TrainingHandle
    from litmus_core.verdicts import verdict_sentence

    if start is None and rows is None:
        actions = session.studio.actions.list(run)
        walk = _recipe_walk(session.studio, session.studio.runs.get(run).experiment_id)
        step = None if walk is None else _step_facts(walk, actions)
        report = {**_list_facts(actions), "recipe_step": step}
        session.show(report, text=lambda: _actions_text(actions, walk))
        return
    began = _begin(session.studio, run, start, rows=rows, most_s=most_s)
    ended = watch(TrainingHandle(session.studio, began.id))
    outcome = next((past for past in session.studio.actions.outcomes() if past.run_id == ended.id), None)
    report = {"run": ended.id, "outcome": outcome and to_plain(outcome)}
    message = verdict_sentence(ended.verdict) if ended.verdict else ended.message
    leads = session.studio.experiments.leading_run(ended.experiment_id)
    lines = [message, *([] if outcome is None else [_outcome_text(outcome)])]
    text = "\n".join([*lines, f"\nNext: litmus improve {(leads or ended).id}"])
    session.show(report, text=lambda: text)
    fail_with(ended)


def _begin(studio: Studio, run_id: str, key: str | None, *, rows: Path | None, most_s: float | None) -> Run:
    """Start the run of an action (None: any more rows), with the rows that it asks for if there are any."""
    key = key or "rows"
    if rows is None:
        studio.actions.list(run_id)  # rebuilt if custom actions were added or changed
        return studio.actions.apply(run_id, key, most_s=most_s)
    if most_s is not None:
        raise UsageError("A run on more rows takes as long as the first one.", hint="Leave --most-s out.")
    return studio.actions.train_on_more_rows(run_id, rows, key=key)


def _recipe_walk(studio: Studio, experiment_id: str) -> Walk | None:
    """Return the experiment's progress in its recipe; None if it follows no readable recipe."""
    if not studio.recipes.is_followed(experiment_id):
        return None
    try:
        return studio.recipes.walk(experiment_id)
    except LitmusError as error:
        typer.echo(f"Its recipe cannot be followed: {error}", err=True)
        return None


def _step_facts(walk: Walk, actions: ActionList) -> dict[str, Any] | None:
    """Return facts of the recipe's next step, with the listed action that does the same, if any."""
    from litmus_core.recipes import matching_action

    if walk.next is None:
        return None
    step = walk.next.step
    action = matching_action(step, actions)
    return {"number": step.number, "title": step.title, "action": None if action is None else action.key}


def _list_facts(actions: ActionList) -> dict[str, Any]:
    """Return the facts of a list of actions, with the sentences that they make."""
    from litmus_core.advice import action_list_limits, action_list_sentence

    failed = [{**to_plain(failure), "action": _action_facts(failure.action)} for failure in actions.failed]
    return {
        **to_plain(actions),
        "actions": list(map(_action_facts, actions.actions)),
        "failed": failed,
        "sentence": action_list_sentence(actions),
        "limits": action_list_limits(actions),
    }


def _action_facts(action: Action) -> dict[str, Any]:
    """Return an action's facts, with the sentences that they make."""
    from litmus_core.advice import action_evidence, action_sentence, action_title

    sentences = {
        "title": action_title(action),
        "sentence": action_sentence(action),
        "evidence_sentence": action_evidence(action),
    }
    return {**to_plain(action), **sentences}


def _actions_text(actions: ActionList, walk: Walk | None) -> str:
    from litmus_core.advice import OBSTACLES, action_list_sentence, action_title
    from litmus_core.recipes import steps_by_action

    first = [action for action in actions.actions if action.kind in OBSTACLES]
    steps = {} if walk is None else steps_by_action(walk, actions)
    lines = [
        action_list_sentence(actions),
        *actions.notes,
        *(_action_text(action, steps) for action in first),
    ]
    if walk is not None and walk.next is not None:
        step = walk.next.step
        lines += [
            f"\nThe recipe's next step: {step.number}, {step.title}. {walk.expected}".rstrip(),
            f"  Run it: litmus recipes apply {walk.experiment_id}",
        ]
    lines += [_action_text(action, steps) for action in actions.actions if action not in first]
    lines += [
        f"\nTried: {action_title(failed.action)} brought {failed.brought:+.3g} of {failed.promised:+.3g} "
        f"promised ({failed.run_id})."
        for failed in actions.failed
    ]
    return "\n".join(lines)


def _action_text(action: Action, steps: Mapping[str, WalkStep]) -> str:
    from litmus_core.advice import action_evidence, action_sentence, action_title

    place = steps.get(action.key)
    in_recipe = "" if place is None else f" Step {place.step.number} of the recipe."
    return (
        f"\n{action.key}: {action_title(action)}. {action_sentence(action)}{in_recipe}\n"
        f"  {_expected_text(action.gain)}, about {action.cost.minutes:.1f} min. {action_evidence(action)}\n"
        f"  {_effects_text(action)}"
    )


def _expected_text(gain: Gain) -> str:
    if gain.settles is not None:
        return f"settles the verdict, {100 * gain.settles:.0f} % likely"
    return f"expected {_gain_text(gain)}" if gain.is_known else "its effect on the score is unknown"


def _gain_text(gain: Gain) -> str:
    return f"{gain.value:+.3g} ({gain.low:+.3g} to {gain.high:+.3g} in 4 of 5 cases)"


def _effects_text(action: Action) -> str:
    who = "anyone" if action.audience == "anyone" else "a data scientist"
    time, size = _factor_text(action.cost.latency_factor), _factor_text(action.cost.size_factor)
    return f"answering time: {time}; size: {size}; can be done by {who}"


def _factor_text(factor: float | None) -> str:
    """Format the factor by which a size or time grows.

    >>> _factor_text(1.0), _factor_text(5.0), _factor_text(None)
    ('as now', '5 times', 'not known beforehand')
    """
    if factor is None:
        return "not known beforehand"
    return "as now" if factor == 1 else f"{factor:.2g} times"


def _outcome_text(outcome: ActionOutcome) -> str:
    """Describe an action's measured gain and its predicted one; positive is better."""
    from litmus_core.verdicts import outcome_message

    if outcome.predicted.settles is not None:
        settled = "not known yet" if outcome.verdict is None else outcome_message(outcome.verdict)
        return f"Expected to settle the verdict, {100 * outcome.predicted.settles:.0f} % likely: {settled}."
    parts = [
        f"{value:+.3g} {where}"
        for value, where in ((outcome.validation, "on validation rows"), (outcome.test, "in test"))
        if value is not None
    ]
    brought = " and ".join(parts) or "no gain that can be measured"
    expected = f"Expected {_gain_text(outcome.predicted)}; it" if outcome.predicted.is_known else "It"
    return f"{expected} brought {brought}."
