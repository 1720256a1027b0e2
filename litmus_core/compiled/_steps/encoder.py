"""A text encoder: texts split into word pieces, then a small transformer in ONNX Runtime."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Outputs
from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features, WordPieces

Array = np.ndarray[Any, Any]
GRAPH, VOCABULARY = "graph.onnx", "vocabulary.txt"


class CompiledTextEncoder:
    """Returns (n, h) float32 embeddings of texts, which later steps read.

    ``settings``: ``texts`` (positions among the features' texts), ``most_tokens``, ``lower``. ``files``: the
    graph, from ``ids`` (1, t) to ``y`` (1, h), and the vocabulary, a piece a line. Rows are encoded one by
    one, each distinct text once: a batch would be a sixth faster, but the last digits would depend on the
    other rows in it.
    """

    def __init__(self, step: PlanStep) -> None:
        settings = step.settings
        vocabulary = step.files[VOCABULARY].decode("utf-8").split("\n")
        self._texts, self._most = settings["texts"], settings["most_tokens"]
        self._pieces = WordPieces(vocabulary, lower=settings["lower"])
        self._session = _session(step.files[GRAPH])

    def run(self, features: Features, outputs: Outputs) -> Array:
        """Return (n, h) float32."""
        columns = [features.texts[place] for place in self._texts]
        rows = [tuple(self._pieces.ids(texts, most=self._most)) for texts in zip(*columns, strict=True)]
        if len(rows) == 1:
            return self._encode_row(rows[0])
        encoded = {row: self._encode_row(row) for row in dict.fromkeys(rows)}
        return np.concatenate([encoded[row] for row in rows])

    def _encode_row(self, row: tuple[int, ...]) -> Array:
        (encoded,) = self._session.run(["y"], {"ids": np.array([row], dtype=np.int64)})
        vector: Array = encoded
        return vector


def _session(graph: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


RUNNER = CompiledTextEncoder
