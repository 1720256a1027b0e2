"""Reports to forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from litmus_core.errors import UnknownNameError
from litmus_core.store import Store, Workspace, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from litmus_core.data import Profile
    from litmus_core.experiments._studio import Studio
    from litmus_core.metrics import PairedDifference
    from litmus_core.types import CheckReport


class Reporting:
    """The part of a Studio that writes reports and holds experiments against each other."""

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

        It leads with ``run_id``, or the run whose model is the best so far. It takes some seconds: the chosen
        model's answers are read again. Raises NotFoundError where there is no such experiment, UsageError for
        a run of another one.
        """
        from litmus_core.experiments._report_facts import facts_of
        from litmus_core.report import experiment_report

        facts = facts_of(cast("Studio", self), experiment_id, run_id)
        return experiment_report(facts, made_at=utc_now())

    def why_not_paired(self, left_id: str, right_id: str) -> str:
        """Say why two experiments' scores cannot be held against each other row by row; "" where they can."""
        from litmus_core.experiments._runs.experiment_comparison import why_apart

        return why_apart(self.store.experiment(left_id).task, self.store.experiment(right_id).task)

    def paired_difference(self, left_id: str, right_id: str) -> PairedDifference:
        """Return how much better the first experiment's chosen model is than the second's, row by row.

        Both answer the test rows that they share again (seconds): their scores were looked at when they were
        judged, so this is no new look. Raises UsageError in words where they do not share them, NotFoundError
        where one has no verdict or its files are gone.
        """
        from litmus_core.experiments._runs.experiment_comparison import paired

        return paired(cast("Studio", self), left_id, right_id)
