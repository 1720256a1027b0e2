"""Mirror runs to an MLflow tracking server; runs that could not be sent are sent later."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._reports.service import ReportsService
from litmus_core.experiments._tracking.client import EXPERIMENT_NAME, open_client, shown_uri, tracking_uri
from litmus_core.experiments._tracking.facts import end_of, metrics_of, params_of, tags_of
from litmus_core.store import FileLock
from litmus_core.types import Candidate, Run, read_stored, to_plain
from litmus_core.verdicts import verdict_report

_log = logging.getLogger(__name__)
_FOLDER = "tracking"
_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredRun:
    """The parts of a run that a tracking server has, and why the others are missing.

    ``server`` is its address without credentials, ``mlflow_run`` the id of the run there.
    """

    run_id: str
    server: str
    mlflow_run: str = ""
    parts: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all parts were sent."""
        return _PARTS[-1] in self.parts

    @property
    def is_confirmed(self) -> bool:
        """Whether all parts were sent, and the server still has the run."""
        return self.is_whole and not self.error

    @property
    def sentence(self) -> str:
        """A message on what was sent, or on what is left to send."""
        if self.is_whole and self.error:
            return (
                f"MLflow at {self.server} took all of run {self.mlflow_run} before, but does not answer now "
                f"({self.error}). 'litmus mlflow {self.run_id}' asks again whether it still has the run."
            )
        if self.is_whole:
            return f"Mirrored to MLflow at {self.server}: run {self.mlflow_run}."
        left = ", ".join(part for part in _PARTS if part not in self.parts)
        return (
            f"MLflow at {self.server} did not take the run's {left} ({self.error}). "
            f"'litmus mlflow' sends them later."
        )


