from app import navigation, services, state
from app.components import empty_state, heading, leak_notice, stepper
from app.controllers import data_checks, user_requests
from app.presenters.question.draft import reloaded_draft
from app.presenters.question.target import present_task
from app.views.question.question import draw_question
from app.views.question.target import draw_set_task

selection = services.selection()
stepper("target", done=services.steps_done(selection), **selection.ids)
heading("Target", "What do you want to know, and how good is good enough?")
experiment, version = selection.experiment, selection.dataset
if version is None:
    empty_state(
        "There is no table yet", "Add one first: a CSV or Parquet file.", to="data", label="Add a table"
    )
elif experiment is not None:
    request = draw_set_task(present_task(experiment.task, version), experiment=experiment)
    user_requests.target(request, experiment)
else:
    stored_draft = reloaded_draft(version, state.stored("draft", None), target=state.target())
    tables = services.studio().datasets.list()
    draft, wish = draw_question(
        version, stored_draft, tables=tables, ask=services, find_split=data_checks.default_split
    )
    state.keep("draft", draft)
    leak_notice(data_checks.unfixed_problems(draft, version), dataset=version.id)
    if draft.version_id != version.id:
        navigation.go("target", dataset=draft.version_id)
    user_requests.begin(wish, draft)
