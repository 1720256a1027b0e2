"""Algorithms with custom hyperparameters: validation, and AutoGluon's settings for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from litmus_core.engine._catalog.hyperparameter_messages import invalid_value_message, unknown_hyperparameter
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._catalog.search_spaces import check_space
from litmus_core.engine._catalog.second_models import turns_later
from litmus_core.engine._catalog.selection import Hyperparameters, add_setting, get_model_family
from litmus_core.errors import UsageError
from litmus_core.text import value_code, value_text
from litmus_core.types import Algorithm, Hyperparameter, ParameterValue, ProblemType

_UNSAFE = re.compile(r"[^A-Za-z0-9_.=, +-]")
_LONGEST_NAME = 60


def is_custom(algorithm: Algorithm) -> bool:
    """Return whether it is a custom class, by its reference, rather than a model family."""
    return ":" in algorithm.key


def values_of(algorithm: Algorithm) -> dict[str, ParameterValue]:
    """Return the hyperparameters by name; raises UsageError if one is still a space."""
    for parameter in algorithm.hyperparameters:
        if parameter.space is not None:
            raise UsageError(
                f"{parameter.name} of {algorithm.key} is a space, and nothing was looked for in it.",
                hint="Give it a value, or ask for tuning.",
            )
    return {item.name: item.value for item in algorithm.hyperparameters}


def check_algorithms(
    algorithms: Sequence[Algorithm], problem_type: ProblemType, *, is_tuned: bool = False
) -> None:
    """Raise an error for a hyperparameter that the algorithm does not know, or an invalid value.

    Both ends of spaces are checked; without tuning spaces are refused. :func:`check_families` checks whether
    families fit the columns; only its own process knows a custom class's parameters.
    """
    for algorithm in algorithms:
        _check_once(algorithm)
        for parameter in algorithm.hyperparameters:
            if parameter.space is not None:
                check_space(f"'{parameter.name}' ({algorithm.key})", parameter.space)
        if not is_tuned:
            values_of(algorithm)
        if not is_custom(algorithm) and algorithm.hyperparameters:
            _check_hyperparameters(algorithm, problem_type)


def _check_once(algorithm: Algorithm) -> None:
    names = [parameter.name for parameter in algorithm.hyperparameters]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{algorithm.key} is given {name} twice.", hint="Give it once.")


def _check_hyperparameters(algorithm: Algorithm, problem_type: ProblemType) -> None:
    family = get_model_family(algorithm.key)
    if family.hyperparameters is None:
        raise UsageError(
            f"The model family '{family.title}' is a mix of many models, which takes no hyperparameters.",
            hint="Choose a single family, such as lightgbm.",
        )
    hyperparameters = list_hyperparameters(family.key, problem_type)
    names: dict[str, str] = {}
    for parameter in algorithm.hyperparameters:
        if parameter.name not in hyperparameters.main:
            raise unknown_hyperparameter(algorithm.key, parameter.name, hyperparameters.main, problem_type)
        other = names.setdefault(hyperparameters.main[parameter.name], parameter.name)
        if other != parameter.name:
            raise UsageError(
                f"{parameter.name} and {other} of {algorithm.key} are the same.", hint="Give one of them."
            )
        for value in _values_to_check(parameter):
            if isinstance(value, tuple):
                raise UsageError(
                    f"{parameter.name} of {algorithm.key} is a single value, not {value_code(value)}.",
                    hint="Give one value; lists are for models of your own. Nothing was started.",
                )
            main = hyperparameters.main[parameter.name]
            if problem := hyperparameters.problem(parameter.name, value) or invalid_value_message(
                family, main, value, problem_type
            ):
                raise UsageError(
                    f"{parameter.name} of {algorithm.key} {problem}, not {value!r}.",
                    hint="Nothing was started.",
                )


def _values_to_check(hyperparameter: Hyperparameter) -> tuple[ParameterValue, ...]:
    """Return the values to check: the given one, the choices, or both ends."""
    space = hyperparameter.space
    if space is None:
        return (hyperparameter.value,)
    if space.choices or space.low is None or space.high is None:
        return space.choices
    return (int(space.low), int(space.high)) if space.integer else (space.low, space.high)


def add_algorithms(
    hyperparameters: Hyperparameters,
    algorithms: Sequence[Algorithm],
    *,
    problem_type: ProblemType,
    seed: int,
) -> None:
    """Add the model families among ``algorithms`` to AutoGluon's settings, named by their values."""
    names = {
        setting.get("ag_args", {}).get("name")
        for settings in hyperparameters.values()
        for setting in settings
    }
    for algorithm in algorithms:
        plain = not (algorithm.hyperparameters or algorithm.name)
        if is_custom(algorithm) or (plain and algorithm.key in names):
            continue
        values = values_of(algorithm)
        if values:
            main = list_hyperparameters(algorithm.key, problem_type).main
            values = {main.get(name, name): value for name, value in values.items()}
        name = _unique_name(
            algorithm.key if plain else f"{algorithm.key}-{describe_algorithm(algorithm)}", names
        )
        names.add(name)
        add_setting(
            hyperparameters,
            algorithm.key,
            name=name,
            values=values,
            problem_type=problem_type,
            seed=seed,
            later=turns_later(algorithm),
        )


