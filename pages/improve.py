from app import services
from app.components import stepper
from app.controllers import improve, results
from app.views.empty_state import draw_empty_state

selection = services.selection()
stepper("improve", done=services.steps_done(selection), **selection.ids)
experiment = selection.experiment
run = None if experiment is None else improve.run_to_improve(experiment)
if experiment is None or run is None:
    is_live = experiment is not None and improve.is_live(experiment)
    draw_empty_state("improve", results.empty_results(selection, is_live=is_live), selection.ids)
    if experiment is not None:
        improve.draw_recipe_first(experiment)
else:
    improve.draw(experiment, run)
