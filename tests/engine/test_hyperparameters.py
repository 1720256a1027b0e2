"""Hyperparameters: what each family's own library knows, and what is refused before training."""

from __future__ import annotations

import pytest

from litmus_core.engine import check_algorithms
from litmus_core.engine._autogluon.xgboost_categories import XGBoostCategoriesModel
from litmus_core.engine._catalog.algorithms import add_algorithms
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._catalog.search_spaces import check_space
from litmus_core.engine._catalog.selection import (
    family_of_algorithm,
    hyperparameters_of,
    model_families,
    title_of,
)
from litmus_core.engine._families.library import documented_types
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import Algorithm, Hyperparameter, Space


def asked(key, **values):
    return Algorithm(
        key=key,
        hyperparameters=tuple(
            Hyperparameter(name=name, space=value)
            if isinstance(value, Space)
            else Hyperparameter(name=name, value=value)
            for name, value in values.items()
        ),
    )


def told(*algorithms, keys=()):
    found = hyperparameters_of(keys, problem_type="binary", seed=7)
    add_algorithms(found, algorithms, problem_type="binary", seed=7)
    return found


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("lightgbm", {"learning_rate": 0.05, "num_leaves": 31, "feature_fraction": 0.9, "extra_trees": True}),
        ("lightgbm_random", {"min_data_in_leaf": 5}),
        ("catboost", {"depth": 6, "l2_leaf_reg": 3.0, "grow_policy": "SymmetricTree"}),
        ("xgboost", {"max_depth": 4, "eta": 0.1} | {"learning_rate": 0.1}),
        ("forest", {"n_estimators": 50, "max_features": "sqrt"}),
        ("extra_trees", {"min_samples_leaf": 3}),
        ("linear", {"C": 0.5}),
        ("network", {"num_layers": 2, "dropout_prob": 0.2}),
        ("text_linear", {"max_features": 1000, "use_columns": False}),
    ],
)
@pytest.mark.parametrize("problem_type", ["binary", "multiclass", "regression"])
def test_what_a_family_knows_is_accepted(key, values, problem_type):
    values.pop("eta", None)
    check_algorithms([asked(key, **values)], problem_type)


def test_every_card_of_one_family_knows_hyperparameters():
    for family in model_families():
        if not family.stock:
            assert len(list_hyperparameters(family.key, "binary").main) > 3


