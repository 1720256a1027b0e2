"""Tasks: from a target and a few options to a checked Task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments._api.task_type_choice import check_problem_type, choose_task_type
from litmus_core.experiments._api.task_types import base_of, proposed_metric, read_task_type, with_positive
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.assertion_lines import check_fit
from litmus_core.experiments._runs.plan_checks import check_code
from litmus_core.task_types import get_task_type
from litmus_core.types import (
    Assertion,
    Bar,
    Baseline,
    Budget,
    Column,
    ColumnRules,
    DatasetVersion,
    PluginRef,
    ProblemType,
    SplitKind,
    SplitPlan,
    Suggestion,
    Task,
)

if TYPE_CHECKING:
    from litmus_core.engine import ModelFamily
    from litmus_core.metrics import MetricSpec
    from litmus_core.store import Workspace

_LARGEST_SEED = 2**32 - 1  # the limit of NumPy and the model libraries


@dataclass(frozen=True, slots=True)
class TasksService:
    """Possible tasks on a table, and their baselines."""

    context: Context

    def suggest(self, version_id: str, target: str) -> Suggestion:
        """Return Litmus's proposal for a target: problem type, metric, features and why."""
        from litmus_core.data import suggest

        return suggest(self.context.workspace, self.context.dataset(version_id), target)

    def baselines(self, task: Task) -> tuple[Baseline, ...]:
        """Return the scores of trivial and simple models on validation rows."""
        from litmus_core.data import baselines

        check_code(self.context, task)
        separate, test = (
            table_of(self.context, version_id)
            for version_id in (task.validation_version_id, task.test_version_id)
        )
        version = self.context.dataset(task.dataset_version_id)
        return baselines(self.context.workspace, version, task, validation=separate, test=test)

    def metrics(self, problem_type: ProblemType) -> tuple[str, ...]:
        """Return the names of the metrics that fit a problem type."""
        from litmus_core.metrics import metrics_for

        return tuple(metric.name for metric in metrics_for(problem_type))

    def families(self, task: Task) -> tuple[ModelFamily, ...]:
        """Return the families that fit the task's columns and this installation."""
        from litmus_core.engine import available_families

        return available_families(task.problem_type, _feature_columns(self.context, task), needs=task.needs)

    def chosen_families(self, task: Task) -> tuple[str, ...]:
        """Return the keys of the families that Litmus would choose for the task."""
        return chosen_families(self.context, task)


def chosen_families(context: Context, task: Task) -> tuple[str, ...]:
    """Return the keys of the families that Litmus would choose for the task."""
    from litmus_core.engine import choose_families

    version = context.dataset(task.dataset_version_id)
    return choose_families(
        task=task,
        columns=_feature_columns(context, task),
        n_rows=version.n_rows,
        n_classes=version.column(task.target).n_distinct if task.type.learns_each_class else 0,
    )


def table_of(context: Context, version_id: str | None) -> DatasetVersion | None:
    """Return a task's separate validation or test table; None if it has none."""
    return None if version_id is None else context.dataset(version_id)


def _feature_columns(context: Context, task: Task) -> tuple[Column, ...]:
    version = context.dataset(task.dataset_version_id)
    return tuple(version.column(name) for name in task.features)


def parse_split(text: str) -> SplitPlan:
    """Parse ``random``, ``time:COLUMN`` (or ``time:YEAR then MONTH then DAY``) or ``group:COLUMN``.

    >>> parse_split("time:Listing Date").column
    'Listing Date'
    >>> parse_split("time:year then month").columns
    ('year', 'month')
    """
    kind, _, column = text.partition(":")
    kinds: dict[str, SplitKind] = {"random": "random", "time": "time", "group": "group"}
    if kind not in kinds:
        raise UnknownNameError(kind="split", name=kind, names=kinds)
    column = column.strip()
    if (kind == "random") == bool(column):
        raise UsageError(
            f"The split '{text}' does not say what it needs.",
            hint="Write random, time:COLUMN or group:COLUMN.",
        )
    if kind != "time":
        return SplitPlan(kind=kinds[kind], column=column or None)
    coarsest, *finer = (name.strip() for name in column.split(" then "))
    return SplitPlan(kind="time", column=coarsest, finer=tuple(finer))


def requested_metric(
    metric: str | MetricSpec | None, bar: Bar | None, *, proposed: str
) -> tuple[str, Bar | None]:
    """Return the metric with its parameters, and the bar on it.

    If only one of the two has parameters, both get them.
    """
    from litmus_core.metrics import get_metric

    name = str(metric) if metric is not None else (bar.metric if bar else proposed)
    wanted = get_metric(name)
    if bar is None:
        return wanted.name, None
    on_bar = get_metric(bar.metric)
    if on_bar.family == wanted.family and "(" not in bar.metric:
        on_bar = wanted
    elif on_bar.family == wanted.family and "(" not in name:
        wanted = on_bar
    return wanted.name, replace(bar, metric=on_bar.name)


