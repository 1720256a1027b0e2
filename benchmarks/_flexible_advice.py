"""Does Improve offer again what failed, and do its lists contradict themselves?

The bar of a first run is moved to just beyond what its score may reach, and the first offer that a click can
start is taken, again and again. Each list is read as a person would read it, and not by the rules that it was
made by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks._flexible_gains import METRICS
from benchmarks._flexible_models import asked_of
from benchmarks._flexible_tables import Table
from benchmarks._harness import Figure
from litmus_core.advice import action_list_sentence, action_title

if TYPE_CHECKING:
    from litmus_core import Studio
    from litmus_core.types import Action, ActionList

N_CLICKS = 3
_MOST_TIMES = 2.0  # what a click may take, in first runs
_OF_ONE_MODEL = ("threshold", "calibrate", "abstain")  # another model's failure says nothing about them
_NOTHING = "Nothing that was tried helps"


def advice(table: Table, *, seconds: float, seed: int) -> dict[str, Any]:
    """Return what was clicked, the failed offers that came again, and the contradictions of each list."""
    metric = METRICS[table.problem][seed % 2]
    with asked_of(table, metric, seed=seed) as asked:
        first = asked.train("advice", seconds=seconds)
        studio, run_id = first.studio, first.candidate.run_id
        experiment_id = studio.runs.get(run_id).experiment_id
        score = first.candidate.test or first.candidate.validation
        assert score is not None
        floor = _is_floor(metric)
        studio.decisions.move_bar(experiment_id, score.high if floor else score.low)
        clicks: list[dict[str, Any]] = []
        repeated: list[str] = []
        contradictions: list[str] = []
        n_lists = n_actions = 0
        for click in range(N_CLICKS + 1):
            listed = studio.actions.list(run_id)
            n_lists, n_actions = n_lists + 1, n_actions + len(listed.actions)
            repeated += [
                action_title(action) for action in listed.actions if _failed_before(action, run_id, clicks)
            ]
            contradictions += list(contradictions_of(studio, listed))
            action = next((one for one in listed.actions if _is_open(one, run_id, clicks)), None)
            if action is None or click == N_CLICKS:
                break
            clicks.append(_clicked(studio, run_id, action, most_s=_MOST_TIMES * seconds))
            run_id = clicks[-1]["leads"]
        studio.close()
    return {
        "lists": n_lists,
        "actions": n_actions,
        "clicks": [[each["key"], each["promised"], each["brought"]] for each in clicks],
        "repeated": repeated,
        "contradictions": contradictions,
    }


def contradictions_of(studio: Studio, listed: ActionList) -> Iterator[str]:
    """Yield what in one list cannot both be true."""
    run = studio.runs.get(listed.run_id)
    sentence = action_list_sentence(listed)
    bar, verdict = studio.experiments.get(run.experiment_id).task.bar, run.verdict
    chosen = studio.candidates.chosen(run.id)
    titles = Counter(action_title(action) for action in listed.actions)
    yield from (f"offered twice: {title}" for title, times in titles.items() if times > 1)
    failed = {each.action.key for each in listed.failed}
    yield from (f"failed and offered: {action_title(one)}" for one in listed.actions if one.key in failed)
    helps = [one for one in listed.actions if _may_help(one)]
    if sentence.startswith(_NOTHING) and helps:
        yield f"nothing helps, and this does: {action_title(helps[0])}"
    beyond = [limit for limit in listed.limits if limit.key == "out of reach"]
    score = None if chosen is None else chosen.validation
    if beyond and bar is not None and score is not None:
        reached = [one for one in helps if bar.gap(score.value) <= one.gain.high]
        yield from (f"out of reach, and reached by: {action_title(one)}" for one in reached)
    asks = [one for one in listed.actions if one.gain.settles is not None and one.collect is not None]
    if asks and verdict is not None and verdict.outcome == "undecided" and verdict.more_rows is None:
        yield f"more test data will not change it, and this asks for some: {action_title(asks[0])}"
    if _names_another(listed, sentence):
        yield f"the sentence and the list begin with different actions: {sentence}"


def advice_figures(found: list[dict[str, Any]]) -> list[Figure]:
    """Return how many lists were read, and what was wrong with them."""

    def counted(name: str, target: float | None) -> Figure:
        n = sum(len(each[name]) if isinstance(each[name], list) else each[name] for each in found)
        return Figure(name=_NAMES[name], value=n, unit="", target=target, better="lower")

    tables = Figure(name="tables", value=len(found), unit="tables", target=12, better="higher")
    return [
        tables,
        counted("lists", None),
        counted("actions", None),
        counted("clicks", None),
        counted("repeated", 0),
        counted("contradictions", 0),
    ]


_NAMES = {
    "lists": "lists read",
    "actions": "offers in them",
    "clicks": "offers taken",
    "repeated": "repeated_failing_advice",
    "contradictions": "contradictions",
}


def _is_floor(metric: str) -> bool:
    from litmus_core.metrics import get_metric

    return get_metric(metric).greater_is_better


def _may_help(action: Action) -> bool:
    return action.kind != "abstain" and action.gain.value > 0 and action.gain.high > 0


def _names_another(listed: ActionList, sentence: str) -> bool:
    """Return whether the sentence recommends an action that is neither the list's first nor its first gain.

    What may settle the verdict stands before any gain, and is then what the sentence recommends.
    """
    helps = next((one for one in listed.actions if _may_help(one)), None)
    named = [one for one in listed.actions if action_title(one).casefold() in sentence.casefold()]
    return helps is not None and bool(named) and listed.actions[0] not in named and helps not in named


def _is_open(action: Action, run_id: str, clicks: list[dict[str, Any]]) -> bool:
    """Return whether a click starts the action, which was not taken yet."""
    taken = any(_is_same(action, run_id, click) for click in clicks)
    return action.plan is not None and not taken and _may_help(action)


def _failed_before(action: Action, run_id: str, clicks: list[dict[str, Any]]) -> bool:
    """Return whether the action was taken on these rows, and brought nothing."""
    same = [click for click in clicks if _is_same(action, run_id, click) and click["brought"] is not None]
    return bool(same) and all(click["brought"] <= 0 for click in same)


def _is_same(action: Action, run_id: str, click: dict[str, Any]) -> bool:
    is_there = action.kind not in _OF_ONE_MODEL or click["follows"] == run_id
    return is_there and (action.key, action.kind) == (click["key"], click["kind"])


def _clicked(studio: Studio, run_id: str, action: Action, *, most_s: float) -> dict[str, Any]:
    """Take an action; return what it promised and brought, and the run that leads since."""
    run = studio.runs.wait(studio.actions.apply(run_id, action.key, most_s=most_s).id)
    outcome = next(each for each in studio.actions.outcomes(run.experiment_id) if each.run_id == run.id)
    best = None if run.chosen_id is None else studio.candidates.leader([run_id, run.id])
    return {
        "key": action.key,
        "kind": action.kind,
        "follows": run_id,
        "promised": action.gain.value,
        "brought": outcome.test if outcome.validation is None else outcome.validation,
        "leads": run.id if best is not None and best.run_id == run.id else run_id,
    }
