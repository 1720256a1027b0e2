"""Check plug-ins in the background: start, follow, stop."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.plugins import PlugIn


@dataclass(frozen=True, slots=True)
class PluginChecksService:
    """Plug-in checks in a process that outlives this one."""

    context: Context

    def start(self, plugin: PlugIn) -> None:
        """Check a plug-in, with the others of its file, in the background.

        Raises BusyError if that is running already.
        """
        from litmus_core.jobs import plugin_checks

        workspace, subject = self.context.workspace, _job_of(plugin)
        job, busy = plugin_checks(workspace, subject), f"{subject} is being checked already."
        start_work(job, "plugin-checks", subject, context=self.context, busy=busy)

    def progress(self, plugin: PlugIn) -> str | None:
        """Return the progress of the background check as a sentence; None if there is none."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.context.workspace, _job_of(plugin)).status()

    def problem(self, plugin: PlugIn) -> str:
        """Return why the last background check failed; "" if it did not."""
        from litmus_core.jobs import plugin_checks

        return plugin_checks(self.context.workspace, _job_of(plugin)).problem()

    def stop(self, plugin: PlugIn) -> None:
        """End the background check of a plug-in and all its processes; earlier results stay."""
        from litmus_core.jobs import plugin_checks

        plugin_checks(self.context.workspace, _job_of(plugin)).stop()


def _job_of(plugin: PlugIn) -> str:
    """Return the unit of a check: a file of the workspace, or one installed plug-in."""
    return plugin.where if plugin.origin == "workspace" else plugin.name
