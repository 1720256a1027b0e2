"""Checking plug-ins in the background: started, listened to, stopped."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.experiments._context import Context
from litmus_core.plugins import PlugIn


@dataclass(frozen=True, slots=True)
class PluginChecksService:
    """Checks of plug-ins by a process that outlives this one."""

    context: Context

    def start(self, plugin: PlugIn) -> None:
        """Check a plug-in (with its file's others) in the background; BusyError where one is at it."""
        from litmus_core.jobs import start_checking

        start_checking(
            self.context.workspace, _job_of(plugin), worker="litmus_core.experiments._plugins.checker"
        )

    def progress(self, plugin: PlugIn) -> str | None:
        """Return how far the background check of a plug-in is, in a sentence; None where there is none."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.context.workspace, _job_of(plugin)).said()

    def problem(self, plugin: PlugIn) -> str:
        """Return why the last background check came to no result; "" where it did."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.context.workspace, _job_of(plugin)).problem()

    def stop(self, plugin: PlugIn) -> None:
        """End the background check of a plug-in and all that it started; what was known before stays."""
        from litmus_core.jobs import plugin_checks

        plugin_checks(self.context.workspace, _job_of(plugin)).stop()


def _job_of(plugin: PlugIn) -> str:
    """Return what is checked as a whole: a file of the workspace, or one installed plug-in."""
    return plugin.where if plugin.origin == "workspace" else plugin.name
