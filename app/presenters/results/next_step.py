"""What to do after a verdict: one button, and an honest text about what may help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.navigation import PageKey
from app.presenters import humanize
from app.presenters.results.scores import named
from litmus_core.advice import closest_to_budget
from litmus_core.types import Candidate, Caution, Run, Task, Verdict
from litmus_core.verdicts import another_evaluation_message, more_rows_idea

__all__ = ["NextStepView", "present_next_step"]

_IMPROVE = "See what would help"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepView:
    """The one button (``label`` leads to ``page``), why, with what caution, and other ideas."""

    label: str
    page: PageKey
    why: str
    caution: str = ""  # what repeating it is worth
    ideas: tuple[tuple[str, str], ...] = ()  # (what, why)


def present_next_step(
    verdict: Verdict, run: Run, candidates: Sequence[Candidate], task: Task, *, n_evaluations: int
) -> NextStepView:
    """Choose the next thing to do, and list what may help; gains are not promised.

    ``n_evaluations`` test scores were looked at in the experiment: another run is judged on the same rows.
    """
    n_evaluations = max(n_evaluations, verdict.n_evaluations)  # other experiments may share the test rows
    if verdict.obstacles:
        return _score_is_untrue(verdict.obstacles)
    if verdict.excesses:
        return _outside_budget(candidates, task)
    if verdict.outcome == "meets":
        return NextStepView(
            label="Put it to work",
            page="export",
            why="It is good enough, and inside the budget." if _has_budget(task) else "It is good enough.",
        )
    if verdict.outcome == "no bar":
        return NextStepView(
            label="Put it to work",
            page="export",
            why="No bar was set, so only you can say whether this is good enough.",
            ideas=(("Set a bar", "Then every run says whether it is passed, and how sure that is."),),
        )
    if verdict.outcome == "undecided":
        return NextStepView(
            label=_IMPROVE,
            page="improve",
            why="Too close to call: the bar lies inside the interval.",
            caution=another_evaluation_message(n_evaluations),
            ideas=(
                more_rows_idea(more_rows=verdict.more_rows, n_rows=verdict.score.n_rows),
                *_ideas(run, task),
            ),
        )
    return NextStepView(
        label=_IMPROVE,
        page="improve",
        why="Close, but not what you asked for."
        if verdict.outcome == "misses narrowly"
        else "This is not what you asked for yet.",
        caution=another_evaluation_message(n_evaluations),
        ideas=_ideas(run, task),
    )


def _score_is_untrue(obstacles: Sequence[Caution]) -> NextStepView:
    sure = any(obstacle.severity == "harmful" for obstacle in obstacles)
    return NextStepView(
        label="See what makes the score true",
        page="improve",
        why=f"The score {'looks' if sure else 'may look'} better than it is. Better models come after that.",
    )


def _outside_budget(candidates: Sequence[Candidate], task: Task) -> NextStepView:
    ideas: list[tuple[str, str]] = []
    near = closest_to_budget(
        task.budget, [candidate for candidate in candidates if candidate.validation is not None]
    )
    if near is not None and near.candidate.validation is not None:
        reached = named(near.candidate.validation)
        ideas.append(
            ("Look at what comes nearest", f"{near.candidate.name} reaches {reached} on validation rows.")
        )
    ideas.append(
        (
            "Choose lighter models",
            "Single models answer faster than teams, linear ones fastest: pick them on Train.",
        )
    )
    ideas.append(
        ("Allow more", "If a person would not notice the difference, widen the budget on the Target page.")
    )
    budget = task.budget
    what = "the budget's time to answer" if budget.max_size_mb is None else "the budget's size"
    if budget.max_latency_ms is not None and budget.max_size_mb is not None:
        what = "both the budget's time to answer and its size"
    why = f"No model keeps {what}, so the best one overall was judged."
    return NextStepView(
        label="See what would make it lighter",
        page="improve",
        why=why if near is None else f"{why} {near.sentence}",
        ideas=tuple(ideas),
    )


def _ideas(run: Run, task: Task) -> tuple[tuple[str, str], ...]:
    ideas = [
        (
            "More time",
            f"The limit was {humanize.duration(task.time_limit_s)}. "
            "Longer runs try more, not always to a gain.",
        ),
        (
            "Other models",
            "Let Litmus choose, or add kinds that were left out."
            if run.plan.families
            else "Pick the kinds of model yourself on the Train page.",
        ),
        (
            "More or better data",
            "Read the mistakes below: wrong labels, missing columns and rare cases show there.",
        ),
    ]
    if run.status == "stopped":
        ideas.insert(0, ("Let it finish", "This run was stopped early; the rest was never tried."))
    return tuple(ideas)


def _has_budget(task: Task) -> bool:
    return task.budget.max_latency_ms is not None or task.budget.max_size_mb is not None
