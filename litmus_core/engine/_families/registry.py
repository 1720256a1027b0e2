"""The model families that Litmus knows, and how each is found: by its key, its class, its library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from litmus_core.engine._families.autogluon_mixes import STOCK_BEST, STOCK_GOOD, STOCK_MEDIUM, UNWEIGHED
from litmus_core.engine._families.catboost import CATBOOST
from litmus_core.engine._families.custom import CUSTOM
from litmus_core.engine._families.encoder import ENCODER
from litmus_core.engine._families.family import CompiledForm, ModelFamily, OnnxStep, SearchSpace, Settings
from litmus_core.engine._families.forest import EXTRA_TREES, FOREST
from litmus_core.engine._families.lightgbm import LIGHTGBM, LIGHTGBM_RANDOM
from litmus_core.engine._families.linear import LINEAR
from litmus_core.engine._families.network import NETWORK
from litmus_core.engine._families.text_linear import TEXT_LINEAR
from litmus_core.engine._families.text_nearest import TEXT_NEAREST
from litmus_core.engine._families.xgboost import XGBOOST

_ESTIMATORS = "litmus_core.engine._autogluon.estimator_model"  # home of classes around an estimator
# As they are shown: recommended families first, AutoGluon's own mixes last.
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
_ALL = (*_BUILTIN, CUSTOM)  # with the one that nobody chooses by its key


def search_space(key: str) -> SearchSpace:
    """Return where tuning looks in a family; nowhere in a mix or in somebody's own class."""
    return FAMILIES[key].space if key in FAMILIES else SearchSpace()


@cache
def forms_by_class() -> dict[str, CompiledForm]:
    """Return what compiles the models of a class, by the class's whole name."""
    return {
        name: family.compiled
        for family in _ALL
        if family.compiled.compile is not None
        for name in family.compiled.classes or _estimator_classes(family)
    }


@cache
def obstacles() -> dict[str, str]:
    """Return why models of a class have no compiled form, by the class's name."""
    return {name: reason for family in _ALL for name, reason in family.compiled.obstacles.items()}


@cache
def onnx_steps() -> dict[str, OnnxStep | str]:
    """Return what writes a step in ONNX, or why nothing can, by the step's kind."""
    return {kind: step for family in _ALL for kind, step in family.compiled.onnx.items()}


@cache
def value_readers() -> dict[str, Callable[[Any, Settings], dict[str, Any]]]:
    """Return what reads a fitted object's hyperparameters, by the library that the object is of."""
    libraries = (family.library for family in FAMILIES.values())
    return {library.module: library.values for library in libraries if library.values is not None}


@cache
def tree_models() -> frozenset[str]:
    """Return AutoGluon's keys of models that are decision trees."""
    return frozenset(_autogluon_keys(lambda family: family.is_trees))


@cache
def torch_models() -> frozenset[str]:
    """Return AutoGluon's keys of its own models that torch trains."""
    trained = (family.training for family in FAMILIES.values() if family.needs.extra == "torch")
    return frozenset(training.model for training in trained if training is not None and training.model)


@cache
def unweighed_models() -> frozenset[str]:
    """Return AutoGluon's keys of models that take no weights."""
    unweighed = _autogluon_keys(
        lambda family: family.training is not None and not family.training.takes_weights
    )
    return frozenset({*unweighed, *UNWEIGHED})


def class_name(key: str) -> str:
    """Return a family's key as the name of its class begins.

    >>> class_name("naive_bayes")
    'NaiveBayes'
    """
    return key.title().replace("_", "")


def read_once(keys: Iterable[str]) -> bool:
    """Say whether one of the families reads a process' texts once, for all folds there."""
    trained = (FAMILIES[key].training for key in keys if key in FAMILIES)
    return any(training is not None and training.reads_once for training in trained)


def counts_categories(keys: Iterable[str]) -> bool:
    """Say whether one of the families learns from how frequent categories are without being told."""
    return any(FAMILIES[key].counts_categories for key in keys if key in FAMILIES)


def model_packages(*, with_extras: bool = True) -> tuple[str, ...]:
    """Return the packages on whose versions trained models depend, AutoGluon among them, in their order.

    Without extras: only those of families that need no optional part of Litmus.
    """
    families = [each for each in FAMILIES.values() if with_extras or not each.needs.extra]
    return tuple(sorted({name for family in families for name in family.library.packages}))


def _estimator_classes(family: ModelFamily) -> tuple[str, ...]:
    has_one = family.training is not None and family.training.estimator is not None
    return (f"{_ESTIMATORS}.{class_name(family.key)}Model",) if has_one else ()


def _autogluon_keys(fits: Callable[[ModelFamily], bool]) -> Iterator[str]:
    """Yield AutoGluon's keys of the models of such families; a class of ours is called as the family is."""
    for family in _ALL:
        if family.training is not None and fits(family):
            yield family.training.model or family.key.upper()
