"""Live handles on runs and their candidates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import TrainingError
from litmus_core.experiments._api.handles.leaderboard import board_row, run_html
from litmus_core.experiments._api.handles.progress import progress_bar
from litmus_core.experiments._studio import Studio
from litmus_core.types import (
    Bar,
    BundleRecord,
    Candidate,
    Decision,
    Experiment,
    Progress,
    Run,
    Score,
    Verdict,
)
from litmus_core.verdicts import Gate, verdict_sentence

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.deploy import Form
    from litmus_core.diagnostics import Contributions
    from litmus_core.runtime import Label, Predictor


class TrainedCandidate:
    """A candidate and its operations; ``facts`` holds all its data."""

    def __init__(self, studio: Studio, facts: Candidate) -> None:
        self.studio = studio
        self.facts = facts

    def __repr__(self) -> str:
        scores = [("validation", self.validation), ("test", self.test)]
        shown = [f"{part} {score.metric} {score.value:.4g}" for part, score in scores if score is not None]
        return f"<TrainedCandidate {self.id}: {', '.join([self.name, *shown])}>"

    @property
    def id(self) -> str:
        """The candidate's id."""
        return self.facts.id

    @property
    def name(self) -> str:
        """The candidate's name on the leaderboard."""
        return self.facts.name

    @property
    def validation(self) -> Score | None:
        """Its score on validation (or out-of-fold) rows."""
        return self.facts.validation

    @property
    def test(self) -> Score | None:
        """Its score on the test set; None while that is hidden."""
        return self.facts.test

    def export(
        self, to: Path | str | None = None, *, zipped: bool | None = None, form: Form = "auto"
    ) -> BundleRecord:
        """Write the candidate as a bundle; zipped if ``to`` ends in .zip or is not given."""
        as_zip = zipped if zipped is not None else (to is None or str(to).endswith(".zip"))
        return self.studio.bundles.export(self.facts.id, to=to, zipped=as_zip, form=form)

    def predictor(self) -> Predictor:
        """Open the candidate for predictions in this process."""
        return self.studio.candidates.predictor(self.facts.id)

    def predict_interval(self, rows: Any, *, level: float = 0.9) -> NDArray[np.float64]:
        """Return (n, 2) lower and upper ends that hold the true number for the share ``level`` of rows.

        They are based on rows that the model did not learn from; nothing is trained. Raises UsageError for
        labels, and for a level that so few rows cannot promise.
        """
        return self._predictor.predict_interval(rows, level=level)

    def predict_set(self, rows: Any, *, level: float = 0.9) -> list[tuple[Label, ...]]:
        """Return for each row the labels that hold the true one for the share ``level`` of rows.

        The predicted label comes first. Raises UsageError for numbers, and for a level that so few rows
        cannot promise.
        """
        return self._predictor.predict_set(rows, level=level)

    def contributions(self, rows: Any = None, *, label: str | None = None) -> Contributions:
        """Return what each column adds to the predictions for ``rows``; see ``studio.explanations``."""
        return self.studio.explanations.contributions(self.facts.id, rows, label=label)

    def importance(self, *, seconds: float = 30.0) -> pd.DataFrame:
        """Return by how much shuffling each column lowers the score: a row a column, largest first."""
        return self.studio.explanations.importance(self.facts.id, seconds=seconds)

    def partial_dependence(
        self,
        column: str,
        *,
        rows: Any = None,
        values: Sequence[Any] | None = None,
        label: str | None = None,
    ) -> pd.DataFrame:
        """Return the mean prediction at each value of ``column``, and the range of 80 % of predictions."""
        explained = self.studio.explanations
        return explained.partial_dependence(self.facts.id, column, rows=rows, values=values, label=label)

    def ice(
        self,
        column: str,
        *,
        rows: Any = None,
        values: Sequence[Any] | None = None,
        label: str | None = None,
    ) -> pd.DataFrame:
        """Return the prediction for each of ``rows`` at each value of ``column``: a line for each row."""
        return self.studio.explanations.ice(self.facts.id, column, rows=rows, values=values, label=label)

    def group_intervals(self, by: str) -> TrainedCandidate:
        """Calibrate intervals or sets separately for each group of the column ``by``; "" ends that."""
        return TrainedCandidate(self.studio, self.studio.intervals.group_by(self.facts.id, by))

    @cached_property
    def _predictor(self) -> Predictor:
        return self.predictor()

    def train_on_all_rows(self) -> TrainedCandidate:
        """Retrain the candidate on all rows, test rows included, and deploy that model from now on.

        It has no score of its own: score and verdict stay those of the judged model.
        """
        return TrainedCandidate(self.studio, self.studio.final_models.train(self.facts.id))

    def use_model(self, *, final: bool) -> TrainedCandidate:
        """Deploy the model of all rows or, without ``final``, the judged one."""
        return TrainedCandidate(self.studio, self.studio.final_models.choose(self.facts.id, final=final))

    def continue_training(
        self, version_id: str | None = None, *, old_per_new: float = 1.0
    ) -> tuple[TrainingHandle, TrainingHandle]:
        """Continue training its boosted trees on new rows, and retrain it for comparison.

        Returns both runs' handles; see ``studio.warm_start.start``.
        """
        runs = self.studio.warm_start.start(self.facts.id, version_id, old_per_new=old_per_new)
        continued, retrained = (TrainingHandle(self.studio, run.id) for run in runs)
        return continued, retrained


