"""``litmus_core.train_targets(…)``: several targets of one table, judged together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.arguments.keywords import checked_records
from litmus_core.experiments._api.handles.group import TrainingHandles
from litmus_core.experiments._api.handles.handle import TrainingHandle
from litmus_core.experiments._api.many_targets.prepare import Prepared, prepare
from litmus_core.experiments._api.train import TrainingRequest, start_training
from litmus_core.experiments._api.training import Training
from litmus_core.experiments._many_targets.record import TargetsRecord, TargetsRequest
from litmus_core.experiments._studio import Studio
from litmus_core.many_targets import TagColumn, TargetsPredictor, TargetsReport, say, targets_sentences
from litmus_core.types import Compute

_TIME_LIMIT_S = 120.0
_LEAST_S = 5.0  # for one target
_RUN_GOALS = {"labels": "log_loss", "numbers": "rmse"}


class TrainedTargets:
    """Several targets in training, or trained: wait for their verdict, answer and export them as one."""

    def __init__(self, studio: Studio, record: TargetsRecord) -> None:
        self.studio, self.id = studio, record.id
        self.names, self.notes = record.request.spec.names, record.request.notes
        self._predictor: TargetsPredictor | None = None

    @property
    def record(self) -> TargetsRecord:
        """The record as it is stored now."""
        return self.studio.targets.get(self.id)

    @property
    def handles(self) -> dict[str, TrainingHandle]:
        """The run of each target, by its name."""
        run_ids = self.record.request.run_ids
        return {name: TrainingHandle(self.studio, id_) for name, id_ in zip(self.names, run_ids, strict=True)}

    def wait(self, *, on_progress: Callable[[str], None] = lambda message: None) -> TrainedTargets:
        """Wait until all targets are judged; raises TrainingError where a run failed."""
        self.studio.targets.wait(self.id, on_progress=on_progress)
        return self

    @property
    def report(self) -> TargetsReport:
        """The verdict on all targets together, scores, and a line for each; UsageError before the end."""
        record = self.record
        if record.report is None:
            raise UsageError(f"'{self.id}' is {record.state}.", hint="Wait for its end: wait().")
        return record.report

    @property
    def sentence(self) -> str:
        """What there is to say: notes, then the verdict, or what is trained now."""
        record = self.record
        messages = [record.message] if record.report is None else targets_sentences(record.report)
        return "\n".join((*self.notes, *messages))

    def stop(self) -> None:
        """Stop the runs that are not over; each keeps its best model so far."""
        self.studio.targets.stop(self.id)

    def move(self, thresholds: Mapping[str, float]) -> None:
        """Let these labels begin to be yes elsewhere, in all that answers from now on; the verdict stays.

        Labels that are not named go back to what validation rows chose.
        """
        self.studio.targets.move(self.id, thresholds)
        self._predictor = None

    def export(self, folder: Path | str) -> Path:
        """Write what answers all targets into a new folder, which ``litmus_core.load_targets`` opens."""
        return self.studio.targets.export(self.id, folder)

    def predict(self, rows: Any) -> Any:
        """Return (n, k): whether each label is yes, or numbers, in the order of ``names``."""
        if self._predictor is None:
            self._predictor = self.studio.targets.open(self.id)
        return self._predictor.predict(rows)

    def __repr__(self) -> str:
        return f"<TrainedTargets {self.id} {self.record.state}: {', '.join(self.names)}>"


@checked_records
def train_targets(
    data: Any,
    targets: Sequence[str] = (),
    *,
    tags: str | TagColumn | None = None,
    goal: str | None = None,
    algorithm: Any = None,
    training: Training | None = None,
    folds: Any = None,
    compute: Compute | None = None,
    name: str | None = None,
    workspace: Path | str | None = None,
) -> TrainedTargets:
    """Start training several targets of one table, to be judged together; return while it goes on.

    ``targets`` are columns: all yes or no, or all numbers. Or ``tags`` is one column of tags: see
    :class:`TagColumn`. ``data`` is as for :func:`litmus_core.train`; :class:`Data` says its split, seed,
    schema and columns. ``algorithm``, ``training``, ``folds`` and ``compute`` are those of each target's
    run: all get the same test rows, and an equal share of the time (120 seconds, unless ``compute`` says
    another).

    ``goal`` judges all together: ``"micro_f1"``, ``"macro_f1>=0.6"``, ``"subset_accuracy"``,
    ``"hamming_loss"``, or for numbers ``"mean_r2"``, ``"mean_nrmse"``. Thresholds of labels are chosen for
    it, on validation rows. Raises a LitmusError in words, before anything starts, where the request is
    invalid.

        films = litmus_core.train_targets("films.csv", tags="genres", goal="macro_f1>=0.5").wait()
        films.export("films")
    """
    studio = Studio.open(workspace)
    try:
        request = TrainingRequest(data, None, None, algorithm, training, folds, compute)
        return start_targets(studio, request, targets, tags=tags, goal=goal, name=name)
    except BaseException:
        studio.close()
        raise


def start_targets(
    studio: Studio,
    request: TrainingRequest,
    targets: Sequence[str] = (),
    *,
    tags: str | TagColumn | None = None,
    goal: str | None = None,
    name: str | None = None,
) -> TrainedTargets:
    """Start what :func:`train_targets` does, in a studio that is open: as whoever acts there."""
    if isinstance(targets, str):
        raise UsageError(f"{targets!r} is one target.", hint="Give a list of columns, or train it alone.")
    column = TagColumn(tags) if isinstance(tags, str) else tags
    prepared = prepare(studio, request.data, targets, column, goal=goal)
    name = name or prepared.version.name
    runs = replace(
        request,
        data=list(prepared.runs),
        goal=_RUN_GOALS[prepared.spec.kind],
        compute=_shared_time(prepared, request.compute or Compute()),
    )
    handles: Any = start_training(studio, runs, name=name)
    return _recorded(studio, prepared, handles, name)


def _recorded(studio: Studio, prepared: Prepared, handles: TrainingHandles, name: str) -> TrainedTargets:
    """Put the targets, whose runs were started, on record."""
    from litmus_core.store import new_id, utc_now

    for target, handle in zip(prepared.spec.targets, handles, strict=True):
        studio.experiments.rename(handle.experiment.id, f"{name}: {target.name}")
    request = TargetsRequest(
        id=new_id("mt"),
        name=name,
        created_at=utc_now(),
        dataset_version_id=prepared.version.id,
        columns_version_id=prepared.wide.id,
        train_version_id=prepared.train.id,
        test_version_id=prepared.test.id,
        spec=prepared.spec,
        run_ids=tuple(handle.run_id for handle in handles),
        notes=prepared.notes,
    )
    return TrainedTargets(studio, studio.targets.record(request))


def _shared_time(prepared: Prepared, compute: Compute) -> Compute:
    """Return it with an equal share of the time for each target."""
    n_targets = len(prepared.spec.targets)
    total = _TIME_LIMIT_S if compute.time_limit_s is None else compute.time_limit_s
    if total / n_targets < _LEAST_S:
        wanted, has_tags = _LEAST_S * n_targets, bool(prepared.spec.tags)
        raise UsageError(
            say("time", n=n_targets, seconds=total / n_targets),
            hint=say("time hint", wanted=wanted, tags=has_tags),
        )
    return replace(compute, time_limit_s=total / n_targets)
