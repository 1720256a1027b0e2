"""Reports to forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.store import Store, Workspace, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from litmus_core.data import Profile
    from litmus_core.types import CheckReport


class Reporting:
    """The part of a Studio that writes reports."""

    workspace: Workspace
    store: Store

    if TYPE_CHECKING:
        profile: Callable[[str], Profile]
        findings: Callable[[str, str | None], CheckReport | None]

    def data_report(self, version_id: str, *, target: str | None = None) -> str:
        """Return one HTML page on a version: columns, and the findings where its checks were made."""
        from litmus_core.report import data_report

        return data_report(
            self.store.dataset_version(version_id),
            self.profile(version_id),
            self.findings(version_id, target),
            made_at=utc_now(),
        )
