"""A family's hyperparameters as the parameters of a form, from its search space."""

from __future__ import annotations

from litmus_core.engine._families.family import ModelFamily
from litmus_core.plugins import ParameterKind, PluginParameter
from litmus_core.types import Hyperparameter, ProblemType

_ADJUSTED = "Litmus adjusts it to rows and time."


def family_parameters(family: ModelFamily, problem_type: ProblemType) -> tuple[PluginParameter, ...]:
    """Return the hyperparameters that tuning would search, with their range, default and meaning.

    A value of None leaves a hyperparameter to Litmus. Empty for a mix, and for a family of other task types.
    """
    if problem_type not in family.problem_types:
        return ()
    return tuple(_parameter(family, one, problem_type) for one in family.space.hyperparameters)


def _parameter(family: ModelFamily, one: Hyperparameter, problem_type: ProblemType) -> PluginParameter:
    space, meaning = one.space, family.space.meanings.get(one.name, "")
    if space is None:
        raise ValueError(f"{one.name} of {family.key} has no space")
    kind: ParameterKind = "choice" if space.choices else "int" if space.integer else "float"
    return PluginParameter(
        name=one.name,
        kind=kind,
        default=family.space.default(one.name, problem_type),
        low=space.low,
        high=space.high,
        choices=tuple(choice for choice in space.choices if not isinstance(choice, tuple)),
        help=f"{meaning} {_ADJUSTED}" if _is_adjusted(family, one.name) else meaning,
        optional=True,
    )


def _is_adjusted(family: ModelFamily, name: str) -> bool:
    """Return whether runs with few rows or much time use another default."""
    training = family.training
    if training is None:
        return False
    others = (training.patient_schedule, training.patient_pace_of_several, *training.few_rows)
    return any(name in settings for settings in others)