@pytest.mark.parametrize(
    ("algorithm", "near"),
    [
        (asked("lightgbm", lerning_rate=0.05), "learning_rate"),
        (asked("catboost", dept=3), "depth"),
        (asked("xgboost", max_dept=3), "max_depth"),
        (asked("forest", n_estimator=3), "n_estimators"),
        (asked("linear", penaltyy="L1"), "penalty"),
        (asked("network", num_layer=3), "num_layers"),
        (asked("text_linear", max_feature=3), "max_features"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(algorithm, near):
    with pytest.raises(UnknownNameError, match=f"Did you mean '{near}'"):
        check_algorithms([algorithm], "binary")


@pytest.mark.parametrize(
    ("algorithm", "said"),
    [
        (asked("lightgbm", learning_rate="fast"), "learning_rate of lightgbm is a number, not 'fast'"),
        (asked("lightgbm", num_leaves=3.5), "num_leaves of lightgbm is a whole number, not 3.5"),
        (asked("lightgbm", num_leaves=True), "num_leaves of lightgbm is a whole number, not True"),
        (asked("catboost", depth="deep"), "depth of catboost is a whole number"),
        (asked("xgboost", max_depth="deep"), "max_depth of xgboost is"),
        (asked("forest", n_estimators=0), "n_estimators of forest is an int in the range"),
        (asked("network", dropout_prob="much"), "dropout_prob of network is a number"),
        (asked("text_linear", use_columns="yes"), "use_columns of text_linear is true or false"),
        (asked("stock_medium", depth=3), "takes no hyperparameters"),
        (asked("lightgbm", num_leaves=8, max_leaves=9), "are the same"),
        (asked("lightgbm", num_leaves=(8, 9)), r"num_leaves of lightgbm is a single value, not \[8, 9\]"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(algorithm, said):
    with pytest.raises(UsageError, match=said):
        check_algorithms([algorithm], "binary")


@pytest.mark.parametrize("indent", ["", "    "])  # Python 3.13 keeps docstrings without it
def test_kinds_of_values_are_read_from_a_library_s_docstring(indent):
    class Trees:
        def __init__(self, depth=None, border=None):
            pass

    Trees.__doc__ = f"Trees.\n\n{indent}depth : int, optional\n{indent}border : string\n{indent}    Where.\n"
    assert documented_types(Trees) == {"depth": int, "border": str}


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Space(low=0.1, high=0.5), r"whole number, not 0\.1"),
        (Space(choices=(8, (9,))), r"single value, not \[9\]"),
    ],
)
def test_both_ends_of_a_space_and_all_choices_are_looked_at(space, said):
    with pytest.raises(UsageError, match=f"num_leaves of lightgbm is a {said}"):
        check_algorithms([asked("lightgbm", num_leaves=space)], "binary", is_tuned=True)


def test_a_space_without_tuning_is_refused():
    with pytest.raises(UsageError, match="nothing was looked for in it"):
        check_algorithms([asked("lightgbm", num_leaves=Space(low=8, high=64, integer=True))], "binary")


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Space(), "has nothing in it"),
        (Space(low=3, high=3), "has no room"),
        (Space(low=5, high=3), "Did you mean from 3 to 5"),
        (Space(low=0, high=3, log=True), "has no logarithm"),
        (Space(low=0, high=float("inf")), "has no end"),
    ],
)
def test_a_space_with_no_room_is_refused(space, said):
    with pytest.raises(UsageError, match=said):
        check_space("depth", space)


def test_values_go_before_the_cards_own_and_by_the_name_autogluon_uses():
    (setting,) = told(asked("lightgbm_random", n_estimators=50, extra_trees=False))["GBM"]

    assert setting["num_boost_round"] == 50
    assert setting["extra_trees"] is False
    assert setting["ag.max_time_limit_ratio"] == 0.6
    assert setting["seed"] == 7


def test_synonyms_of_catboost_become_its_main_names():
    (setting,) = told(asked("catboost", n_estimators=50, max_depth=3))["CAT"]

    assert (setting["iterations"], setting["depth"]) == (50, 3)


def test_models_are_named_by_their_setting_and_lead_back_to_their_card():
    names = [
        each["ag_args"]["name"] for each in told(asked("lightgbm", num_leaves=8), keys=["lightgbm"])["GBM"]
    ]

    assert names == ["lightgbm", "lightgbm-num_leaves=8"]
    assert family_of_algorithm(f"{names[1]}_BAG_L1") == "lightgbm"
    assert title_of(names[1]) == "Fast boosted trees (LightGBM): num_leaves=8"


def test_two_settings_never_share_a_name_nor_an_id():
    found = told(asked("lightgbm", num_leaves=8), asked("lightgbm", num_leaves=8), asked("lightgbm"))["GBM"]

    assert [each["ag_args"]["name"] for each in found] == [
        "lightgbm-num_leaves=8",
        "lightgbm-num_leaves=8, 2",
        "lightgbm",
    ]


def test_xgboost_that_reads_categories_itself_is_of_our_own_class():
    assert list(told(asked("xgboost", enable_categorical=True))) == [XGBoostCategoriesModel]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("lightgbm", "output_model"),
        ("lightgbm", "model_out"),
        ("lightgbm", "forcedsplits_filename"),
        ("lightgbm", "machines"),
        ("catboost", "train_dir"),
        ("catboost", "snapshot_file"),
        ("xgboost", "callbacks"),
    ],
)
def test_no_hyperparameter_names_a_file_a_machine_or_code(key: str, name: str) -> None:
    asked = Algorithm(key=key, hyperparameters=(Hyperparameter(name=name, value="elsewhere"),))
    with pytest.raises(UnknownNameError, match=f"called '{name}'"):
        check_algorithms((asked,), "binary")
