"""``litmus_core.train(…)``: from tables to live handles of their training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.algorithm_grid import GridEntry, read_entries, with_plugins
from litmus_core.experiments._api.handle import TrainingHandle
from litmus_core.experiments._api.handle_group import TrainingHandles
from litmus_core.experiments._api.metrics import Metrics, read_metrics
from litmus_core.experiments._api.preprocessors import pre_parts
from litmus_core.experiments._api.recipe_start import Following, followed
from litmus_core.experiments._api.spec import (
    Data,
    read_k_fold,
    read_question,
    read_resources,
    reference_of,
)
from litmus_core.experiments._api.tables import import_any
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import make_task, parse_split
from litmus_core.metrics import parse_bar
from litmus_core.types import (
    Algorithm,
    Bar,
    Budget,
    CustomModel,
    KFold,
    Part,
    ProblemType,
    Resources,
    RunPlan,
    Scalar,
    SplitPlan,
    Task,
    Tuning,
)

if TYPE_CHECKING:
    from litmus_core.metrics import MetricSpec


def train(
    data: Any,
    target: str | None = None,
    *,
    algorithm: Any = None,
    metrics: Metrics | None = None,
    resources: Mapping[str, Mapping[str, Any] | Resources] | None = None,
    on: str = "here",
    k_fold: int | KFold | None = None,
    only: Sequence[str] = (),
    leave_out: Iterable[str] = (),
    problem_type: ProblemType | None = None,
    task_type: str | Part | None = None,
    positive_class: str | None = None,
    validation: Any = None,
    test: Any = None,
    metric: str | MetricSpec | None = None,
    bar: Bar | str | None = None,
    max_latency_ms: float | None = None,
    batch_rows: int = 1,
    max_size_mb: float | None = None,
    split: SplitPlan | str | None = None,
    time_limit_s: float = 120.0,
    seed: int = 0,
    cards: Sequence[str] = (),
    folds: int | None = None,
    models: Sequence[str | type] = (),
    preprocess: Sequence[str | type | Part] = (),
    tuning: Tuning | None = None,
    balanced: bool = False,
    without_rows: Sequence[int] = (),
    stack: bool = False,
    postprocess: Sequence[str | Part] | str = (),
    recipe: str | None = None,
    knobs: Mapping[str, Scalar] | None = None,
    name: str | None = None,
    workspace: Path | str | None = None,
) -> TrainingHandle | Any:
    """Start training models of ``target`` and return at once: a live handle, or several.

    ``data`` (and ``validation``, ``test``) is a CSV or Parquet path, a pandas or polars DataFrame, or a
    DatasetVersion of the workspace or its id; own validation and test files are read with the column types
    of ``data``. Or it is a :class:`Data`, or a list of them: each becomes an experiment.

    ``algorithm`` is a card's name, an ``Algorithm("lightgbm", learning_rate=0.05)``, or a class of your own
    (or its name, ``"path/to/file.py:Net"``); None: Litmus chooses. Of a list, each becomes a run of its own;
    a list in the list is trained together, in one run. Data sets times algorithms give a
    :class:`TrainingHandles`, one of each a :class:`TrainingHandle`.

    ``metrics`` are names or ``Metric("coverage_at_precision", precision=0.85)``: the first decides, the
    others are reported, on validation and test rows or as ``{"validation": […], "test": […]}`` says.
    ``resources`` is what phases may take: ``{"train": {"cpus": 2, "gpus": 0, "memory_gb": 8}, "tune": …,
    "predict": …}``. ``k_fold`` is a number of folds or a KFold. ``on`` is where models are fitted: here, by
    Ray on this machine (``"ray"``), or on a Ray cluster (``"host:6379"``, ``"auto"``), where ``train`` is
    what one fold takes, or one model without folds (docs/guides/cluster.md).

    ``bar`` reads ``"roc_auc>=0.9"``; ``split`` reads ``"random"``, ``"time:COLUMN"`` or ``"group:COLUMN"``
    (None: as a fix of the table asks, else at random). ``problem_type`` (binary, multiclass, regression),
    ``task_type`` (a kind of question of its own, ``"ratio"`` or ``"above(limit=15)"``),
    ``positive_class`` (as text) and the metric are proposed from the target where they are not given;
    ``batch_rows`` is how many rows are answered within ``max_latency_ms``; ``name`` is the experiment's.
    ``cards`` and ``models`` (classes of your own) are trained in every run, beside what ``algorithm`` asks.

    ``preprocess`` are pre-processors of your own, in their order, such as ``"tidy.py:Tidy(most=20)"``
    (docs/guides/pre-processing.md). ``tuning`` looks for better hyperparameters in a share of the time.
    ``balanced`` makes each class weigh the same in learning; the rows at the places ``without_rows`` of the
    table are not learned from. ``stack``: in folds, trees learn once more, from the columns and from what all
    models answered (docs/guides/improve.md says when that helps).
    ``postprocess`` are steps that answers go through, in their order, such as ``"cap(low=0)"`` or
    ``"abstain(below=0.7)"`` (docs/guides/post-processing.md). ``recipe`` is one of the workspace's or of
    those that come with Litmus, with its ``knobs`` turned: its first run begins, and
    ``handle.studio.walks.follow(handle.experiment.id, minutes=…)`` goes on (docs/guides/recipes.md).

    Training happens in a child process and outlives this one. Raises a LitmusError in words, before anything
    starts, when the request cannot be meant.

        handle = litmus_core.train("titles.csv", "Category", bar="accuracy>=0.95")
        print(handle.wait().sentence)
        handle.best.export("model.zip")
    """
    common = _Common(
        target=target,
        problem_type=problem_type,
        task_type=task_type,
        validation=validation,
        test=test,
        k_fold=k_fold,
        task={
            "only": only,
            "leave_out": tuple(leave_out),
            "positive_class": positive_class,
            "bar": parse_bar(bar) if isinstance(bar, str) else bar,
            "budget": Budget(max_latency_ms=max_latency_ms, batch_rows=batch_rows, max_size_mb=max_size_mb),
            "split": parse_split(split) if isinstance(split, str) else split,
            "time_limit_s": time_limit_s,
            "seed": seed,
        },
    )
    plan = RunPlan(
        cards=tuple(cards),
        folds=folds,
        models=_named(models),
        preprocess=pre_parts(preprocess),
        tuning=tuning,
        balanced=balanced,
        without_rows=tuple(sorted(set(without_rows))),
        stack=stack,
        postprocess=read_parts(postprocess),
        **read_resources(resources, on=on),
    )
    studio = Studio.open(workspace)  # which loads the workspace's custom metrics and models
    try:
        decides, plan = _judged(plan, metrics, metric)
        entries = with_plugins(read_entries(algorithm), studio.workspace.path)
        following = followed(studio, recipe, knobs, common.task, plan, algorithm, metric=decides)
        wanted = [_wanted(studio, table, common, decides, plan, entries) for table in _listed(data)]
        return _start(studio, wanted, name=name, following=following)
    except BaseException:
        studio.close()
        raise


def _judged(plan: RunPlan, metrics: Any, metric: str | MetricSpec | None) -> tuple[str | None, RunPlan]:
    """Return the deciding metric (None: the proposed one), and the plan with the reported ones."""
    found = read_metrics(metrics, metric)
    return found.metric, replace(plan, also_validation=found.also_validation, also_test=found.also_test)


@dataclass(frozen=True, kw_only=True)
class _Common:
    """Defaults of the call for all data sets; ``task`` goes to make_task."""

    target: str | None
    problem_type: ProblemType | None
    task_type: str | Part | None
    validation: Any
    test: Any
    k_fold: int | KFold | None
    task: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """An experiment to be: its data set's name, its task, and for each run what it is called, and a plan."""

    data: str
    task: Task
    plans: tuple[tuple[str, RunPlan], ...]


