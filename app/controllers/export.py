"""The Export page's bundles, endpoints and scorings."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

from app import model_cache, services, state
from app.controllers.endpoints import (
    EndpointsController,
    call_endpoint,
    certification,
    endpoint_views,
    refusal,
)
from app.controllers.outcomes import OutcomesController
from app.presenters.shipping.bundle_forms import OTHER_FORMS, form_path
from app.presenters.shipping.certificate import (
    CertificateView,
    EnvironmentView,
    present_certificate,
    present_environment,
)
from app.presenters.shipping.export import (
    ExportView,
    TriedBundleView,
    present_export,
    present_tried,
)
from app.presenters.shipping.scoring import ScoringView, present_scoring
from app.uploads import allowed_path
from app.views.shipping.scoring import ChosenRows
from litmus_core.diagnostics import Plain
from litmus_core.errors import BusyError
from litmus_core.runtime import DEFAULT_LEVEL
from litmus_core.types import Candidate, Column, DeploymentEnvironment, Experiment, Run

__all__ = ["ExportController", "export_view", "try_endpoint"]

_CARD = "model_card.html"
_ANSWER_TIMEOUT_S = 60.0


def _first_rows(path: Path, n_rows: int) -> Any:
    """Return the first ``n_rows`` of a Parquet or CSV file, without reading the rest."""
    if path.suffix == ".parquet":
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            return next(file.iter_batches(batch_size=n_rows)).to_pandas()
    from pandas import read_csv

    return read_csv(path, nrows=n_rows)


def export_view(experiment: Experiment, run: Run, candidates: list[Candidate]) -> ExportView:
    """Return the page's content for a run with candidates."""
    studio = services.studio()
    ids = [candidate.id for candidate in candidates]
    picked_id = named if (named := state.named("candidate")) in ids else ids[0]
    return present_export(
        experiment,
        candidates,
        _columns(experiment),
        picked_id=picked_id,
        verdict=run.verdict,
        stored=studio.bundles.find_stored(picked_id),
        bundles=studio.bundles.list(experiment.id),
        endpoints=endpoint_views(),
        retrains=studio.retraining.endpoint_of(experiment.id),
    )


def _columns(experiment: Experiment) -> tuple[Column, ...]:
    version = services.studio().datasets.get(experiment.task.dataset_version_id)
    return tuple(version.column(name) for name in experiment.task.features)


def try_endpoint(url: str, row: Mapping[str, Plain], key: str = "") -> TriedBundleView:
    """Send one row to an endpoint over HTTP, with an API key if it needs one.

    Raises RowError with the endpoint's message if it refuses the row, BusyError if nothing answers.
    """
    try:
        body = json.dumps({"rows": [dict(row)]})
        path = f"/predict{_level(url, key)}"
        started = time.perf_counter()
        status, reply = call_endpoint(url, "POST", path, body=body, key=key, timeout_s=_ANSWER_TIMEOUT_S)
    except (OSError, HTTPException) as error:
        raise BusyError(
            "The endpoint does not answer.", hint="It may have been stopped: deploy the model again."
        ) from error
    milliseconds = 1000 * (time.perf_counter() - started)
    if status != 200:
        raise refusal(status, reply)
    return present_tried(json.loads(reply), milliseconds=milliseconds)


def _level(url: str, key: str) -> str:
    """Return the query string that requests intervals or label sets; "" if the endpoint has none."""
    status, reply = call_endpoint(url, "GET", "/schema", key=key, timeout_s=_ANSWER_TIMEOUT_S)
    certainty = json.loads(reply).get("certainty") if status == 200 else None
    return "" if certainty is None else f"?level={min(DEFAULT_LEVEL, certainty['largest_level'])}"


