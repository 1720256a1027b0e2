from datetime import UTC, datetime

from app import services, state
from app.controllers import forecast, targets, user_requests
from app.controllers.ask_scientist import visitors_name
from app.presenters.home import present_home
from app.views.home import draw_home

studio = services.studio()
view = present_home(
    studio.experiments.summaries(),
    studio.datasets.list(),
    [*studio.samples.list(), *forecast.samples(), *targets.samples()],
    n_forecasts=len(studio.forecasts.ids()),
    n_targets=len(studio.targets.ids()),
    answered=studio.handoffs.list(state="answered"),
    name=visitors_name(),
    message=state.selected("experiment"),
    why_ended=lambda run_id: studio.runs.get(run_id).message,
    now=datetime.now(UTC),
)
if view.current is not None:
    state.select("experiment", view.current.experiment_id)
user_requests.home(draw_home(view, turn=state.stored("import-turn", 0)))
