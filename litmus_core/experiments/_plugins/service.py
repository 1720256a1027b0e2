"""List, trust, check, enable and disable plug-ins, including built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import NotFoundError, UsageError, writing
from litmus_core.experiments._api.task_types import available_task_types
from litmus_core.experiments._context import Context
from litmus_core.experiments._plugins.built_in import built_in_plugins
from litmus_core.plugins import (
    PLUGINS,
    PlugIn,
    PluginDescription,
    PlugInReport,
    PlugInSource,
    PlugInState,
    copy_next_to,
    describe,
    digest_of_file,
    find_plugin,
    find_plugins,
    read_source,
    ready_at,
    register_metrics_of,
)
from litmus_core.types import Point


@dataclass(frozen=True, slots=True)
class PluginsService:
    """The plug-ins of a workspace."""

    context: Context

    def register(self) -> None:
        """Register the workspace's custom metrics in this process. Runs none of their code."""
        register_metrics_of(self.context.workspace.path)

    def list(self, *, built_in: bool = True) -> tuple[PlugIn, ...]:
        """Return the plug-ins of the workspace and of installed packages, followed by ``built_in`` ones.

        Code of untrusted files is not run; they are listed as files, without their plug-ins.
        """
        plugins = find_plugins(self.context.workspace.path)
        self.register()
        return (*plugins, *built_in_plugins()) if built_in else plugins

    def get(self, point: Point, name: str) -> PlugIn:
        """Return the plug-in of that name if it is ready; otherwise raise an error that says why not."""
        return find_plugin(self.context.workspace.path, point, name)

    def task_types(self) -> tuple[PluginDescription, ...]:
        """Return the task types besides the three standard ones: built-in, and of ready plug-ins."""
        return available_task_types(self.context.workspace.path)

    def exporters(self) -> tuple[PluginDescription, ...]:
        """Return the exporters of ready plug-ins."""
        return ready_at(self.context.workspace.path, "exporter")

    def add(self, path: Path | str, *, replaces: bool = False) -> tuple[PlugInReport, ...]:
        """Copy a file into the workspace's ``plugins``, trust it, check its plug-ins, and return the reports.

        Modules that it imports from its folder are copied too. Adding a file means trusting it: its code runs
        from now on. Raises UsageError if ``plugins`` has another file of that name, unless ``replaces``.
        """
        file = self._plugin_file(path)
        describe(file)  # a file without plug-ins, or that cannot be imported, is not copied
        to = PlugInState(self.context.workspace.path).folder
        if file.parent != to.absolute():
            copy_next_to(file, to, replaces=replaces)
        self.trust(to / file.name)
        return self.check_file(to / file.name)

    def create_file(self, name: str, text: str) -> Path:
        """Write a file into the workspace's ``plugins``; raises UsageError if the name is taken."""
        path = self.context.workspace.path / PLUGINS / name
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(text)
            except FileExistsError:
                raise UsageError(
                    f"There is a file {PLUGINS}/{name} already.",
                    hint="Nothing was changed. Rename it, or go on with what it holds.",
                ) from None
        return path

    def source(self, path: Path | str) -> PlugInSource:
        """Return the code that trusting a file trusts: its text, and that of its local imports."""
        return read_source(self._plugin_file(path))

    def trust(self, path: Path | str, *, shown: str = "") -> str:
        """Trust a file of plug-ins and its local imports in their present form; return their hash.

        Later changes must be trusted again. ``shown`` is the hash of the text that the user has read: raises
        UsageError if the file has changed since.
        """
        file = self._plugin_file(path)
        if shown and digest_of_file(file) != shown:
            raise UsageError(
                f"{file.name} was changed after you read it.", hint="Nothing was trusted. Read it again."
            )
        return PlugInState(self.context.workspace.path).trust(file)

    def check(self, name: Path | str) -> tuple[PlugInReport, ...]:
        """Check a file's plug-ins as :meth:`check_file` does, or the plug-in with that name.

        A plug-in may come from the workspace or an installed package. Raises NotFoundError with similar
        names.
        """
        if Path(name).suffix == ".py":
            return self.check_file(name)
        (plugin, *_) = self._plugins_named(str(name))
        if plugin.origin == "installed":
            return (self.check_installed(str(name)),)
        file = Path(plugin.where).name
        return tuple(report for report in self.check_file(file) if report.name == str(name))

    def check_file(
        self, path: Path | str, *, on_progress: Callable[[str], None] = lambda _: None
    ) -> tuple[PlugInReport, ...]:
        """Run the conformance checks of a file's plug-ins in separate processes, and store the results.

        A file of the workspace must be trusted. Raises UsageError if it cannot be imported. ``on_progress``
        is called with sentences about the progress.
        """
        from litmus_core.testing import check_plugin

        file = self._plugin_file(path)
        state = PlugInState(self.context.workspace.path)
        state.check_trusted(file)
        key = digest_of_file(file)
        described = describe(file, home=self.context.workspace.path)
        reports = tuple(
            check_plugin(entry, home=self.context.workspace.path, on_check=_progress(entry.name, on_progress))
            for entry in described
        )
        if file.parent == state.folder.absolute():
            state.store_description(key, described)
            for report in reports:
                state.store_report(key, report)
            self.register()
        return reports

    def check_installed(
        self, name: str, *, on_progress: Callable[[str], None] = lambda _: None
    ) -> PlugInReport:
        """Run the conformance checks of an installed plug-in, and store the result."""
        from litmus_core.testing import check_plugin

        for plugin in find_plugins(self.context.workspace.path):
            if plugin.origin == "installed" and plugin.described is not None and plugin.name == name:
                report = check_plugin(plugin.described, on_check=_progress(name, on_progress))
                PlugInState(self.context.workspace.path).store_report(plugin.key, report)
                return report
        raise NotFoundError(kind="installed plug-in", id=name)

    def enable(self, name: str) -> tuple[PlugIn, ...]:
        """Enable a disabled plug-in; return the plug-ins of that name."""
        for plugin in self._plugins_named(name):
            if plugin.described is not None:
                PlugInState(self.context.workspace.path).enable(plugin.described.point, name)
        self.register()
        return self._plugins_named(name)

    def disable(self, name: str, *, reason: str = "you disabled it") -> tuple[PlugIn, ...]:
        """Disable a plug-in in all its versions; return the plug-ins of that name."""
        for plugin in self._plugins_named(name):
            if plugin.described is not None:
                PlugInState(self.context.workspace.path).disable(plugin.described.point, name, reason=reason)
        self.register()
        return self._plugins_named(name)

    def _plugins_named(self, name: str) -> tuple[PlugIn, ...]:
        plugins = find_plugins(self.context.workspace.path)
        called = tuple(plugin for plugin in plugins if plugin.described is not None and plugin.name == name)
        if not called:
            names = [plugin.name for plugin in plugins if plugin.described is not None]
            raise NotFoundError(kind="plug-in", id=name, names=names, hint="See: litmus plugins list")
        return called

    def _plugin_file(self, path: Path | str) -> Path:
        """Return the absolute path of a file, looked up here, then in the workspace and its ``plugins``."""
        source = Path(path).expanduser()
        home = self.context.workspace.path
        for file in (source, home / source, home / PLUGINS / source):
            if file.is_file():
                copy = home / PLUGINS / source.name  # runs use this copy of the same file
                same = copy.is_file() and copy.read_bytes() == file.read_bytes()
                return (copy if same else file).absolute()
        existing = sorted(entry.name for entry in (home / PLUGINS).glob("*.py"))
        raise UsageError(
            f"There is no file {source}.",
            hint=f"In {home / PLUGINS} there {'are ' + ', '.join(existing) if existing else 'is none yet'}.",
        )


def _progress(name: str, on_progress: Callable[[str], None]) -> Callable[[int, int, str], None]:
    return lambda n_done, n_all, check: on_progress(f"{name}: {n_done} of {n_all} checks made. Now: {check}…")
