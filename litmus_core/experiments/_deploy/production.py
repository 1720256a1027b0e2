"""What is made of a recorded bundle: scored files, each by a process of its own, and further forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from litmus_core.errors import BundleError
from litmus_core.store import Store, Workspace, new_id, utc_now
from litmus_core.types import ScoringJob

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio
    from litmus_core.types import BundleRecord

OutputKind = Literal["csv", "parquet", "sqlite"]


class Production:
    """The part of a Studio that scores files in the background and writes bundles in other forms."""

    workspace: Workspace
    store: Store

    def start_scoring(
        self,
        bundle_id: str,
        source: Path | str,
        *,
        to: Path | str | None = None,
        table: str | None = None,
        kind: OutputKind | None = None,
        for_spreadsheets: bool = False,
    ) -> ScoringJob:
        """Score a file, or a folder of Parquet files, in a process that outlives this one.

        Few are scored at once; the others wait for their turn, in the order in which they were started.
        ``to`` is CSV, Parquet or SQLite by its name; by default it lies in the workspace, and is
        of the ``kind`` asked for, or of the source's own. ``for_spreadsheets`` writes ``'`` before texts of a
        CSV that a spreadsheet would execute.
        Raises UsageError or BundleError for what cannot be begun; what comes later is in the job's message.
        """
        from litmus_core.deploy import check_target
        from litmus_core.jobs import start_scoring

        path = self._bundle_path(bundle_id)
        scoring_id, source = new_id("sc"), Path(source).expanduser().absolute()
        if to is None:
            target = self.workspace.scoring_dir(scoring_id) / _named(source, kind)
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
            created_at=utc_now(),
        )
        return start_scoring(self.workspace, job)

    def scorings(self, bundles: list[BundleRecord] | None = None) -> list[ScoringJob]:
        """Return scorings with how far they are, newest first: all, or those with one of ``bundles``."""
        from litmus_core.jobs import list_scorings

        wanted = None if bundles is None else {bundle.id for bundle in bundles}
        return [job for job in list_scorings(self.workspace) if wanted is None or job.bundle_id in wanted]

    def stop_scoring(self, scoring_id: str) -> ScoringJob:
        """Stop a scoring; what it finished is kept, to go on with."""
        from litmus_core.jobs import stop_scoring

        return stop_scoring(self.workspace, scoring_id)

    def resume_scoring(self, scoring_id: str) -> ScoringJob:
        """Go on with a scoring that was stopped, cut short, or failed."""
        from litmus_core.jobs import resume_scoring

        return resume_scoring(self.workspace, scoring_id)

    def delete_scoring(self, scoring_id: str) -> None:
        """Remove a scoring and what it left in the workspace; an output elsewhere stays."""
        from litmus_core.jobs import delete_scoring

        delete_scoring(self.workspace, scoring_id)

    def export_as(self, bundle_id: str, form: str, to: Path | str) -> Path:
        """Write a bundle in another form and return where.

        ``docker`` or ``mlflow`` is a folder or a .tar, ``onnx`` a file named .onnx, made of the run's model.
        Other names are of plug-ins, which run in a process of their own.
        """
        from litmus_core.deploy import FORMS, write_form
        from litmus_core.plugins import write_with

        if form not in FORMS:
            return write_with(self.workspace.path, form, self._bundle_path(bundle_id), to=Path(to))
        if form == "onnx":
            return cast("Studio", self).export_onnx(self.store.bundle(bundle_id).candidate_id, to)
        return write_form(self._bundle_path(bundle_id), form, to=Path(to))

    def _bundle_path(self, bundle_id: str) -> Path:
        path = Path(self.store.bundle(bundle_id).path)
        if not path.exists():
            raise BundleError(f"The bundle is no longer at {path}.", hint="Export the model again.")
        return path


def _named(source: Path, kind: OutputKind | None) -> str:
    """Return the output's name: ``rows.csv.gz`` gives ``rows-predictions.csv``, a folder Parquet."""
    name = source.name.removesuffix(".gz")
    is_parquet = source.is_dir() or Path(name).suffix.lower() in (".parquet", ".pq")
    return f"{Path(name).stem}-predictions.{kind or ('parquet' if is_parquet else 'csv')}"
