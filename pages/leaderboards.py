from app import services, state
from app.components import empty_state, heading
from app.controllers import compare, targets, user_requests
from app.errors import guard
from app.presenters.results.bar_axis import present_axis
from app.presenters.results.leaderboards import NOTHING_YET, present_decisions, present_filters
from app.views.results.bar_axis import draw_axis
from app.views.results.leaderboards import draw_board, draw_decisions, draw_filters
from app.views.work_board import draw_sections

summaries, work = targets.lone_experiments(), compare.judged()
filters = present_filters(summaries, work)
heading("Leaderboards", filters.reading)
if not filters.reading:
    empty_state("There is nothing to compare yet", NOTHING_YET, to="home", label="Begin on Home")
else:
    picked = draw_filters(filters)
    view, sections = compare.board(summaries, picked), compare.sections(work, picked)
    user_requests.board(draw_board(view, sections, compared=state.compared()), summaries)
    with guard():
        compared = compare.chosen(services.studio().experiments.summaries())
        passing = {row.experiment_id for row in view.rows}
        shown = compared or [summary for summary in summaries if summary.experiment.id in passing]
        draw_axis(present_axis(shown))
        draw_decisions(present_decisions(shown))
        compare.draw(compared)
    draw_sections(sections)
