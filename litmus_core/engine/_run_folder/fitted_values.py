"""Fitted models' own hyperparameters, from which their display names are made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._catalog.selection import GROWN, KEPT, family_of_algorithm, title_of
from litmus_core.engine._families.library import STEPS
from litmus_core.engine._families.registry import value_readers
from litmus_core.text import value_code

# A requested value in AutoGluon's name of a model, truncated if long.
_PAIR = re.compile(
    r"(?P<before>-|, )(?P<name>[A-Za-z_][\w.]*)=(?P<value>.*?)"
    r"(?=, [A-Za-z_][\w.]*=|(?:,? and more)?(?:, \d+| no\. \d+)?"
    rf"(?:, (?:{GROWN}|{KEPT}))?(?:_BAG_L\d+)?(?:_FULL)?$)"
)
_LEADING_SEPARATOR = re.compile(
    r"^(?:, | (?=and more))"
)  # left over after a family whose first value is omitted
_UNSAFE = re.compile(r"[^A-Za-z0-9_.=, +-]")
_UNKNOWN = object()
# The maximum number of steps: a fit stops early by itself, and a smaller number matches the request.
_MOST_STEPS = {"num_boost_round", "iterations", "max_iter", "num_epochs", "epochs"}


def reported_values(model: Any) -> dict[str, Any]:
    """Return a fitted AutoGluon model's hyperparameters by name.

    The library object's own values take precedence over those that AutoGluon stores. For a model in folds
    the values are those of all folds: ``(lowest, highest)`` if numbers differ, none if other values differ.
    """
    if hasattr(model, "load_child"):
        return _combined([reported_values(model.load_child(member)) for member in model.models])
    if isinstance(
        reported := getattr(model, "reported", None), dict
    ):  # a custom model, reported by its process
        return reported
    values = {**getattr(model, "params", {}), **getattr(model, "params_trained", {})}
    fitted = getattr(model, "model", None)
    library = type(fitted).__module__.partition(".")[0]
    read = value_readers().get(library)
    return {**values, **(read(fitted, values) if read is not None else {})}


def fitted_title(trainer: Any, name: str) -> str:
    """Return the display name of AutoGluon's model ``name``, with the fitted model's values."""
    if "=" not in name:
        return title_of(name)
    values = _by_requested_name(trainer, name, reported_values(trainer.load_model(name)))

    def with_fitted_value(match_: re.Match[str]) -> str:
        value = values.get(match_["name"], _UNKNOWN)
        if value is _UNKNOWN:
            return ""
        shown = match_["value"] if same_value(match_["value"], value) else _text(value)
        return f"{match_['before']}{match_['name']}={shown}"

    family = name.partition("-")[0]
    return title_of(family + _LEADING_SEPARATOR.sub("-", _PAIR.sub(with_fitted_value, name)[len(family) :]))


def unmet_values(trainer: Any, requested: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each requested value that the fitted model does not have.

    ``requested`` are values by AutoGluon's name of the model, without its suffix.
    """
    for name in trainer.get_model_names():
        if wanted := requested.get(name.split("_BAG_")[0]):
            yield from _mismatches(trainer, name, wanted)


def _mismatches(trainer: Any, name: str, requested: Mapping[str, Any]) -> Iterator[str]:
    values = _by_requested_name(trainer, name, reported_values(trainer.load_model(name)))
    title = fitted_title(trainer, name)
    for one, value in requested.items():
        wanted = f"though {value_code(value)} was asked for."
        if one not in values:
            yield f"{title} was fitted without {one}, {wanted}"
        elif not (same_value(value, values[one]) or _stopped_early(one, value, values)):
            yield f"{title} was fitted with {one}={_text(values[one])}, {wanted}"


def same_value(requested: Any, fitted: Any) -> bool:
    """Return whether two spellings mean the same value.

    >>> same_value("0.05", 0.05000000074505806), same_value(True, "1"), same_value("Lossguide", "lossguide")
    (True, True, True)
    >>> same_value("/models/tiny", "/models/tiny"), same_value("tiny", "/models/tiny")
    (True, True)
    >>> same_value(31, 32), same_value("gini", "entropy"), same_value(None, 0)
    (False, False, False)
    >>> same_value(3, [3]), same_value(3, [3, 4])
    (True, False)
    >>> same_value((64, 32), [64, 32]), same_value("64 32", [64, 32]), same_value([64], [64, 32])
    (True, True, False)
    """
    if isinstance(fitted, list) and isinstance(requested, list | tuple):
        pairs = zip(requested, fitted, strict=False)
        return len(requested) == len(fitted) and all(same_value(*pair) for pair in pairs)
    if isinstance(fitted, list) and len(fitted) > 1 and isinstance(requested, str):
        return requested == _text(fitted)
    if isinstance(fitted, list) and len(fitted) == 1:  # CatBoost turns one column's position into a list
        (fitted,) = fitted
    one, other = _number(requested), _number(fitted)
    if one is not None and other is not None:
        return math.isclose(one, other, rel_tol=1e-6)
    text = str(fitted)
    spellings = (_UNSAFE.sub(" ", spelling).lower() for spelling in (text, text.rpartition("/")[2]))
    return _UNSAFE.sub(" ", str(requested)).lower() in spellings


def _stopped_early(name: str, requested: Any, values: Mapping[str, Any]) -> bool:
    fitted = _number(values[name][-1] if isinstance(values[name], tuple) else values[name])
    most = _number(requested)
    is_most = name in _MOST_STEPS or values.get(STEPS) == name
    return is_most and fitted is not None and most is not None and fitted <= most


def _by_requested_name(trainer: Any, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values by every accepted name."""
    main = list_hyperparameters(family_of_algorithm(name), trainer.problem_type).main
    return values | {alias: values[one] for alias, one in main.items() if one in values}


def _combined(of_folds: list[dict[str, Any]]) -> dict[str, Any]:
    names = of_folds[0].keys() if of_folds else ()
    groups: dict[str, Any] = {}
    for name in names:
        values = [fold.get(name) for fold in of_folds]
        if all(same_value(value, values[0]) for value in values):
            groups[name] = values[0]
        elif all(_number(value) is not None for value in values):
            groups[name] = (min(values, key=_order), max(values, key=_order))
    return groups


def _number(value: Any) -> float | None:
    """Return a number, also from text; True counts as 1."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        value = value.lower() == "true"
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _order(value: Any) -> float:
    return _number(value) or 0.0


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return " to ".join(map(_text, value))
    if isinstance(value, list):
        return " ".join(map(_text, value))
    if isinstance(value, float):
        value = f"{value:.6g}"
    return _UNSAFE.sub(" ", str(value).rpartition("/")[2])
