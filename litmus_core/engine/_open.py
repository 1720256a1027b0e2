"""Opening a candidate: raw rows in, answers out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.engine._folder import read_model_info

if TYPE_CHECKING:
    from litmus_core.runtime import Predictor


def open_candidate(folder: Path, model: str, *, threshold: float | None = None) -> Predictor:
    """Return the predictor of a model in a run's folder, its pipeline and models in memory.

    Raises NotFoundError where there is no such model, TrainingError where none was finished.
    """
    from litmus_core.engine._native import executor_of
    from litmus_core.frame import FeaturePipeline
    from litmus_core.runtime import Predictor

    info = {**read_model_info(folder), "threshold": threshold}
    state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    return Predictor(info, FeaturePipeline.from_state(state), executor_of(folder, model))
