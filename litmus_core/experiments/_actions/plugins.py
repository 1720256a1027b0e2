"""Custom actions: their input, and their proposals as entries of an action list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._plugins.facts import model_facts, task_facts
from litmus_core.experiments._runs.plan_checks import check_plan
from litmus_core.plugins import PluginFailedError, Proposal, check_gain, find_plugins, plan_of, propose
from litmus_core.types import Action, ActionCost, Candidate, RunPlan, Statement

if TYPE_CHECKING:
    from litmus_core.advice import Situation, TrialData

_MOST_ROWS = 10_000


def requested_actions(context: Context) -> tuple[str, ...]:
    """Return the custom actions that a new list would call, each with the version of its code."""
    return tuple(
        f"{plugin.name} {plugin.key}"
        for plugin in find_plugins(context.workspace.path)
        if plugin.state == "ready" and plugin.described is not None and plugin.described.point == "action"
    )


def plugin_actions(
    context: Context, situation: Situation, data: TrialData
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """Return the proposals of the workspace's custom actions after a run, and refused ones with reasons."""
    if not requested_actions(context):
        return (), ()
    task, run = situation.task, situation.run

    def accept(proposal: Proposal) -> tuple[Proposal, RunPlan | None]:
        if situation.chosen.validation is not None:
            check_gain(proposal, situation.chosen.validation)
        plan = plan_of(proposal, situation.plan)
        if plan is not None:
            try:
                check_plan(context, task, plan)
            except LitmusError as error:
                raise PluginFailedError(f"the plan of '{proposal.key}' cannot go: {error}") from error
        return proposal, plan

    rows = data.some(_MOST_ROWS, seed=task.seed)
    frame = rows.frame.assign(**{task.target: rows.truth}).infer_objects()
    situation_facts = describe_situation(situation, context.candidates(run.id), data)
    accepted, refusals = propose(
        context.workspace.path, situation_facts, frame, accept=accept, seed=task.seed
    )
    actions = tuple(_action(name, *action, situation=situation) for name, action in accepted)
    return actions, tuple(refusals)


def _action(name: str, proposal: Proposal, plan: RunPlan | None, *, situation: Situation) -> Action:
    from litmus_core.advice import calibrate_plugin_gain

    key = f"{name}:{proposal.key}"
    limit_s = None if plan is None else plan.compute.time_limit_s
    limit_s = limit_s or situation.time.limit_s
    return Action(
        key=key,
        kind="own",
        title=Statement.plain(proposal.title),
        statements=(Statement.plain(proposal.sentence),),
        evidence=(
            *([Statement.plain(proposal.evidence)] if proposal.evidence else []),
            Statement.of("shared", "by plug-in", plugin=name),
        ),
        gain=calibrate_plugin_gain(key, proposal.gain, situation.outcomes),
        cost=ActionCost(
            minutes=limit_s / 60 if proposal.minutes is None else proposal.minutes,
            latency_factor=proposal.latency,
            size_factor=proposal.size,
        ),
        audience=proposal.audience,
        plan=plan,
        page=proposal.page,
    )


def describe_situation(situation: Situation, candidates: list[Candidate], data: TrialData) -> dict[str, Any]:
    """Return the input of a custom action: plain values, without anything about the test set."""
    from litmus_core.engine import model_families

    trained = {candidate.family for candidate in candidates}
    run, task, plan = situation.run, situation.task, situation.plan
    return {
        "task": task_facts(task),
        "columns": [{"name": column.name, "kind": column.kind} for column in data.columns],
        "run": {
            "id": run.id,
            "number": run.number,
            "families": [family.key for family in model_families() if family.key in trained],
            "folds": situation.n_folds,
            "may_fold": situation.may_fold,
            "tuned": plan.tuning is not None,
            "preprocess": [part.reference for part in plan.preprocess],
            "postprocess": [part.reference for part in plan.postprocess],
            "time_limit_s": situation.time.limit_s,
            "fit_s": situation.time.fit_s,
        },
        "chosen": model_facts(situation.chosen, task),
        "models": [model_facts(candidate, task) for candidate in candidates],
        "story": [list(pair) for pair in situation.time.story],
        "outcomes": [
            {
                "key": outcome.key,
                "kind": outcome.kind,
                "predicted": outcome.predicted.value,
                "came": outcome.validation if outcome.test is None else outcome.test,
            }
            for outcome in situation.outcomes
        ],
    }
