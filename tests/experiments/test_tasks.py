"""Bars, splits and features as people write them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core import Metric, train
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments import TaskWishes, make_task, parse_bar, parse_split
from litmus_core.types import Bar, Folds, RunPlan, SplitPlan, TrainingOptions
from tests.trained import table


@pytest.mark.parametrize(
    ("text", "bar"),
    [
        ("roc_auc>=0.9", Bar(metric="roc_auc", op=">=", value=0.9)),
        (" accuracy >= 95 % ", Bar(metric="accuracy", op=">=", value=0.95)),
        ("rmse<=1e3", Bar(metric="rmse", op="<=", value=1000.0)),
        ("mae ≤ .5", Bar(metric="mae", op="<=", value=0.5)),
    ],
)
def test_a_bar_is_read_as_people_write_it(text, bar):
    assert parse_bar(text) == bar


@pytest.mark.parametrize("text", ["", "accuracy", "accuracy>0.9", "accuracy>=", ">=0.9", "accuracy>=high"])
def test_what_is_no_bar_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"accuracy>=0\.95"):
        parse_bar(text)


def test_a_split_names_its_column():
    assert parse_split("time:Listing Date") == SplitPlan(kind="time", column="Listing Date")
    assert parse_split("random") == SplitPlan()


@pytest.mark.parametrize("text", ["time", "group:", "random:x"])
def test_a_split_without_what_it_needs_is_refused(text):
    with pytest.raises(UsageError, match="time:COLUMN"):
        parse_split(text)


def test_an_unknown_split_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'time'"):
        parse_split("tme:x")


@pytest.fixture
def imported(studio, tmp_path):
    def import_rows(rows: pd.DataFrame, name: str):
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
        return studio.datasets.import_file(tmp_path / f"{name}.csv", name=name)

    return import_rows


@pytest.mark.parametrize("part", ["validation", "test"])
def test_a_table_of_the_training_rows_is_no_judge(studio, imported, part):
    version, same = imported(table(n_rows=80), "rows"), imported(table(n_rows=80), "the same")
    with pytest.raises(DataError, match="holds the same rows as the training table"):
        make_task(studio.workspace, version, "sold", TaskWishes(**{part: same}))


def test_the_validation_table_is_not_the_test_table_too(studio, imported):
    version, other = imported(table(n_rows=80), "rows"), imported(table(n_rows=40, seed=1), "other")
    twin = imported(table(n_rows=40, seed=1), "twin")
    with pytest.raises(DataError, match="same rows as the validation table"):
        make_task(studio.workspace, version, "sold", TaskWishes(validation=other, test=twin))


def test_own_tables_are_compared_with_the_training_table(studio, imported):
    version = imported(table(n_rows=80), "rows")
    lacking = imported(table(n_rows=40, seed=1).drop(columns="colour"), "lacking")
    with pytest.raises(DataError, match="lacks 'colour'"):
        make_task(studio.workspace, version, "sold", TaskWishes(test=lacking))
    task = make_task(studio.workspace, version, "sold")
    with pytest.raises(DataError, match="lacks 'colour'"):
        studio.experiments.create(replace(task, test_version_id=lacking.id))


def test_folds_and_an_own_validation_table_exclude_each_other(studio, imported):
    version, other = imported(table(n_rows=80), "rows"), imported(table(n_rows=40, seed=1), "other")
    task = make_task(studio.workspace, version, "sold", TaskWishes(validation=other))
    with pytest.raises(UsageError, match="validation table would be unused"):
        studio.runs.check_plan(task, RunPlan(folds=Folds(5)))


@pytest.mark.parametrize(
    ("target", "plan", "said"),
    [
        (
            "size",
            RunPlan(training=TrainingOptions(balanced=True)),
            "A number has no classes that could weigh the same",
        ),
        ("sold", RunPlan(folds=Folds(0), training=TrainingOptions(stack=True)), "there are no folds"),
        ("sold", RunPlan(training=TrainingOptions(without_rows=(3, 80))), "There is no row 80 to leave out"),
    ],
)
def test_what_cannot_be_learned_so_is_refused(studio, imported, target, plan, said):
    version = imported(table(n_rows=80), "rows")
    with pytest.raises(UsageError, match=said):
        studio.runs.check_plan(make_task(studio.workspace, version, target), plan)


def test_baselines_are_scored_on_the_own_validation_table(studio, imported):
    version = imported(table(n_rows=80), "rows")
    other = imported(table(n_rows=40, seed=1).assign(sold="yes"), "all yes")
    task = make_task(studio.workspace, version, "sold", TaskWishes(metric="accuracy", validation=other))
    assert studio.tasks.baselines(task)[0].value in (0.0, 1.0)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_nothing_takes_is_refused(studio, imported, seed):
    with pytest.raises(UsageError, match="seed"):
        make_task(studio.workspace, imported(table(n_rows=80), "rows"), "sold", TaskWishes(seed=seed))


@pytest.mark.parametrize(
    "frame",
    [pd.DataFrame({"a": [1, "x"] * 20, "b": [0, 1] * 20}), pd.DataFrame([[1, 0]] * 20, columns=["b", "b"])],
)
def test_a_frame_that_cannot_be_stored_is_refused_in_words(tmp_path, frame):
    with pytest.raises(DataError, match="cannot be stored"):
        train(frame, "b", workspace=tmp_path / "workspace")


def test_the_kind_of_question_and_the_positive_class_can_be_given(studio, imported):
    version = imported(table(n_rows=80).assign(stars=[1, 2, 3, 4, 5] * 16), "rows")
    counted = make_task(studio.workspace, version, "stars")
    measured = make_task(studio.workspace, version, "stars", TaskWishes(problem_type="regression"))
    assert (counted.problem_type, measured.problem_type, measured.metric) == (
        "multiclass",
        "regression",
        "rmse",
    )
    assert (
        make_task(studio.workspace, version, "sold", TaskWishes(positive_class="no")).positive_class == "no"
    )
    with pytest.raises(UnknownNameError, match="no class 'maybe'"):
        make_task(studio.workspace, version, "sold", TaskWishes(positive_class="maybe"))


@pytest.mark.parametrize(
    ("metric", "bar", "judged_by"),
    [
        (None, "coverage_at_precision(precision=0.85)>=0.6", "coverage_at_precision(precision=0.85)"),
        (Metric("coverage_at_precision", precision=0.85), "coverage_at_precision>=60%",
         "coverage_at_precision(precision=0.85)"),
        ("coverage_at_precision", "coverage_at_precision(precision=0.85)>=0.6",
         "coverage_at_precision(precision=0.85)"),
        ("pr_auc", "average_precision>=0.6", "average_precision"),
        ('cost(table={"yes":{"no":20},"no":{"yes":1}})', "cost<=300",
         'cost(table={"no":{"yes":1},"yes":{"no":20}})'),
    ],
)  # fmt: skip
def test_a_metric_and_its_bar_have_the_same_parameters(studio, imported, metric, bar, judged_by):
    rows = table(n_rows=80)
    rows["sold"] = np.where(np.arange(80) % 3 == 0, "yes", "no")
    task = make_task(
        studio.workspace, imported(rows, "rows"), "sold", TaskWishes(metric=metric, bar=parse_bar(bar))
    )
    assert task.metric == judged_by
    assert task.bar.metric == judged_by


def test_a_bar_may_hold_a_table_with_signs_in_its_classes():
    text = 'cost(table={"a>=1)":{"b":1},"b":{}})<=30'
    assert parse_bar(text) == Bar(metric='cost(table={"a>=1)":{"b":1},"b":{}})', op="<=", value=30.0)


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ({"metric": "rmse"}, "regression"),
        ({"bar": Bar(metric="mae", op="<=", value=1.0)}, "regression"),
        ({"metric": "accuracy"}, "multiclass"),
        ({}, "multiclass"),
        ({"metric": "rmse", "problem_type": "regression"}, "regression"),
    ],
)
def test_a_metric_or_a_bar_settles_the_kind_of_a_target_of_few_whole_numbers(studio, tmp_path, wish, kind):
    pd.DataFrame(
        {"size": [each * 7 % 11 for each in range(60)], "stars": [each % 5 for each in range(60)]}
    ).to_csv(tmp_path / "stars.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "stars.csv")

    assert make_task(studio.workspace, version, "stars", TaskWishes(**wish)).problem_type == kind


def test_a_metric_that_no_kind_of_the_target_fits_names_the_way_out(studio, tmp_path):
    pd.DataFrame(
        {"size": [each * 7 % 11 for each in range(60)], "stars": [each % 5 for each in range(60)]}
    ).to_csv(tmp_path / "stars.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "stars.csv")

    with pytest.raises(UsageError, match=r"or ask for regression by problem_type \(--task\)"):
        make_task(studio.workspace, version, "stars", TaskWishes(metric="rmse", problem_type="multiclass"))
    with pytest.raises(UnknownNameError, match=r"no kind of question 'quantile'. Litmus predicts one value"):
        make_task(studio.workspace, version, "stars", TaskWishes(problem_type="quantile"))
