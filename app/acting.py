"""What a visitor's wish does: the use case it stands for, then the page to go on with."""

from __future__ import annotations

from app import navigation, services, state
from app.errors import guard
from app.presenters.draft import Draft, draft_of_task, draft_task
from app.views.bar import Begin
from app.views.target import GoOn, Vary
from app.views.train import Finish, Start, Stop, ToResults, Wish
from litmus_core.types import Experiment, Run, RunPlan

__all__ = ["begin", "target", "train"]


def target(wish: GoOn | Vary | None, experiment: Experiment) -> None:
    """Go on to training, or ask the experiment's question differently."""
    match wish:
        case GoOn():
            navigation.go("train", experiment=experiment.id)
        case Vary():
            state.keep("draft", draft_of_task(experiment.task))
            navigation.go("target", dataset=experiment.task.dataset_version_id)
        case None:
            pass


def begin(wish: Begin | None, draft: Draft) -> None:
    """Keep the question as an experiment, and train at once where that was wished."""
    task = draft_task(draft)
    if wish is None or task is None:
        return
    studio = services.studio()
    with guard(safe="Nothing was started; your choices are kept."):
        experiment = studio.create_experiment(task, name=draft.name or None)
        run = studio.start_run(experiment.id) if wish.how == "train" else None
        navigation.go("train", experiment=experiment.id, run=None if run is None else run.id)


def train(wish: Wish | None, experiment: Experiment, run: Run | None) -> None:
    """Start, stop or finish a run, or go on to its results."""
    studio = services.studio()
    with guard(safe="Your data and what was trained before are unchanged."):
        match wish:
            case Start(cards=cards, folds=folds):
                started = studio.start_run(experiment.id, RunPlan(cards=cards, folds=folds))
                navigation.go("train", experiment=experiment.id, run=started.id)
            case Stop(hard=hard) if run is not None:
                studio.stop_run(run.id, hard=hard)
            case Finish() if run is not None:
                studio.finish_run(run.id)
                navigation.go("train", experiment=experiment.id, run=run.id)
            case ToResults() if run is not None:
                navigation.go("results", experiment=experiment.id, run=run.id)
            case _:
                pass
