"""Reports to forward."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.experiments._context import Context
from litmus_core.experiments._reports.data import data_report
from litmus_core.experiments._reports.facts import facts_of
from litmus_core.store import utc_now


@dataclass(frozen=True, slots=True)
class ReportsService:
    """Reports on a workspace's contents, each a single HTML page."""

    context: Context

    def data(self, version_id: str, *, target: str | None = None) -> str:
        """Return one HTML page on a version: columns, and findings if its checks were run.

        Raises UnknownNameError for an unknown column ``target``.
        """
        return data_report(self.context, version_id, target=target)

    def experiment(self, experiment_id: str, *, run_id: str | None = None) -> str:
        """Return one HTML page on an experiment: verdict, models, diagnosis, and the runs and actions so far.

        It is centred on ``run_id``, or the run with the best model so far. It takes some seconds, because the
        chosen model's predictions are read again. Raises NotFoundError for an unknown experiment, UsageError
        for a run of another one.
        """
        from litmus_core.report import experiment_report

        facts = facts_of(self.context, experiment_id, run_id)
        return experiment_report(facts, created_at=utc_now())
