import streamlit as st

from app import acting, reading, room, services, state
from app.components import heading, stepper, waiting
from app.errors import guard
from app.presenters.data import present_cards, readiness
from app.presenters.findings import present_fixes
from app.presenters.relations import present_relations
from app.presenters.versions import present_reading
from app.views.adding import draw_add, draw_arrival
from app.views.data import (
    draw_columns,
    draw_manage,
    draw_relations,
    draw_sections,
    draw_table,
    draw_way_of_looking,
)
from app.views.findings import draw_findings, draw_fixes
from app.views.rows import draw_rows
from app.views.versions import draw_history, draw_reading

hand = services.in_hand()
version = hand.dataset
stepper("data", done=services.steps_done(hand), **hand.ids)
turn = state.kept("import-turn", 0)
if version is None or state.is_adding():
    back = None if version is None else version.name
    acting.add(draw_arrival(turn=turn, back=back, **hand.ids), None)
else:
    heading("Data")
    here = room.Room(version=version, target=room.target_of(hand))
    counted, checked = services.profile(version), here.report()
    found = here.findings() if services.is_there(checked) and checked.exception() is None else None
    view = reading.table(version)
    if services.is_there(counted):
        sentence = readiness(version, counted.result())
        lead = "" if found is None else f" {found.lead}"
        acting.data(draw_table(view, reading.tables(), sentence=sentence + lead), version)
    else:
        waiting(counted.done, f"Counting what is in {version.name}…", height=140)
    section = draw_sections(
        at_first=state.section(),
        n_open=None if found is None else len(found.open),
        n_versions=len(view.versions),
    )
    if section == "checks":
        with st.container(horizontal=True, vertical_alignment="bottom"):
            room.choose_target(version, here.target)
            room.draw_report(here)
        if version.fixes:
            room.act(draw_fixes(present_fixes(version.fixes)), here)
        if found is not None:
            room.act(draw_findings(found, here), here)
        elif checked.done():
            with guard(safe="Your table is unchanged."):
                checked.result()
        else:
            waiting(checked.done, here.so_far, height=300)
    elif section == "columns" and counted.done():
        related = here.relations() if draw_way_of_looking(here.target) else None
        if related is None:
            draw_columns(present_cards(counted.result()))
        elif services.is_there(related):
            with guard(safe="Your table is unchanged."):
                draw_relations(present_relations(related.result()))
        else:
            waiting(related.done, f"Counting {here.target} by each column…", height=400)
    elif section == "rows":
        draw_rows(version.column_names, here, table_id=version.id)
    elif section == "versions":
        draw_reading(present_reading(version))
        acting.data(draw_history(here.history(), here), version)
        acting.data(draw_manage(view), version)
    elif section == "add":
        acting.add(draw_add(version, turn=turn), version)
