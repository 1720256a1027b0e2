from app import findings, navigation, production, services
from app.components import stepper
from app.views.export import draw_export
from app.views.nothing_yet import draw_nothing_yet

hand = services.in_hand()
stepper("export", done=services.steps_done(hand), **hand.ids)
experiment = hand.experiment
run = services.run_to_show(experiment)
candidates = [] if run is None else services.studio().candidates(run.id)
if experiment is None or run is None or not candidates:
    is_live = run is not None and run.status in ("queued", "running")
    draw_nothing_yet("export", findings.nothing_yet(hand, is_live=is_live), hand.ids)
else:
    view = production.export_view(experiment, run, candidates)
    bench = production.Workbench(experiment, run, view)
    wish = draw_export(view, bench, ask=production.try_endpoint, answers=production.health)
    if wish is not None:
        navigation.go("export", experiment=experiment.id, run=run.id, candidate=wish.candidate_id)
