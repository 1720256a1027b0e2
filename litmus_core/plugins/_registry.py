"""Find the plug-ins in a workspace's ``plugins`` and in installed packages, with each one's state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import is_built_in
from litmus_core.plugins._discovery.client import describe, describe_module
from litmus_core.plugins._discovery.types import PluginDescription
from litmus_core.plugins._metrics import CustomMetric, register_custom_metrics
from litmus_core.plugins._points import NOUNS
from litmus_core.plugins._report import PlugInReport
from litmus_core.plugins._trust.source import PLUGINS, digest_of_file
from litmus_core.plugins._trust.state import PlugInState
from litmus_core.runtime import step_specs
from litmus_core.types import PluginRef, Point

GROUP = "litmus.plugins"
Readiness = Literal[
    "ready", "not trusted", "not checked", "failed its checks", "disabled", "broken", "two with the same name"
]
Origin = Literal["workspace", "installed", "built in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """A plug-in and its state, or a file whose plug-ins are not known yet (``described`` None).

    ``where`` is its file or package. ``key`` is the hash (or package and version) that its state is stored
    under. ``reason`` says why it is not ready.
    """

    origin: Origin
    where: str
    state: Readiness
    key: str = ""
    reason: str = ""
    described: PluginDescription | None = None
    report: PlugInReport | None = None

    @property
    def name(self) -> str:
        """Its name, or its file's name while it is not known."""
        return self.where if self.described is None else self.described.name


def find_plugins(home: Path) -> tuple[PlugIn, ...]:
    """Return the plug-ins of the workspace in ``home`` and of installed packages, by file and order.

    Runs nothing from an untrusted file.
    """
    state = PlugInState(home)
    plugins = [plugin for file in state.files() for plugin in _file_plugins(file, state)]
    plugins += [
        plugin for entry in metadata.entry_points(group=GROUP) for plugin in _package_plugins(entry, state)
    ]
    return tuple(_without_clashes(plugins))


def find_plugin(home: Path, point: Point, name: str) -> PlugIn:
    """Return the enabled plug-in of that name at a point.

    Raises UnknownNameError with the nearest name, or UsageError that says why it cannot be used.
    """
    plugins = find_plugins(home)
    of_point = [
        plugin for plugin in plugins if plugin.described is not None and plugin.described.point == point
    ]
    named = [plugin for plugin in of_point if plugin.name == name]
    ready = [plugin for plugin in named if plugin.state == "ready"]
    if ready:
        return ready[0]
    if named:
        raise UsageError(
            f"The {NOUNS[point]} '{name}' of {named[0].where} cannot be used: {named[0].reason}.",
            hint=_hint(named[0]),
        )
    error = UnknownNameError(kind=NOUNS[point], name=name, names=[plugin.name for plugin in of_point])
    error.hint = f"{error.hint} {untrusted_message(home)}".strip()
    raise error


def untrusted_message(home: Path) -> str:
    """Name the untrusted files that may hold an unknown plug-in; "" if there are none."""
    waiting = _untrusted_files(home)
    return f"Not trusted yet: {', '.join(waiting)}." if waiting else ""


def _untrusted_files(home: Path) -> list[str]:
    return [plugin.where for plugin in find_plugins(home) if plugin.state == "not trusted"]


def disable_part(home: Path, part: PluginRef, reason: str) -> None:
    """Disable the current version of a part that failed in a run, until it is fixed.

    A part that is neither in the workspace's ``plugins`` nor installed is not disabled.
    """
    for plugin in find_plugins(home):
        described = plugin.described
        if described is not None and (described.point, described.name) == (part.point, part.name):
            PlugInState(home).disable(part.point, part.name, reason=reason, key=plugin.key)


def resolve_part(home: Path, part: PluginRef) -> PluginRef:
    """Return a part named by a plug-in's bare name with that plug-in's full reference.

    Others are unchanged: they name a file or module, or are built in, even if a plug-in has the same name.
    """
    if ":" in part.reference or _is_step(part.point, part.reference):
        return part
    for plugin in find_plugins(home):
        described = plugin.described
        if described is not None and (described.point, described.name) == (part.point, part.reference):
            ready = find_plugin(home, part.point, part.reference).described
            return part if ready is None else replace(part, reference=ready.reference)
    return part


def register_metrics_of(home: Path) -> None:
    """Register the workspace's custom metrics in this process: the enabled ones, and those that earlier
    verdicts used. Runs none of their code.
    """
    state = PlugInState(home)
    present = {digest for file in state.files() if (digest := _digest(file))}
    metrics: dict[str, CustomMetric] = {}
    for key, plugins in state.descriptions().items():
        for described in plugins:
            if described.point != "metric" or (described.name in metrics and key not in present):
                continue
            plugin = PlugIn(origin="workspace", where="", state="ready", key=key, described=described)
            offered = key in present and _with_check_result(plugin, state).state == "ready"
            folder = state.folder_of(key)
            metrics[described.name] = CustomMetric(described=described, folder=folder, offered=offered)
    register_custom_metrics(metrics.values(), untrusted=partial(_untrusted_files, home))


