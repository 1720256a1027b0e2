"""Tables as they are looked at: rows, pages, profiles, the target against each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litmus_core.store import Store, Workspace

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.data import Page, Profile, Relations


class Reading:
    """The part of a Studio that shows what is in a version."""

    workspace: Workspace
    store: Store

    def preview(self, version_id: str, n_rows: int = 100) -> pd.DataFrame:
        """Return the first rows."""
        from litmus_core.data import read_rows

        return read_rows(self.workspace, self.store.dataset_version(version_id), n_rows=n_rows)

    def page_of(
        self,
        version_id: str,
        *,
        offset: int,
        n_rows: int,
        search: str | None = None,
        sort: str | None = None,
        descending: bool = False,
        columns: Sequence[str] | None = None,
    ) -> Page:
        """Return a page of a table's rows, searched or sorted; BusyError when that takes too long."""
        from litmus_core.data import page_of

        return page_of(
            self.workspace,
            self.store.dataset_version(version_id),
            offset=offset,
            n_rows=n_rows,
            search=search,
            sort=sort,
            descending=descending,
            columns=columns,
        )

    def relations(self, version_id: str, target: str) -> Relations:
        """Return the target against each other column: means or classes by ranges and values."""
        from litmus_core.data import relations

        return relations(self.workspace, self.store.dataset_version(version_id), target)

    def profile(self, version_id: str) -> Profile:
        """Return what each column holds: counts, ranges, top values, histogram."""
        from litmus_core.data import profile

        return profile(self.workspace, self.store.dataset_version(version_id))
