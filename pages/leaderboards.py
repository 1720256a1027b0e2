from app import services
from app.components import empty_state, heading
from app.controllers import acting, compare
from app.errors import guard
from app.presenters.results.leaderboards import present_board
from app.views.results.leaderboards import draw_board, draw_filters

summaries, costs = services.studio().experiments.summaries(), services.studio().store.costs()
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
    view = present_board(summaries, costs=costs, states=picked.states, table=picked.table, text=picked.text)
    acting.board(draw_board(view), summaries)
    with guard():
        compare.draw(summaries)
