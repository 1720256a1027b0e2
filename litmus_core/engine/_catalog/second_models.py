"""Second models of the families that Litmus chose, for runs that have the time: ADR 0046 and 0060."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from litmus_core.engine._catalog.selection import (
    Hyperparameters,
    add_setting,
    are_few_rows,
    are_many_classes,
)
from litmus_core.engine._families.family import ModelFamily, Settings
from litmus_core.engine._families.registry import FAMILIES
from litmus_core.types import Algorithm, Hyperparameter, ProblemType

_DEEPER_S = 40.0  # time of one fit; models of few rows take a fraction of it
_VARIED_KINDS = ("boosting", "forest")
LATER = 100  # more than any family's turn: second models come after all families


def second_models(
    keys: Sequence[str],
    *,
    problem_type: ProblemType,
    n_rows: int,
    n_classes: int = 0,
    seconds: float,
    may_vary: bool = True,
) -> tuple[Algorithm, ...]:
    """Return the models that Litmus adds to the families ``keys``; a fit has ``seconds``.

    Few rows: deeper trees beside the families' own, simpler ones, if the time is enough. Other rows:
    variants, each of which is fitted only if time is left for it, unless that is for something else
    (``may_vary``: it is not).
    """
    if are_few_rows(n_rows):
        is_enough = seconds >= _DEEPER_S and not are_many_classes(n_classes)
        return tuple(_deeper_trees(keys)) if is_enough else ()
    varied = keys if may_vary else ()
    return tuple(variant for key in varied for variant in _variants(FAMILIES[key], problem_type))


def _deeper_trees(keys: Sequence[str]) -> Iterator[Algorithm]:
    for key in keys:
        training = FAMILIES[key].training
        for values in () if training is None else training.few_rows[1:]:
            yield _algorithm(key, "deeper trees", values)


def _variants(family: ModelFamily, problem_type: ProblemType) -> Iterator[Algorithm]:
    """Return a family's models with other settings: those from which tuning starts, at the family's pace."""
    if family.kind not in _VARIED_KINDS or family.training is None or family.space is None:
        return
    pace = family.training.pace_of(problem_type)
    for number, start in enumerate(family.space.starts, start=2):
        values = {name: value for name, value in start.items() if name not in pace}
        if values and not _is_another_family(family, values):
            yield _algorithm(family.key, f"settings {number}", values)


def _is_another_family(family: ModelFamily, values: Settings) -> bool:
    """Return whether ``values`` turn the family's model into that of another one."""
    others = (
        other.training.hyperparameters
        for other in FAMILIES.values()
        if other.training and family.training and other.training.model == family.training.model
    )
    return any(values.items() <= other.items() for other in others)


def _algorithm(key: str, name: str, values: Settings) -> Algorithm:
    pairs = (Hyperparameter(name=name, value=value) for name, value in values.items())
    return Algorithm(key=key, name=name, hyperparameters=tuple(pairs))


def is_variant(algorithm: Algorithm, problem_type: ProblemType) -> bool:
    """Return whether it is one of a family's variants, which are fitted only if time is left."""
    family = FAMILIES.get(algorithm.key)
    return family is not None and algorithm in _variants(family, problem_type)


def is_second_model(algorithm: Algorithm, problem_type: ProblemType) -> bool:
    """Return whether Litmus adds that model to a family by itself: a variant, or deeper trees.

    >>> is_second_model(Algorithm(key="lightgbm"), "binary")
    False
    """
    is_family = algorithm.key in FAMILIES
    return is_variant(algorithm, problem_type) or (is_family and algorithm in _deeper_trees((algorithm.key,)))


def turns_later(algorithm: Algorithm) -> int:
    """Return by how much an algorithm's turn is later than its family's: deeper trees wait for all families.

    >>> deeper, *_ = second_models(("lightgbm",), problem_type="binary", n_rows=300, seconds=40.0)
    >>> turns_later(deeper), turns_later(Algorithm(key="lightgbm"))
    (100, 0)
    """
    return LATER if algorithm.key in FAMILIES and algorithm in _deeper_trees((algorithm.key,)) else 0


def variant_name(algorithm: Algorithm) -> str:
    """Return AutoGluon's name of a variant's model."""
    return f"{algorithm.key}-{algorithm.name}"


def add_variants(
    hyperparameters: Hyperparameters,
    variants: Iterable[Algorithm],
    *,
    problem_type: ProblemType,
    seed: int,
    patient: bool,
) -> None:
    """Add variants to AutoGluon's settings: after all families, first the second model of every family."""
    for variant in variants:
        add_setting(
            hyperparameters,
            variant.key,
            name=variant_name(variant),
            values={parameter.name: parameter.value for parameter in variant.hyperparameters},
            problem_type=problem_type,
            seed=seed,
            patient=patient,
            later=LATER * int(variant.name.rpartition(" ")[2]),
        )
