"""The searches of a plan: algorithms with spaces, or families with their own search spaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._families.registry import search_space
from litmus_core.types import Algorithm, Hyperparameter, ProblemType, RunPlan


def tunable_algorithms(plan: RunPlan, families: Sequence[str]) -> tuple[Algorithm, ...]:
    """Return the algorithms of ``plan`` with something to search, each with its spaces.

    If the plan requests tuning and names no space, ``families`` (the run's families) get their own, except
    those that have none: AutoGluon's own mixes.
    """
    named = tuple(algorithm for algorithm in plan.algorithms if has_space(algorithm))
    if named or plan.tuning is None:
        return named
    algorithms = tuple(
        algorithm for algorithm in plan.algorithms if search_space(algorithm.key).hyperparameters
    )
    spaces = ((key, search_space(key).hyperparameters) for key in families)
    of_families = tuple(Algorithm(key=key, hyperparameters=space) for key, space in spaces if space)
    return (*map(_with_family_space, algorithms), *of_families)


def has_space(algorithm: Algorithm) -> bool:
    """Return whether there is a hyperparameter to search."""
    return any(parameter.space is not None for parameter in algorithm.hyperparameters)


def _with_family_space(algorithm: Algorithm) -> Algorithm:
    """Return the algorithm with its family's spaces for hyperparameters it does not set, by whatever name."""
    main = list_hyperparameters(algorithm.key, "binary").main if algorithm.hyperparameters else {}
    names = {main.get(parameter.name, parameter.name) for parameter in algorithm.hyperparameters}
    space = search_space(algorithm.key).hyperparameters
    more = tuple(parameter for parameter in space if main.get(parameter.name, parameter.name) not in names)
    return replace(algorithm, hyperparameters=algorithm.hyperparameters + more)


def labels_of(algorithms: Sequence[Algorithm]) -> tuple[str, ...]:
    """Return each algorithm's label in trials: its key, numbered if a key is repeated.

    >>> labels_of([Algorithm(key="lightgbm"), Algorithm(key="linear"), Algorithm(key="lightgbm")])
    ('lightgbm', 'linear', 'lightgbm-2')
    """
    counts: Counter[str] = Counter()
    labels = []
    for algorithm in algorithms:
        counts[algorithm.key] += 1
        labels.append(
            algorithm.key if counts[algorithm.key] == 1 else f"{algorithm.key}-{counts[algorithm.key]}"
        )
    return tuple(labels)


def searched_hyperparameters(algorithm: Algorithm, problem_type: ProblemType) -> dict[str, Hyperparameter]:
    """Return the hyperparameters to search by name.

    Their ``value`` is the family's default if that is known and in the space, else None.
    """
    hyperparameters = {}
    for parameter in algorithm.hyperparameters:
        if parameter.space is not None:
            value = search_space(algorithm.key).default(parameter.name, problem_type)
            hyperparameters[parameter.name] = replace(
                parameter, value=value if holds(parameter, value) else None
            )
    return hyperparameters


def holds(hyperparameter: Hyperparameter, value: object) -> bool:
    """Return whether ``value`` is in the hyperparameter's space."""
    space = hyperparameter.space
    if space is None or (value is None and None not in space.choices):
        return False
    if space.choices:
        return any(type(value) is type(choice) and value == choice for choice in space.choices)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if space.low is None or space.high is None or (space.integer and value != int(value)):
        return False
    return space.low <= value <= space.high
