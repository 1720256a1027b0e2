"""Read the plug-in marks of a module. Runs in a child process, since it imports custom code."""

from __future__ import annotations

import importlib
import inspect
import math
import types
import typing
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from litmus_core.connectors import SCHEMES
from litmus_core.plugins._decorators import MARK, Mark, Range
from litmus_core.plugins._discovery.types import ParameterKind, PluginParameter
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._points import NOUNS
from litmus_core.task_types import get_task_type

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext
    from litmus_core.types import Point

# The methods that each point needs; at points that accept a function, the function itself.
_METHODS: dict[Point, tuple[str, ...]] = {
    "preprocess": ("transform",),
    "algorithm": ("fit",),
    "postprocess": ("apply",),
    "metric": (),
    "data_source": ("read",),
    "task_type": ("encode", "decode"),
    "exporter": ("write",),
    "hook": (),
    "action": ("propose",),
    "certificate_line": ("check",),
}
_HOOK_METHODS = ("on_run_start", "on_stage", "on_candidate", "on_verdict", "on_run_end")
_KINDS: dict[Any, ParameterKind] = {bool: "bool", int: "int", float: "float", str: "text"}
# How many arguments Litmus passes to a function.
_N_ARGUMENTS = {"metric": 2, "data_source": 1}


def describe(context: WorkerContext, *, module: str, only: str = "") -> dict[str, Any]:
    """Import the module and return its plug-ins (or the one called ``only``) as JSON, in order."""
    del context
    marked = [
        (name, value)
        for name, value in _marked_objects(importlib.import_module(module))
        if only in ("", name)
    ]
    return {"plugins": [_plugin(name, value) for name, value in marked]}


def inspect_file(context: WorkerContext, *, module: str, name: str) -> dict[str, Any]:
    """Import a class or function and return its description as JSON; None if it has no mark."""
    del context
    imported = importlib.import_module(module)
    if not hasattr(imported, name):
        near = get_close_matches(name, [var for var in vars(imported) if not var.startswith("_")], n=1)
        raise PluginFailedError(
            f"{module}.py has no '{name}'{f' (did you mean {near[0]!r}?)' if near else ''}"
        )
    value = getattr(imported, name)
    if not isinstance(vars(value).get(MARK) if hasattr(value, "__dict__") else None, Mark):
        return {"plugin": None}
    return {"plugin": _plugin(name, value)}


def _plugin(name: str, value: Any) -> dict[str, Any]:
    from litmus_core.types import to_plain

    description, parameters = _description(name, value), _parameters(name, value)
    _check_columns(name, vars(value)[MARK], parameters)
    return {**description, "parameters": to_plain(parameters)}


