"""Write out a class or function of a notebook or script, with all that it needs from there."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import linecache
import math
import re
import symtable
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.objects.current_values import check_current
from litmus_core.plugins import find_module

_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_FILE = "Or put it into a .py file and name it, such as 'my_code.py:{name}'."


def is_local(value: Any) -> bool:
    """Return whether no other process can import a class or function."""
    if isinstance(value, types.ModuleType):
        return value.__name__ == "__main__"
    module = getattr(value, "__module__", "__main__")
    return module == "__main__" or "<locals>" in getattr(value, "__qualname__", "")


def is_unpackaged(value: Any) -> bool:
    """Return whether a class, function or module belongs to no package but to a notebook, script or file."""
    if is_local(value):
        return True
    module = value.__name__ if isinstance(value, types.ModuleType) else value.__module__
    try:
        return find_module(module, Path.cwd()) is not None
    except UsageError:  # compiled into Python
        return False


def source_of(value: type | Callable[..., Any]) -> str:
    """Return the text of a module that defines ``value``, after the imports, constants and helpers it needs.

    ``value`` is a class or function of a notebook cell or of the running script. Raises UsageError for what
    cannot be written out: a lambda, a function inside a function, or one that uses an object of the notebook.
    """
    return _Writer(value).text()


class _Writer:
    """Collects the parts of a module, each once, in the order of their dependencies."""

    def __init__(self, value: Any) -> None:
        self.value, self.name = value, str(getattr(value, "__name__", value))
        self.imports: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self._under_way: set[str] = set()

    def text(self) -> str:
        self._define(self.name, self.value)
        head = f'"""{self.name}, as it was defined in a notebook or script."""'
        blocks = [head, "\n".join(sorted(self.imports.values())), *self.parts.values()]
        return "\n\n".join(filter(None, blocks)) + "\n"

    def _define(self, name: str, value: Any, *, user: str = "") -> None:
        if name in self.parts or name in self._under_way:
            return
        self._under_way.add(name)
        _check_parents(value)
        source = definition_of(value, user=user)
        namespace = vars(sys.modules[value.__module__])
        check_current(value, source, namespace, is_plain=is_written_as_text)
        for used in sorted(_global_names(symtable.symtable(source, self.name, "exec")) - {value.__name__}):
            if used in namespace:
                self._add_name(used, namespace[used], user=name)
                self._import_parts(used, source)
        self.parts[name] = source if name == value.__name__ else f"{source}\n\n\n{name} = {value.__name__}"

    def _add_name(self, name: str, value: Any, *, user: str) -> None:
        """Add a definition or import that gives ``name`` its ``value``, or raise UsageError."""
        if getattr(builtins, name, None) is value:
            return
        if isinstance(value, types.ModuleType) and not is_unpackaged(value):
            self._import(name, f"import {value.__name__}", value.__name__)
        elif isinstance(value, type | types.FunctionType) and is_unpackaged(value):
            self._define(name, value, user=user)
        elif _is_importable(value):
            line = f"from {value.__module__} import {value.__qualname__}"
            self._import(name, line, value.__qualname__)
        elif is_written_as_text(value):
            self.parts.setdefault(name, f"{name} = {value!r}")
        else:
            raise UsageError(
                f"'{user}' uses '{name}', {_type_name(value)} of your notebook, which a run does not have.",
                hint=f"Make it inside '{user}', or give it as an argument. {_FILE.format(name=self.name)}",
            )

    def _import(self, name: str, line: str, original: str) -> None:
        self.imports[name] = line if name == original else f"{line} as {name}"

    def _import_parts(self, name: str, source: str) -> None:
        """Import the submodules that are used through the name of a package, such as ``scipy.stats``."""
        for match in re.finditer(rf"\b{re.escape(name)}((?:\.\w+)+)", source):
            parts = match[0].split(".")
            for end in range(2, len(parts) + 1):
                if (module := ".".join(parts[:end])) in sys.modules:
                    self.imports[module] = f"import {module}"


def _check_parents(value: Any) -> None:
    """Raise UsageError for a class that replaced a parent of its own name: only one can have it."""
    name = value.__name__
    if any(parent.__name__ == name and is_unpackaged(parent) for parent in getattr(value, "__bases__", ())):
        raise UsageError(
            f"'{name}' inherits from an earlier class of the same name, which it replaced.",
            hint="Give one of the two another name.",
        )


def definition_of(value: Any, *, user: str = "") -> str:
    """Return the statement that defines a class or function of a cell or script, with its decorators.

    Of several of its name in a script it is the one at its line. Raises UsageError if there is none: for a
    lambda, for a function inside a function, and without source.
    """
    if "<locals>" in value.__qualname__ or value.__name__ == "<lambda>":
        raise _unwritable(value, user=user)
    for file, line in _places(value):
        lines = linecache.getlines(file)
        for first, last in _definitions(lines, value.__name__, line):
            return "".join(lines[first - 1 : last]).rstrip()
    raise UsageError(
        f"The source of '{value.__name__}' is not available, so a run cannot have it.",
        hint=f"Run the cell that defines it again. {_FILE.format(name=value.__name__)}",
    )


def _places(value: Any) -> Iterator[tuple[str, int]]:
    """Yield files, with a line, that define a function or the methods of a class; line 0 is unknown."""
    members = [value] if isinstance(value, types.FunctionType) else list(vars(value).values())
    for member in members:
        function = getattr(member, "__func__", getattr(member, "fget", member))
        code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
        if code is not None:
            yield code.co_filename, code.co_firstlineno
    file = getattr(sys.modules.get(value.__module__), "__file__", None)
    if file is not None:
        yield file, 0


def _definitions(lines: list[str], name: str, line: int) -> list[tuple[int, int]]:
    """Return the first and last line of the statement of this name at ``line``.

    A line that is in none of them decides only among several: a decorator may lie elsewhere. Line 0 takes the
    last one.
    """
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return []
    n_everywhere, top_level = 0, []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            n_everywhere += 1
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            top_level += [(first, node.end_lineno or first)] if node in tree.body else []
    here = [(first, last) for first, last in top_level if first <= line <= last]
    return here or (top_level[-1:] if n_everywhere == 1 or not line else [])


def _global_names(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a statement reads from outside, without its own variables."""
    is_top = table.get_type() == "module"
    symbols = (symbol for symbol in table.get_symbols() if symbol.is_referenced())
    names = {symbol.get_name() for symbol in symbols if is_top or symbol.is_global()}
    return names.union(*map(_global_names, table.get_children()))


def _is_importable(value: Any) -> bool:
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if not module or not name.isidentifier():
        return False
    try:
        return getattr(importlib.import_module(module), name, None) is value
    except ImportError:
        return False


def is_written_as_text(value: Any) -> bool:
    """Return whether Python reads a value's ``repr`` as the same value: numbers, texts and lists of them."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_written_as_text, value))
    if isinstance(value, dict):
        return all(is_written_as_text(key) and is_written_as_text(item) for key, item in value.items())
    return type(value) in _PLAIN and not (isinstance(value, float) and not math.isfinite(value))


def _type_name(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def _unwritable(value: Any, *, user: str = "") -> UsageError:
    used = f", which '{user}' uses," if user else ""
    if value.__name__ == "<lambda>":
        return UsageError(
            f"A lambda{used} has no name that a run could load it by.",
            hint=f"Write it as a function: def name{inspect.signature(value)}: …",
        )
    return UsageError(
        f"'{value.__name__}'{used} was made inside another function: its source alone is not enough.",
        hint=f"Define it at the top of a cell or script. {_FILE.format(name=value.__name__)}",
    )
