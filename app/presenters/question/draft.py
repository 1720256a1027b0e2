"""The draft of a task: the choices on the Target page until they become an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from litmus_core.metrics import get_metric
from litmus_core.task_types import NO_NEEDS, get_task_type
from litmus_core.types import (
    Bar,
    Budget,
    ColumnRules,
    DatasetVersion,
    PluginRef,
    ProblemType,
    SplitPlan,
    Suggestion,
    Task,
)

__all__ = [
    "Draft",
    "draft_of_task",
    "draft_on",
    "draft_task",
    "reloaded_draft",
    "with_metric",
    "with_settled_kind",
    "with_suggestion",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGoal:
    """The visitor's goal.

    ``bar`` None: not set yet; ``bar_is_chosen``: by the visitor, not proposed. ``rules`` about single columns
    come from an experiment that was created in Python or in the shell.
    """

    wants_bar: bool = True
    bar: float | None = None
    bar_is_chosen: bool = False
    budget: Budget = field(default_factory=Budget)
    rules: ColumnRules = field(default_factory=ColumnRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The visitor's choices so far; None is Litmus's proposal."""

    version_id: str
    target: str | None = None
    problem_type: ProblemType | None = None
    metric: str | None = None
    positive_class: str | None = None
    task_type: PluginRef | None = None
    features: tuple[str, ...] | None = None
    split: SplitPlan = field(default_factory=SplitPlan)
    split_is_chosen: bool = False
    validation_version_id: str | None = None
    test_version_id: str | None = None
    goal: DraftGoal = DraftGoal()
    time_limit_s: float = 120.0
    seed: int = 0
    name: str = ""

    @property
    def stratifies(self) -> bool:
        """Whether a random split is stratified, by the choices so far."""
        return self.problem_type is None or get_task_type(self.problem_type).stratifies


def draft_on(version_id: str, draft: Draft | None) -> Draft:
    """Return the draft stored for this version, otherwise a new one."""
    return draft if draft is not None and draft.version_id == version_id else Draft(version_id=version_id)


def reloaded_draft(version: DatasetVersion, draft: Draft | None, *, target: str | None) -> Draft:
    """Return the stored draft; one without a target gets that of the address, which may be any text."""
    stored = draft_on(version.id, draft)
    if stored.target is None and target in version.column_names:
        return replace(stored, target=target)
    return stored


def with_suggestion(draft: Draft, suggestion: Suggestion, *, default_split: SplitPlan | None = None) -> Draft:
    """Fill open choices with Litmus's proposal; another target starts over.

    ``default_split`` is the split that suits the table's structure, once the checks know it. A bar belongs to
    its metric: another metric has no bar until Litmus proposes one.
    """
    if draft.target != suggestion.target:
        draft = replace(
            draft,
            target=suggestion.target,
            problem_type=None,
            metric=None,
            positive_class=None,
            task_type=None,
            features=None,
            split=SplitPlan() if draft.split.is_found else draft.split,
            goal=replace(draft.goal, bar=None, bar_is_chosen=False, rules=ColumnRules()),
        )
    task_type = get_task_type(draft.problem_type or suggestion.problem_type)
    metric = draft.metric
    if metric is None or not get_metric(metric).fits(task_type.key):
        from litmus_core.metrics import default_metric

        same = task_type is suggestion.type
        metric = suggestion.metric if same else default_metric(task_type.key).name
    filled = replace(
        with_metric(draft, metric),
        problem_type=task_type.key,
        positive_class=_positive(draft, suggestion) if task_type.has_positive_class else None,
        features=suggestion.features if draft.features is None else draft.features,
        split=suggestion.split if draft.problem_type is None and draft.split == SplitPlan() else draft.split,
    )
    return _with_default_split(filled, default_split)


def _with_default_split(draft: Draft, default_split: SplitPlan | None) -> Draft:
    """Return the draft with the default split, unless the visitor or a fix of the table chose another."""
    own_files = draft.validation_version_id or draft.test_version_id
    if default_split is None or draft.split_is_chosen or own_files or draft.split.kind != "random":
        return draft
    split = replace(default_split, test_fraction=draft.split.test_fraction)
    names = {split.column} if split.kind == "group" else set()
    features = tuple(name for name in draft.features or () if name not in names)
    return replace(draft, split=split, features=features)


def with_metric(draft: Draft, metric: str) -> Draft:
    """Return the draft with another metric: a chosen bar stays if only parameters of the metric change."""
    if metric == draft.metric:
        return draft
    goal = draft.goal
    before = None if draft.metric is None else get_metric(draft.metric).family
    if not goal.bar_is_chosen or before != get_metric(metric).family:
        goal = replace(goal, bar=None, bar_is_chosen=False)
    return replace(draft, metric=metric, goal=goal)


def with_settled_kind(draft: Draft, possible: Sequence[ProblemType]) -> Draft:
    """Return the draft with the only ``possible`` task type that its metric fits, as commands do."""
    metric = get_metric(draft.metric or "")
    kinds = [other for other in possible if metric.fits(other)]
    if len(kinds) != 1 or (draft.problem_type is not None and metric.fits(draft.problem_type)):
        return draft
    return replace(draft, problem_type=kinds[0], positive_class=None)


def _positive(draft: Draft, suggestion: Suggestion) -> str | None:
    """Return the positive class; a custom task type has labels that differ from the column's values."""
    return draft.positive_class or (suggestion.positive_class if draft.task_type is None else None)


def draft_of_task(task: Task) -> Draft:
    """Return a draft with the choices of ``task``, as the start of a variation."""
    return Draft(
        version_id=task.dataset_version_id,
        target=task.target,
        problem_type=task.problem_type,
        metric=task.metric,
        positive_class=task.positive_class,
        task_type=task.task_type,
        features=task.features,
        split=task.split,
        split_is_chosen=True,
        validation_version_id=task.validation_version_id,
        test_version_id=task.test_version_id,
        goal=DraftGoal(
            wants_bar=task.bar is not None,
            bar=None if task.bar is None else task.bar.value,
            bar_is_chosen=task.bar is not None and not task.bar.is_proposed,
            budget=task.budget,
            rules=task.rules,
        ),
        time_limit_s=task.time_limit_s,
        seed=task.seed,
    )


def draft_task(draft: Draft) -> Task | None:
    """Return the draft's task; None while it has no target or no columns."""
    if draft.target is None or draft.problem_type is None or draft.metric is None or not draft.features:
        return None
    bar = None
    if draft.goal.wants_bar and draft.goal.bar is not None:
        upward = get_metric(draft.metric).greater_is_better
        bar = Bar(
            metric=draft.metric,
            op=">=" if upward else "<=",
            value=draft.goal.bar,
            is_proposed=not draft.goal.bar_is_chosen,
        )
    needs = NO_NEEDS if draft.task_type is None else draft.task_type.needs
    return Task(
        dataset_version_id=draft.version_id,
        target=draft.target,
        problem_type=draft.problem_type,
        metric=draft.metric,
        features=tuple(dict.fromkeys((*draft.features, *needs.columns))),
        bar=bar,
        budget=draft.goal.budget,
        split=draft.split.keeping(needs.group),
        validation_version_id=draft.validation_version_id,
        test_version_id=draft.test_version_id,
        positive_class=draft.positive_class,
        task_type=draft.task_type,
        time_limit_s=draft.time_limit_s,
        seed=draft.seed,
        rules=draft.goal.rules,
    )
