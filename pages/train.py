from functools import partial

from app import acting, navigation, reading, services
from app.components import empty_state, heading, stepper
from app.presenters.questions import question
from app.presenters.words import duration
from app.views.train import draw_cards, draw_over, draw_runs, watch

hand = services.in_hand()
experiment = hand.experiment
stepper("train", done=services.steps_done(hand), **hand.ids)
if experiment is None:
    heading("Train")
    empty_state("Nothing to train yet", "Say first what you want to know.", to="target", label="Set a target")
else:
    heading("Train", f"{experiment.name}. {question(experiment.task)}.")
    run = services.run_in_hand(experiment)
    act = partial(acting.train, experiment=experiment, run=run)
    if run is not None:
        picked = draw_runs(services.studio().runs(experiment.id), run)
        if picked != run.id:
            navigation.go("train", experiment=experiment.id, run=picked)
    if run is not None and run.status in ("queued", "running"):
        watch(partial(reading.live, experiment, run.id), act, title=f"Run {run.number}")
    else:
        if run is not None:
            act(draw_over(reading.over(experiment, run), title=f"Run {run.number}"))
        limit = duration(experiment.task.time_limit_s)
        act(draw_cards(reading.cards(experiment.task), time_words=limit, again=run is not None))
