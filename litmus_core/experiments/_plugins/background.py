"""Checking plug-ins in the background: started, listened to, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.plugins import PlugIn

if TYPE_CHECKING:
    from litmus_core.store import Workspace


class PlugInChecking:
    """The part of a Studio that has plug-ins checked by a process that outlives this one."""

    workspace: Workspace

    def start_checking(self, plugin: PlugIn) -> None:
        """Check a plug-in (with its file's others) in the background; BusyError where one is at it."""
        from litmus_core.jobs import start_checking

        start_checking(self.workspace, _job_of(plugin), worker="litmus_core.experiments._plugins.checker")

    def plugin_checking(self, plugin: PlugIn) -> str | None:
        """Return how far the background check of a plug-in is, in a sentence; None where there is none."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.workspace, _job_of(plugin)).said()

    def plugin_checking_problem(self, plugin: PlugIn) -> str:
        """Return why the last background check came to no result; "" where it did."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.workspace, _job_of(plugin)).problem()

    def stop_checking(self, plugin: PlugIn) -> None:
        """End the background check of a plug-in and all that it started; what was known before stays."""
        from litmus_core.jobs import plugin_checks

        plugin_checks(self.workspace, _job_of(plugin)).stop()


def _job_of(plugin: PlugIn) -> str:
    """Return what is checked as a whole: a file of the workspace, or one installed plug-in."""
    return plugin.where if plugin.origin == "workspace" else plugin.name