@dataclass(frozen=True, slots=True)
class TrackingService:
    """Runs on the MLflow tracking server that ``MLFLOW_TRACKING_URI`` names."""

    context: Context
    reports: ReportsService
    bundles: BundlesService

    def mirror(self, run_id: str) -> MirroredRun | None:
        """Send a run that is over, if the environment names a server; otherwise return None.

        Nothing is raised: what could not be sent is in the result and in the log, and :meth:`send_left` sends
        it.
        """
        if not tracking_uri():
            return None
        try:
            mirrored = self.send(run_id)
        except LitmusError as error:
            mirrored = replace(self._stored(run_id), error=str(error))
            self._keep(mirrored)
        if not mirrored.is_confirmed:
            _log.warning("%s", mirrored.sentence)
        return mirrored

    def send(self, run_id: str) -> MirroredRun:
        """Send a run that is over, or the parts of it that the server lacks.

        Raises UsageError while it runs or if no server is named, MissingExtraError without mlflow.
        """
        run = self.context.run(run_id)
        if not tracking_uri():
            raise UsageError(
                "No tracking server is named.", hint="Set MLFLOW_TRACKING_URI to its address, as MLflow does."
            )
        if run.status in ("queued", "running"):
            raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end.")
        client = open_client(tracking_uri())
        path = self._path(run_id)
        path.parent.mkdir(exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        if not lock.acquire(timeout_s=_WAIT_S):
            raise UsageError("Another process is sending this run.", hint="Wait for its end.")
        try:
            return self._send_parts(client, run)
        finally:
            lock.release()

    def left(self) -> list[MirroredRun]:
        """Return the mirrored runs of which a server lacks parts."""
        stored = (read_stored(path, MirroredRun) for path in sorted(self._path("").parent.glob("*.json")))
        return [mirrored for mirrored in stored if mirrored is not None and not mirrored.is_whole]

    def send_left(self) -> list[MirroredRun]:
        """Send the runs that could not be sent before."""
        return [self.send(mirrored.run_id) for mirrored in self.left()]

    def _path(self, run_id: str) -> Path:
        return self.context.workspace.path / _FOLDER / f"{run_id}.json"

    def _stored(self, run_id: str) -> MirroredRun:
        server = shown_uri(tracking_uri())
        stored = read_stored(self._path(run_id), MirroredRun)
        return stored if stored and stored.server == server else MirroredRun(run_id=run_id, server=server)

    def _keep(self, mirrored: MirroredRun) -> None:
        path = self._path(mirrored.run_id)
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(to_plain(mirrored)), encoding="utf-8")
        partial.replace(path)

    def _send_parts(self, client: Any, run: Run) -> MirroredRun:
        """Send part after part; each is recorded as sent before the next."""
        mirrored = self._stored(run.id)
        try:
            if mirrored.mlflow_run and _has_lost(client, mirrored.mlflow_run):
                mirrored = MirroredRun(run_id=run.id, server=mirrored.server)
        except Exception as error:  # noqa: BLE001 - if parts are left, the next one meets the same error
            if mirrored.is_whole:
                return replace(mirrored, error=_reason(error))
        for part in _PARTS:
            if part in mirrored.parts:
                continue
            try:
                mlflow_run = _SENDERS[part](self, client, run, mirrored.mlflow_run) or mirrored.mlflow_run
            except Exception as error:  # noqa: BLE001 - after any error of server or network: later
                _log.info("MLflow did not take %s of %s.", part, run.id, exc_info=True)
                mirrored = replace(mirrored, error=_reason(error))
                self._keep(mirrored)
                return mirrored
            mirrored = replace(mirrored, mlflow_run=mlflow_run, parts=(*mirrored.parts, part), error="")
            self._keep(mirrored)
        return mirrored

    def _chosen(self, run: Run) -> Candidate | None:
        return self.context.candidate(run.chosen_id) if run.chosen_id else None

    def _begin(self, client: Any, run: Run, mlflow_run: str) -> str:
        import os

        del mlflow_run
        experiment = self.context.experiment_of(run.id)
        name = os.environ.get(EXPERIMENT_NAME) or experiment.name
        same = client.get_experiment_by_name(name)
        number = client.create_experiment(name) if same is None else same.experiment_id
        created = client.create_run(number, run_name=f"{experiment.name} · {run.title}")
        return str(created.info.run_id)

    def _send_params(self, client: Any, run: Run, mlflow_run: str) -> None:
        experiment = self.context.experiment_of(run.id)
        version = self.context.dataset(experiment.task.dataset_version_id)
        for name, value in params_of(experiment, run, version, self._chosen(run)).items():
            client.log_param(mlflow_run, name, value)

    def _send_metrics(self, client: Any, run: Run, mlflow_run: str) -> None:
        for name, value in metrics_of(run, self._chosen(run)).items():
            client.log_metric(mlflow_run, name, value)

    def _send_verdict(self, client: Any, run: Run, mlflow_run: str) -> None:
        for name, value in tags_of(self.context.experiment_of(run.id), run).items():
            client.set_tag(mlflow_run, name, value)
        if run.verdict is not None:
            client.log_dict(mlflow_run, verdict_report(run.verdict), "verdict.json")

    def _send_report(self, client: Any, run: Run, mlflow_run: str) -> None:
        if run.verdict is not None:
            page = self.reports.experiment(run.experiment_id, run_id=run.id)
            client.log_text(mlflow_run, page, "report.html")

    def _send_bundle(self, client: Any, run: Run, mlflow_run: str) -> None:
        if run.chosen_id is None or not run.is_settled:
            return
        bundle = self.bundles.stored(run.chosen_id)
        with tempfile.TemporaryDirectory(prefix="litmus-mlflow-") as scratch:
            folder = self.bundles.export_as(bundle.id, "mlflow", Path(scratch) / "model")
            client.log_artifacts(mlflow_run, str(folder), "model")

    def _end(self, client: Any, run: Run, mlflow_run: str) -> None:
        client.set_terminated(mlflow_run, end_of(run))


def _has_lost(client: Any, mlflow_run: str) -> bool:
    """Return whether the server no longer has a run: its database is new, or somebody deleted the run."""
    try:
        return str(client.get_run(mlflow_run).info.lifecycle_stage) == "deleted"
    except Exception as error:
        if getattr(error, "error_code", "") == "RESOURCE_DOES_NOT_EXIST":
            return True
        raise


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


_SENDERS: dict[str, Callable[[TrackingService, Any, Run, str], str | None]] = {
    "start": TrackingService._begin,
    "parameters": TrackingService._send_params,
    "metrics": TrackingService._send_metrics,
    "verdict": TrackingService._send_verdict,
    "report": TrackingService._send_report,
    "bundle": TrackingService._send_bundle,
    "end": TrackingService._end,
}
_PARTS = tuple(_SENDERS)
