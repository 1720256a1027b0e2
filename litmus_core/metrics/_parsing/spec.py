"""A metric by name and parameters, in Python or as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.metrics._costs import CostTable

_FORM = "Write a name such as accuracy, or with a parameter: coverage_at_precision(precision=0.85)."
_TEXT = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*", re.DOTALL)
_KEY = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*")
_NEXT = re.compile(r"\s*(,|$)\s*")
_SHORT = re.compile(r"[-+]?\.\d+(?:[eE][-+]?\d+)?")


class MetricSpec:
    """A metric by its name and parameters; ``litmus_core.Metric`` is this class.

    ``str`` gives the text that names it everywhere: on the command line, in a task, in a bar. Parameters are
    checked when it is used.

    >>> print(MetricSpec("coverage_at_precision", precision=0.85))
    coverage_at_precision(precision=0.85)
    >>> print(MetricSpec("cost", table={"no": {"yes": 1}, "yes": {"no": 20}}))
    cost(table={"no":{"yes":1},"yes":{"no":20}})
    >>> print(MetricSpec("worth", kind="net"))
    worth(kind="net")
    """

    def __init__(self, name: str, /, **parameters: Any) -> None:
        self.name = name
        self.parameters = parameters

    def __str__(self) -> str:
        return metric_text(self.name, self.parameters)

    def __repr__(self) -> str:
        return f"Metric({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MetricSpec) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def metric_text(name: str, parameters: Mapping[str, Any]) -> str:
    """Return the text that names a metric; parameters that are None are left out."""
    arguments = [f"{key}={_value_text(value)}" for key, value in parameters.items() if value is not None]
    return f"{name}({','.join(arguments)})" if arguments else name


def split_text(text: str) -> tuple[str, dict[str, Any]]:
    """Return the name and the parameters in ``text``; raises UsageError for an invalid form.

    >>> split_text("top_k_accuracy(k=3)"), split_text("precision_at_recall(recall=.8)")
    (('top_k_accuracy', {'k': 3}), ('precision_at_recall', {'recall': 0.8}))
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise UsageError(f"'{text}' is not a metric.", hint=_FORM)
    return match[1], _parameters(match[2] or "", text)


def _parameters(inside: str, text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    at, end = 0, len(inside.rstrip())
    while at < end:
        key = _KEY.match(inside, at)
        if key is None:
            raise UsageError(
                f"'{inside[at:].strip()}' in '{text}' is not a parameter and its value.", hint=_FORM
            )
        if key[1] in values:
            raise UsageError(f"'{text}' gives {key[1]} twice.", hint="Give it once.")
        values[key[1]], at = _value(inside, key.end(), text)
        follows = _NEXT.match(inside, at)
        if follows is None:
            raise UsageError(f"'{text}' cannot be read from '{inside[at:].strip()}' on.", hint=_FORM)
        at = follows.end()
    return values


def _value(inside: str, at: int, text: str) -> tuple[Any, int]:
    if short := _SHORT.match(inside, at):  # .5, which is not valid JSON
        return float(short[0]), short.end()
    try:
        value, end = json.JSONDecoder().raw_decode(inside, at)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"'{inside[at:].strip()}' in '{text}' is neither a number nor a table.", hint=_FORM
        ) from error
    return value, end


def _value_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(CostTable.read(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