def _digest(file: Path) -> str:
    try:
        return digest_of_file(file)
    except UsageError:  # the list says that it is broken
        return ""


def is_installed_plugin(reference: str) -> bool:
    """Return whether an installed package offers ``module:Name`` as a plug-in. Imports nothing of it."""
    module, _, name = reference.rpartition(":")
    return any(
        entry.module == module and entry.attr in ("", name) for entry in metadata.entry_points(group=GROUP)
    )


def ready_at(home: Path, point: Point) -> tuple[PluginDescription, ...]:
    """Return the enabled plug-ins of a point."""
    described = [plugin.described for plugin in find_plugins(home) if plugin.state == "ready"]
    return tuple(entry for entry in described if entry is not None and entry.point == point)


def _hint(plugin: PlugIn) -> str:
    if plugin.state == "two with the same name":
        return "Give one of them another name."
    if plugin.state == "disabled":
        return f"Once it is fixed: litmus plugins enable {plugin.name}"
    return f"See: litmus plugins check {plugin.where}"


def _file_plugins(file: Path, state: PlugInState) -> Iterator[PlugIn]:
    where = f"{PLUGINS}/{file.name}"
    try:
        key = digest_of_file(file)
        if not state.is_trusted(key):
            reason = "it is not trusted: nothing of it was run"
            yield PlugIn(origin="workspace", where=where, state="not trusted", key=key, reason=reason)
            return
        described = state.description(key)
        if described is None:
            described = describe(file, home=state.home)
            state.store_description(key, described)
    except UsageError as error:
        yield PlugIn(origin="workspace", where=where, state="broken", reason=error.message.rstrip("."))
        return
    for entry in described:
        yield _with_check_result(
            PlugIn(origin="workspace", where=where, state="ready", key=key, described=entry), state
        )


def _package_plugins(entry: metadata.EntryPoint, state: PlugInState) -> Iterator[PlugIn]:
    """Yield the plug-ins of a package's entry point: a module, or one plug-in in it; all are trusted."""
    package = entry.dist.name if entry.dist else entry.module
    version = entry.dist.version if entry.dist else ""
    key = f"{package}=={version}-{entry.value}"
    try:
        described = state.description(key)
        if described is None:
            entries = describe_module(entry.module, name=entry.attr)
            described = tuple(replace(one, version=version or one.version) for one in entries)
            state.store_description(key, described)
    except UsageError as error:
        yield PlugIn(origin="installed", where=package, state="broken", reason=error.message.rstrip("."))
        return
    for plugin in described:
        yield _with_check_result(
            PlugIn(origin="installed", where=package, state="ready", key=key, described=plugin), state
        )


def _with_check_result(plugin: PlugIn, state: PlugInState) -> PlugIn:
    described = plugin.described
    if described is None:
        return plugin
    report = state.report(plugin.key, described.point, described.name)
    why = state.disabled_reason(described.point, described.name, key=plugin.key)
    if why:
        return replace(plugin, state="disabled", reason=why, report=report)
    if report is None:
        return replace(plugin, state="not checked", reason="its checks were not made yet")
    if not report.passed:
        return replace(plugin, state="failed its checks", reason=report.reason.rstrip("."), report=report)
    return replace(plugin, report=report)


def _without_clashes(plugins: Sequence[PlugIn]) -> Iterator[PlugIn]:
    """Mark plug-ins that share a name at one point: the name would be ambiguous."""
    for plugin in plugins:
        if _is_built_in(plugin):
            reason = f"Litmus itself has a {_noun(plugin)} called '{plugin.name}'"
            yield replace(plugin, state="two with the same name", reason=reason)
            continue
        namesakes = [one for one in plugins if one.described is not None and _same_name(one, plugin)]
        if len(namesakes) < 2 or plugin.described is None:
            yield plugin
            continue
        places = " and ".join(dict.fromkeys(namesake.where for namesake in namesakes))
        noun = NOUNS[plugin.described.point]
        reason = f"{places} both have a {noun} called '{plugin.name}'"
        yield replace(plugin, state="two with the same name", reason=reason)


def _is_built_in(plugin: PlugIn) -> bool:
    described = plugin.described
    if described is None:
        return False
    is_metric = described.point == "metric" and is_built_in(described.name)
    return is_metric or _is_step(described.point, described.name)


def _is_step(point: Point, name: str) -> bool:
    return point == "postprocess" and name in (spec.reference for spec in step_specs())


def _noun(plugin: PlugIn) -> str:
    return NOUNS[plugin.described.point] if plugin.described else "plug-in"


def _same_name(one: PlugIn, other: PlugIn) -> bool:
    if one.described is None or other.described is None:
        return False
    return (one.described.point, one.described.name) == (other.described.point, other.described.name)
