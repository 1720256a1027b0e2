"""The scientist's call: what it reads, what becomes of it, and what it refuses before anything starts."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from litmus_core import (
    Algorithm,
    Choices,
    Compute,
    Data,
    Floats,
    Folds,
    Goal,
    Integers,
    Metric,
    Resources,
    Studio,
    Training,
    quote,
    train,
    train_targets,
)
from litmus_core.engine import _resources
from litmus_core.errors import LitmusError, UnknownNameError, UsageError
from litmus_core.experiments import TrainingHandle, parse_algorithm
from litmus_core.experiments._api.algorithm_grid import read_entries
from litmus_core.experiments._api.goal import read_goal
from litmus_core.experiments._api.metrics import read_metrics
from litmus_core.experiments._api.spec import listed_folds, read_folds, read_task
from litmus_core.experiments._api.training import plan_of
from litmus_core.types import Algorithm as Planned
from litmus_core.types import Bar, Hyperparameter, RunPlan, Space, from_plain, to_plain
from tests.trained import table


class Mine:
    """A class of one's own."""


@pytest.fixture
def shop(tmp_path):
    table(80).to_csv(tmp_path / "shop.csv", index=False)
    return tmp_path / "shop.csv"


@pytest.fixture
def queued(monkeypatch, tmp_path):
    """Have runs queued and never started: what was asked for is all that matters."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
    return {"workspace": tmp_path / "workspace"}


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("binary", "binary"),
        ("Multi-Class Classification", "multiclass"),
        (("multi-class", "classification"), "multiclass"),
        ("regression", "regression"),
        (None, None),
    ],
)
def test_tasks_are_read_in_plain_words(said, means):
    assert read_task(said) == means


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'regression'"):
        read_task("regresion")


def test_spaces_are_written_as_they_are_read():
    spec = Algorithm(
        "lightgbm",
        num_leaves=Integers(8, 256, log=True),
        eta=Floats(0.1, 0.3),
        boosting=Choices("a", "b"),
        layers=Choices([8], (16, 4)),
    )
    text = (
        "Algorithm('lightgbm', num_leaves=Integers(8, 256, log=True), eta=Floats(0.1, 0.3), "
        "boosting=Choices('a', 'b'), layers=Choices([8], [16, 4]))"
    )

    assert repr(spec) == text
    assert repr(parse_algorithm(text.replace("Algorithm('lightgbm', ", "lightgbm("))) == text


def test_a_value_may_be_called_by_a_word_that_python_keeps_for_itself() -> None:
    assert (
        parse_algorithm("lightgbm(lambda=3)").algorithm()
        == Algorithm("lightgbm", **{"lambda": 3}).algorithm()
    )


def test_a_list_is_a_value_and_is_written_as_it_is_read() -> None:
    spec = Algorithm("a/b.py:Net", layers=[64, 32], kinds=("a", None), weights=np.array([0.5, 1.0]))
    stored = spec.algorithm()

    assert [one.value for one in stored.hyperparameters] == [(64, 32), ("a", None), (0.5, 1.0)]
    assert (
        parse_algorithm("a/b.py:Net(layers=[64, 32], kinds=['a', None], weights=[0.5, 1.0])").algorithm()
        == stored
    )
    assert from_plain(Planned, json.loads(json.dumps(to_plain(stored)))) == stored
    for wrong in ({"a": 1}, [[1]], [object()]):
        with pytest.raises(UsageError, match="neither a value nor a list of values"):
            Algorithm("a/b.py:Net", layers=wrong).algorithm()


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("lightgbm", Planned(key="lightgbm")),
        ("forest(max_features='sqrt', n_estimators=-3)", None),
        ("a/b.py:Net(depth=Integers(1, 4))", None),
    ],
)
def test_algorithms_are_read_from_text(text, means):
    found = parse_algorithm(text).algorithm()
    if means is not None:
        assert found == means
    elif found.key == "forest":
        assert found.hyperparameters == (
            Hyperparameter(name="max_features", value="sqrt"),
            Hyperparameter(name="n_estimators", value=-3),
        )
    else:
        assert found.hyperparameters == (
            Hyperparameter(name="depth", space=Space(low=1, high=4, integer=True)),
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lightgbm(", "cannot be read"),
        ("lightgbm(0.05)", "has a value without a name"),
        ("lightgbm(x=__import__('os'))", "is not a value"),
        ("lightgbm(boosting=gbdt)", "a text in quotes: 'gbdt'"),
        ("lightgbm(x=Integers(1))", "does not take these values"),
        ("lightgbm(x=Integers(5, 3))", "Did you mean from 3 to 5"),
    ],
)
def test_a_text_that_is_no_algorithm_is_refused(text, said):
    with pytest.raises(UsageError, match=said):
        parse_algorithm(text)


def test_a_list_gives_runs_and_a_list_in_it_is_trained_together():
    first, second = read_entries(["linear", ["forest", Algorithm("forest", n_estimators=5), Mine]])

    assert (first.families, first.algorithms) == (("linear",), ())
    assert second.families == ("forest",)
    assert [each.key for each in second.algorithms] == ["forest", f"{__name__}:Mine"]
    assert second.title == "forest + forest (n_estimators=5) + Mine"


def test_without_algorithms_litmus_chooses():
    (entry,) = read_entries(None)
    assert (entry.families, entry.algorithms) == ((), ())


@pytest.mark.parametrize("nothing", [[], [[]], [3], "lightgbm(1)"])
def test_what_is_no_algorithm_is_refused(nothing):
    with pytest.raises(UsageError):
        read_entries(nothing)


def test_the_first_metric_decides_and_the_others_look_on():
    judged = read_metrics({"validation": [Metric("fbeta", beta=3), "f1"], "test": "accuracy"})

    assert judged.metric == "fbeta(beta=3)"
    assert (judged.also_validation, judged.also_test) == (("f1",), ("accuracy",))


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ({"train": "f1"}, "There is no part of the rows 'train'"),
        ([], "No metric is named"),
        (3, "3 is not a metric"),
        (["f1", "acuracy"], "Did you mean 'accuracy'"),
    ],
)
def test_metrics_that_cannot_be_meant_are_refused(metrics, said):
    with pytest.raises(UsageError, match=said):
        read_metrics(metrics)


@pytest.mark.parametrize(
    ("goal", "meant"),
    [
        (None, Goal()),
        ("roc_auc >= 0.9", Goal(Bar(metric="roc_auc", op=">=", value=0.9))),
        ("roc_auc", Goal(metrics="roc_auc")),
        (["roc_auc", "f1"], Goal(metrics=["roc_auc", "f1"])),
        (Goal("rmse<=3", max_size_mb=2), Goal(Bar(metric="rmse", op="<=", value=3.0), max_size_mb=2)),
    ],
)
def test_a_goal_is_a_bar_or_metrics_or_says_more(goal, meant):
    assert read_goal(goal) == meant


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: train("shop.csv", "sold", bar="f1>=0.5"), r"takes no 'bar'. Write goal='roc_auc>=0.9'"),
        (lambda: train("shop.csv", "sold", k_fold=5), r"takes no 'k_fold'. Write folds=5"),
        (lambda: train("shop.csv", "sold", time_limit=5), r"Write compute=Compute\(time_limit_s=…\)"),
        (lambda: train("shop.csv", "sold", balancd=True), r"Write training=Training\(balanced=True\)"),
        (lambda: train("shop.csv", "sold", seconds=5), r"Write compute=Compute\(time_limit_s=…\)"),
        (
            lambda: train("shop.csv", "sold", class_weight="balanced"),
            r"Write training=Training\(balanced=True\)",
        ),
        (lambda: train("shop.csv", "sold", objective="quantile"), r"Write goal='rmse'"),
        (lambda: train("shop.csv", "sold", n_jobs=2), r"Write compute=Compute\(train=Resources\(cpus=…\)\)"),
        (lambda: train("shop.csv", "sold", resamples=2), r"takes no 'resamples'. It takes data, target"),
        (lambda: train("shop.csv", "sold", gaol="f1"), r"Did you mean 'goal'\?"),
        (lambda: Goal(max_latency=5), r"Goal\(\) takes no 'max_latency'. Did you mean 'max_latency_ms'\?"),
        (lambda: Training(stak=True), r"Training\(\) takes no 'stak'. Did you mean 'stack'\?"),
        (lambda: Data("shop.csv", problem="binary"), r"Data\(\) takes no 'problem'. It takes train, target"),
    ],
)
def test_a_keyword_that_nothing_takes_is_refused_with_the_one_that_is_meant(call, said):
    with pytest.raises(UsageError, match=said):
        call()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: train("shop.csv", "sold", compute=20), r"takes no int: 20. Write compute=Compute\(time"),
        (lambda: quote("shop.csv", "sold", compute=20), r"quote\(compute=…\) takes no int"),
        (lambda: train("shop.csv", "sold", training="linear"), r"Write training=Training\(models=\[…\]\)"),
        (lambda: Training(tuning=5), r"Training\(tuning=…\) takes no int: 5. Write tuning=Tuning\("),
        (lambda: train_targets("shop.csv", ["a"], compute=20), r"takes no int: 20"),
        (lambda: Data("shop.csv", weight=np.ones(3)), r"weight=…\) takes no ndarray.* the name of a column"),
        (lambda: train("shop.csv", pd.Series([1])), r"train\(target=…\) takes no Series"),
        (lambda: train("shop.csv", "sold", folds=Folds("5")), r"Folds\(n_folds=…\) takes no str: '5'"),
        (lambda: train("shop.csv", "sold", compute=Compute(time_limit_s="5")), r"Give a number\."),
        (lambda: Data("shop.csv", only=3), r"Data\(only=…\) takes no int: 3. Give a list\."),
        (lambda: Data("shop.csv", split=3), r"Write split=SplitPlan\(…\) or a text\."),
        (lambda: Data("shop.csv", schema=["size"]), r"Give a dict\."),
        (lambda: Data("shop.csv", seed=True), r"Data\(seed=…\) takes no bool: True"),
        (
            lambda: train_targets("shop.csv", ["a"], goal=Goal("mean_r2>=0.5")),
            r"takes no Goal.*Write the bar alone",
        ),
        (lambda: plan_of(Training(models=[Mine()])), r"is neither the name of a model nor a class"),
        (
            lambda: plan_of(Training(models=["linear", Algorithm("forest", n_estimators=30)])),
            r"Write algorithm=Algorithm\('forest', n_estimators=30\)",
        ),
    ],
)
def test_a_value_of_another_kind_is_refused_in_words(call, said):
    with pytest.raises(UsageError, match=said):
        call()


@pytest.mark.parametrize("positive", [1, np.int64(1), True])
def test_the_positive_class_may_be_the_label_itself(tmp_path, queued, positive) -> None:
    frame = table(80)
    frame["sold"] = frame["sold"].eq("yes") if positive is True else frame["sold"].eq("yes").astype(int)
    handle = train(Data(frame, positive_class=positive), "sold", **queued)
    task = handle.experiment.task
    handle.studio.close()
    assert (task.positive_class, task.problem_type) == (str(positive), "binary")


def test_what_can_only_be_meant_one_way_is_taken() -> None:
    pairs = [([0, 1], [2]), ([2], [0, 1])]
    data = Data("shop.csv", only="year", leave_out="size", positive_class=1, folds=(pair for pair in pairs))
    assert (data.only, data.leave_out, data.positive_class) == (("year",), ("size",), "1")
    assert data.folds == listed_folds(iter(pairs)) == pairs


def test_folds_are_read():
    assert read_folds(5) == Folds(5, refit=True)
    assert read_folds(Folds(5)) == Folds(5)
    with pytest.raises(UsageError, match="is not a number of folds"):
        read_folds("five")


def test_data_sets_times_algorithms_become_runs_of_a_group(shop, queued):
    handles = train(
        [
            Data(name="first", target="sold", task="binary", train=shop, folds=3),
            Data(name="second", target="size", task="regression", train=shop),
        ],
        algorithm=["linear", Algorithm("forest", n_estimators=5)],
        name="both",
        **queued,
    )
    tasks = [handle.experiment.task for handle in handles]
    names = [(handle.experiment.name, handle.run.title) for handle in handles]
    groups = {handle.experiment.group for handle in handles}
    plans = [handle.run.plan for handle in handles]
    handles.studio.close()

    assert names == [
        ("both: first", "linear"),
        ("both: first", "forest (n_estimators=5)"),
        ("both: second", "linear"),
        ("both: second", "forest (n_estimators=5)"),
    ]
    assert groups == {"both"}
    assert [task.problem_type for task in tasks] == ["binary", "binary", "regression", "regression"]
    assert plans[0] == RunPlan(families=("linear",), folds=Folds(3, refit=True))
    assert plans[3] == RunPlan(
        algorithms=(Planned(key="forest", hyperparameters=(Hyperparameter(name="n_estimators", value=5),)),)
    )


def test_a_schema_says_what_columns_hold(shop, queued):
    handle = train(Data(train=shop, target="sold", schema={"size": "category", "day": "text"}), **queued)
    version = handle.studio.datasets.get(handle.experiment.task.dataset_version_id)
    again = train(Data(train=shop, target="sold", schema={"day": "text", "size": "category"}), **queued)
    same = again.experiment.task.dataset_version_id
    plain = train(shop, "sold", **queued)
    other = plain.studio.datasets.get(plain.experiment.task.dataset_version_id)
    for each in (handle, again, plain):
        each.studio.close()

    assert [version.column(name).kind for name in ("size", "day", "colour")] == [
        "category",
        "text",
        "category",
    ]
    assert same == version.id
    assert other.column("size").kind == "number"


def test_a_version_can_be_named_by_its_id(shop, queued):
    with Studio.open(queued["workspace"]) as studio:
        version = studio.datasets.import_file(shop)
    handle = train(version.id, "sold", **queued)
    task = handle.experiment.task
    handle.studio.close()
    assert task.dataset_version_id == version.id


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"target": None}, "No target was given"),
        ({"algorithm": "lightgmb"}, "Did you mean 'lightgbm'"),
        ({"algorithm": Algorithm("lightgbm", lerning_rate=1)}, "Did you mean 'learning_rate'"),
        ({"algorithm": "nowhere.py:Net"}, "There is no file"),
        ({"goal": ["roc_auc", "rmse"]}, "rmse does not fit a binary question"),
        ({"folds": 70}, "cannot be fitted"),
        ({"folds": Folds(3, kind="time", column="dya")}, "Did you mean 'day'"),
        ({"folds": Folds(3, kind="time", column="colour")}, "neither dates nor numbers"),
        ({"folds": Folds(4, kind="group", column="colour")}, "only 3 groups. Use 3 folds"),
        ({"compute": Compute(train=Resources(gpus=1))}, "asks for 1 GPU, and this machine has none"),
        ({"compute": Compute(predict=Resources(memory_gb=1))}, "'predict' takes cpus alone"),
        ({"data_set": {"schema": {"siez": "category"}}}, "Did you mean 'size'"),
        ({"data_set": {"schema": {"size": "categroy"}}}, "Did you mean 'category'"),
        ({"data_set": {"task": "regression"}}, "cannot be predicted|numbers"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_starts(shop, queued, monkeypatch, asked, said):
    monkeypatch.setattr(_resources, "_n_gpus", lambda: 0)
    data = Data(train=shop, **asked.pop("data_set", {}))
    with pytest.raises(LitmusError, match=said):
        train(data, **{"target": "sold", **asked}, **queued)
    with Studio.open(queued["workspace"]) as studio:
        assert studio.experiments.summaries() == []


def test_folds_are_held_against_the_rarest_class(tmp_path, queued):
    frame = table(80)
    frame["sold"] = ["maybe"] * 4 + ["yes", "no"] * 38
    frame.to_csv(tmp_path / "rare.csv", index=False)
    with pytest.raises(
        UsageError, match=r"'maybe' of 'sold' has \d rows to train and validate. Use \d folds"
    ):
        train(tmp_path / "rare.csv", "sold", folds=Folds(5, kind="stratified"), **queued)
    handle = train(tmp_path / "rare.csv", "sold", folds=Folds(5, kind="random"), **queued)
    handle.studio.close()
    assert isinstance(handle, TrainingHandle)


def test_data_frames_and_lists_of_tables_are_data(queued):
    handles = train(
        [table(60), Data(train=table(60, seed=1), name="more")], "sold", algorithm="linear", **queued
    )
    names = [handle.data_name for handle in handles]
    sources = {version.source for version in handles.studio.datasets.list()}
    handles.studio.close()
    assert names == ["table from Python", "more"]
    assert sources == {"a data frame"}
