"""Current activity in an experiment: a run, a recipe followed automatically, or both."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters import humanize
from litmus_core.experiments import FollowedRecipe
from litmus_core.types import Progress, Run

__all__ = ["ActivityView", "present_activity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    """The current activity. A change of ``subject`` means that another started: the page is redrawn."""

    title: str
    detail: str
    experiment_id: str
    run_id: str
    can_stop: bool
    subject: tuple[str, str]


def present_activity(
    experiment_id: str, run: Run | None, progress: Progress | None, following: FollowedRecipe
) -> ActivityView | None:
    """Present the current activity, None if there is none; ``run`` is a waiting or running run."""
    is_led = following.message is not None
    if run is None and not is_led:
        return None
    state = "" if progress is None else progress.status
    return ActivityView(
        title="The recipe continues on its own" if is_led else _title(run, state),
        detail=following.message or "" if is_led else _detail(progress),
        experiment_id=experiment_id,
        run_id="" if run is None else run.id,
        can_stop=is_led,
        subject=("" if run is None else run.id, "led" if is_led else ""),
    )


def _title(run: Run | None, state: str) -> str:
    name = "A run" if run is None else run.title
    return f"{name} waits for its turn" if state == "queued" else f"{name} is training"


def _detail(progress: Progress | None) -> str:
    if progress is None:
        return ""
    left = progress.remaining_s
    message = f"{progress.message.rstrip('.')}." if progress.message else ""
    return message if left is None else f"{message} About {humanize.duration(left)} left.".strip()
