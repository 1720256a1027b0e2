"""Two tags trained for real, judged together and exported, made once for all tests that use them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from litmus_core import Compute, train_targets
from litmus_core.experiments import TargetsRecord
from tests.many_targets.tables import tagged, things


@dataclass(frozen=True)
class Place:
    """A workspace with two targets, trained and judged, and the folder that answers them."""

    workspace: Path
    model: Path
    record: TargetsRecord


def place(folder: Path, workspace: Path | None = None) -> Place:
    """Return two tags of a table, trained in a workspace, which is new in ``folder`` unless one is named."""
    home = workspace or folder / "workspace"
    things().drop(columns=["big", "old"]).assign(tags=tagged()).to_csv(folder / "things.csv", index=False)
    trained = train_targets(
        folder / "things.csv",
        tags="tags",
        goal="macro_f1>=0.5",
        algorithm="linear",
        folds=0,
        compute=Compute(time_limit_s=40),
        name="Things",
        workspace=home,
    )
    with trained.studio:
        record = trained.wait().record
        model = trained.export(folder / "model")
    return Place(home, model, record)
