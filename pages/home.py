from datetime import UTC, datetime

import streamlit as st

from app import navigation, services, state
from app.controllers.ask_scientist import visitors_name
from app.errors import guard
from app.presenters.home import present_home
from app.views.home import OpenExperiment, StartSample, draw_home

studio = services.studio()
view = present_home(
    studio.experiments.summaries(),
    studio.datasets.list(),
    studio.samples.list(),
    answered=studio.handoffs.list(state="answered"),
    name=visitors_name(),
    message=state.selected("experiment"),
    now=datetime.now(UTC),
)
if view.hand is not None:
    state.select("experiment", view.hand.experiment_id)
wish = draw_home(view)
if isinstance(wish, OpenExperiment):
    adds = "table" if wish.adds else None
    navigation.go(wish.page, experiment=wish.experiment_id, dataset=wish.dataset, add=adds)
if isinstance(wish, StartSample):
    with guard(safe="Nothing was changed."), st.spinner("Reading the table and starting the training…"):
        run = studio.samples.start(wish.name)
        navigation.go("train", experiment=run.experiment_id, run=run.id)
