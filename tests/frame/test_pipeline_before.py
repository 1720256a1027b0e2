"""A feature pipeline with pre-processing before it: raw rows in, what was made of them learned."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.frame import FeaturePipeline, raw_frame, trace
from tests.frame.raw_columns import COLUMNS, FIRST, SIZE


def tidy(frame: Any) -> Any:
    frame = frame.assign(
        ratio=np.log1p(frame["size"].clip(lower=0)) / frame["price"].fillna(1),
        word=frame["title"].str.lower().str.split().str[0],
        late=frame["when"] > FIRST,
    )
    return frame.drop(columns=["title", "seen"])


def second(frame: Any) -> Any:
    return frame.assign(ratio=frame["ratio"].fillna(-1) + frame["late"] * 10)


def rows_of(n_rows: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(1)
    return [
        {
            "size": None if at % 7 == 0 else float(random.normal(3, 2)),
            "price": float(random.integers(0, 5)),
            "title": None if at % 11 == 0 else f"{random.choice(['Red', 'Blue'])} box {at}",
            "place": str(random.choice(["x", "y"])),
            "when": None if at % 13 == 0 else f"2024-0{1 + at % 9}-03T04:05:06",
            "seen": None,
            "sold": bool(at % 2),
            "level": int(at % 3),
        }
        for at in range(n_rows)
    ]


def fitted(n_rows: int = 120) -> FeaturePipeline:
    before = [trace(tidy, COLUMNS)]
    before.append(trace(second, before[0].columns))
    return FeaturePipeline(COLUMNS, before=before).fit(raw_frame(rows_of(n_rows), COLUMNS))


def test_a_pipeline_takes_raw_rows_and_learns_from_what_pre_processing_made_of_them() -> None:
    pipeline = fitted()

    assert [each.name for each in pipeline.columns] == [each.name for each in COLUMNS]
    assert {"size", "ratio", "word", "late", "place"} <= set(pipeline.outputs)
    assert not [name for name in pipeline.outputs if name.startswith(("title", "seen"))]


def test_a_pipeline_with_pre_processing_survives_json_and_answers_alike_in_every_form() -> None:
    pipeline = fitted()
    state = json.loads(json.dumps(pipeline.state(), allow_nan=False))
    again = FeaturePipeline.from_state(state)
    rows = rows_of(100)
    frame = again.transform(raw_frame(rows, COLUMNS))
    many, few = again.features(rows), [again.features([row]) for row in rows]

    assert state["format"] == 2
    pd.testing.assert_frame_equal(frame, pipeline.transform(raw_frame(rows, COLUMNS)), check_exact=True)
    np.testing.assert_array_equal(many.numbers, np.vstack([each.numbers for each in few]))
    np.testing.assert_array_equal(many.categories, np.vstack([each.categories for each in few]))
    np.testing.assert_array_equal(many.numbers, frame[list(again.number_outputs)].to_numpy())


def test_a_pipeline_without_pre_processing_is_written_as_before() -> None:
    state = FeaturePipeline([SIZE]).fit(raw_frame(rows_of(20), [SIZE])).state()

    assert sorted(state) == ["dropped", "encoders", "format"]
    assert state["format"] == 1
