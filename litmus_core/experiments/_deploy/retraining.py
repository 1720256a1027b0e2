"""Retrain a model that got worse on old and new rows, and promote the new one if it proves better."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError, UsageError
from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import undo_append
from litmus_core.experiments._deploy.deployable.comparison import compare_versions
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.experiments._runs.warm_start import WarmStartService
from litmus_core.store import utc_now
from litmus_core.types import Candidate, Endpoint, LiveComparison, Run, Task

if TYPE_CHECKING:
    from litmus_core.deploy import EndpointSamples, LiveRows

_FEWEST_NEW = 20


@dataclass(frozen=True, slots=True)
class RetrainingService:
    """New models for endpoints on this machine, from the rows that they answered."""

    context: Context
    actions: ActionsService
    endpoints: EndpointsService
    warm_start: WarmStartService

    def start(self, name: str, *, warm_start: bool = False) -> Run:
        """Retrain the model of the endpoint ``name`` on its table and on answered rows with known outcomes.

        These are the sampled rows (a tenth, unless more are kept) that the live version answered. They become
        a new version of the data set, and the run is the first of a new experiment with the same task. With
        ``warm_start`` the model that answers gets more trees that learn from these rows; otherwise it is
        trained from scratch. Raises NotFoundError if there is no such endpoint, DataError for fewer than
        twenty rows, UsageError if callers do not send the column by which rows stay together. Raises
        UsageError or DataError if the model cannot continue; nothing is changed then.
        """
        from litmus_core.deploy import Retraining, live_rows, sampled_rows, store_retraining

        live = live_rows(self.context.workspace, name)
        sampled = sampled_rows(self.context.workspace, name, live)
        if len(sampled.rows) < _FEWEST_NEW:
            raise DataError(
                f"Of '{name}' only {len(sampled.rows)} rows with outcomes were kept, and {_FEWEST_NEW} are "
                "needed to train on.",
                hint="Add outcomes, or append a file of new rows to its table and train again.",
            )
        candidate = self.context.candidate(live.manifest.origin.candidate_id)
        task = self.context.experiment(candidate.experiment_id).task
        _check_groups(name, task, sampled)
        with tempfile.TemporaryDirectory(prefix="litmus-retrain-") as folder:
            path = Path(folder) / f"{name}-answered.csv"
            _write_rows(path, live, sampled)
            if warm_start:
                run = self._continue(name, candidate, task, path)
            else:
                run = self.actions.train_on_more_rows(candidate.run_id, path)
        record = Retraining(
            name=name,
            bundle_id=live.version.bundle_id,
            run_id=run.id,
            experiment_id=run.experiment_id,
            started_at=utc_now(),
            n_outcomes=len(live.outcomes),
        )
        store_retraining(self.context.workspace, record)
        return run

    def _continue(self, name: str, candidate: Candidate, task: Task, rows: Path) -> Run:
        """Append the ``rows`` to the table of the model that answers, and add trees to that model.

        Its judged model continues, also where a copy of it that was trained on all rows answers: that copy
        has learned from test rows.
        """
        version = self.actions.datasets.append_rows(task.dataset_version_id, rows)
        try:
            return self.warm_start.start(candidate.id, version.id, retrain=False)[0]
        except Exception as error:
            for experiment in self.context.store.experiments():
                if experiment.task.dataset_version_id == version.id:
                    self.actions.experiments.delete(experiment.id)
            undo_append(self.context, version)
            if isinstance(error, (DataError, UsageError)):
                error.hint = f"Train it from scratch on the new rows: litmus endpoints retrain {name}"
            raise

    def endpoint_of(self, experiment_id: str) -> str | None:
        """Return the name of the endpoint whose model an experiment retrains; None if there is none."""
        from litmus_core.deploy import stored_retrainings

        records = stored_retrainings(self.context.workspace)
        return next((record.name for record in records if record.experiment_id == experiment_id), None)

    def add_version(self, run_id: str) -> Endpoint:
        """Deploy the chosen model of a run that :meth:`start` started, as a version that waits.

        The live version keeps answering. Raises UsageError for any other run, for one without a model, and if
        the endpoint does not run.
        """
        run = self.context.run(run_id)
        name = self.endpoint_of(run.experiment_id)
        if name is None or run.chosen_id is None:
            raise UsageError(
                f"{run.title} is not a finished retraining of an endpoint's model.",
                hint=f"Deploy it: litmus deploy {run_id}",
            )
        if all(endpoint.name != name for endpoint in self.endpoints.list()):
            raise UsageError(
                f"'{name}' does not run, so no version can wait behind it.",
                hint=f"Start it again: litmus endpoints start {name}",
            )
        return self.endpoints.deploy(run.chosen_id, name=name)

    def compare(self, name: str, version: int | None = None) -> LiveComparison:
        """Compare a waiting ``version`` of the endpoint (None: the newest) with the live one.

        The waiting model predicts the sampled rows with known outcomes that were answered after its training
        began: neither model has learned from them. The metric is the experiment's. However often this is
        called, a version that is no better is called better in at most 1 comparison of 20. Raises
        UnknownNameError for an unknown version, UsageError for one that needs a column that callers do not
        send.
        """
        return compare_versions(self.context, name, version)

    def promote(
        self, name: str, version: int | None = None, *, because: str = ""
    ) -> tuple[LiveComparison, Endpoint | None]:
        """Promote a waiting version if :meth:`compare` proves it better; return the comparison and, then, it.

        Raises what :meth:`EndpointsService.promote` raises.
        """
        comparison = self.compare(name, version)
        if comparison.state != "better":
            return comparison, None
        promoted = self.endpoints.promote(name, comparison.challenger, because=because, comparison=comparison)
        return comparison, promoted


def _check_groups(name: str, task: Task, sampled: EndpointSamples) -> None:
    """Raise UsageError where rows of one group may get into training and into test."""
    column = task.split.column if task.split.kind == "group" else None
    n_without = 0 if column is None else sum(row.get(column) is None for row in sampled.rows)
    if n_without:
        raise UsageError(
            f"{n_without:,} of {len(sampled.rows):,} kept rows have no '{column}', by which rows stay "
            "together. The model would be tested on groups that it learned from.",
            hint=f"Send '{column}' along with each row to '{name}', or append a file of rows to its table.",
        )


def _write_rows(path: Path, live: LiveRows, sampled: EndpointSamples) -> None:
    """Write the rows as they were sent, with their outcomes, to a file for appending to the table."""
    target = live.manifest.signature.target
    names = list(dict.fromkeys(name for row in sampled.rows for name in row if name != target))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*names, target])
        for row, place in zip(sampled.rows, sampled.places, strict=True):
            lines.writerow([*(row.get(name) for name in names), live.outcomes[place]])
