"""The points at which someone's own code can take part, and what each is called."""

from __future__ import annotations

from litmus_core.types import Point

NOUNS: dict[Point, str] = {
    "preprocess": "pre-processor",
    "algorithm": "model",
    "postprocess": "post-processor",
    "metric": "metric",
    "data_source": "data source",
    "task_type": "task type",
    "exporter": "exporter",
    "hook": "hook",
    "action": "action",
}
