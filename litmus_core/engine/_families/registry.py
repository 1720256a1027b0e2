"""The registered model families, by key, class and library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from litmus_core.engine._families.autogluon_mixes import STOCK_BEST, STOCK_GOOD, STOCK_MEDIUM, UNWEIGHED
from litmus_core.engine._families.catboost import CATBOOST
from litmus_core.engine._families.custom import CUSTOM
from litmus_core.engine._families.encoder import ENCODER
from litmus_core.engine._families.family import (
    BoosterRows,
    CompiledForm,
    ModelFamily,
    OnnxStep,
    SearchSpace,
    Settings,
)
from litmus_core.engine._families.forest import EXTRA_TREES, FOREST
from litmus_core.engine._families.lightgbm import LIGHTGBM, LIGHTGBM_RANDOM
from litmus_core.engine._families.linear import LINEAR
from litmus_core.engine._families.network import NETWORK
from litmus_core.engine._families.text_linear import TEXT_LINEAR
from litmus_core.engine._families.text_nearest import TEXT_NEAREST
from litmus_core.engine._families.xgboost import XGBOOST

_ESTIMATORS = "litmus_core.engine._autogluon.estimator_model"  # module of the estimators' AutoGluon classes
# In display order: recommended families first, AutoGluon's own mixes last.
_BUILTIN = (
    LIGHTGBM,
    LIGHTGBM_RANDOM,
    CATBOOST,
    XGBOOST,
    FOREST,
    EXTRA_TREES,
    LINEAR,
    NETWORK,
    TEXT_LINEAR,
    TEXT_NEAREST,
    ENCODER,
    STOCK_MEDIUM,
    STOCK_GOOD,
    STOCK_BEST,
)
FAMILIES: dict[str, ModelFamily] = {family.key: family for family in _BUILTIN}
_ALL = (*_BUILTIN, CUSTOM)  # includes the family of custom classes, which has no public key


def is_mix(key: str) -> bool:
    """Return whether the family is AutoGluon's own mix of many models."""
    return key in FAMILIES and FAMILIES[key].stock


def search_space(key: str) -> SearchSpace:
    """Return a family's search space; empty for a mix or a custom class."""
    return FAMILIES[key].space if key in FAMILIES else SearchSpace()


@cache
def forms_by_class() -> dict[str, CompiledForm]:
    """Return the compiled form of a class's models, by the class's qualified name."""
    return {
        name: family.compiled
        for family in _ALL
        if family.compiled.compile is not None
        for name in family.compiled.classes or _estimator_classes(family)
    }


@cache
def growers_by_class() -> dict[str, Callable[[Any, BoosterRows], Any]]:
    """Return what adds trees to fitted models of a class, by the class's whole name."""
    return {
        name: family.training.grow
        for family in _ALL
        if family.training is not None and family.training.grow is not None
        for name in family.compiled.classes
    }


@cache
def obstacles() -> dict[str, str]:
    """Return why models of a class have no compiled form, by the class's name."""
    return {name: reason for family in _ALL for name, reason in family.compiled.obstacles.items()}


@cache
def onnx_steps() -> dict[str, OnnxStep | str]:
    """Return the function that writes a step in ONNX, or why that is impossible, by the step's kind."""
    return {kind: step for family in _ALL for kind, step in family.compiled.onnx.items()}


@cache
def value_readers() -> dict[str, Callable[[Any, Settings], dict[str, Any]]]:
    """Return the function that reads a fitted object's hyperparameters, by the object's library."""
    libraries = (family.library for family in FAMILIES.values())
    return {library.module: library.values for library in libraries if library.values is not None}


@cache
def tree_models() -> frozenset[str]:
    """Return AutoGluon's keys of models that are decision trees."""
    return frozenset(_autogluon_keys(lambda family: family.is_trees))


@cache
def torch_models() -> frozenset[str]:
    """Return AutoGluon's keys of its own torch models."""
    trained = (family.training for family in FAMILIES.values() if family.needs.extra == "torch")
    return frozenset(training.model for training in trained if training is not None and training.model)


@cache
def unweighed_models() -> frozenset[str]:
    """Return AutoGluon's keys of models that ignore sample weights."""
    unweighed = _autogluon_keys(
        lambda family: family.training is not None and not family.training.takes_weights
    )
    return frozenset({*unweighed, *UNWEIGHED})


def class_name(key: str) -> str:
    """Return the start of a family's class name.

    >>> class_name("naive_bayes")
    'NaiveBayes'
    """
    return key.title().replace("_", "")


def read_once(keys: Iterable[str]) -> bool:
    """Return whether one of the families reads a process's texts once for all folds."""
    trained = (FAMILIES[key].training for key in keys if key in FAMILIES)
    return any(training is not None and training.reads_once for training in trained)


def counts_categories(keys: Iterable[str]) -> bool:
    """Return whether one of the families uses category frequencies by itself."""
    return any(FAMILIES[key].counts_categories for key in keys if key in FAMILIES)


def model_packages(*, with_extras: bool = True) -> tuple[str, ...]:
    """Return the packages on whose versions trained models depend, AutoGluon included, in order.

    Without extras: only those of families that need no optional extra of Litmus.
    """
    families = [family for family in FAMILIES.values() if with_extras or not family.needs.extra]
    return tuple(sorted({name for family in families for name in family.library.packages}))


def _estimator_classes(family: ModelFamily) -> tuple[str, ...]:
    has_one = family.training is not None and family.training.estimator is not None
    return (f"{_ESTIMATORS}.{class_name(family.key)}Model",) if has_one else ()


def _autogluon_keys(fits: Callable[[ModelFamily], bool]) -> Iterator[str]:
    """Yield AutoGluon's keys of such families' models; our own classes are named after their family."""
    for family in _ALL:
        if family.training is not None and fits(family):
            yield family.training.model or family.key.upper()
