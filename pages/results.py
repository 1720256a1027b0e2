from functools import partial

from app import deciding, findings, forwarding, handing, room, services
from app.components import harm_notice, stepper
from app.views.nothing_yet import draw_nothing_yet
from app.views.results import draw_results

hand = services.in_hand()
stepper("results", done=services.steps_done(hand), **hand.ids)
experiment, run = hand.experiment, services.run_to_show(hand.experiment)
if experiment is None or run is None:
    draw_nothing_yet("results", findings.nothing_yet(hand), hand.ids)
else:
    view = findings.results(experiment, run)
    harm_notice(room.harm_under(experiment.task), dataset=experiment.task.dataset_version_id)
    wish = draw_results(
        view,
        report=partial(forwarding.draw_report, experiment.id, experiment.name, run_id=run.id),
        continuing=findings.continuing(run, view),
        frontier=findings.frontier(experiment, run),
        diagnosis=findings.diagnosis(experiment, run),
        after=deciding.after(experiment, run, view),
        faults=findings.faults(run),
        made=findings.made(run),
        desk=findings.desk(experiment, run, view),
        handing=handing.Handing(experiment),
        has_moved_on=partial(findings.has_moved_on, run, view),
        reveal=findings.reveal,
    )
    findings.act(wish, experiment, run)
