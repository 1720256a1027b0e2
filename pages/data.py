import streamlit as st

from app import acting, reading, services, state
from app.components import heading, stepper, waiting
from app.presenters.data import present_cards, readiness
from app.views.data import draw_add, draw_arrival, draw_columns, draw_manage, draw_preview, draw_table

hand = services.in_hand()
version = hand.dataset
stepper("data", done=services.steps_done(hand), **hand.ids)
turn = state.kept("import-turn", 0)
if version is None or state.is_adding():
    back = None if version is None else version.name
    acting.data(draw_arrival(turn=turn, back=back, **hand.ids), None)
else:
    heading("Data")
    counted = services.profile(version)
    if services.is_there(counted):
        sentence, notes = readiness(version, counted.result())
        acting.data(
            draw_table(reading.table(version), reading.tables(), sentence=sentence, notes=notes), version
        )
        draw_columns(present_cards(counted.result()))
    else:
        waiting(counted.done, f"Counting what is in {version.name}…", height=400)
    draw_preview(services.preview(version.id), n_rows=version.n_rows)
    with st.expander("Add a table", icon=":material/add:"):
        acting.data(draw_add(first=False, table=version.name, turn=turn), version)
    acting.data(draw_manage(reading.table(version)), version)
