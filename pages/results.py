from functools import partial

from app import findings, services
from app.components import stepper
from app.views.results import draw_nothing_trained, draw_results

hand = services.in_hand()
stepper("results", done=services.steps_done(hand), **hand.ids)
experiment = hand.experiment
run = None if experiment is None else services.run_in_hand(experiment)
if experiment is None or run is None:
    draw_nothing_trained(
        hand.ids, has_experiment=experiment is not None, has_dataset=hand.dataset is not None
    )
else:
    view = findings.results(experiment, run)
    wish = draw_results(
        view,
        diagnosis=findings.diagnosis(experiment, run),
        desk=findings.desk(experiment, run, view),
        has_moved_on=partial(findings.has_moved_on, run, view),
        reveal=findings.reveal,
    )
    findings.act(wish, experiment, run)
