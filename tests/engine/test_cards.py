"""Cards: what is offered, what Litmus chooses, and how models are named after them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    FitRequest,
    available_families,
    choose_families,
    get_model_family,
    model_families,
)
from litmus_core.engine._autogluon.xgboost_categories import XGBoostCategoriesModel
from litmus_core.engine._catalog.selection import (
    add_setting,
    check_families,
    custom_settings,
    family_of_algorithm,
    hyperparameters_of,
    title_of,
)
from litmus_core.engine._fit.workers import hyperparameters_for
from litmus_core.errors import MissingExtraError, UnknownNameError, UsageError
from litmus_core.types import Budget, Column, CustomModel, Folds, Task


def _column(kind):
    return Column(name=kind, original_name=kind, kind=kind, storage="VARCHAR")


def _task(seconds=120.0):
    return Task(
        dataset_version_id="dv", target="y", problem_type="binary", metric="f1", features=("x",),
        time_limit_s=seconds,
    )  # fmt: skip


@pytest.fixture
def without_torch(monkeypatch):
    monkeypatch.setattr("litmus_core.engine._catalog.selection.has_extra", lambda extra: not extra)


def _keys(found):
    return [family.key for family in found]


def test_every_card_has_words_for_people():
    for family in model_families():
        assert family.title[0].isupper()
        assert family.when.endswith(".")
        assert len(family.when) < 110


def test_the_text_card_is_offered_only_where_there_is_text():
    assert "text_linear" not in _keys(available_families("binary", [_column("number")]))
    assert "text_linear" in _keys(available_families("binary", [_column("text")]))


def test_without_torch_the_network_is_not_offered(without_torch):
    assert "network" not in _keys(available_families("binary", [_column("number")]))


def test_with_little_time_the_families_are_chosen_that_are_likely_to_finish():
    ten = [_column("number")] * 10
    quick = ("linear", "lightgbm")

    def chosen(seconds: float, n_rows: int, n_classes: int = 2) -> tuple[str, ...]:
        return choose_families(task=_task(seconds), columns=ten, n_rows=n_rows, n_classes=n_classes)

    assert chosen(20.0, 3_000) == (*quick, "xgboost", "forest", "extra_trees", "lightgbm_random")
    assert chosen(29.0, 2_000) == (*quick, "xgboost", "catboost", "forest", "extra_trees", "lightgbm_random")
    assert chosen(20.0, 3_000, n_classes=10) == quick  # each step is a tree for every class
    assert chosen(20.0, 30_000) == chosen(20.0, 1_999) == quick


def test_where_there_is_text_the_text_card_is_the_linear_model():
    assert choose_families(task=_task(20.0), columns=[_column("text")], n_rows=10_000) == (
        "text_linear",
        "lightgbm",
    )


def test_with_time_enough_the_production_families_are_chosen_and_no_stock_mix():
    chosen = choose_families(task=_task(), columns=[_column("number")] * 10, n_rows=30_000)
    assert chosen == (
        "linear", "lightgbm", "xgboost", "catboost", "forest", "extra_trees", "lightgbm_random", "network",
    )  # fmt: skip


def test_with_few_rows_trees_take_no_time_and_a_network_more_than_it_brings():
    few = {"columns": [_column("number")], "n_rows": 300}
    trees = ("linear", "lightgbm", "xgboost", "catboost", "forest", "extra_trees")
    assert choose_families(task=_task(15.0), **few) == trees
    assert choose_families(task=_task(5.0), **few) == ("linear", "lightgbm")
    assert choose_families(task=_task(600.0), seconds=29.0, **few) == trees
    assert choose_families(task=_task(600.0), seconds=30.0, **few) == (*trees, "network")
    assert choose_families(task=_task(600.0), **few)[-2:] == ("lightgbm_random", "network")


def test_with_many_classes_the_network_comes_before_boosted_trees():
    few = {"columns": [_column("number")], "n_rows": 300, "n_classes": 32}
    keys = choose_families(task=_task(60.0), **few)
    told = hyperparameters_of(keys, problem_type="multiclass", seed=0, n_rows=300, n_classes=32)
    about = [each["ag_args"] for settings in told.values() for each in settings]
    turns = {each["name"]: each["priority"] for each in about}
    assert sorted(turns, key=turns.get, reverse=True)[:3] == ["linear", "network", "xgboost"]
    assert [each for each in told["GBM"] if "num_leaves" in each] == []  # nor are the trees simpler
    assert "network" not in choose_families(task=_task(60.0), **few | {"n_classes": 19})
    assert "network" in choose_families(task=_task(120.0), **few | {"n_classes": 19})


@pytest.mark.parametrize(("n_rows", "first"), [(20_000, "linear"), (20_001, "lightgbm"), (None, "lightgbm")])
def test_the_linear_model_comes_first_where_it_is_quick(n_rows, first):
    settings = hyperparameters_of(["lightgbm", "linear"], problem_type="binary", seed=0, n_rows=n_rows)
    about = [one["ag_args"] for values in settings.values() for one in values]
    assert max(about, key=lambda one: one["priority"])["name"] == first


def test_a_model_that_someone_asked_for_comes_before_trees_that_nobody_did():
    (custom,) = custom_settings([CustomModel(reference="", module="nets", name="Net")], seed=0)
    families = hyperparameters_of(["lightgbm", "linear"], problem_type="binary", seed=0, n_rows=2_000)
    turns = [one["ag_args"] for values in families.values() for one in values] + [custom["ag_args"]]
    names = [one["name"] for one in sorted(turns, key=lambda one: -one["priority"])]
    assert names == ["linear", "custom-Net", "lightgbm"]


@pytest.mark.parametrize(
    ("gets_most", "shares"),
    [(False, [0.4, 0.4]), (True, [0.4, 0.8])],  # one after the other: 0.4 of all, then 0.8 of the rest
)
def test_models_that_someone_asked_for_share_their_time_evenly(gets_most: bool, shares: list[float]) -> None:
    asked = [CustomModel(reference="", module="nets", name=name) for name in ("Net", "Forest")]
    told = custom_settings(asked, seed=0, gets_most=gets_most)
    assert [one["ag.max_time_limit_ratio"] for one in told] == shares


def test_with_few_rows_models_are_simpler_unless_somebody_gave_values():
    def settings(n_rows: int | None) -> dict[str, Any]:
        told = hyperparameters_of(["lightgbm", "xgboost"], problem_type="binary", seed=0, n_rows=n_rows)
        return {key: each[0] for key, each in told.items()}

    few, many = settings(300), settings(30_000)
    assert (few["GBM"]["num_leaves"], few["GBM"]["num_boost_round"]) == (4, 1000)
    assert few["XGB"]["max_depth"] == 3
    assert "num_leaves" not in many["GBM"]
    assert many == settings(None)


@pytest.mark.parametrize(
    ("n_rows", "seconds", "budget", "n_folds", "rate"),
    [
        (10_000, 600.0, Budget(), 5, 0.05),
        (10_000, 10.0, Budget(), 5, 0.1),  # five folds of all families take longer
        (10_000, 10.0, Budget(), 0, 0.05),
        (10_000, 600.0, Budget(max_latency_ms=5.0), 5, 0.1),
        (10_000, 600.0, Budget(max_size_mb=5.0), 5, 0.1),
        (1_000, 600.0, Budget(), 5, 0.03),  # few rows have a pace of their own
    ],
)
def test_trees_grow_slowly_where_no_budget_is_set_and_the_time_is_enough(
    n_rows, seconds, budget, n_folds, rate
):
    frame = pd.DataFrame({"x": np.arange(float(n_rows)), "y": np.arange(n_rows) % 2})
    request = FitRequest(
        folder=Path("run"),
        train=frame,
        validation=None,
        columns=[_column("number")],
        task=replace(_task(seconds), target="y", budget=budget),
        deadline=0.0,
        families=("lightgbm",),
        folds=Folds(n_folds),
    )
    assert hyperparameters_for(request)["GBM"][0]["learning_rate"] == rate


def test_with_many_cells_for_the_time_neither_forests_nor_a_network_are_chosen():
    chosen = choose_families(task=_task(), columns=[_column("number")] * 100, n_rows=1_000_000)
    assert chosen == ("linear", "lightgbm", "xgboost", "catboost")


def test_an_unknown_card_names_its_neighbour():
    with pytest.raises(UnknownNameError, match="Did you mean 'catboost'"):
        get_model_family("cat_boost")


def test_the_network_without_torch_says_what_to_install(without_torch):
    with pytest.raises(MissingExtraError, match="The model family 'Neural network' needs the 'torch' extra"):
        check_families(["network"], "binary", [_column("number")])


def test_the_text_card_without_text_is_refused():
    with pytest.raises(UsageError, match="no chosen column holds text"):
        check_families(["text_linear"], "binary", [_column("number")])


def test_a_card_becomes_a_model_of_its_name_with_the_seed():
    assert hyperparameters_of(["catboost"], problem_type="binary", seed=7) == {
        "CAT": [
            {
                "max_ctr_complexity": 1,
                "ag.max_time_limit_ratio": 0.6,
                "learning_rate": 0.15,
                "iterations": 700,
                "random_seed": 7,
                "ag_args": {"name": "catboost", "priority": 75},
            }
        ]
    }


def test_of_several_classes_boosters_learn_in_fewer_and_larger_steps():
    for key, trees in (
        ("lightgbm", "num_boost_round"),
        ("catboost", "iterations"),
        ("xgboost", "n_estimators"),
    ):
        steps = {}
        for problem_type in ("binary", "multiclass", "regression"):
            told = hyperparameters_of([key], problem_type=problem_type, seed=0)
            ((setting,),) = told.values()
            steps[problem_type] = (setting["learning_rate"], setting[trees])
        assert steps["binary"] == steps["regression"]
        assert steps["multiclass"][0] > steps["binary"][0]
        assert steps["multiclass"][1] < steps["binary"][1]


@pytest.mark.parametrize("own", [{"learning_rate": 0.01}, {"iterations": 3000}])
def test_who_sets_another_learning_rate_or_number_of_trees_is_held_to_neither_of_the_cards(own):
    told = {}
    add_setting(told, "catboost", name="catboost", values=own, problem_type="binary", seed=0)
    (setting,) = told["CAT"]
    assert {name: setting[name] for name in ("learning_rate", "iterations") if name in setting} == own


def test_two_cards_of_one_family_become_two_models():
    told = hyperparameters_of(["lightgbm", "lightgbm_random"], problem_type="binary", seed=0)
    assert [setting["ag_args"]["name"] for setting in told["GBM"]] == ["lightgbm", "lightgbm_random"]


def test_a_stock_mix_is_autogluons_with_its_name_before_each_model():
    told = hyperparameters_of(["stock_medium"], problem_type="binary", seed=0)
    assert {"GBM", "CAT", "XGB", "RF", "XT"} <= set(told)
    assert all(
        setting["ag_args"]["name_prefix"] == "stock_medium-" for many in told.values() for setting in many
    )


def test_stock_models_that_read_categories_themselves_are_of_our_own_class():
    told = hyperparameters_of(["stock_best"], problem_type="binary", seed=0)
    reads_itself = {
        key: [each.get("enable_categorical", False) for each in many] for key, many in told.items()
    }
    assert all(reads_itself[XGBoostCategoriesModel])
    assert not any(reads_itself["XGB"])


@pytest.mark.parametrize(
    ("model", "family", "title"),
    [
        ("lightgbm", "lightgbm", "Fast boosted trees (LightGBM)"),
        ("lightgbm_random_BAG_L1", "lightgbm_random", "Fast boosted trees with random cuts (LightGBM)"),
        ("stock_good-RandomForestGini", "stock_good", "AutoGluon's own mix, good: RandomForestGini"),
        ("WeightedEnsemble_L2", "ensemble", "Ensemble"),
    ],
)
def test_a_models_name_leads_back_to_its_card(model, family, title):
    assert (family_of_algorithm(model), title_of(model)) == (family, title)
