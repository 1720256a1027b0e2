"""Each parameter of a service's methods changes what the floors below are asked, or what comes back.

The method runs on a stand-in, and all of Litmus that it calls is one: it is run without the parameter, and
with it.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest

from litmus_core import Studio, experiments

_OF_THIS_CALL = re.compile(r"\d{9,}|0x[0-9a-f]+|(sc|ex|run)_\w+")


class World(MagicMock):
    """A stand-in of everything, with one thing in each list of it."""

    def _get_child_mock(self, **given: Any) -> MagicMock:
        child = super()._get_child_mock(**given)
        if not str(given.get("name")).startswith("__"):
            child.__iter__.side_effect = lambda: iter([child.one])
        return child


def methods() -> Iterator[FunctionType]:
    services = [each for name, each in vars(experiments).items() if name.endswith("Service")]
    for home in (Studio, *services):
        for name, method in vars(home).items():
            if isinstance(method, FunctionType) and not name.startswith("_"):
                yield method


def defaults(method: FunctionType) -> list[inspect.Parameter]:
    found = inspect.signature(method).parameters.values()
    return [each for each in found if each.default is not inspect.Parameter.empty]


def cases() -> list[Any]:
    return [
        pytest.param(method, each, id=f"{method.__qualname__} {each.name}")
        for method in methods()
        for each in defaults(method)
    ]


def stand_in(patch: pytest.MonkeyPatch, world: MagicMock, method: FunctionType) -> None:
    """Let what the method calls of Litmus be a part of the world, wherever it is imported."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                module = import_module(str(node.module))
                value = getattr(module, each.name, None) or import_module(f"{node.module}.{each.name}")
                if is_asked(value):
                    patch.setattr(module, each.name, getattr(world, each.name))
    for name, value in method.__globals__.items():
        if is_asked(value):
            patch.setitem(method.__globals__, name, getattr(world, name))


def is_asked(value: Any) -> bool:
    """Return whether something is of Litmus and does something: no error and no fact."""
    if isinstance(value, type) and issubclass(value, Exception):
        return False
    home = getattr(value, "__module__", None) or getattr(value, "__name__", "")
    return home.startswith("litmus_core") and isinstance(value, FunctionType | ModuleType | type)


def heard(method: FunctionType, **said: Any) -> str:
    """Run a method; return what it asked, gave back, and how it ended."""
    world = World()
    world.check.return_value, world.stored_report.return_value, world._watch = (), None, None
    world.library.find_text.return_value = ("the text", 1)
    world.context.store.bundle.return_value.path = "."
    actions = world.stored.return_value.actions
    actions.__iter__.side_effect = lambda: iter([actions.one, actions.other])
    actions.one.key, actions.other.key = "needed", "some"
    stats = world.endpoint_stats.return_value
    stats.previous, world._is_return.return_value = stats.versions.one.number, False
    plugin = world.find_plugins.return_value.one
    plugin.origin, plugin.name = "installed", "needed"
    required = [
        each.name
        for each in list(inspect.signature(method).parameters.values())[1:]
        if each.default is inspect.Parameter.empty and each.kind is not each.VAR_POSITIONAL
    ]
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch, world, method)
        try:
            ended = method(
                world,
                **{each: getattr(world, each) if each == "task" else "needed" for each in required},
                **said,
            )
            ended = list(ended) if inspect.isgenerator(ended) else ended
        except Exception as error:  # noqa: BLE001 - of stand-ins
            ended = error
    return _OF_THIS_CALL.sub("", f"{[str(each) for each in world.mock_calls]} {ended!r}")


@cache
def heard_without(method: FunctionType) -> str:
    """Return what a method asks that is given nothing but what it needs."""
    return heard(method)


@pytest.mark.parametrize(("method", "parameter"), cases())
def test_a_parameter_is_heard(method, parameter):
    default = parameter.default
    value = not default if isinstance(default, bool) else 77 if isinstance(default, int | float) else "some"

    assert heard(method, **{parameter.name: value}) != heard_without(method)


@pytest.mark.parametrize(
    "method", [each for each in methods() if defaults(each)], ids=lambda it: it.__qualname__
)
def test_a_method_that_is_given_the_same_does_the_same(method):
    """So that what differs above differs by the parameter."""
    assert heard(method) == heard_without(method)
