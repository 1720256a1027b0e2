from datetime import UTC, datetime

from app import services, state
from app.controllers import forecast, targets, user_requests
from app.controllers.ask_scientist import visitors_name
from app.presenters.home import present_home
from app.presenters.work.recent import N_RECENT, present_recent
from app.views.home import draw_home

studio, now = services.studio(), datetime.now(UTC)
used = {request.dataset_version_id for request in (*studio.forecasts.requests(), *studio.targets.requests())}
hidden = targets.derived_tables() | used
n_all = len(studio.forecasts.ids()), len(studio.targets.ids())
view = present_home(
    targets.lone_experiments(),
    [version for version in studio.datasets.list() if version.id not in hidden],
    [*studio.samples.list(), *forecast.samples(), *targets.samples()],
    work=present_recent(
        studio.forecasts.latest(N_RECENT), studio.targets.latest(N_RECENT), n_all=n_all, now=now
    ),
    answered=studio.handoffs.list(state="answered"),
    name=visitors_name(),
    message=state.selected("experiment"),
    why_ended=lambda run_id: studio.runs.get(run_id).message,
    now=now,
)
if view.current is not None:
    state.select("experiment", view.current.experiment_id)
user_requests.home(draw_home(view, turn=state.stored("import-turn", 0)))
