import streamlit as st

from app import navigation, reading, services, state
from app.components import empty_state, heading
from app.errors import guard
from app.presenters.leaderboards import present_board
from app.views.leaderboards import Compare, Open, draw_board, draw_filters, draw_side_by_side

summaries = services.studio().summaries()
everything = present_board(summaries)
heading("Leaderboards", everything.reading)
if not summaries:
    empty_state(
        "There is nothing to compare yet",
        "Every experiment appears here with its verdict. Begin with a table, or with a sample on Home.",
        to="home",
        label="Begin on Home",
    )
else:
    picked = draw_filters(everything)
    wish = draw_board(present_board(summaries, states=picked.states, table=picked.table, text=picked.text))
    known = {summary.experiment.id: summary for summary in summaries}
    if isinstance(wish, Open):
        judged = known[wish.experiment_id].verdict is not None
        navigation.go("results" if judged else "train", experiment=wish.experiment_id)
    if isinstance(wish, Compare):
        state.compare(wish.left_id, wish.right_id)
    with guard():
        sides = reading.side_by_side(summaries)
        if sides is not None and draw_side_by_side(sides):
            state.stop_comparing()
            st.rerun()