def _marked_objects(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        mark = vars(value).get(MARK) if hasattr(value, "__dict__") else None
        if isinstance(mark, Mark) and getattr(value, "__module__", None) == module.__name__:
            yield name, value


def _description(name: str, value: Any) -> dict[str, Any]:
    mark: Mark = vars(value)[MARK]
    _check(name, value, mark)
    text = inspect.getdoc(value) or ""
    return {
        "point": mark.point,
        "name": name,
        "title": mark.title or (text.splitlines()[0].rstrip(".") if text else name),
        "when": mark.when,
        "version": mark.version,
        "facts": {**_plain_facts(name, mark), **_inspected_facts(value, mark)},
    }


def _inspected_facts(value: Any, mark: Mark) -> dict[str, Any]:
    """Return facts from inspection: whether it is a function, and which methods a hook has."""
    if mark.point == "hook":
        return {"words": [word for word in _HOOK_METHODS if hasattr(value, word)]}
    return {"is_function": inspect.isfunction(value)}


def _check(name: str, value: Any, mark: Mark) -> None:
    subject = f"the {NOUNS[mark.point]} {name}"
    is_function = inspect.isfunction(value)
    if is_function and mark.point not in _N_ARGUMENTS:
        raise PluginFailedError(f"{subject} is a function; write a class")
    if not is_function and not inspect.isclass(value):
        raise PluginFailedError(f"{subject} is neither a class nor a function")
    if inspect.isclass(value):
        if mark.point == "metric":
            raise PluginFailedError(f"{subject} is a class; write a function score(truth, answer)")
        for word in _METHODS[mark.point]:
            if not callable(getattr(value, word, None)):
                raise PluginFailedError(f"{subject} has no {word}")
        if mark.point == "hook" and not any(hasattr(value, word) for word in _HOOK_METHODS):
            raise PluginFailedError(f"{subject} has none of {', '.join(_HOOK_METHODS)}")


def _plain_facts(name: str, mark: Mark) -> dict[str, Any]:
    facts = dict(mark.facts)
    prefix = facts.get("prefix")
    if prefix is not None and (not isinstance(prefix, str) or not prefix.endswith("://")):
        raise PluginFailedError(
            f"the prefix of the data source {name} is {prefix!r}; write one such as shop://"
        )
    if prefix is not None and prefix.removesuffix("://").lower() in SCHEMES:
        raise PluginFailedError(f"Litmus reads {prefix} itself: give the data source {name} another prefix")
    for bound in ("low", "high"):
        if facts.get(bound) is not None and not math.isfinite(facts[bound]):
            facts[bound] = None
    return {key: list(value) if isinstance(value, tuple) else value for key, value in facts.items()}


def _check_columns(name: str, mark: Mark, parameters: Sequence[PluginParameter]) -> None:
    """Refuse a task type that predicts labels, or whose ``columns`` are not text parameters."""
    keywords, group = mark.facts.get("columns", ()), mark.facts.get("group", "")
    if group and group not in keywords:
        raise PluginFailedError(f"the task type {name} groups by {group}, which is not among its columns")
    if keywords and get_task_type(mark.facts["base"]).has_classes:
        raise PluginFailedError(f"the task type {name} reads columns, which only one of regression may")
    texts = {parameter.name for parameter in parameters if isinstance(parameter.default, str)}
    for keyword in keywords:
        if keyword not in texts:
            raise PluginFailedError(
                f"the task type {name} has no parameter {keyword} that names a column, such as {keyword}: str"
            )


def _parameters(name: str, value: Any) -> list[PluginParameter]:
    mark: Mark = vars(value)[MARK]
    maker = value.__init__ if inspect.isclass(value) else value
    if maker is object.__init__ or not inspect.isfunction(maker):
        return []
    n_skipped = 1 if inspect.isclass(value) else _N_ARGUMENTS.get(mark.point, 0)
    try:
        hints = typing.get_type_hints(maker, include_extras=True)
    except Exception as error:
        raise PluginFailedError(f"an annotation of {name} cannot be read: {error}") from error
    signature = list(inspect.signature(maker).parameters.values())[n_skipped:]
    wanted = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [
        _parameter(parameter, hints.get(parameter.name), name)
        for parameter in signature
        if parameter.kind in wanted
    ]


def _parameter(one: inspect.Parameter, hint: Any, owner: str) -> PluginParameter:
    if one.default is inspect.Parameter.empty:
        raise PluginFailedError(f"the parameter {one.name} of {owner} has no default")
    bounds = Range()
    note_text = ""
    if typing.get_origin(hint) is typing.Annotated:
        hint, *notes = typing.get_args(hint)
        bounds = next((note for note in notes if isinstance(note, Range)), bounds)
        note_text = next((note for note in notes if isinstance(note, str)), "")
    hint, optional = _without_none(hint)
    if hint is None and one.default is not None:
        hint = type(one.default)
    choices: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Literal:
        kind: ParameterKind = "choice"
        choices = typing.get_args(hint)
    elif hint in _KINDS:
        kind = _KINDS[hint]
    else:
        raise PluginFailedError(
            f"the parameter {one.name} of {owner} is annotated as neither bool, int, float, str nor Literal"
        )
    parameter = PluginParameter(
        name=one.name,
        kind=kind,
        default=one.default,
        low=bounds.low,
        high=bounds.high,
        choices=choices,
        help=note_text,
        optional=optional or one.default is None,
    )
    _check_default(parameter, owner)
    return parameter


def _check_default(parameter: PluginParameter, owner: str) -> None:
    from litmus_core.errors import UsageError

    try:
        parameter.read(parameter.default, of=owner)
    except UsageError as error:
        raise PluginFailedError(f"the default of {owner} is not valid: {error.message.rstrip('.')}") from None


def _without_none(hint: Any) -> tuple[Any, bool]:
    """Return an annotation without None, and whether it allows None."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint, False
    left = [arg for arg in typing.get_args(hint) if arg is not type(None)]
    return (left[0] if len(left) == 1 else hint), len(left) < len(typing.get_args(hint))
