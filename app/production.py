"""What Export reads and does: bundles, endpoints, files to score."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app import models, services, state
from app.presenters.export import ExportView, TriedView, present_export, present_tried
from app.presenters.scoring import ScoringView, present_scoring
from app.views.scoring import Chosen
from litmus_core.diagnostics import Plain
from litmus_core.errors import BusyError, RowError
from litmus_core.types import Candidate, Column, Experiment, Run

__all__ = ["Workbench", "export_view", "health", "run_to_export", "try_endpoint"]

_HEALTH_TIMEOUT_S = 0.5
_ANSWER_TIMEOUT_S = 60.0


def _first_rows(path: Path, n_rows: int) -> Any:
    """Read no more of the file than is shown: it may be large."""
    if path.suffix == ".parquet":
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            return next(file.iter_batches(batch_size=n_rows)).to_pandas()
    from pandas import read_csv

    return read_csv(path, nrows=n_rows)


def export_view(experiment: Experiment, run: Run, candidates: list[Candidate]) -> ExportView:
    """Return the page's content for a run that has candidates."""
    studio = services.studio()
    every = studio.bundles()
    return present_export(
        experiment,
        candidates,
        _columns(experiment),
        picked_id=state.named("candidate"),
        verdict=run.verdict,
        bundles=[bundle for bundle in every if bundle.experiment_id == experiment.id],
        endpoints=studio.endpoints(),
        every_bundle={bundle.id: bundle for bundle in every},
    )


def _columns(experiment: Experiment) -> tuple[Column, ...]:
    version = services.studio().dataset(experiment.task.dataset_version_id)
    return tuple(version.column(name) for name in experiment.task.features)


def run_to_export(experiment: Experiment) -> Run | None:
    """Return the run in hand, or, while that has chosen nothing, the latest that has; None before any run."""
    run = services.run_in_hand(experiment)
    if run is None or run.chosen_id is not None or state.named("run") is not None:
        return run
    judged = [each for each in services.studio().runs(experiment.id) if each.chosen_id is not None]
    return judged[-1] if judged else run


def health(url: str) -> bool:
    """Say whether an endpoint answers ``GET /health`` now."""
    try:
        status, _ = _ask(url, "GET", "/health", timeout_s=_HEALTH_TIMEOUT_S)
    except (OSError, HTTPException):
        return False
    return status == 200


def try_endpoint(url: str, row: Mapping[str, Plain]) -> TriedView:
    """Ask an endpoint one row over HTTP.

    Raises RowError in the endpoint's own words when it refuses the row, BusyError when nobody answers.
    """
    started = time.perf_counter()
    try:
        body = json.dumps({"rows": [dict(row)]})
        status, told = _ask(url, "POST", "/predict", body=body, timeout_s=_ANSWER_TIMEOUT_S)
    except (OSError, HTTPException) as error:
        raise BusyError(
            "The endpoint does not answer.", hint="It may have been stopped: put the model to work again."
        ) from error
    milliseconds = 1000 * (time.perf_counter() - started)
    if status != 200:
        raise _refusal(status, told)
    return present_tried(json.loads(told), milliseconds=milliseconds)


def _ask(url: str, method: str, path: str, *, timeout_s: float, body: str | None = None) -> tuple[int, bytes]:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=timeout_s)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _refusal(status: int, told: bytes) -> RowError:
    try:
        detail = json.loads(told)["detail"]
        return RowError(detail["message"], row=detail.get("row"), field=detail.get("field"))
    except (ValueError, KeyError, TypeError):
        return RowError(f"The endpoint refused the row (HTTP {status}).")


class Workbench:
    """What the page can do with one candidate: build its bundle, serve it, score files with it."""

    def __init__(self, experiment: Experiment, run: Run, view: ExportView) -> None:
        self.experiment, self.run, self.view = experiment, run, view

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a row needs."""
        return _columns(self.experiment)

    def rows(self) -> models.Rows:
        """Return validation rows to start from."""
        return models.validation_rows(self.run.id)

    def build(self) -> str:
        """Return the id of the picked model's bundle, building it first if there is none (seconds)."""
        if self.view.bundle is not None:
            return self.view.bundle.id
        return services.studio().export(self.view.picked.id).id

    def deploy(self, bundle_id: str) -> None:
        """Serve a bundle on this machine (seconds)."""
        services.studio().deploy(bundle_id)

    def stop(self, endpoint_id: str) -> None:
        """Stop serving."""
        services.studio().stop_endpoint(endpoint_id)

    def delete(self, bundle_id: str) -> None:
        """Remove a bundle's files."""
        services.studio().delete_bundle(bundle_id)

    def score(self, bundle_id: str, chosen: Chosen) -> None:
        """Begin to score an uploaded file, or one of this computer, in a process of its own."""
        studio = services.studio()
        source = Path(chosen.path) if chosen.upload is None else _kept(chosen.upload)
        try:
            studio.start_scoring(bundle_id, source, kind=chosen.kind or None)  # type: ignore[arg-type]
        except BaseException:
            if chosen.upload is not None:
                shutil.rmtree(source.parent, ignore_errors=True)
            raise

    def scorings(self) -> list[ScoringView]:
        """Return the scorings with this experiment's bundles, newest first."""
        studio = services.studio()
        return [present_scoring(job) for job in studio.scorings(studio.bundles(self.experiment.id))]

    def stop_scoring(self, scoring_id: str) -> None:
        """Stop a scoring; what is done is kept."""
        services.studio().stop_scoring(scoring_id)

    def resume_scoring(self, scoring_id: str) -> None:
        """Go on with a scoring."""
        services.studio().resume_scoring(scoring_id)

    def delete_scoring(self, scoring_id: str) -> None:
        """Remove a scoring and its answers in the workspace."""
        services.studio().delete_scoring(scoring_id)

    def head(self, scoring: ScoringView, n_rows: int = 20) -> Any:
        """Return the first rows as a pandas frame, the answers in front; None for a database."""
        if scoring.path is None or scoring.path.suffix not in (".csv", ".parquet"):
            return None
        frame = _first_rows(scoring.path, n_rows)
        answers = [name for name in frame.columns if str(name).startswith(("prediction", "probability "))]
        return frame[[*answers, *(name for name in frame.columns if name not in answers)]]


def _kept(upload: Any) -> Path:
    """Copy an upload into a folder of its own: the scoring reads it when this page is long closed."""
    folder = services.studio().workspace.uploads / f"{time.time_ns():x}"
    folder.mkdir(parents=True)
    path = folder / Path(upload.name).name
    with path.open("wb") as file:
        shutil.copyfileobj(upload, file)
    return path