def _listed(data: Any) -> list[Data]:
    tables = list(data) if isinstance(data, list | tuple) else [data]
    return [each if isinstance(each, Data) else Data(train=each) for each in tables]


def _wanted(
    studio: Studio,
    table: Data,
    common: _Common,
    metric: str | None,
    plan: RunPlan,
    entries: Sequence[GridEntry],
) -> _Wanted:
    """Import a data set, and check its task and the plans of its runs."""
    target = table.target if table.target is not None else common.target
    if target is None:
        raise UsageError("It was not said what to predict.", hint="Name the target: target='COLUMN'.")
    version = import_any(studio, table.train, name=table.name, schema=table.schema)
    given = {
        "validation": table.validation if table.validation is not None else common.validation,
        "test": table.test if table.test is not None else common.test,
    }
    own = {
        part: import_any(studio, rows, name=f"{version.name} {part}", like=version)
        for part, rows in given.items()
        if rows is not None
    }
    problem_type, task_type = read_question(table.task)
    task = make_task(
        studio.workspace,
        version,
        str(target),  # column names of a data frame may be numbers
        problem_type=problem_type or common.problem_type,
        task_type=task_type or common.task_type,
        metric=metric,
        validation=own.get("validation"),
        test=own.get("test"),
        **common.task,
    )
    kfold = read_k_fold(table.k_fold if table.k_fold is not None else common.k_fold)
    if kfold is not None and plan.folds is not None:
        raise UsageError("Folds are asked for twice.", hint="Give k_fold or folds, not both.")
    plan = replace(plan, kfold=kfold, folds=None if kfold is None else kfold.n_folds) if kfold else plan
    plans = tuple(
        (each.title, replace(plan, cards=(*plan.cards, *each.cards), algorithms=_beside(plan, each)))
        for each in entries
    )
    for _, each in plans:
        studio.runs.check_plan(task, each)
    return _Wanted(data=version.name, task=task, plans=plans)


