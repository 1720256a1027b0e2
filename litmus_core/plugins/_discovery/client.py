"""Find the plug-ins in a file or module: in a child process, with limits."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.plugins._discovery.types import PluginDescription
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._points import NOUNS
from litmus_core.plugins._process.host import PluginProcess, plugin_process
from litmus_core.plugins._trust.digest import digest_of
from litmus_core.plugins._trust.source import PLUGINS, copy_with_siblings, find_module
from litmus_core.types import PluginRef, from_plain

_LIMIT_S = 60.0
_MEMORY_BYTES = 4 << 30
_inspected: dict[PluginRef, PluginRef] = {}  # cache by hash: the same source holds the same plug-ins


def describe(file: Path, *, home: Path | None = None) -> tuple[PluginDescription, ...]:
    """Return the plug-ins that a Python file holds, in order.

    A copy of it, with the sibling files it imports, is imported in a child process: the file must be trusted.
    Files under ``home``/plugins are named relative to it, others by their full path. Raises UsageError with
    the reason and the line of the file if it cannot be imported or used.
    """
    with tempfile.TemporaryDirectory(prefix="litmus-plugins-") as scratch:
        copy_with_siblings(file, Path(scratch))
        digest = digest_of(Path(scratch))
        described = _describe_module(Path(scratch), file.stem, "", file.name)
    where = _reference_of(file.absolute(), home)
    return tuple(
        replace(entry, module=file.stem, sha256=digest, reference=f"{where}:{entry.name}")
        for entry in described
    )


def describe_module(
    module: str, *, name: str = "", base: Path | None = None
) -> tuple[PluginDescription, ...]:
    """Return the plug-ins of an importable module, or the one called ``name``; raises UsageError.

    A module in ``base`` or next to the files on Python's path is treated as its file; one of an installed
    package is imported in a child process as it stands.
    """
    root = find_module(module, base or Path.cwd())
    if root is not None:
        with tempfile.TemporaryDirectory(prefix="litmus-plugins-") as scratch:
            copy_with_siblings(root, Path(scratch))
            described = _describe_module(Path(scratch), module, name, f"{module.replace('.', '/')}.py")
            digest = digest_of(Path(scratch))
    else:
        with tempfile.TemporaryDirectory(prefix="litmus-plugins-") as scratch:
            described, digest = _describe_module(Path(scratch), module, name, module), ""
    return tuple(
        replace(entry, module=module, sha256=digest, reference=f"{module}:{entry.name}")
        for entry in described
    )


def _describe_module(modules: Path, module: str, name: str, subject: str) -> tuple[PluginDescription, ...]:
    request = {"do": "litmus_core.plugins._discovery.worker:describe", "module": module, "only": name}
    try:
        with plugin_process(modules, memory_bytes=_MEMORY_BYTES) as host:
            entries: list[dict[str, Any]] = host.ask(request, timeout_s=_LIMIT_S)["plugins"]
    except PluginFailedError as error:
        raise UsageError(
            f"{subject} cannot be used: {error}.", hint="Nothing was changed. Fix it, then try again."
        ) from None
    if not entries:
        raise UsageError(
            f"{subject} holds no plug-in{f' called {name!r}' if name else ''}.",
            hint="Mark a class or function with a decorator of litmus_core.plugins, such as @preprocessor.",
        )
    return tuple(from_plain(PluginDescription, {**entry, "reference": ""}) for entry in entries)


def inspect_file(parts: Sequence[PluginRef], modules: Path) -> tuple[PluginRef, ...]:
    """Return copied parts with their version, after inspecting each in a child process.

    Raises UsageError for one that is missing or cannot be imported, that is marked for another point, or that
    gets a parameter it does not take. A class without a mark is accepted as it is.
    """
    left = [part for part in parts if part.module and part not in _inspected]
    if left:
        with plugin_process(modules, memory_bytes=_MEMORY_BYTES) as host:
            _inspected.update({part: _inspect_part(part, host) for part in left})
    return tuple(_inspected.get(part, part) for part in parts)


def _inspect_part(part: PluginRef, host: PluginProcess) -> PluginRef:
    subject = f"{NOUNS[part.point]} {part.name}"
    request = {
        "do": "litmus_core.plugins._discovery.worker:inspect_file",
        "module": part.module,
        "name": part.name,
    }
    try:
        entry = host.ask(request, timeout_s=_LIMIT_S)["plugin"]
    except PluginFailedError as error:
        raise UsageError(
            f"Your {subject} cannot be used: {error}.", hint="Nothing was started. Fix it, then try again."
        ) from None
    if entry is None:
        return part
    described = from_plain(PluginDescription, {**entry, "reference": part.reference})
    return replace(part, parameters=described.check_part(part), version=described.version)


def _reference_of(file: Path, home: Path | None) -> str:
    if home is not None and file.parent == (home / PLUGINS).absolute():
        return f"{PLUGINS}/{file.name}"
    return str(file)
