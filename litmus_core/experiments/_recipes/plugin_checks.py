"""Check that a workspace has the plug-ins that a recipe names; nothing runs that is not trusted."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._plugins.built_in import built_in_plugins
from litmus_core.plugins import PLUGINS, PlugIn, PlugInState, find_plugins
from litmus_core.types import PluginRef


class PluginCheck:
    """Raises an error, with the nearest valid thing, for a part that the workspace in ``home`` cannot run."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def _plugins(self) -> Sequence[PlugIn]:
        return [*find_plugins(self._home), *built_in_plugins()]

    def __call__(self, part: PluginRef) -> None:
        where, _, name = part.reference.rpartition(":")
        described = [
            plugin.described
            for plugin in self._plugins
            if plugin.described is not None and plugin.described.reference.rpartition(":")[0] == where
        ]
        is_file = where.startswith(f"{PLUGINS}/")
        if is_file:
            self._check_file(where)
        for one in described:
            if one.name == name:
                one.check_part(part)
                return
        if not is_file or name not in _names_in(self._home / where):
            raise UnknownNameError(
                kind=f"plug-in of {where} called", name=name, names=[one.name for one in described]
            )

    def _check_file(self, where: str) -> None:
        file = self._home / where
        if not file.is_file():
            raise UsageError(
                f"There is no {where} in this workspace.",
                hint=f"Bring the file, then: litmus plugins add {file.name}",
            )
        PlugInState(self._home).check_trusted(file)


def _names_in(file: Path) -> set[str]:
    """Return the names that a file defines or imports at its top: a class without a mark is one of them."""
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names
