"""An encoder's step gives each text its numbers, whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.compiled import PlanStep
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._families.encoder import encoder_graph
from litmus_core.engine._text_encoder._pretrained import read_pretrained
from litmus_core.frame import Features
from tests.encoders import HIDDEN, write_encoder

TITLES = ["acme fridge 12", "big screen", "", "box box box", "acme fridge 12", "zzz"]


def features(*columns: list[str]) -> Features:
    n_rows = len(columns[0])
    nothing = np.zeros((n_rows, 0))
    return Features(nothing, nothing.astype(np.uint8), nothing.astype(np.int32), columns)


@pytest.fixture(scope="module")
def step(tmp_path_factory: pytest.TempPathFactory) -> PlanStep:
    encoder = read_pretrained(write_encoder(tmp_path_factory.mktemp("encoder")), most_tokens=12)
    files = {"graph.onnx": encoder_graph(encoder), "vocabulary.txt": "\n".join(encoder.vocabulary).encode()}
    return PlanStep(
        id="e", kind="encoder", settings={"texts": [0], "most_tokens": 12, "lower": True}, files=files
    )


def test_one_row_gets_exactly_what_it_gets_within_a_batch(step: PlanStep) -> None:
    runner = runner_of(step)
    together = runner.run(features(TITLES), {})
    assert together.shape == (6, HIDDEN)
    assert together.dtype == np.float32
    for place, title in enumerate(TITLES):
        assert (runner.run(features([title]), {})[0] == together[place]).all()


def test_the_same_text_gets_the_same_and_another_one_not(step: PlanStep) -> None:
    found = runner_of(step).run(features(TITLES), {})
    assert (found[0] == found[4]).all()
    assert abs(found[0] - found[1]).max() > 0.01


def test_several_texts_of_a_row_are_read_one_after_the_other(step: PlanStep) -> None:
    both = PlanStep(id="e", kind="encoder", settings={**step.settings, "texts": [1, 0]}, files=step.files)
    found = runner_of(both).run(features(["lid", "box"], ["box", "lid"]), {})
    assert abs(found[0] - found[1]).max() > 0.01
    swapped = runner_of(both).run(features(["box", "lid"], ["lid", "box"]), {})
    assert (found[0] == swapped[1]).all()
