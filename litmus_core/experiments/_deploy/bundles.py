"""Bundles: candidates exported with all that they need to predict, and files scored with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import BundleError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._deploy.intervals import calibration_of
from litmus_core.experiments._deploy.living import check_undeployed
from litmus_core.experiments._runs.diagnosis import deployed_model, example_rows
from litmus_core.experiments._runs.lock import locked_run
from litmus_core.types import BundleDeleted, BundleExported, BundleRecord

if TYPE_CHECKING:
    from litmus_core.deploy import Form


@dataclass(frozen=True, slots=True)
class BundlesService:
    """The bundles exported from a workspace."""

    context: Context

    def export(
        self, candidate_id: str, *, to: Path | str | None = None, zipped: bool = True, form: Form = "auto"
    ) -> BundleRecord:
        """Export a candidate as a bundle (default: into the workspace's bundles), and record it.

        Some rows of its data are included as examples: validation rows, or training rows if a run with folds
        has no others. Exports of one run wait for each other.
        """
        with locked_run(self.context, self.context.candidate(candidate_id).run_id):
            return _export(self.context, candidate_id, to=to, zipped=zipped, form=form)

    def export_onnx(self, candidate_id: str, to: Path | str) -> Path:
        """Export a candidate as one plain ONNX file, from raw columns to predictions; return its path.

        Raises BundleError with the reason if standard ONNX cannot represent it.
        """
        from litmus_core.deploy import export_onnx

        context = self.context
        candidate = context.candidate(candidate_id)
        with locked_run(context, candidate.run_id):
            run = context.run(candidate.run_id)
            folder, deployed = deployed_model(context, candidate_id)
            return export_onnx(
                folder,
                deployed,
                context.experiment(run.experiment_id),
                rows=example_rows(context, run),
                to=Path(to),
            )

    def export_as(self, bundle_id: str, form: str, to: Path | str) -> Path:
        """Export a bundle in another format and return its path.

        ``docker`` or ``mlflow`` is a folder or a .tar, ``onnx`` a file named .onnx, made from the run's
        model. Other names are exporter plug-ins, which run in a separate process.
        """
        from litmus_core.deploy import FORMS, write_form
        from litmus_core.plugins import write_with

        path = bundle_path(self.context, bundle_id)
        if form not in FORMS:
            return write_with(self.context.workspace.path, form, path, to=Path(to))
        if form == "onnx":
            return self.export_onnx(self.context.store.bundle(bundle_id).candidate_id, to)
        return write_form(path, form, to=Path(to))

    def stored(self, candidate_id: str) -> BundleRecord:
        """Return the newest bundle of a candidate in the workspace; export it if there is none."""
        return self.find_stored(candidate_id) or self.export(candidate_id)

    def find_stored(self, candidate_id: str) -> BundleRecord | None:
        """Return the newest bundle of a candidate in the workspace; None if there is none.

        Not used are bundles outside the workspace, bundles in an explicitly requested form, and those of the
        other model, judged or final.
        """
        is_final = self.context.candidate(candidate_id).is_final_used
        for bundle in self.context.store.bundles():
            is_this = bundle.candidate_id == candidate_id and bundle.is_final == is_final
            if is_this and bundle.form == "auto" and self._is_stored(bundle):
                return bundle
        return None

    def delete(self, bundle_id: str) -> None:
        """Remove a bundle from the workspace; for a bundle exported elsewhere, only its record.

        Raises BusyError while an endpoint answers with it, or may go on or back to it.
        """
        bundle = self.context.store.bundle(bundle_id)
        check_undeployed(self.context, bundle_id)
        self.context.record(BundleDeleted(bundle_id=bundle_id))
        path = Path(bundle.path)
        if self.context.workspace.bundles.resolve() in path.resolve().parents:
            remove_files(path)

    def predict_file(
        self, bundle_id: str, source: Path | str, to: Path | str, *, level: float | None = None
    ) -> int:
        """Score a CSV or Parquet file with a bundle; return the number of rows.

        With a ``level`` each row gets an interval or a label set that holds the truth for that share of rows.
        """
        from litmus_core.deploy import predict_file
        from litmus_core.runtime import load_bundle

        bundle = load_bundle(bundle_path(self.context, bundle_id))
        return predict_file(bundle, Path(source), Path(to), level=level)

    def _is_stored(self, bundle: BundleRecord) -> bool:
        path = Path(bundle.path)
        return path.exists() and path.resolve().parent == self.context.workspace.bundles.resolve()

    def list(self, experiment_id: str | None = None) -> list[BundleRecord]:
        """Return exported bundles (of one experiment), newest first."""
        return self.context.store.bundles(experiment_id)


def bundle_path(context: Context, bundle_id: str) -> Path:
    """Return the path of a bundle. Raises BundleError if it is gone."""
    path = Path(context.store.bundle(bundle_id).path)
    if not path.exists():
        raise BundleError(f"The bundle is no longer at {path}.", hint="Export the model again.")
    return path


def _export(
    context: Context, candidate_id: str, *, to: Path | str | None, zipped: bool, form: Form
) -> BundleRecord:
    from litmus_core.deploy import Origin, export_bundle

    candidate = context.candidate(candidate_id)
    run = context.run(candidate.run_id)
    experiment = context.experiment(run.experiment_id)
    rows = example_rows(context, run)
    target = Path(to) if to is not None else _free_path(context, experiment.name, candidate.id, zipped=zipped)
    folder, deployed = deployed_model(context, candidate_id)
    record = export_bundle(
        folder,
        deployed,
        experiment,
        golden=rows,
        verdict=run.verdict if run.chosen_id == candidate.id else None,
        to=target,
        zipped=zipped,
        form=form,
        origin=Origin(dataset=context.dataset(experiment.task.dataset_version_id), plan=run.plan),
        calibration=calibration_of(context, candidate_id),
    )
    record = replace(record, form=form, is_final=candidate.is_final_used)
    stored = replace(record, path=context.workspace.relative(record.path))
    context.record(BundleExported(bundle=stored))
    return record


def _free_path(context: Context, experiment: str, candidate_id: str, *, zipped: bool) -> Path:
    """Return an unused path in the workspace: the same candidate may be exported again."""
    stem, suffix = f"{_file_stem(experiment)}-{candidate_id}", ".zip" if zipped else ""
    names = chain([stem], (f"{stem}-{again}" for again in count(2)))
    paths = (context.workspace.bundles / f"{name}{suffix}" for name in names)
    return next(path for path in paths if not path.exists())


def _file_stem(name: str) -> str:
    words = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in words.split("-") if part)[:60]


def slug(name: str) -> str:
    """Return an experiment's name as a valid endpoint name; "" if no plain letter is left."""
    return _file_stem("".join(letter if letter.isascii() else "-" for letter in name))[:50].strip("-")
