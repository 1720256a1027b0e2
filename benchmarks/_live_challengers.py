"""Challengers trained for real: a good model against a weak one and an equal one, each once the live one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_tables import Table
from litmus_core.metrics import LabelCase, ValueCase, get_metric
from litmus_core.verdicts import compare_live
from litmus_core.verdicts._live.increments import rows_of, value_of

if TYPE_CHECKING:
    import pandas as pd

Part = dict[str, Any]
METRICS = {"binary": "accuracy", "multiclass": "accuracy", "regression": "r2"}
LOOKS = np.unique(np.geomspace(100, 20_000, 40).astype(int))  # rows with outcomes at each look
_N_GOOD, _N_WEAK, _SECONDS = 2_000, 200, 10
_N_DRAWS = 13  # of new rows, for each pair of models
_PAIRS = (("weak", "good"), ("good", "weak"), ("good", "equal"), ("equal", "good"))  # live, challenger


def challenged(table: Table, seed: int) -> list[Part]:
    """Train a model on 200 rows and two on 2,000 others; let them challenge one another on new rows.

    Returns of each replay by how much the challenger is better on all hidden rows, and what was decided at
    the first look that decides ("" where none did), and at any look.
    """
    frame = table.load().sample(frac=1.0, random_state=seed).reset_index(drop=True)
    metric = get_metric(METRICS[table.problem])
    sizes = {"good": _N_GOOD, "equal": _N_GOOD, "weak": _N_WEAK}
    ends = np.cumsum(list(sizes.values())).tolist()
    parts = {name: frame.iloc[end - n : end] for (name, n), end in zip(sizes.items(), ends, strict=True)}
    hidden = frame.iloc[ends[-1] :].reset_index(drop=True)
    cases = {name: _case(table, rows, hidden, metric, seed) for name, rows in parts.items()}
    replays = []
    for draw in range(_N_DRAWS):
        drawn = np.random.default_rng([seed, 7, draw]).integers(0, len(hidden), int(LOOKS[-1]))
        for live, challenger in _PAIRS:
            replays.append(_replay(metric, cases[live], cases[challenger], drawn))
    return replays


def _replay(metric: Any, live: LabelCase | ValueCase, challenger: LabelCase | ValueCase, drawn: Any) -> Part:
    states = [
        compare_live(metric, *(rows_of(case, drawn[:n_rows]) for case in (live, challenger)))[0]
        for n_rows in LOOKS.tolist()
    ]
    decided = [at for at, state in enumerate(states) if state in ("better", "worse")]
    return {
        "gain": float(value_of(metric, challenger) - value_of(metric, live)),
        "first": states[decided[0]] if decided else "",
        "ever better": "better" in states,
        "rows": int(LOOKS[decided[0]]) if decided else None,
    }


def _case(
    table: Table, rows: pd.DataFrame, hidden: pd.DataFrame, metric: Any, seed: int
) -> LabelCase | ValueCase:
    """Train on some rows as a user does, and return what the model answers to the hidden ones."""
    from litmus_core import Compute, Training, train
    from litmus_core.experiments._deploy.cases import case_of
    from litmus_core.experiments._runs.diagnosis import open_predictor
    from litmus_core.runtime import label_text, to_frame

    with tempfile.TemporaryDirectory(prefix="litmus-challenger-") as folder:
        source = Path(folder) / "rows.csv"
        rows.to_csv(source, index=False)
        handle = train(
            source,
            table.target,
            goal=metric.name,
            training=Training(models=("lightgbm",)),
            compute=Compute(time_limit_s=_SECONDS),
            folds=0,
            workspace=Path(folder) / "workspace",
        )
        run = handle.wait(timeout_s=600).run
        assert run.chosen_id is not None, run.message
        predictor = open_predictor(handle.studio.context, run.chosen_id)
        raw = predictor.predict_raw(to_frame(hidden.drop(columns=table.target), predictor.columns))
        handle.studio.close()
    truth: list[Any] = hidden[table.target].tolist()
    if predictor.info.classes:
        truth = [label_text(label) for label in truth]
    return case_of(metric, predictor.info, truth, raw)