def _beside(plan: RunPlan, entry: GridEntry) -> tuple[Algorithm, ...]:
    """Return an entry's algorithms, and as it is each of the plan's own models that is given values there."""
    with_values = {each.key for each in entry.algorithms if each.hyperparameters}
    plain = {each.key for each in entry.algorithms if not each.hyperparameters}
    wanted = dict.fromkeys(each.reference for each in plan.models if each.reference in with_values - plain)
    return (*entry.algorithms, *(Algorithm(key=reference) for reference in wanted))


def _start(
    studio: Studio, wanted: Sequence[_Wanted], *, name: str | None, following: Following | None
) -> TrainingHandle | Any:
    """Create the experiments and queue their runs, after all were checked."""
    if following is not None:
        for each in wanted:
            following.check(studio, each.task, [plan for _, plan in each.plans])
    handles = []
    for each in wanted:
        title = name if len(wanted) == 1 or name is None else f"{name}: {each.data}"
        group = "" if len(wanted) == 1 else name or ", ".join(other.data for other in wanted)
        experiment = studio.experiments.create(each.task, name=title, group=group)
        if following is not None:
            handles.append(TrainingHandle(studio, following.begin(studio, experiment.id)))
            continue
        for called, plan in each.plans:
            run = studio.runs.start(experiment.id, plan)
            if len(each.plans) > 1 and called:
                studio.runs.rename(run.id, called)
            handles.append(TrainingHandle(studio, run.id))
    return handles[0] if len(handles) == 1 else TrainingHandles(handles)


def _named(models: Sequence[str | type] | str) -> tuple[CustomModel, ...]:
    """Return the models by name; a class is named by the module it was imported from."""
    return tuple(
        CustomModel(reference=reference_of(model))
        for model in ([models] if isinstance(models, str) else models)
    )
