"""Ways back for a deployed model that got worse: retraining, actions, a recipe, another bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from shlex import quote
from typing import Literal

from litmus_core.errors import LitmusError, NotFoundError
from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.types import Action, LiveCauses, Run, Scalar
from litmus_core.verdicts import way_back_title

_MORE_ROWS_HELP = ("group worse", "group grew")


WayBackKind = Literal["retrain", "continue", "action", "improve", "recipe", "bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """One thing to do about a deployed model that got worse, and the command that does it.

    ``name`` is the key of an action of the run, or the name of a recipe; "" for the other kinds.
    """

    kind: WayBackKind
    title: str
    command: str
    experiment_id: str
    run_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class WaysBackService:
    """Ways back for the models of endpoints on this machine."""

    context: Context
    actions: ActionsService
    retraining: RetrainingService
    recipes: RecipesService

    def list(self, name: str, causes: LiveCauses) -> tuple[WayBack, ...]:
        """Return what can be done about the live version of the endpoint ``name``; nothing is started.

        Retrain it on its answered rows or, if it can, continue it on them. Collect rows of each group that
        ``causes`` name, start the best action of its run's list (or make the list), follow the recipe that
        fits best, or move the bar. The result is empty if the run of the model was deleted. Raises
        NotFoundError if there is no such endpoint.
        """
        bundle_id = self.retraining.endpoints.stats(name).bundle_id
        try:
            bundle = self.context.store.bundle(bundle_id)
            run = self.context.run(bundle.run_id)
        except NotFoundError:
            return ()
        return tuple(self._ways(name, causes, run, bundle.candidate_id))

    def _ways(self, name: str, causes: LiveCauses, run: Run, candidate_id: str) -> Iterator[WayBack]:
        home = run.experiment_id
        yield _way(run, "retrain", f"litmus endpoints retrain {name}")
        if not self.retraining.warm_start.refusal(candidate_id):
            yield _way(run, "continue", f"litmus endpoints retrain {name} --continue")
        yield from (_start(run, action) for action in self._collecting(causes, run))
        best = self._best(run)
        yield _way(run, "improve", f"litmus improve {run.id}") if best is None else _start(run, best)
        with suppress(LitmusError):  # no recipe fits a table that is gone
            yield from self._recipe(run)
        if self.context.experiment(home).task.bar is not None and run.verdict is not None:
            yield _way(run, "bar", f"litmus bar {home} VALUE --because REASON")

    def _recipe(self, run: Run) -> Iterator[WayBack]:
        home = run.experiment_id
        if self.recipes.is_followed(home):
            yield _way(run, "recipe", f"litmus recipes next {home}")
            return
        fit = next(iter(self.recipes.fits(home)), None)
        if fit is not None and not fit.problem:
            command = f"litmus recipes apply {home} --recipe {fit.recipe.name}"
            command += "".join(f" --knob {knob}={_knob_text(value)}" for knob, value in fit.turned)
            yield _way(run, "recipe", command, name=fit.recipe.name, title=fit.recipe.title)

    def _collecting(self, causes: LiveCauses, run: Run) -> Iterator[Action]:
        """Yield the actions of collecting rows of the groups that got worse, or of which there are more."""
        for cause in causes.causes:
            if cause.kind not in _MORE_ROWS_HELP:
                continue
            try:
                action = self.actions.find(run.id, f"rows where {cause.column} is {cause.group}")
            except LitmusError:  # the model does not learn from this column itself, or the table is gone
                continue
            if action is not None:
                yield action

    def _best(self, run: Run) -> Action | None:
        """Return the first action of the stored list that a run does, and that was not done yet."""
        stored = self.actions.stored(run.id)
        started = {
            later.plan.action.key
            for later in self.context.store.runs()
            if later.plan.action is not None and later.plan.action.run_id == run.id
        }
        listed = () if stored is None else stored.actions
        may_start = (
            action
            for action in listed
            if action.plan is not None and action.kind != "abstain" and action.key not in started
        )
        return next((action for action in may_start if action.gain.value > 0), None)


def _knob_text(value: Scalar) -> str:
    return quote(str(value).lower() if isinstance(value, bool) else str(value))


def _start(run: Run, action: Action) -> WayBack:
    from litmus_core.advice import action_title

    rows = "" if action.plan is not None else " --rows FILE"
    command = f"litmus improve {run.id} --start {quote(action.key)}{rows}"
    return _way(run, "action", command, name=action.key, title=action_title(action))


def _way(run: Run, kind: WayBackKind, command: str, *, name: str = "", title: str = "") -> WayBack:
    return WayBack(
        kind=kind,
        title=way_back_title(kind, title),
        command=command,
        experiment_id=run.experiment_id,
        run_id=run.id,
        name=name,
    )