class TrainingHandle:
    """A live run: wait for it, watch it, stop it, read it. The run does not depend on the handle."""

    def __init__(self, studio: Studio, run_id: str) -> None:
        self.studio = studio
        self.run_id = run_id
        self._opened: tuple[Any, Predictor] | None = None

    @property
    def run(self) -> Run:
        """The current state of the run."""
        self.studio.store.refresh()
        return self.studio.runs.get(self.run_id)

    @property
    def experiment(self) -> Experiment:
        """The run's experiment."""
        return self.studio.experiments.get(self.run.experiment_id)

    @property
    def data_name(self) -> str:
        """The name of its data set."""
        return self.studio.datasets.get(self.experiment.task.dataset_version_id).name

    @property
    def progress(self) -> Progress:
        """The progress of the run."""
        return self.studio.runs.progress(self.run_id)

    def wait(self, timeout_s: float | None = None, *, progress: bool | None = None) -> TrainingHandle:
        """Wait until the run is over. Raises TrainingError if it failed, BusyError after ``timeout_s``.

        A run also fails if a requested part did not run; ``run.missing`` says which. Finished models are
        available even then: :meth:`candidates`, :attr:`best` and :attr:`verdict`. ``progress`` shows a
        progress bar; None: in interactive sessions.
        """
        with progress_bar(progress) as tell:
            run = self.studio.runs.wait(self.run_id, timeout_s=timeout_s, on_progress=tell)
        self.studio.tracking.mirror(self.run_id)
        if run.status in ("failed", "interrupted"):
            raise TrainingError(run.message, hint=run.hint)
        return self

    def repeat(self) -> TrainingHandle:
        """Repeat the run without time limits, as a new run whose models give the same predictions.

        Its message says which predictions are equal, bit for bit. Raises UsageError while the run is running.
        """
        return TrainingHandle(self.studio, self.studio.runs.repeat(self.run_id).id)

    def stop(self, *, hard: bool = False) -> None:
        """Stop the run and keep its best model so far."""
        self.studio.runs.stop(self.run_id, hard=hard)

    def candidates(self) -> list[Candidate]:
        """The candidates in leaderboard order."""
        self.studio.store.refresh()
        return self.studio.candidates.list(self.run_id)

    def leaderboard(self) -> pd.DataFrame:
        """The candidates as a table: scores with intervals, latency in ms, size in MB."""
        from litmus_core.experiments._api.handles.leaderboard_frame import LeaderboardFrame

        return LeaderboardFrame([board_row(candidate) for candidate in self.candidates()])

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the chosen candidate; None before there is one."""
        return self.run.verdict

    @property
    def promised(self) -> Bar | None:
        """The best bar that the chosen model meets, with every evaluation on its test rows counted."""
        return self.studio.decisions.promised(self.run_id)

    def gate(self, requirement: str = "meets") -> Gate:
        """Whether the verdict "meets" the bar, or "probably meets" it, as ``litmus gate`` judges.

        Undecided before the verdict. Raises UsageError if there is no bar.
        """
        self.studio.store.refresh()
        return self.studio.decisions.gate(self.run_id, requirement)

    def move_bar(self, value: float, *, because: str = "") -> Verdict | None:
        """Move the experiment's bar, and return the verdict by the new bar; nothing is trained.

        Raises UsageError without a reason where an endpoint serves a model of the experiment.
        """
        self.studio.decisions.move_bar(self.run.experiment_id, value, because=because)
        return self.verdict

    def use_anyway(self, *, because: str) -> Decision:
        """Record that the chosen model is used regardless of its verdict."""
        return self.studio.decisions.use_anyway(self.run_id, because=because)

    @property
    def sentence(self) -> str:
        """The run's result as text: its verdict or, before that, its progress."""
        return run_sentence(self.run)

    @property
    def best(self) -> TrainedCandidate:
        """The chosen candidate; before the choice, the best one by validation score so far."""
        self.studio.store.refresh()
        return TrainedCandidate(self.studio, self.studio.candidates.chosen(self.run_id))

    def predict(self, rows: Any) -> NDArray[Any]:
        """Predict the label or value (n,) of each row by the best candidate, which stays open."""
        return self._predictor().predict(rows)

    def predict_proba(self, rows: Any) -> NDArray[np.float64]:
        """Return (n, k) probabilities by the best candidate. Raises UsageError in regression."""
        return self._predictor().predict_proba(rows)

    def _predictor(self) -> Predictor:
        """Return the best candidate's predictor, opened once for each model."""
        best = self.best
        key = (best.id, best.facts.final)
        if self._opened is None or self._opened[0] != key:
            self._opened = key, best.predictor()
        return self._opened[1]

    @property
    def code(self) -> str:
        """The Python code that reproduces this run."""
        return self.studio.code.script(self.run_id)

    def _repr_html_(self) -> str:
        run = self.run
        sentence = run_sentence(run)
        return run_html(f"{self.experiment.name}, {run.title}", run.status, sentence, self.candidates())

    def __repr__(self) -> str:
        run = self.run
        return f"<TrainingHandle {self.run_id} {run.status}: {run_sentence(run)}>"


def run_sentence(run: Run) -> str:
    """Return the result of a run: its verdict, after the requested parts that did not run."""
    if run.verdict is None:
        return run.message
    return " ".join((*run.missing, verdict_sentence(run.verdict), *run.left_out))
