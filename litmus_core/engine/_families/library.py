"""Hyperparameters as a library describes them: names and types, and the values of fitted models."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from litmus_core.types import Scalar

_PLAIN = (bool, int, float, str, NoneType)
_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", NoneType: "nothing"}
_IN_DOCSTRING = {"int": int, "float": float, "string": str, "str": str, "bool": bool, "boolean": bool}
_DOCUMENTED = re.compile(r"^ *(\w+) : (\w+)[,\s]", re.MULTILINE)  # Python 3.13 takes indentation away
# AutoGluon uses warm_start to fit in turns, and sets the ridge's alpha to 1 / C.
_NOT_OURS = ("warm_start", "alpha")
STEPS = "which counts steps"  # key of the name of the number of steps

Check = Callable[[str, Scalar], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryHyperparameter:
    """The known hyperparameters of one family.

    ``main`` maps every accepted name to AutoGluon's. ``problem`` says what is wrong with a name's value, as
    the rest of a sentence ("is a whole number"); "" if it is valid.
    """

    main: Mapping[str, str]
    problem: Check


def same_names(names: Iterable[str]) -> dict[str, str]:
    """Map each name to itself."""
    return {name: name for name in names}


def read_defaults(defaults: Mapping[str, Any]) -> LibraryHyperparameter:
    """Return the hyperparameters that default values show: each name with its default's type."""
    kinds = {name: type_of_default(value) for name, value in defaults.items()}
    return LibraryHyperparameter(main=same_names(kinds), problem=check_types(kinds))


def read_constraints(constraints: Mapping[str, Any]) -> LibraryHyperparameter:
    """Return the hyperparameters in scikit-learn's ``_parameter_constraints`` of a class."""
    from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

    def problem(name: str, value: Scalar) -> str:
        try:
            validate_parameter_constraints(constraints, {name: value}, caller_name="it")
        except InvalidParameterError as error:
            return "is " + str(error).partition(" must be ")[2].partition(" Got ")[0].rstrip(".")
        return ""

    return LibraryHyperparameter(
        main=same_names(name for name in constraints if name not in _NOT_OURS), problem=problem
    )


def type_of_default(value: Any) -> Any:
    """Return the type that a default shows; None, which allows anything, if it shows none."""
    return type(value) if isinstance(value, bool | int | float | str) and value != "auto" else None


def parameter_names(estimator: Any) -> list[str]:
    """Return the names of a class's constructor parameters."""
    parameters = inspect.signature(estimator.__init__).parameters.values()
    return [
        parameter.name
        for parameter in parameters
        if parameter.name != "self" and parameter.kind != parameter.VAR_KEYWORD
    ]


def annotated_types(estimator: Any) -> dict[str, Any]:
    """Return the types that a constructor's annotations allow, by name; None if any type is allowed."""
    parameters = inspect.signature(estimator.__init__).parameters
    return {name: _plain_types(parameters[name].annotation) for name in parameter_names(estimator)}


def documented_types(estimator: Any) -> dict[str, Any]:
    """Return the types that a class's docstring names, by name; None if it names none."""
    documented = dict(_DOCUMENTED.findall(estimator.__doc__ or ""))
    return {name: _IN_DOCSTRING.get(documented.get(name, "")) for name in parameter_names(estimator)}


def check_types(kinds: Mapping[str, Any]) -> Check:
    """Return a check that a value has its name's type, or one of several."""

    def problem(name: str, value: Scalar) -> str:
        kind = kinds.get(name)
        if kind is None:
            return ""
        allowed = kind if isinstance(kind, tuple) else (kind,)
        if any(_is(value, type_) for type_ in allowed):
            return ""
        return f"is {' or '.join(_WORDS[type_] for type_ in allowed)}"

    return problem


def sklearn_values(model: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fitted scikit-learn object's hyperparameters, under AutoGluon's names."""
    values_of = constructor_values(model)
    if "alpha" in values_of and "C" in stored and stored["C"]:  # AutoGluon's linear model of values
        values_of["C"] = 1 / values_of["alpha"] if values_of["alpha"] else math.inf
    if "max_iter" in values_of and "max_iter" in stored:
        values_of["max_iter"] = stored["max_iter"]  # it is fitted in turns, as many as the time allows
    return values_of


def constructor_values(model: Any) -> dict[str, Any]:
    """Return an object's constructor arguments other than None."""
    return {name: value for name, value in model.get_params(deep=False).items() if value is not None}


def _plain_types(annotation: Any) -> Any:
    """Return the plain types that an annotation allows; None if it allows others."""
    if get_origin(annotation) in (Union, UnionType):
        inside = [_plain_types(arg) for arg in get_args(annotation)]
        return None if None in inside else tuple(kind for kinds in inside for kind in kinds)
    return (annotation,) if annotation in _PLAIN else None


def _is(value: Scalar, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
