"""What hyperparameters each family knows, and what kind of value each takes: as its own library says it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from litmus_core.types import ProblemType, Scalar

_PLAIN = (bool, int, float, str, NoneType)
_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", NoneType: "nothing"}
_IN_DOCSTRING = {"int": int, "float": float, "string": str, "str": str, "bool": bool, "boolean": bool}
_DOCUMENTED = re.compile(r"^ +(\w+) : (\w+)[,\s]", re.MULTILINE)
# Libraries' own names of files that they read or write, of other machines, and of code.
_OUTSIDE = frozenset(
    [
        "allow_writing_files",
        "callback",
        "callbacks",
        "config",
        "convert_model",
        "convert_model_language",
        "data",
        "forcedbins_filename",
        "forcedsplits_filename",
        "input_borders",
        "input_model",
        "kwargs",
        "local_listen_port",
        "machine_list_filename",
        "machines",
        "num_machines",
        "output_borders",
        "output_model",
        "output_result",
        "parser_config_file",
        "save_binary",
        "save_snapshot",
        "snapshot_file",
        "snapshot_freq",
        "snapshot_interval",
        "task",
        "time_out",
        "train_dir",
        "valid",
    ]
)

# AutoGluon fits in turns by warm_start; it gives the linear model of values its alpha, which is 1 / C.
_NOT_OURS = ("warm_start", "alpha")
# What AutoGluon sets itself, whatever it is told: the threads by what a run may take, the best of its trees.
_SET_BY_AUTOGLUON = {"CAT": {"thread_count", "use_best_model"}, "XGB": {"n_jobs"}}

Check = Callable[[str, Scalar], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryHyperparameter:
    """What is known of one family's hyperparameters.

    ``main`` gives by every name one may use the one that AutoGluon is told. ``problem`` says what is wrong
    with a name's value, as the rest of a sentence ("is a whole number"); "" where nothing is.
    """

    main: Mapping[str, str]
    problem: Check


@cache
def list_hyperparameters(model: str, problem_type: ProblemType) -> LibraryHyperparameter:
    """Return what AutoGluon's ``model`` (GBM, CAT, …) or a model of ours knows; imports its library.

    What names files, other machines or code is not known: hyperparameters come in recipes, too, which are
    texts that travel. Nor is what AutoGluon sets itself.
    """
    known = _FAMILIES[model](problem_type)
    refused = _OUTSIDE | _SET_BY_AUTOGLUON.get(model, set())
    main = {alias: name for alias, name in known.main.items() if not {alias, name} & refused}
    return replace(known, main=main)


def _lightgbm(problem_type: ProblemType) -> LibraryHyperparameter:
    import lightgbm

    aliases: Mapping[str, Iterable[str]] = lightgbm.basic._ConfigAliases._get_all_param_aliases()
    main = {alias: name for name, others in aliases.items() for alias in (*others, name)}
    # AutoGluon sets the number of trees, and stops early, by this name.
    main |= {alias: "num_boost_round" for alias, name in main.items() if name == "num_iterations"}
    kinds = _of_signature(lightgbm.LGBMClassifier)
    kinds |= {name: kinds[alias] for alias, name in main.items() if alias in kinds}
    return LibraryHyperparameter(
        main=main, problem=_by_kind({alias: kinds.get(name) for alias, name in main.items()})
    )


def _catboost(problem_type: ProblemType) -> LibraryHyperparameter:
    import catboost
    from catboost.core import _process_synonyms_groups

    names = _parameters(catboost.CatBoostClassifier)
    documented = dict(_DOCUMENTED.findall(catboost.CatBoostClassifier.__doc__ or ""))
    kinds = {name: _IN_DOCSTRING.get(documented.get(name, "")) for name in names}
    main = {}
    for name in names:
        told = {name: 1}
        _process_synonyms_groups(told)  # the library moves it to its main name
        main[name] = next(iter(told))
    return LibraryHyperparameter(
        main=main, problem=_by_kind({name: kind and (kind, NoneType) for name, kind in kinds.items()})
    )


def _xgboost(problem_type: ProblemType) -> LibraryHyperparameter:
    import xgboost

    kinds = _of_signature(xgboost.XGBModel)
    return LibraryHyperparameter(main=_themselves(kinds), problem=_by_kind(kinds))


def _forest(kind: str) -> Callable[[ProblemType], LibraryHyperparameter]:
    def known(problem_type: ProblemType) -> LibraryHyperparameter:
        from sklearn import ensemble

        role = "Regressor" if problem_type == "regression" else "Classifier"
        return _constrained(getattr(ensemble, f"{kind}{role}")._parameter_constraints)

    return known


def _linear(problem_type: ProblemType) -> LibraryHyperparameter:
    from autogluon.tabular.models.lr.hyperparameters.parameters import get_param_baseline
    from sklearn.linear_model import LogisticRegression, Ridge

    estimator = Ridge if problem_type == "regression" else LogisticRegression
    kinds = {name: _kind_of_default(value) for name, value in get_param_baseline().items()}
    of_autogluon = {name: float if kind is int else kind for name, kind in kinds.items()}
    constrained = _constrained(estimator._parameter_constraints)
    by_kind = _by_kind(of_autogluon)

    def problem(name: str, value: Scalar) -> str:
        return by_kind(name, value) if name in of_autogluon else constrained.problem(name, value)

    return LibraryHyperparameter(main=_themselves([*of_autogluon, *constrained.main]), problem=problem)


def _network(problem_type: ProblemType) -> LibraryHyperparameter:
    from autogluon.tabular.models.tabular_nn.hyperparameters.parameters import get_default_param

    return _of_defaults(get_default_param(problem_type, "pytorch"))


def _text_linear(problem_type: ProblemType) -> LibraryHyperparameter:
    from litmus_core.engine._text_models.linear import SETTINGS, TextLinearModel

    return _of_defaults({**TextLinearModel.defaults, **dict.fromkeys(SETTINGS, 1.0)})


def _text_nearest(problem_type: ProblemType) -> LibraryHyperparameter:
    from litmus_core.engine._text_models.nearest import TextNearestModel

    return _of_defaults(TextNearestModel.defaults)


def _encoder(problem_type: ProblemType) -> LibraryHyperparameter:
    from litmus_core.engine._text_encoder import DEFAULTS, out_of_range

    known = _of_defaults(DEFAULTS)
    return LibraryHyperparameter(
        main=known.main, problem=lambda name, value: known.problem(name, value) or out_of_range(name, value)
    )


_FAMILIES: dict[str, Callable[[ProblemType], LibraryHyperparameter]] = {
    "GBM": _lightgbm,
    "CAT": _catboost,
    "XGB": _xgboost,
    "RF": _forest("RandomForest"),
    "XT": _forest("ExtraTrees"),
    "LR": _linear,
    "NN_TORCH": _network,
    "TEXT_LINEAR": _text_linear,
    "TEXT_NEAREST": _text_nearest,
    "ENCODER": _encoder,
}


def _themselves(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


def _of_defaults(defaults: Mapping[str, Any]) -> LibraryHyperparameter:
    kinds = {name: _kind_of_default(value) for name, value in defaults.items()}
    return LibraryHyperparameter(main=_themselves(kinds), problem=_by_kind(kinds))


def _kind_of_default(value: Any) -> Any:
    """Return the type that a default tells of; None, which is anything, where it tells of none."""
    return type(value) if isinstance(value, bool | int | float | str) and value != "auto" else None


def _parameters(made: Any) -> list[str]:
    found = inspect.signature(made.__init__).parameters.values()
    return [each.name for each in found if each.name != "self" and each.kind != each.VAR_KEYWORD]


def _of_signature(made: Any) -> dict[str, Any]:
    found = inspect.signature(made.__init__).parameters
    return {name: _plain(found[name].annotation) for name in _parameters(made)}


def _plain(annotation: Any) -> Any:
    """Return the plain types that an annotation allows; None where others are among them."""
    if get_origin(annotation) in (Union, UnionType):
        inside = [_plain(each) for each in get_args(annotation)]
        return None if None in inside else tuple(kind for kinds in inside for kind in kinds)
    return (annotation,) if annotation in _PLAIN else None


def _by_kind(kinds: Mapping[str, Any]) -> Check:
    def problem(name: str, value: Scalar) -> str:
        asked = kinds.get(name)
        if asked is None:
            return ""
        allowed = asked if isinstance(asked, tuple) else (asked,)
        if any(_is(value, kind) for kind in allowed):
            return ""
        return f"is {' or '.join(_WORDS[kind] for kind in allowed)}"

    return problem


def _is(value: Scalar, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _constrained(constraints: Mapping[str, Any]) -> LibraryHyperparameter:
    """Return what scikit-learn's own constraints say."""
    from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

    def problem(name: str, value: Scalar) -> str:
        try:
            validate_parameter_constraints(constraints, {name: value}, caller_name="it")
        except InvalidParameterError as error:
            return "is " + str(error).partition(" must be ")[2].partition(" Got ")[0].rstrip(".")
        return ""

    return LibraryHyperparameter(
        main=_themselves(name for name in constraints if name not in _NOT_OURS), problem=problem
    )
