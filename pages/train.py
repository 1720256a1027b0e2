from functools import partial

from app import navigation, services
from app.components import heading, stepper
from app.controllers import results, train, user_requests
from app.presenters.markdown import literal
from app.presenters.question.questions import question
from app.views.empty_state import draw_empty_state
from app.views.tables.experiment_management import draw_manage_experiment
from app.views.training.train import draw_ended_run, draw_runs, draw_training_form, watch

selection = services.selection()
experiment = selection.experiment
stepper("train", done=services.steps_done(selection), **selection.ids)
if experiment is None:
    draw_empty_state("train", results.empty_results(selection), selection.ids)
else:
    heading("Train", f"**{literal(experiment.name)}**  \n{question(experiment.task)}.")
    run, runs = services.current_run(experiment), services.studio().runs.list(experiment.id)
    act = partial(user_requests.train, experiment=experiment, run=run)
    if run is not None and (picked := draw_runs(runs, run)) != run.id:
        navigation.go("train", experiment=experiment.id, run=picked)
    if run is not None and run.status in ("queued", "running"):
        watch(partial(train.live_run, experiment, run.id), act, title=run.title)
    else:
        over = None if run is None else train.ended_run(experiment, run)
        act(None if over is None else draw_ended_run(over))
        act(draw_training_form(**train.choices(experiment), over=over))
        user_requests.manage(draw_manage_experiment(experiment, runs, run), experiment)
