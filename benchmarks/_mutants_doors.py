"""Every parameter of a public door, dropped: the door does as if its default had been given.

Doors are what ``litmus_core`` offers by name, the handles that it returns, the services of a ``Studio``, and
the commands with the records of options that they take. A function begins with ``name = default``; a class of
fields ends its construction so.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import typer

import litmus_core
import litmus_core.experiments as services
from benchmarks._mutants_copy import ROOT
from benchmarks._mutants_places import Module, Mutant, fingerprint
from litmus_core.cli import _main as commands
from litmus_core.runtime import Predictor

KIND = "parameter"
_RETURNED = (services.TrainingHandle, services.TrainingHandles, services.TrainedCandidate, Predictor)
_SERVICE = "Service"
_FIELD_FACTORY, _FIELD_DEFAULT = "default_factory", "default"


def parameters() -> list[Mutant]:
    """Return the mutants of all doors, each once, in a fixed order."""
    found = {(each.path, each.start, each.text): each for each in _all() if _is_another(each)}
    return [found[key] for key in sorted(found)]


def _is_another(mutant: Mutant) -> bool:
    source = (ROOT / mutant.path).read_bytes()
    return fingerprint(mutant.apply(source)) != fingerprint(source)


def _all() -> Iterator[Mutant]:
    for function in _functions():
        yield from dropped_from_function(*_definition(function))
    for each in (*_classes(), *_records()):
        for home in each.__mro__:
            if is_dataclass(home) and home.__module__.startswith("litmus_core"):
                yield from dropped_from_fields(*_definition(home))


def _classes() -> list[type]:
    named = [getattr(litmus_core, name) for name in litmus_core.__all__]
    of_studio = [getattr(services, name) for name in services.__all__ if name.endswith(_SERVICE)]
    return [*(each for each in named if inspect.isclass(each)), *_RETURNED, *of_studio]


def _functions() -> Iterator[Callable[..., Any]]:
    """Yield functions by name, the public methods of classes, and what the commands call."""
    yield from (
        each for name in litmus_core.__all__ if inspect.isfunction(each := getattr(litmus_core, name))
    )
    for cls in _classes():
        for home in cls.__mro__:
            for name, value in vars(home).items():
                method = getattr(value, "__func__", value)  # of a class method, the function
                is_public = not name.startswith("_") or name in ("__init__", "__call__")
                if inspect.isfunction(method) and is_public and _is_ours(method):
                    yield method
    yield from (each for each in _commands(commands.app) if _is_ours(each))


def _is_ours(function: Callable[..., Any]) -> bool:
    file = inspect.getsourcefile(inspect.unwrap(function))
    return file is not None and Path(file).is_relative_to(ROOT / "litmus_core")


def _commands(app: typer.Typer) -> Iterator[Callable[..., Any]]:
    for command in app.registered_commands:
        if command.callback is not None:
            yield inspect.unwrap(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield from _commands(group.typer_instance)


def _records() -> Iterator[type]:
    """Yield the records whose fields are options of a command (litmus_core/cli/_records.py)."""
    for command in _commands(commands.app):
        hints = get_type_hints(command)
        yield from (each for name, each in hints.items() if name != "return" and is_dataclass(each))


def _definition(thing: Any) -> tuple[Module, Any]:
    """Return the module of a function or class and its definition there."""
    thing = inspect.unwrap(thing)
    file = Path(inspect.getsourcefile(thing) or "")
    module = Module(file.relative_to(ROOT).as_posix(), file.read_bytes(), {})
    _, line = inspect.getsourcelines(thing)
    for node in ast.walk(ast.parse(module.source)):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name != thing.__name__:
            continue
        if line in (node.lineno, *(each.lineno for each in node.decorator_list)):
            return module, node
    raise LookupError(f"{thing!r} is not defined at {file}:{line}")


def dropped_from_function(module: Module, node: ast.FunctionDef) -> Iterator[Mutant]:
    """Yield a mutant for each parameter that can be left out, if the function does anything."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    if not body or (isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)):
        return
    start, _ = module.span(body[0])
    indent = " " * body[0].col_offset
    unused = {each.id for node in body if isinstance(node, ast.Delete) for each in node.targets}
    for name, default in _defaults(module, node.args):
        if name in unused:  # it is there so that every command takes it
            continue
        text = f"{name} = {default}\n{indent}"
        yield Mutant(module.path, body[0].lineno, KIND, start, start, text)


def _defaults(module: Module, given: ast.arguments) -> Iterator[tuple[str, str]]:
    positional = [*given.posonlyargs, *given.args]
    named = positional[len(positional) - len(given.defaults) :]
    pairs = [*zip(named, given.defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    for parameter, default in pairs:
        if default is not None:
            yield parameter.arg, module.text(default)
    if given.vararg is not None:
        yield given.vararg.arg, "()"
    if given.kwarg is not None:
        yield given.kwarg.arg, "{}"


def dropped_from_fields(module: Module, node: ast.ClassDef) -> Iterator[Mutant]:
    """Yield a mutant for each field of a dataclass that has a default."""
    after = next((each for each in node.body if getattr(each, "name", "") == "__post_init__"), None)
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value is not None:
            default = _field_default(module, each.value)
            if default is None:
                continue
            line = f"object.__setattr__(self, {each.target.id!r}, {default})"
            if isinstance(after, ast.FunctionDef):
                start, _ = module.span(after.body[0])
                text = f"{line}\n{' ' * after.body[0].col_offset}"
            else:
                _, start = module.span(node.body[-1])
                method = f"\n\ndef __post_init__(self) -> None:\n    {line}"
                text = textwrap.indent(method, " " * node.body[0].col_offset)
            yield Mutant(module.path, each.lineno, KIND, start, start, text)


def _field_default(module: Module, value: ast.expr) -> str | None:
    if not (isinstance(value, ast.Call) and getattr(value.func, "id", "") == "field"):
        return module.text(value)
    for keyword in value.keywords:
        if keyword.arg == _FIELD_FACTORY:
            return f"({module.text(keyword.value)})()"
        if keyword.arg == _FIELD_DEFAULT:
            return module.text(keyword.value)
    return None
