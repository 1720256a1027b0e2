"""Explanations of the predictions of any candidate, as data frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs import diagnosis
from litmus_core.text import quote_names

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.diagnostics import Contributions
    from litmus_core.runtime import Predictor

_ROWS = 200  # validation rows to use if no rows are given
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ExplanationsService:
    """Importance, partial dependence, and contributions of columns to predictions, for any trained model."""

    context: Context

    def importance(self, candidate_id: str, *, seconds: float = _SECONDS) -> pd.DataFrame:
        """Return by how much shuffling each column lowers the score: a row a column, largest first.

        ``drop`` is in the metric's unit, positive if the column helps, with its 95 % interval from ``low`` to
        ``high``. It is measured on validation rows, in about ``seconds``.
        """
        import pandas as pd

        from litmus_core.diagnostics import importance
        from litmus_core.engine import open_for_validation, post_of, validation_predictions

        candidate = self.context.candidate(candidate_id)
        run = self.context.run(candidate.run_id)
        folder, task = self.context.workspace.run_dir(run.id), self.context.experiment_of(run.id).task
        data = diagnosis.run_data(self.context, run)
        index, _ = validation_predictions(folder, candidate.model)
        predictor = open_for_validation(
            folder, candidate.model, threshold=candidate.threshold, post=post_of(folder, candidate)
        )
        measured = importance(
            predictor,
            data.frame.iloc[index][[column.name for column in data.columns]],
            data.frame[data.target].to_numpy()[index],
            metric=data.metric(task.metric, index),
            seconds=seconds,
            seed=task.seed,
        )
        names = ("column", "drop", "low", "high", "n_shuffles")
        return pd.DataFrame([{name: getattr(one, name) for name in names} for one in measured.columns])

    def partial_dependence(
        self,
        candidate_id: str,
        column: str,
        *,
        rows: Any = None,
        values: Sequence[Any] | None = None,
        label: str | None = None,
    ) -> pd.DataFrame:
        """Return the mean prediction at each value of ``column``, and the range of 80 % of predictions.

        ``rows`` None: 200 validation rows, so that the mean is an estimate. Arguments are those of
        :meth:`ice`.
        """
        from litmus_core.diagnostics import partial_dependence

        predictor, frame = self._open(candidate_id, rows)
        return partial_dependence(predictor, frame, column, values=values, label=label)

    def ice(
        self,
        candidate_id: str,
        column: str,
        *,
        rows: Any = None,
        values: Sequence[Any] | None = None,
        label: str | None = None,
    ) -> pd.DataFrame:
        """Return the prediction for each of ``rows`` at each value of ``column``: a line for each row.

        ``rows`` are a data frame or a list of dicts; None: 200 validation rows. ``values`` None: up to 20 of
        the column's own. ``label`` is the class of the probability; None: the positive one.
        """
        from litmus_core.diagnostics import ice

        predictor, frame = self._open(candidate_id, rows)
        return ice(predictor, frame, column, values=values, label=label)

    def contributions(
        self, candidate_id: str, rows: Any = None, *, label: str | None = None
    ) -> Contributions:
        """Return what each column adds to the predictions for ``rows`` (None: 200 validation rows).

        ``rows`` are a data frame of pandas or polars, a list of dicts, one dict, or the path of a CSV or
        Parquet file.
        They are exact for linear models and trees, in their margin, and for averages of models that predict
        numbers; otherwise they are measured on validation rows, with their error
        (docs/guides/explanations.md).
        """
        from litmus_core.diagnostics import contributions

        predictor, frame = self._open(candidate_id, rows)
        folder, candidate = diagnosis.deployed_model(self.context, candidate_id)
        steps = "steps after the model change its answers"
        return contributions(
            predictor,
            steps if candidate.postprocess else (folder, candidate.model),
            frame,
            diagnosis.validation_rows(self.context, candidate.run_id, _ROWS),
            label=label,
        )

    def _open(self, candidate_id: str, rows: Any) -> tuple[Predictor, pd.DataFrame]:
        """Return the deployed model, and the rows as a frame with its columns."""
        import pandas as pd

        from litmus_core.runtime import to_frame, with_labels

        candidate = self.context.candidate(candidate_id)
        predictor = diagnosis.open_predictor(self.context, candidate_id)
        if rows is None:
            return predictor, diagnosis.validation_rows(self.context, candidate.run_id, _ROWS)
        if isinstance(rows, Mapping):
            rows = [rows]
        if isinstance(rows, list | tuple | Iterator):
            rows = pd.DataFrame(rows)
        frame = rows if isinstance(rows, pd.DataFrame) else to_frame(rows, predictor.columns)
        frame = with_labels(frame, [column.name for column in predictor.columns])
        if not len(frame):
            raise UsageError("There are no rows to explain.", hint="Give at least one.")
        if doubled := list(dict.fromkeys(frame.columns[frame.columns.duplicated()])):
            raise UsageError(
                f"The rows have several columns {quote_names(doubled)}.", hint="Rename or drop one."
            )
        missing = [column.name for column in predictor.columns if column.name not in frame]
        if missing:
            raise UsageError(
                f"The rows lack {quote_names(missing)}, which the model was trained with.",
                hint="Give all of its columns; a value may be missing.",
            )
        return predictor, frame
