from datetime import UTC, datetime

from app import services, state
from app.controllers import forecast, targets, user_requests
from app.controllers.ask_scientist import visitors_name
from app.presenters.home import present_home
from app.views.home import draw_home

studio = services.studio()
used = {request.dataset_version_id for request in (*studio.forecasts.requests(), *studio.targets.requests())}
joint, hidden = targets.run_ids(), targets.derived_tables() | used
view = present_home(
    [summary for summary in studio.experiments.summaries() if summary.latest_run_id not in joint],
    [version for version in studio.datasets.list() if version.id not in hidden],
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