def has_name_of(model: str, algorithm: Algorithm) -> bool:
    """Return whether AutoGluon's ``model`` was named after that algorithm.

    >>> leaves = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=31),))
    >>> has_name_of("lightgbm-num_leaves=31, 2", leaves), has_name_of("lightgbm", leaves)
    (True, False)
    """
    return (
        re.fullmatch(rf"{re.escape(f'{algorithm.key}-{describe_algorithm(algorithm)}')}(, \d+)?", model)
        is not None
    )


def algorithm_of(
    algorithms: Sequence[Algorithm], model: str, *, key: str, values: Mapping[str, ParameterValue]
) -> Algorithm | None:
    """Return which of a plan's ``algorithms`` became AutoGluon's ``model``; None: the plain family.

    It has the algorithm's name or, if it was tuned, all its fixed values; ``values`` are those that the
    fitted model has besides its family's.

    >>> leaves = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=31),))
    >>> algorithm_of([leaves], "lightgbm-tuned_BAG_L1", key="lightgbm", values={"num_leaves": 31}) == leaves
    True
    >>> algorithm_of([leaves], "lightgbm_BAG_L1", key="lightgbm", values={})
    """
    plain = model.split("_BAG_")[0].removesuffix("_FULL")
    same = [algorithm for algorithm in algorithms if algorithm.key == key]
    if plain == key:
        return None
    for one in same:
        if has_name_of(plain, one):
            return one
    main = list_hyperparameters(key, "binary").main
    fitting = [
        algorithm
        for algorithm in same
        if all(values.get(main.get(name, name)) == value for name, value in values_of(algorithm).items())
    ]
    return max(fitting, key=lambda algorithm: len(values_of(algorithm)), default=None)


def algorithm_title(algorithm: Algorithm) -> str:
    """Return the display name of a model family with custom hyperparameters."""
    title = get_model_family(algorithm.key).title
    return (
        f"{title}: {describe_algorithm(algorithm)}" if algorithm.hyperparameters or algorithm.name else title
    )


def describe_algorithm(algorithm: Algorithm) -> str:
    """Return its name, or its hyperparameters as short text that is valid in a folder's name.

    >>> leaves = Hyperparameter(name="num_leaves", value=31)
    >>> describe_algorithm(Algorithm(key="lightgbm", hyperparameters=(leaves,)))
    'num_leaves=31'
    """
    pairs = ((parameter.name, value_text(parameter.value)) for parameter in algorithm.hyperparameters)
    text = algorithm.name or ", ".join(f"{name}={value.rpartition('/')[2]}" for name, value in pairs)
    text = _UNSAFE.sub(" ", text).replace("_BAG_", "_bag_")
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME].rstrip(', ')} and more"


def _unique_name(wanted: str, names: set[Any]) -> str:
    """Return a name that differs from all others even without signs and case, since ids derive from it."""
    plain = {_id_part(one) for one in names if one}
    name, number = wanted, 1
    while _id_part(name) in plain:
        number += 1
        name = f"{wanted}, {number}"
    return name


def _id_part(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "-", name.lower()).strip("-")
