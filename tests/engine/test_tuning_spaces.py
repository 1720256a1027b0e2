from __future__ import annotations

import pytest

from litmus_core.engine import (
    check_algorithms,
    check_tuning,
    family_parameters,
    get_model_family,
    model_families,
    tunable_algorithms,
)
from litmus_core.engine._tuning import _check
from litmus_core.engine._tuning._plan import searched_hyperparameters
from litmus_core.engine._tuning._study import fits
from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import Algorithm, Hyperparameter, RunPlan, Space, Tuning

PRODUCTION = [family.key for family in model_families() if not family.stock]


@pytest.mark.parametrize("problem_type", ["binary", "regression"])
@pytest.mark.parametrize("key", PRODUCTION)
def test_every_production_card_has_a_space_with_its_default_and_starts_in_it(key, problem_type):
    algorithm = Algorithm(key=key, hyperparameters=get_model_family(key).space.hyperparameters)
    check_tuning(RunPlan(algorithms=(algorithm,), tuning=Tuning()))
    found = searched_hyperparameters(algorithm, problem_type)
    assert found
    default = {name: each.value for name, each in found.items()}

    assert fits(default, found)
    assert all(fits(default | dict(start), found) for start in get_model_family(key).space.starts)


@pytest.mark.parametrize("problem_type", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("family", [*model_families()], ids=lambda family: family.key)
def test_every_family_says_what_it_does_and_what_each_parameter_means(family, problem_type):
    parameters = family_parameters(family, problem_type)
    check_algorithms(
        [algorithm(family.key, one.name, one.low) for one in parameters if one.low], problem_type
    )
    check_algorithms(
        [algorithm(family.key, one.name, one.high) for one in parameters if one.high], problem_type
    )

    assert family.about
    assert bool(parameters) is not family.stock
    assert [one.name for one in parameters if not one.help] == []
    assert all(one.read(one.default, of=family.key) == one.default for one in parameters)


def algorithm(key, name, value):
    whole = int(value) if value == int(value) else value
    return Algorithm(key=key, hyperparameters=(Hyperparameter(name=name, value=whole),))


def test_a_form_says_which_defaults_follow_rows_and_time_and_refuses_what_is_out_of_range():
    found = {one.name: one for one in family_parameters(get_model_family("lightgbm"), "multiclass")}

    assert (found["learning_rate"].default, found["num_leaves"].default) == (0.2, 31)
    assert found["learning_rate"].help.endswith("Litmus adjusts it to rows and time.")
    assert found["lambda_l2"].help == "How strongly large corrections are held back."
    with pytest.raises(UsageError, match="num_leaves of lightgbm is between 8 and 256, not 7"):
        found["num_leaves"].read(7, of="lightgbm")


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Space(), "has neither choices nor both"),
        (Space(low=1.0), "has neither choices nor both"),
        (Space(low=3.0, high=3.0), "has no room: it goes from 3 to 3"),
        (Space(low=4.0, high=3.0), "has no room: it goes from 4 to 3"),
        (Space(low=0.0, high=3.0, log=True), "is logarithmic and begins at 0"),
        (Space(low=1.5, high=3.0, integer=True), "takes whole numbers"),
        (Space(low=1.0, high=float("inf")), "does not end"),
        (Space(low=float("nan"), high=1.0), "does not end"),
        (Space(choices=("a",)), "its only choice is 'a'"),
        (Space(choices=("a", "a")), "its only choice is 'a'"),
        (Space(choices=("a", "b"), low=1.0), "has both choices and ends"),
    ],
)
def test_a_space_without_room_is_said_before_anything_starts(space, said):
    wanted = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", space=space),))

    with pytest.raises(UsageError, match=said) as refused:
        check_tuning(RunPlan(algorithms=(wanted,)))
    assert "'num_leaves' (lightgbm)" in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("tuning", "said"),
    [
        (Tuning(n_trials=0), "0 trials look for nothing"),
        (Tuning(time_share=0.0), "A share of 0 of the time"),
        (Tuning(time_share=0.95), "A share of 0.95 of the time"),
        (Tuning(keep=0), "would train nothing"),
    ],
)
def test_a_tuning_that_cannot_be_meant_is_said(tuning, said):
    with pytest.raises(UsageError, match=said):
        check_tuning(RunPlan(tuning=tuning))


def test_mixes_alone_have_nothing_to_tune():
    with pytest.raises(UsageError, match="nothing to tune"):
        check_tuning(RunPlan(families=("stock_medium",), tuning=Tuning()))


def test_gaussian_processes_need_torch(monkeypatch):
    monkeypatch.setattr(_check, "has_extra", lambda extra: not extra)

    with pytest.raises(MissingExtraError, match="sampler 'gp'"):
        check_tuning(RunPlan(tuning=Tuning(sampler="gp")))


def test_spaces_that_are_named_are_all_that_is_tuned():
    named = Algorithm(
        key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=0.1, high=1.0)),)
    )
    plan = RunPlan(families=("lightgbm",), algorithms=(named, Algorithm(key="forest")), tuning=Tuning())

    assert tunable_algorithms(plan, ["lightgbm"]) == (named,)


def test_without_spaces_the_cards_that_are_trained_get_theirs():
    plan = RunPlan(tuning=Tuning())

    assert [each.key for each in tunable_algorithms(plan, ["lightgbm", "stock_medium", "linear"])] == [
        "lightgbm",
        "linear",
    ]


def test_without_tuning_and_spaces_nothing_is_tuned():
    assert tunable_algorithms(RunPlan(), ["lightgbm"]) == ()


def test_an_algorithm_with_values_only_keeps_them_and_is_tuned_in_the_rest():
    plan = RunPlan(
        algorithms=(Algorithm(key="catboost", hyperparameters=(Hyperparameter(name="depth", value=8),)),),
        tuning=Tuning(),
    )
    (found,) = tunable_algorithms(plan, [])

    assert [each.name for each in found.hyperparameters] == ["depth", "learning_rate", "l2_leaf_reg"]
    assert found.hyperparameters[0].space is None
