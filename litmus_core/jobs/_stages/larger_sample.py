"""The expected gain from more rows for a run on a sample of its table."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from litmus_core.types import Task

if TYPE_CHECKING:
    from litmus_core.advice import TrialData
    from litmus_core.jobs._run_data import RunData

_MOST_S, _LEAST_S = 20.0, 2.0

_log = logging.getLogger(__name__)


def trial_data_of(data: RunData, task: Task) -> TrialData:
    """Return the run's rows without the test rows, for trials.

    The index of the frame has the rows' positions in the table.
    """
    import numpy as np

    from litmus_core.advice import TrialData
    from litmus_core.data import as_labels

    rows = np.sort(np.concatenate([data.index("train"), data.index("validation")]))
    frame = data.frame.iloc[rows]
    truth, classes = frame[data.target].to_numpy(), ()
    if task.type.has_classes:
        truth = as_labels(truth)
        classes = tuple(np.unique(truth.astype(str)).tolist())
    features = frame[[column.name for column in data.columns]].set_axis(data.places_of(rows))
    return TrialData(
        features,
        truth,
        data.columns,
        task,
        classes,
        data.blocks_of(rows),
        weights=data.weights_of(rows),
    )


def more_rows_note(data: RunData, task: Task, *, seconds: float) -> str:
    """Describe the gain from twice the rows if the run uses a sample; "" if it uses all, or too few.

    It takes at most ``seconds`` and at most twenty. A failure loses the message, not the run.
    """
    from litmus_core.advice import doubled_rows_message, gain_of_doubled_rows

    if data.places is None or data.n_there < 2 * len(data.places):  # the table does not have twice as many
        return ""
    try:
        spend = min(_MOST_S, max(_LEAST_S, seconds))
        gain = gain_of_doubled_rows(trial_data_of(data, task), seconds=spend, seed=task.seed)
    except Exception:  # noqa: BLE001 - after any error the verdict stands
        _log.exception("What more rows would bring could not be found out.")
        return ""
    return "" if gain is None else doubled_rows_message(task, gain)