def choose_features(
    version: DatasetVersion,
    suggestion: Suggestion,
    *,
    only: Sequence[str] = (),
    leave_out: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the feature columns: the suggested ones, or ``only`` those, without those left out."""
    names = version.column_names
    unwanted = set(leave_out)
    for name in [*only, *unwanted]:
        if name not in names:
            raise UnknownNameError(kind="column", name=name, names=names)
    chosen = tuple(only) or suggestion.features
    return tuple(name for name in dict.fromkeys(chosen) if name not in unwanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWishes:
    """The requested options of a task; Litmus suggests those that are not given.

    ``only`` and ``leave_out`` are feature columns; ``validation`` and ``test`` are separate tables.
    ``task_type`` names a plug-in or built-in task type, such as ``ratio`` or ``above(limit=15)``. ``rules``
    are about single columns, ``assertions`` about a model's predictions. ``time_limit_s`` is in seconds.
    """

    only: Sequence[str] = ()
    leave_out: Iterable[str] = ()
    problem_type: ProblemType | None = None
    task_type: str | PluginRef | None = None
    positive_class: str | None = None
    metric: str | MetricSpec | None = None
    bar: Bar | None = None
    budget: Budget | None = None
    split: SplitPlan | None = None
    validation: DatasetVersion | None = None
    test: DatasetVersion | None = None
    time_limit_s: float = 120.0
    seed: int = 0
    rules: ColumnRules = field(default_factory=ColumnRules)
    assertions: tuple[Assertion, ...] = ()


_NOTHING = TaskWishes()


def make_task(
    workspace: Workspace, version: DatasetVersion, target: str, wishes: TaskWishes = _NOTHING
) -> Task:
    """Return a checked Task, with Litmus's suggestions for options that are not given.

    If a metric or a bar fits only one other task type that the target allows, it decides the task type.
    Raises UnknownNameError (with the nearest name), UsageError or DataError.
    """
    from litmus_core.data import check_names, suggest
    from litmus_core.metrics import default_metric

    check_problem_type(wishes.problem_type)
    check_names(version, [target])
    suggestion = suggest(workspace, version, target)
    features = choose_features(version, suggestion, only=wishes.only, leave_out=wishes.leave_out)
    custom = None if wishes.task_type is None else read_task_type(wishes.task_type, home=workspace.path)
    wanted = None if wishes.problem_type is None else get_task_type(wishes.problem_type)
    settled = wanted or choose_task_type(wishes.metric, wishes.bar, suggestion, version.column(target))
    kind = settled if custom is None else base_of(custom[0], wanted)
    proposed = suggestion.metric if kind is suggestion.type else default_metric(kind.key).name
    proposed = proposed if custom is None else proposed_metric(custom[0], suggestion, proposed)
    metric, bar = requested_metric(wishes.metric, wishes.bar, proposed=proposed)
    part, validation, test = None if custom is None else custom[1], wishes.validation, wishes.test
    plan = wishes.split or suggestion.split.keeping("" if part is None else part.needs.group)
    features = _with_task_columns(_without_roles(features, wishes, plan), wishes, version, part)
    task = Task(
        dataset_version_id=version.id,
        target=target,
        problem_type=kind.key,
        metric=metric,
        features=features,
        bar=bar,
        budget=wishes.budget or Budget(),
        split=plan,
        validation_version_id=None if validation is None else validation.id,
        test_version_id=None if test is None else test.id,
        positive_class=wishes.positive_class
        or (suggestion.positive_class if kind.has_positive_class and custom is None else None),
        time_limit_s=wishes.time_limit_s,
        seed=wishes.seed,
        task_type=part,
        rules=wishes.rules,
        assertions=wishes.assertions,
    )
    if custom is not None:
        task = with_positive(workspace, version, task, custom[0])
    check(workspace, version, task, validation=validation, test=test)
    return task


def _without_roles(features: tuple[str, ...], wishes: TaskWishes, plan: SplitPlan) -> tuple[str, ...]:
    """Return the features without columns that have another role, unless they are requested."""
    roles = {wishes.rules.weight} | ({plan.column} if plan.kind == "group" and not wishes.only else set())
    return tuple(name for name in features if name not in roles - set(wishes.only))


def _with_task_columns(
    features: tuple[str, ...], wishes: TaskWishes, version: DatasetVersion, part: PluginRef | None
) -> tuple[str, ...]:
    """Return the features with the columns that the task type reads, unless somebody left them out."""
    from litmus_core.data import check_names

    if part is None:
        return features
    check_names(version, part.needs.columns)
    return (
        *features,
        *(name for name in part.needs.columns if name not in (*features, *wishes.leave_out)),
    )


def check(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    *,
    validation: DatasetVersion | None,
    test: DatasetVersion | None,
) -> None:
    """Raise an error if the task does not fit ``version`` or its separate validation and test tables."""
    from litmus_core.data import check_task

    if not 0 <= task.seed <= _LARGEST_SEED:
        raise UsageError(
            f"A seed of {task.seed} cannot be used.", hint=f"Give a number from 0 to {_LARGEST_SEED}."
        )
    _check_tables_differ(version, validation=validation, test=test)
    check_fit(task.assertions, task, version)
    check_task(version, task, validation=validation, test=test, workspace=workspace)


def _check_tables_differ(
    version: DatasetVersion, *, validation: DatasetVersion | None, test: DatasetVersion | None
) -> None:
    tables = {"training": version, "validation": validation, "test": test}
    part_of: dict[str, str] = {}
    for part, table in tables.items():
        if table is None:
            continue
        other = part_of.setdefault(table.content_hash, part)
        if other != part:
            raise DataError(
                f"The {part} table '{table.name}' holds the same rows as the {other} table, "
                "so a score on it would say nothing about unseen rows.",
                hint=f"Give other rows, or leave the {part} table out: Litmus sets rows aside itself.",
            )
