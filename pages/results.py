from functools import partial

from app import deciding, findings, models, plugging, room, services
from app.components import harm_notice, stepper
from app.views.nothing_yet import draw_nothing_yet
from app.views.results import draw_results

hand = services.in_hand()
stepper("results", done=services.steps_done(hand), **hand.ids)
experiment = hand.experiment
run = None if experiment is None else services.run_in_hand(experiment)
if experiment is None or run is None:
    draw_nothing_yet("results", findings.nothing_yet(hand), hand.ids)
else:
    view = findings.results(experiment, run)
    harm_notice(room.harm_under(experiment.task), dataset=experiment.task.dataset_version_id)
    wish = draw_results(
        view,
        continuing=findings.continuing(run, view),
        diagnosis=findings.diagnosis(experiment, run),
        after=deciding.after(experiment, run, view),
        faults=findings.faults(run),
        code=partial(plugging.code, run),
        desk=findings.desk(experiment, run, view),
        tuning=findings.tuning(run),
        tuning_shares=partial(models.tuning_importances, run.id),
        has_moved_on=partial(findings.has_moved_on, run, view),
        reveal=findings.reveal,
    )
    findings.act(wish, experiment, run)
