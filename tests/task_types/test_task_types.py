"""Each task type answers for itself, and every floor knows all of them."""

from __future__ import annotations

import copy
import importlib
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import get_metric, metrics_for
from litmus_core.task_types import (
    BINARY,
    MULTICLASS,
    REGRESSION,
    Facet,
    TargetFacts,
    TaskType,
    all_task_types,
    classification_types,
    get_task_type,
    read_wording,
)
from litmus_core.types import PluginRef, Task

ROOT = Path(__file__).parents[2]
EVERY = pytest.mark.parametrize("task_type", all_task_types(), ids=str)


def target(
    n_distinct: int, *, n_values: int = 1_000, numeric: bool = False, whole: bool = True
) -> TargetFacts:
    return TargetFacts(
        name="answer",
        n_distinct=n_distinct,
        n_values=n_values,
        is_numeric=numeric,
        is_whole=lambda: whole,
        labels=lambda: ["no", "yes"],
    )


@EVERY
def test_a_task_type_is_found_by_the_key_that_is_stored(task_type: TaskType) -> None:
    assert get_task_type(task_type.key) is task_type


@EVERY
def test_copies_and_pickles_are_the_same_object(task_type: TaskType) -> None:
    assert pickle.loads(pickle.dumps(task_type)) is copy.deepcopy(task_type) is task_type


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as refused:
        get_task_type("regresion")
    assert "'regression'" in refused.value.hint


@EVERY
def test_people_may_write_its_key_or_its_wording(task_type: TaskType) -> None:
    assert read_wording(task_type.key) is read_wording(task_type.wording.upper()) is task_type


@EVERY
def test_the_default_metric_fits_and_comes_first(task_type: TaskType) -> None:
    assert get_metric(task_type.default_metric).fits(task_type.key)
    assert metrics_for(task_type.key)[0].name == get_metric(task_type.default_metric).name


@EVERY
def test_a_threshold_or_weights_decide_between_classes_only(task_type: TaskType) -> None:
    assert task_type.has_classes or not (task_type.has_threshold or task_type.weighs_classes)
    assert (task_type in classification_types()) is task_type.has_classes


@pytest.mark.parametrize(
    ("facts", "suggested"),
    [
        (target(2), BINARY),
        (target(2, numeric=True), BINARY),
        (target(3), MULTICLASS),
        (target(900), MULTICLASS),
        (target(10, numeric=True), MULTICLASS),
        (target(11, numeric=True), REGRESSION),
        (target(4, numeric=True, whole=False), REGRESSION),
    ],
)
def test_exactly_one_task_type_claims_a_target(facts: TargetFacts, suggested: TaskType) -> None:
    assert [each for each in all_task_types() if each.suggest(facts)] == [suggested]


@pytest.mark.parametrize(
    ("facts", "accepting"),
    [
        (target(2), [BINARY]),
        (target(2, numeric=True), [BINARY, REGRESSION]),
        (target(5), [MULTICLASS]),
        (target(5, numeric=True), [MULTICLASS, REGRESSION]),
        (target(501, numeric=True), [REGRESSION]),
        (target(1_001, n_values=10_000), []),
    ],
)
def test_a_target_is_accepted_by_the_types_that_its_values_can_answer(
    facts: TargetFacts, accepting: list[TaskType]
) -> None:
    assert [each for each in all_task_types() if each.accepts(facts)] == accepting


def test_a_refused_target_says_what_to_ask_for_instead() -> None:
    with pytest.raises(UsageError) as refused:
        BINARY.check_target(target(5, numeric=True))
    assert refused.value.hint == "Ask for multiclass or regression instead."


def facets_of(*packages: str) -> Iterator[Facet[object]]:
    """Yield the facets that modules of the packages hold."""
    for path in (found for name in packages for found in sorted((ROOT / name).rglob("*.py"))):
        if "= Facet(" in path.read_text():
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            yield from (each for each in vars(module).values() if isinstance(each, Facet))


def test_labels_come_from_the_column_or_from_a_kind_of_its_own() -> None:
    task = Task(dataset_version_id="v", target="y", problem_type="binary", metric="roc_auc", features=("x",))
    derived = Task(
        dataset_version_id="v",
        target="y",
        problem_type="binary",
        metric="roc_auc",
        features=("x",),
        task_type=PluginRef(point="task_type", reference="above"),
    )
    assert (task.labels_are_stored, task.makes_labels) == (True, False)
    assert (derived.labels_are_stored, derived.makes_labels) == (False, True)


def test_a_facet_without_a_task_type_is_refused() -> None:
    with pytest.raises(LookupError, match="no sound for the task types multiclass, regression"):
        Facet("sound", {"binary": "beep"})


def test_every_facet_of_every_floor_knows_every_task_type() -> None:
    facets = list(facets_of("litmus_core", "app"))
    assert {"score scale", "list of metrics"} <= {each.name for each in facets}
    for facet in facets:
        for task_type in all_task_types():
            assert facet.of(task_type.key) is not None, facet
