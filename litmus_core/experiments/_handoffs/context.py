"""Gather the full context of a question to a scientist, and write its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.experiments._actions.outcomes import outcomes
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import stored_report
from litmus_core.experiments._recipes import facts
from litmus_core.experiments._recipes.walk_state import recipe_of, walk_of
from litmus_core.experiments._reports.data import data_report
from litmus_core.experiments._runs import diagnosis as _diagnosis
from litmus_core.experiments._runs.code import code_of
from litmus_core.experiments._runs.comparison.evaluations import n_evaluations
from litmus_core.recipes import Walk, WalkStep, current_recipe
from litmus_core.store import utc_now
from litmus_core.types import Candidate, Handoff, HandoffContext, Run, StepSeen

_MOST_SCRIPTS, _MOST_PAIRS, _MOST_SEGMENTS, _MOST_COLUMNS = 20, 6, 5, 8


def gather(context: Context, experiment_id: str) -> HandoffContext:
    """Return all that a scientist needs to know about the present state of an experiment."""
    experiment = context.experiment(experiment_id)
    task, runs = experiment.task, context.runs(experiment_id)
    leader = facts.leading(context, runs)
    walk = _walk(context, experiment_id)
    return HandoffContext(
        experiment=experiment,
        table=context.dataset(task.dataset_version_id),
        made_at=utc_now(),
        report=stored_report(context, task.dataset_version_id, task.target, task.test_version_id),
        runs=tuple(runs),
        candidates=tuple(_ranked_candidates(context, experiment_id)),
        leader_id="" if leader is None else leader.candidate.id,
        outcomes=tuple(outcomes(context, experiment_id)),
        recipe="" if walk is None else f"{walk.recipe.name} v{walk.recipe.version}",
        steps=() if walk is None else tuple(map(_step_view, walk.places)),
        minutes=sum(run.times.seconds or 0.0 for run in runs) / 60.0,
        n_evaluations=_n_evaluations(context, runs),
        diagnosis=() if leader is None else tuple(_diagnosis_lines(context, leader.candidate.run_id)),
    )


def _n_evaluations(context: Context, runs: list[Run]) -> int:
    """Return how often the test rows were looked at, in this experiment and in others."""
    return max(
        (n_evaluations(context, run, run.verdict) for run in runs if run.verdict is not None), default=0
    )


def folder_of(context: Context, handoff: Handoff) -> Path:
    """Return the folder of a question; a missing folder is written again from the present state."""
    from litmus_core.handoffs import read_context, write_answer

    folder = context.workspace.handoff_dir(handoff.id)
    if read_context(folder) is None:
        write(context, handoff, gather(context, handoff.experiment_id))
        if handoff.answer is not None:
            write_answer(folder, handoff.answer, at=handoff.answered_at)
    return folder


def write(context: Context, handoff: Handoff, gathered: HandoffContext) -> Path:
    """Write the folder of a question: the text, the data report, the recipe, and the Python code of runs."""
    from litmus_core.handoffs import write_folder

    more = _scripts(context, gathered)
    task = gathered.experiment.task
    try:
        more["data_report.html"] = data_report(context, gathered.table.id, target=task.target)
    except LitmusError as error:  # the table's file is missing: the question stays valid
        more["data_report.txt"] = f"There is no data report: {error}\n"
    if gathered.recipe:
        more["recipe.yaml"] = recipe_of(context, handoff.experiment_id).text
    return write_folder(context.workspace.handoff_dir(handoff.id), handoff, gathered, more=more)


def _scripts(context: Context, gathered: HandoffContext) -> dict[str, str]:
    scripts = {}
    for run in [other for other in gathered.runs if other.verdict is not None][-_MOST_SCRIPTS:]:
        try:
            scripts[f"runs/run_{run.number}.py"] = code_of(context, run.id)
        except LitmusError as error:  # its training data is missing
            scripts[f"runs/run_{run.number}.txt"] = f"{error}\n"
    return scripts


def _diagnosis_lines(context: Context, run_id: str) -> Iterator[tuple[str, str]]:
    """Yield the diagnosis of the run's chosen model, the strongest finding of each kind."""
    report = _diagnosis.diagnostics(context, run_id)
    if report is None:
        return
    for pair in report.confusion.pairs[:_MOST_PAIRS] if report.confusion is not None else ():
        rows = "1 row" if pair.n_rows == 1 else f"{pair.n_rows:,} rows"
        yield "confusion", f"{rows} of '{pair.truth}' answered as '{pair.prediction}'"
    if report.residuals is not None:
        errors = report.residuals
        yield (
            "error",
            f"half are within {errors.typical_error:.4g}, nine of ten within {errors.large_error:.4g}",
        )
    for segment in [row for row in report.segments.rows if row.stands_out][:_MOST_SEGMENTS]:
        where = f"{segment.column}: {segment.segment}"
        yield (
            "segment",
            f"{where}: {report.segments.metric} {segment.score:.4g} on {segment.n_rows:,} rows, "
            f"{segment.worse_by:.3g} worse",
        )
    for column in report.importance.columns[:_MOST_COLUMNS]:
        if column.drop is not None:
            worse = f"{column.drop:.3g} worse" if column.drop > 0 else "no worse"
            yield "column", f"{column.column}: {worse} where its values are shuffled"


def _walk(context: Context, experiment_id: str) -> Walk | None:
    """Return the position in its recipe; None without a recipe, or if its conditions need deleted data."""
    if current_recipe(context.store.recipe_notes(experiment_id)) is None:
        return None
    try:
        return walk_of(context, experiment_id)
    except LitmusError:
        return None


def _step_view(place: WalkStep) -> StepSeen:
    return StepSeen(number=place.step.number, title=place.step.title, state=place.state, why=place.why)


def _ranked_candidates(context: Context, experiment_id: str) -> list[Candidate]:
    from litmus_core.metrics import get_metric

    def merit(candidate: Candidate) -> float:
        score = candidate.validation
        if score is None or score.value != score.value:
            return float("-inf")
        return score.value if get_metric(score.metric).greater_is_better else -score.value

    return sorted(context.store.candidates(experiment_id=experiment_id), key=merit, reverse=True)