class ExportController(EndpointsController, OutcomesController):
    """The page's operations on one candidate: build its bundle, serve it, score files with it."""

    def __init__(self, experiment: Experiment, run: Run, view: ExportView) -> None:
        self.experiment, self.run, self.view = experiment, run, view

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a row needs."""
        return _columns(self.experiment)

    def rows(self) -> model_cache.CachedRows:
        """Return validation rows as examples."""
        return model_cache.validation_rows(self.run.id)

    def build(self) -> str:
        """Return the id of the picked model's bundle, building it first if there is none (seconds)."""
        return services.studio().bundles.stored(self.view.picked.id).id

    def use_final_model(self, final: bool, /) -> None:
        """Deploy the final model, or the judged one."""
        services.studio().final_models.choose(self.view.picked.id, final=final)

    def train_on_all_rows(self) -> None:
        """Start training the picked model again on all rows, in a separate process."""
        services.studio().final_models.start(self.view.picked.id)

    def training_on_all_rows(self) -> str | None:
        """Return the last message of that process; None if there is none."""
        return services.studio().final_models.progress(self.view.picked.id)

    def why_not_on_all_rows(self) -> str:
        """Return why the last attempt trained no model; "" after a success, or before any attempt."""
        return services.studio().final_models.problem(self.view.picked.id)

    def stop_training_on_all_rows(self) -> None:
        """End the training; the judged model does not change."""
        services.studio().final_models.stop(self.view.picked.id)

    def certificate(self) -> CertificateView | None:
        """Return the certificate of the picked model's bundle."""
        certificate = None if self.view.bundle is None else certification(self.view.bundle.id).certificate
        return None if certificate is None else present_certificate(certificate, self.experiment.task.budget)

    def certify(self, bundle_id: str, environment: str) -> None:
        """Start making the full certificate in a separate process."""
        services.studio().certificates.start(bundle_id, environment=environment)

    def certifying(self) -> str | None:
        """Return the last message of that process; None if there is none."""
        return (
            None if self.view.bundle is None else services.studio().certificates.progress(self.view.bundle.id)
        )

    def certifying_problem(self) -> str:
        """Return why the last attempt gave no certificate; "" after a success."""
        bundle = self.view.bundle
        return "" if bundle is None else services.studio().certificates.problem(bundle.id)

    def stop_certifying(self) -> None:
        """End the certification; the bundle keeps its earlier certificates."""
        if self.view.bundle is not None:
            services.studio().certificates.stop(self.view.bundle.id)

    def card(self) -> Callable[[], bytes] | None:
        """Return a function that reads the model card; None if the bundle has none."""
        return None if self.view.bundle is None else _download_card(Path(self.view.bundle.path))

    def environments(self) -> list[EnvironmentView]:
        """Return the deployment environments."""
        return [present_environment(environment) for environment in services.studio().environments.list()]

    def save_environment(self, environment: DeploymentEnvironment) -> None:
        """Save a deployment environment; one of the same name is replaced."""
        services.studio().environments.save(environment)

    def delete_environment(self, name: str) -> None:
        """Delete a deployment environment."""
        services.studio().environments.delete(name)

    def make(self, bundle_id: str, form: str) -> None:
        """Export a bundle in another format, beside the bundle."""
        studio = services.studio()
        studio.bundles.export_as(bundle_id, form, form_path(studio.store.bundle(bundle_id).path, form))

    def delete(self, bundle_id: str) -> None:
        """Remove a bundle's files, including other formats."""
        studio = services.studio()
        path = studio.store.bundle(bundle_id).path
        studio.bundles.delete(bundle_id)
        for form in OTHER_FORMS:
            form_path(path, form).unlink(missing_ok=True)

    def score(self, bundle_id: str, chosen: ChosenRows) -> None:
        """Start scoring an uploaded file, or one on this computer, in a separate process."""
        studio = services.studio()
        source = allowed_path(chosen.path) if chosen.upload is None else _stored_upload(chosen.upload)
        try:
            studio.scorings.start(
                bundle_id,
                source,
                kind=chosen.kind or None,  # type: ignore[arg-type]
                for_spreadsheets=True,
                level=chosen.level,
            )
        except BaseException:
            if chosen.upload is not None:
                shutil.rmtree(source.parent, ignore_errors=True)
            raise

    def scorings(self) -> list[ScoringView]:
        """Return the scorings with this experiment's bundles, newest first."""
        studio = services.studio()
        return [present_scoring(job) for job in studio.scorings.list(studio.bundles.list(self.experiment.id))]

    def stop_scoring(self, scoring_id: str) -> None:
        """Stop a scoring; finished rows are kept."""
        services.studio().scorings.stop(scoring_id)

    def resume_scoring(self, scoring_id: str) -> None:
        """Resume a scoring."""
        services.studio().scorings.resume(scoring_id)

    def delete_scoring(self, scoring_id: str) -> None:
        """Remove a scoring and its predictions in the workspace."""
        services.studio().scorings.delete(scoring_id)

    def head(self, scoring: ScoringView, n_rows: int = 20) -> Any:
        """Return the first rows as a pandas frame, predictions first; None for a database."""
        if scoring.path is None or scoring.path.suffix not in (".csv", ".parquet"):
            return None
        frame = _first_rows(scoring.path, n_rows)
        labels = [name for name in frame.columns if str(name).startswith(("prediction", "probability "))]
        return frame[[*labels, *(name for name in frame.columns if name not in labels)]]


def _download_card(bundle: Path) -> Callable[[], bytes] | None:
    if bundle.is_dir():
        path = bundle / _CARD
        return path.read_bytes if path.is_file() else None
    try:
        with zipfile.ZipFile(bundle) as archive:
            has_card = _CARD in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return None
    return partial(_member, bundle) if has_card else None


def _member(bundle: Path) -> bytes:
    with zipfile.ZipFile(bundle) as archive:
        return archive.read(_CARD)


def _stored_upload(upload: Any) -> Path:
    """Copy an upload to a new folder, since the scoring reads it long after the page is closed."""
    folder = services.studio().workspace.uploads / f"{time.time_ns():x}"
    folder.mkdir(parents=True)
    path = folder / Path(upload.name).name
    with path.open("wb") as file:
        shutil.copyfileobj(upload, file)
    return path
