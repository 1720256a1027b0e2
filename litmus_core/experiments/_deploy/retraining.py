"""Retrain a model that got worse on old and new rows, and promote the new one if it proves better."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.cases import case_of
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.experiments._runs.diagnosis import open_predictor
from litmus_core.metrics import get_metric
from litmus_core.runtime import to_frame
from litmus_core.store import utc_now
from litmus_core.text import join_names
from litmus_core.types import Endpoint, EndpointVersion, LiveComparison, Run
from litmus_core.verdicts import FEWEST_COMPARED, compare_live, comparison_sentence, unweighted_sentence

if TYPE_CHECKING:
    from litmus_core.deploy import EndpointSamples, LiveRows

_FEWEST_NEW = 20


@dataclass(frozen=True, slots=True)
class RetrainingService:
    """New models for endpoints on this machine, from the rows that they answered."""

    context: Context
    actions: ActionsService
    endpoints: EndpointsService

    def start(self, name: str) -> Run:
        """Retrain the model of the endpoint ``name`` on its table and on answered rows with known outcomes.

        These are the sampled rows (a tenth, unless more are kept) that the live version answered. They become
        a new version of the data set, and the run is the first of a new experiment with the same task. Raises
        DataError for fewer than twenty rows, NotFoundError if there is no such endpoint.
        """
        from litmus_core.deploy import Retraining, store_retraining

        live, sampled = self._rows(name)
        if len(sampled.rows) < _FEWEST_NEW:
            raise DataError(
                f"Of '{name}' only {len(sampled.rows)} rows with outcomes were kept, and {_FEWEST_NEW} are "
                "needed to train on.",
                hint="Add outcomes, or append a file of new rows to its table and train again.",
            )
        run_id = self.context.candidate(live.manifest.origin.candidate_id).run_id
        with tempfile.TemporaryDirectory(prefix="litmus-retrain-") as folder:
            path = Path(folder) / f"{name}-answered.csv"
            _write_rows(path, live, sampled)
            run = self.actions.train_on_more_rows(run_id, path)
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
        live, sampled = self._rows(name)
        waiting = self._waiting(name, live.version.number, version)
        bundle = self.context.store.bundle(waiting.bundle_id)
        candidate = self.context.candidate(bundle.candidate_id)
        began = datetime.fromisoformat(self.context.run(candidate.run_id).times.queued_at)
        fresh = [
            place
            for place, at in enumerate(sampled.places)
            if datetime.fromisoformat(live.answered_at[at]) >= began
        ]
        task = self.context.experiment(bundle.experiment_id).task
        metric = get_metric(task.metric if task.bar is None else task.bar.metric)
        facts: dict[str, Any] = {
            "name": name, "version": live.version.number, "challenger": waiting.number,
            "metric": metric.name, "n_rows": len(fresh),
        }  # fmt: skip
        if len(fresh) < FEWEST_COMPARED:
            return _with_sentence(LiveComparison(**facts))
        places = np.array(sampled.places, dtype=np.int64)[fresh]
        outcomes = [live.outcomes[place] for place in places]
        predictor = open_predictor(self.context, candidate.id)
        rows = [sampled.rows[place] for place in fresh]
        _check_columns(name, waiting.number, needs=[column.name for column in predictor.columns], rows=rows)
        frame = to_frame(rows, predictor.columns)
        metric = metric.grouped(frame[task.needs.group] if task.needs.group else None)
        cases = [
            case_of(metric, live.manifest.signature, outcomes, live.raw[places]),
            case_of(metric, predictor.info, outcomes, predictor.predict_raw(frame)),
        ]
        state, gain, low, high = compare_live(metric, *cases)
        worded = _with_sentence(LiveComparison(**facts, state=state, gain=gain, low=low, high=high))
        sentence = f"{worded.sentence} {unweighted_sentence(task.weight)}".strip()
        return replace(worded, sentence=sentence)

    def promote(
        self, name: str, version: int | None = None, *, because: str = ""
    ) -> tuple[LiveComparison, Endpoint | None]:
        """Promote a waiting version if :meth:`compare` proves it better; return the comparison and, then, it.

        Raises what :meth:`EndpointsService.promote` raises.
        """
        comparison = self.compare(name, version)
        if comparison.state != "better":
            return comparison, None
        return comparison, self.endpoints.promote(name, comparison.challenger, because=because)

    def _rows(self, name: str) -> tuple[LiveRows, EndpointSamples]:
        from litmus_core.deploy import live_rows, sampled_rows

        live = live_rows(self.context.workspace, name)
        return live, sampled_rows(self.context.workspace, name, live)

    def _waiting(self, name: str, live: int, version: int | None) -> EndpointVersion:
        from litmus_core.deploy import endpoint_stats

        versions = endpoint_stats(self.context.workspace, name).versions
        waiting = {entry.number: entry for entry in versions if entry.number != live}
        if version is None and waiting:
            return waiting[max(waiting)]
        if version is None:
            raise UsageError(
                f"'{name}' has no other version.", hint=f"Deploy one: litmus deploy RUN --name {name}"
            )
        if version not in waiting:
            raise UnknownNameError(
                kind=f"waiting version of '{name}'", name=str(version), names=list(map(str, waiting))
            )
        return waiting[version]


def _with_sentence(comparison: LiveComparison) -> LiveComparison:
    return replace(comparison, sentence=comparison_sentence(comparison, get_metric(comparison.metric)))


def _write_rows(path: Path, live: LiveRows, sampled: EndpointSamples) -> None:
    """Write the rows as they were sent, with their outcomes, to a file for appending to the table."""
    target = live.manifest.signature.target
    names = list(dict.fromkeys(name for row in sampled.rows for name in row if name != target))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*names, target])
        for row, place in zip(sampled.rows, sampled.places, strict=True):
            lines.writerow([*(row.get(name) for name in names), live.outcomes[place]])


def _check_columns(
    name: str, number: int, *, needs: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Raise UsageError if a row that callers sent lacks a column that version ``number`` needs."""
    sent = set(needs).intersection(*rows)
    missing = join_names([f"'{column}'" for column in needs if column not in sent])
    if missing:
        raise UsageError(
            f"Version {number} of '{name}' needs {missing}, which not all callers send.",
            hint="It cannot be compared, and once it answers, requests without it are refused.",
        )
