"""``litmus_core.train(…)``: train on tables, and return live handles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.algorithm_grid import GridEntry, read_entries, with_plugins
from litmus_core.experiments._api.arguments.keywords import grouped_keywords
from litmus_core.experiments._api.custom_folds import requested_folds, without_fold_column
from litmus_core.experiments._api.goal import Goal, read_monotone
from litmus_core.experiments._api.handles.group import TrainingHandles
from litmus_core.experiments._api.handles.handle import TrainingHandle
from litmus_core.experiments._api.metrics import read_metrics
from litmus_core.experiments._api.objects import stored_algorithm, stored_goal, stored_training
from litmus_core.experiments._api.recipe_start import RecipeChoice, choose_recipe
from litmus_core.experiments._api.spec import Data, listed_folds, read_question
from litmus_core.experiments._api.tables import import_any
from litmus_core.experiments._api.training import Training, plan_of
from litmus_core.experiments._deploy.assertion_lines import read_lines
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import TaskWishes, make_task, parse_split
from litmus_core.runtime import Label
from litmus_core.types import (
    Algorithm,
    Bar,
    ColumnRules,
    Compute,
    DatasetVersion,
    ProblemType,
    Quote,
    RunPlan,
    ScoringPlan,
    SplitPlan,
    Task,
)

_TIME_LIMIT_S = 120.0
_MOST_LABELS = 50  # for the checks of a metric


@grouped_keywords
def train(
    data: Any,
    target: str | None = None,
    *,
    goal: str | Goal | Any = None,
    algorithm: Any = None,
    training: Training | None = None,
    folds: Any = None,
    compute: Compute | None = None,
    recipe: str | None = None,
    name: str | None = None,
    workspace: Path | str | None = None,
) -> TrainingHandle | Any:
    """Start training models of ``target``, and return a live handle, or several.

    It returns within seconds, after the table is imported and, unless a split is given, checked for groups
    and time.

    ``data`` is a file, an address such as ``postgresql://host/db?table=orders``, a pandas or polars
    DataFrame, or a DatasetVersion of the workspace or its id. :class:`Data` adds options: separate validation
    and test rows, the split, the task, columns. In a list, each becomes an experiment.

    ``goal`` is a bar such as ``"roc_auc>=0.9"``, or a metric, or several, of which the first decides:
    ``"roc_auc"``, ``["roc_auc", "f1"]``. It may also be a scorer of scikit-learn, a function, or a
    :class:`Goal`, which also limits latency and size.

    ``algorithm`` is the name of a model family, an ``Algorithm("lightgbm", learning_rate=0.05)``, or a custom
    class (or its name, ``"path/to/file.py:Net"``); None: Litmus chooses. In a list, each becomes a separate
    run; a list in the list is trained together, in one run. Several data sets or algorithms give
    :class:`TrainingHandles`, one of each gives a :class:`TrainingHandle`.

    ``training`` sets the steps before and after the models, and how they learn: see :class:`Training`.
    ``folds`` is a number of folds, :class:`Folds`, a scikit-learn splitter, pairs of rows, a function or
    ``"column:NAME"`` (docs/guides/python.md); the folds of a data set come first. ``compute`` sets where
    models are fitted, the resources of each phase, and the time limit (None: 120 seconds): see
    :class:`Compute` and docs/guides/cluster.md.

    ``recipe`` is a recipe of the workspace or a built-in one, with its knobs, such as
    ``"small-table(minutes=3)"``. Its first run starts, and ``handle.studio.walks.follow(handle.experiment.id,
    minutes=…)`` continues (docs/guides/recipes.md). ``name`` is the name of the experiment.

    Training runs in a child process that outlives this one. Raises a LitmusError before anything starts if
    the request is invalid.

        handle = litmus_core.train("titles.csv", "Category", goal="accuracy>=0.95")
        print(handle.wait().sentence)
        handle.best.export("model.zip")
    """
    studio = Studio.open(workspace)  # registers the workspace's custom metrics and models
    try:
        request = TrainingRequest(data, target, goal, algorithm, training, folds, compute)
        return start_training(studio, request, recipe=recipe, name=name)
    except BaseException:
        studio.close()
        raise


@grouped_keywords
def quote(
    data: Any,
    target: str | None = None,
    *,
    goal: str | Goal | Any = None,
    algorithm: Any = None,
    training: Training | None = None,
    folds: Any = None,
    compute: Compute | None = None,
    workspace: Path | str | None = None,
) -> Quote:
    """Return the expected time, memory and score of :func:`train` with these arguments; start nothing.

    The quote has minutes, memory (in 10^6 bytes), and a range that holds the score 4 times in 5. It is based
    on the table's shape, a quick linear model, and the outcomes of earlier quotes in the workspace. It takes
    seconds; the table is imported. Raises the errors of :func:`train`, and UsageError for a request of
    several runs.

        quoted = litmus_core.quote("titles.csv", "Category", goal="accuracy>=0.95")
        print(quoted.minutes, quoted.memory_mb, quoted.low, quoted.high)
    """
    with Studio.open(workspace) as studio:
        request = TrainingRequest(data, target, goal, algorithm, training, folds, compute)
        wanted, _ = _prepare(studio, request, recipe=None)
        runs = [(one.task, plan) for one in wanted for _, plan in one.plans]
        if len(runs) > 1:
            raise UsageError(
                f"That would be {len(runs)} runs, and a quote covers one.",
                hint="Ask with one data set and one algorithm.",
            )
        task, plan = runs[0]
        return studio.runs.quote(task, plan)


@dataclass(frozen=True)
class TrainingRequest:
    """The arguments of a call of :func:`train` or :func:`quote`."""

    data: Any
    target: str | None
    goal: Any
    algorithm: Any
    training: Training | None
    folds: Any
    compute: Compute | None


def start_training(
    studio: Studio, request: TrainingRequest, *, recipe: str | None = None, name: str | None = None
) -> TrainingHandle | TrainingHandles:
    """Start what :func:`train` does, in a studio that is open: as whoever acts there."""
    wanted, recipe_choice = _prepare(studio, request, recipe=recipe)
    return _start(studio, wanted, name=name, following=recipe_choice)


def _prepare(
    studio: Studio, request: TrainingRequest, *, recipe: str | None
) -> tuple[list[_ExperimentRequest], RecipeChoice | None]:
    """Import the tables and check all arguments; start nothing."""
    home, compute = studio.workspace.path, request.compute or Compute()
    aim = stored_goal(
        request.goal,
        studio.plugins,
        lambda: _problem_type(studio, request),
        lambda: _target_labels(studio, request),
    )
    limit_s = _TIME_LIMIT_S if compute.time_limit_s is None else compute.time_limit_s
    judged = read_metrics(aim.metrics)
    plan = replace(
        plan_of(stored_training(request.training, home)),
        compute=replace(compute, time_limit_s=None),
        scoring=ScoringPlan(also_validation=judged.also_validation, also_test=judged.also_test),
    )
    bar = aim.bar if isinstance(aim.bar, Bar) else None
    wishes = TaskWishes(
        metric=judged.metric,
        bar=bar,
        budget=aim.budget,
        time_limit_s=limit_s,
        assertions=read_lines(aim.assertions),
        rules=ColumnRules(monotone=read_monotone(aim.monotone)),
    )
    entries = with_plugins(read_entries(stored_algorithm(request.algorithm, home)), home)
    following, wishes = choose_recipe(studio, recipe, wishes, plan, request.algorithm)
    common = _Common(target=request.target, folds=listed_folds(request.folds), wishes=wishes)
    return [
        _prepare_experiment(studio, table, common, plan, entries) for table in _as_list(request.data)
    ], following


def _problem_type(studio: Studio, request: TrainingRequest) -> ProblemType:
    """Return the problem type of the first data set, for a function that judges predictions."""
    table = _as_list(request.data)[0]
    problem_type, _ = read_question(table.task)
    if problem_type is not None:
        return problem_type
    target = table.target if table.target is not None else request.target
    version = import_any(studio, table.train, name=table.name, schema=table.schema)
    return studio.tasks.suggest(version.id, str(target)).problem_type


def _target_labels(studio: Studio, request: TrainingRequest) -> tuple[Label, ...]:
    """Return the labels of the first data set, for the checks of a function that knows some of them."""
    from litmus_core.data import as_labels, read_rows

    table = _as_list(request.data)[0]
    if read_question(table.task)[1] is not None:  # a task type of its own makes the labels
        return ()
    target = str(table.target if table.target is not None else request.target)
    version = import_any(studio, table.train, name=table.name, schema=table.schema)
    values = read_rows(studio.workspace, version, columns=[target])[target].dropna()
    return tuple(sorted(set(as_labels(values).tolist())))[:_MOST_LABELS]


@dataclass(frozen=True, kw_only=True)
class _Common:
    """Arguments of the call that apply to every data set without its own."""

    target: str | None
    folds: Any
    wishes: TaskWishes


@dataclass(frozen=True, kw_only=True)
class _ExperimentRequest:
    """An experiment to create: its data set, its task, and the name and plan of each run."""

    data: str
    task: Task
    plans: tuple[tuple[str, RunPlan], ...]


def _as_list(data: Any) -> list[Data]:
    tables = list(data) if isinstance(data, list | tuple) else [data]
    return [table if isinstance(table, Data) else Data(train=table) for table in tables]


def _prepare_experiment(
    studio: Studio, table: Data, common: _Common, plan: RunPlan, entries: Sequence[GridEntry]
) -> _ExperimentRequest:
    """Import a data set, and check its task and the plans of its runs."""
    target = table.target if table.target is not None else common.target
    if target is None:
        raise UsageError("No target was given.", hint="Name the target: target='COLUMN'.")
    version = import_any(studio, table.train, name=table.name, schema=table.schema)
    problem_type, task_type = read_question(table.task)
    wishes = replace(
        common.wishes,
        only=table.only,
        leave_out=tuple(table.leave_out),
        problem_type=problem_type,
        task_type=task_type,
        positive_class=table.positive_class,
        split=parse_split(table.split) if isinstance(table.split, str) else table.split,
        validation=_separate_rows(studio, table.validation, "validation", like=version),
        test=_separate_rows(studio, table.test, "test", like=version),
        seed=table.seed,
        rules=replace(common.wishes.rules, weight=table.weight),
    )
    # Columns of a data frame may be named by numbers.
    task = make_task(studio.workspace, version, str(target), wishes)
    if _has_default_split(wishes, task):
        split = studio.checks.default_split(version.id, task.target)
        if split is not None:
            task = make_task(studio.workspace, version, task.target, replace(wishes, split=split))
    folds = table.folds if table.folds is not None else common.folds
    task = without_fold_column(task, folds, table.only)
    plan = replace(plan, folds=requested_folds(studio, version, task, folds))
    plans = tuple(
        (
            entry.title,
            replace(
                plan, families=(*plan.families, *entry.families), algorithms=_entry_algorithms(plan, entry)
            ),
        )
        for entry in entries
    )
    for _, one in plans:
        studio.runs.check_plan(task, one)
    return _ExperimentRequest(data=version.name, task=task, plans=plans)


def _has_default_split(wishes: TaskWishes, task: Task) -> bool:
    """Return whether neither the call nor a fix of the table determines the split."""
    separate = wishes.validation or wishes.test
    return wishes.split is None and separate is None and task.split == SplitPlan()


def _separate_rows(studio: Studio, rows: Any, part: str, *, like: DatasetVersion) -> DatasetVersion | None:
    return None if rows is None else import_any(studio, rows, name=f"{like.name} {part}", like=like)


def _entry_algorithms(plan: RunPlan, entry: GridEntry) -> tuple[Algorithm, ...]:
    """Return an entry's algorithms; custom models of the plan that get values there are also added plain."""
    with_values = {algorithm.key for algorithm in entry.algorithms if algorithm.hyperparameters}
    plain = {algorithm.key for algorithm in entry.algorithms if not algorithm.hyperparameters}
    wanted = dict.fromkeys(model.reference for model in plan.models if model.reference in with_values - plain)
    return (*entry.algorithms, *(Algorithm(key=reference) for reference in wanted))


def _start(
    studio: Studio, wanted: Sequence[_ExperimentRequest], *, name: str | None, following: RecipeChoice | None
) -> TrainingHandle | Any:
    """Create the experiments and queue their runs, after all are checked."""
    if following is not None:
        for one in wanted:
            following.check(studio, one.task, [plan for _, plan in one.plans])
    handles = []
    for one in wanted:
        title = name if len(wanted) == 1 or name is None else f"{name}: {one.data}"
        group = "" if len(wanted) == 1 else name or ", ".join(other.data for other in wanted)
        experiment = studio.experiments.create(one.task, name=title, group=group)
        if following is not None:
            handles.append(TrainingHandle(studio, following.begin(studio, experiment.id)))
            continue
        for run_name, plan in one.plans:
            run = studio.runs.start(experiment.id, plan)
            if len(one.plans) > 1 and run_name:
                studio.runs.rename(run.id, run_name)
            handles.append(TrainingHandle(studio, run.id))
    return handles[0] if len(handles) == 1 else TrainingHandles(handles)
