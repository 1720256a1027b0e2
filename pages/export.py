from app import navigation, services
from app.components import stepper
from app.controllers import endpoints, export, results
from app.views.empty_state import draw_empty_state
from app.views.shipping.export import draw_export

selection = services.selection()
stepper("export", done=services.steps_done(selection), **selection.ids)
experiment = selection.experiment
run = services.run_to_show(experiment)
candidates = [] if run is None else services.studio().candidates.list(run.id)
if experiment is None or run is None or not candidates:
    is_live = run is not None and run.status in ("queued", "running")
    draw_empty_state("export", results.empty_results(selection, is_live=is_live), selection.ids)
else:
    view = export.export_view(experiment, run, candidates)
    operations = export.ExportController(experiment, run, view)
    wish = draw_export(view, operations, ask=export.try_endpoint, is_answering=endpoints.health)
    if wish is not None:
        navigation.go("export", experiment=experiment.id, run=run.id, candidate=wish.candidate_id)
