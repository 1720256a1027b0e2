"""Jobs that score files with a bundle, each in its own process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import bundle_path
from litmus_core.store import new_id, utc_now
from litmus_core.types import BundleRecord, ScoringJob

OutputKind = Literal["csv", "parquet", "sqlite"]


@dataclass(frozen=True, slots=True)
class ScoringsService:
    """File scoring in the background."""

    context: Context

    def start(
        self,
        bundle_id: str,
        source: Path | str,
        *,
        to: Path | str | None = None,
        table: str | None = None,
        kind: OutputKind | None = None,
        for_spreadsheets: bool = False,
        level: float | None = None,
    ) -> ScoringJob:
        """Score a file, or a folder of Parquet files, in a process that outlives this one.

        Only a few run at once; others wait in the order in which they were started. ``to`` is CSV, Parquet or
        SQLite by its name; by default it is a file in the workspace of the requested ``kind``, or of the
        source's. ``for_spreadsheets`` writes ``'`` before texts of a CSV that a spreadsheet would execute.
        With a ``level`` each row gets an interval or a label set that holds the truth for that share of rows.
        Raises UsageError or BundleError if it cannot start; later errors are in the job's message.
        """
        from litmus_core.deploy import check_target
        from litmus_core.jobs import start_scoring

        path = bundle_path(self.context, bundle_id)
        scoring_id, source = new_id("sc"), Path(source).expanduser().absolute()
        if to is None:
            target = self.context.workspace.scoring_dir(scoring_id) / _output_name(source, kind)
        else:
            target = Path(to).expanduser().absolute()
        job = ScoringJob(
            id=scoring_id,
            bundle_id=bundle_id,
            bundle=str(path),
            source=str(source),
            to=str(target),
            table=check_target(source, target, table=table),
            for_spreadsheets=for_spreadsheets,
            level=level,
            created_at=utc_now(),
        )
        return start_scoring(self.context.workspace, job)

    def stop(self, scoring_id: str) -> ScoringJob:
        """Stop a scoring job; finished rows are kept, so that it can be resumed."""
        from litmus_core.jobs import stop_scoring

        return stop_scoring(self.context.workspace, scoring_id)

    def resume(self, scoring_id: str) -> ScoringJob:
        """Resume a scoring job that was stopped, interrupted or failed."""
        from litmus_core.jobs import resume_scoring

        return resume_scoring(self.context.workspace, scoring_id)

    def delete(self, scoring_id: str) -> None:
        """Remove a scoring job and its files in the workspace; an output elsewhere stays."""
        from litmus_core.jobs import delete_scoring

        delete_scoring(self.context.workspace, scoring_id)

    def list(self, bundles: list[BundleRecord] | None = None) -> list[ScoringJob]:
        """Return scoring jobs with their progress, newest first: all, or those with one of ``bundles``."""
        from litmus_core.jobs import list_scorings

        wanted = None if bundles is None else {bundle.id for bundle in bundles}
        return [
            job for job in list_scorings(self.context.workspace) if wanted is None or job.bundle_id in wanted
        ]


def _output_name(source: Path, kind: OutputKind | None) -> str:
    """Return the output's name: ``rows-predictions.csv`` for ``rows.csv.gz``, Parquet for a folder."""
    name = source.name.removesuffix(".gz")
    is_parquet = source.is_dir() or Path(name).suffix.lower() in (".parquet", ".pq")
    return f"{Path(name).stem}-predictions.{kind or ('parquet' if is_parquet else 'csv')}"
