from app import navigation, services, state
from app.components import empty_state, heading, stepper
from app.errors import guard
from app.presenters.draft import draft_of_task, draft_on, draft_task
from app.presenters.target import present_task
from app.views.question import draw_question
from app.views.target import draw_set_task

studio, hand = services.studio(), services.in_hand()
stepper("target", done=services.steps_done(hand), **hand.ids)
heading("Target", "What do you want to know, and how good is good enough?")
version = hand.dataset
if version is None:
    empty_state(
        "There is no table yet", "Add one first: a CSV or Parquet file.", to="data", label="Add a table"
    )
elif hand.experiment is not None:
    if draw_set_task(present_task(hand.experiment.task, version), experiment=hand.experiment):
        state.keep("draft", draft_of_task(hand.experiment.task))
        navigation.go("target", dataset=version.id)
else:
    draft, wish = draw_question(
        version, draft_on(version.id, state.kept("draft", None)), tables=studio.datasets(), ask=services
    )
    state.keep("draft", draft)
    if draft.version_id != version.id:
        navigation.go("target", dataset=draft.version_id)
    if wish is not None and (task := draft_task(draft)) is not None:
        with guard(safe="Nothing was started; your choices are kept."):
            experiment = studio.create_experiment(task, name=draft.name or None)
            run = studio.start_run(experiment.id) if wish.how == "train" else None
            navigation.go("train", experiment=experiment.id, run=run and run.id)
