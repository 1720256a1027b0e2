"""Reports to forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from litmus_core.errors import UnknownNameError
from litmus_core.store import Store, Workspace, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from litmus_core.data import Profile
    from litmus_core.experiments._studio import Studio
    from litmus_core.types import CheckReport


class Reporting:
    """The part of a Studio that writes reports."""

    workspace: Workspace
    store: Store

    if TYPE_CHECKING:
        profile: Callable[[str], Profile]
        findings: Callable[[str, str | None], CheckReport | None]

    def data_report(self, version_id: str, *, target: str | None = None) -> str:
        """Return one HTML page on a version: columns, and the findings where its checks were made.

        Raises UnknownNameError where there is no column ``target``.
        """
        from litmus_core.report import data_report

        version = self.store.dataset_version(version_id)
        if target is not None and target not in version.column_names:
            raise UnknownNameError(kind="column", name=target, known=version.column_names)
        return data_report(
            version,
            self.profile(version_id),
            self.findings(version_id, target),
            made_at=utc_now(),
        )

    def experiment_report(self, experiment_id: str, *, run_id: str | None = None) -> str:
        """Return one HTML page on an experiment to forward: verdict, models, diagnosis, what was tried.

        It leads with ``run_id``, or the latest run that has a verdict. It takes some seconds: the chosen
        model's answers are read again. Raises NotFoundError where there is no such experiment, UsageError for
        a run of another one.
        """
        from litmus_core.experiments._experiment_report import facts_of
        from litmus_core.report import experiment_report

        facts = facts_of(cast("Studio", self), experiment_id, run_id)
        return experiment_report(facts, made_at=utc_now())
