"""The pipeline's frames as the blocks that compiled models read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from litmus_core.frame import FeaturePipeline, Features


def blocks_of(pipeline: FeaturePipeline, frame: pd.DataFrame) -> Features:
    """Return the features of ``frame``, which ``pipeline`` gave."""
    codes = [frame[name].cat.codes.to_numpy(dtype=np.int32) for name in pipeline.category_outputs]
    return Features(
        frame[list(pipeline.number_outputs)].to_numpy(dtype=np.float64),
        frame[list(pipeline.token_outputs)].to_numpy(dtype=np.uint8),
        np.column_stack(codes) if codes else np.empty((len(frame), 0), np.int32),
        tuple(frame[name].tolist() for name in pipeline.text_outputs),
    )
