"""Linear models and networks: what each kind of column adds, and what links make of the sum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import QuantileTransformer

from litmus_core.compiled import PlanStep, Source
from litmus_core.compiled._runners import runner_of
from litmus_core.engine._compile.first_layer import FirstLayer
from litmus_core.frame import Features

NAN = float("nan")


def features(
    numbers: list[list[float]], tokens: list[list[int]] | None = None, codes: list[list[int]] | None = None
) -> Features:
    n_rows = len(numbers)
    return Features(
        np.array(numbers, dtype=np.float64),
        np.array(tokens or [[]] * n_rows, dtype=np.uint8),
        np.array(codes or [[]] * n_rows, dtype=np.int32),
    )


def answer(layer: FirstLayer, rows: Features, *, link: Any = "identity", **facts: Any) -> list[Any]:
    """Return the answers, after a check that each row alone gets the same."""
    settings = {**layer.settings, "link": {"kind": link} if isinstance(link, str) else link, **facts}
    runner = runner_of(PlanStep(id="it", kind="dense", settings=settings, arrays=layer.arrays))
    together = runner.run(rows, {})
    alone = [runner.run(rows.rows(at, at + 1), {}) for at in range(rows.n_rows)]
    assert np.array_equal(np.concatenate(alone), together)
    return together.tolist()


def column(*values: float) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.float64)


def test_a_missing_number_counts_as_what_fills_it():
    layer = FirstLayer(column(10))
    layer.numbers([("number", 1)], column(3).reshape(1, 1), center=column(4), scale=column(2), fill=column(6))

    assert answer(layer, features([[0, 8], [0, NAN]])) == [16, 13]


def test_a_number_far_away_is_cut_at_the_limit():
    layer = FirstLayer(column(0))
    one = column(1)
    layer.numbers([("number", 0)], one.reshape(1, 1), center=one, scale=one, fill=one, limit=3.0)

    assert answer(layer, features([[2], [99], [-99], [NAN]])) == [1, 3, -3, 0]


def test_a_category_adds_its_codes_row_of_the_table():
    layer = FirstLayer(column(1))
    sources: list[Source] = [("category", 1), ("category", 0)]
    layer.categories(sources, [column(5, 6, 6).reshape(3, 1), column(0, 70).reshape(2, 1)])

    assert answer(layer, features([[], []], codes=[[1, 2], [0, 0]])) == [77, 6]


def test_words_that_are_there_add_their_weights():
    layer = FirstLayer(column(0))
    layer.flags(
        [("token", 2), ("token", 0)],
        column(10, 1).reshape(2, 1),
        center=column(0.5, 0),
        scale=column(0.5, 1),
    )

    assert answer(layer, features([[], []], tokens=[[1, 1, 1], [0, 1, 0]])) == [11, -10]


def test_a_number_of_few_values_adds_by_its_value_alone():
    layer = FirstLayer(column(0))
    layer.values([("number", 0), ("number", 0)], column(5, 7).reshape(2, 1), values=column(0, 1))

    assert answer(layer, features([[0], [1], [0.5], [NAN]])) == [5, 7, 0, 0]


def test_an_earlier_steps_answer_is_a_column_like_any_other():
    layer = FirstLayer(column(0))
    one = column(1)
    layer.numbers([("base", 1)], one.reshape(1, 1), center=column(0), scale=one, fill=one)
    settings = {**layer.settings, "link": {"kind": "identity"}}
    runner = runner_of(PlanStep(id="it", kind="dense", settings=settings, arrays=layer.arrays))

    assert runner.run(features([[]]), {"base": np.array([[0.25, 0.75]])}).tolist() == [0.75]


@pytest.mark.parametrize("seed", range(3))
def test_skewed_numbers_become_scikit_learns_normal_deviates(seed: int):
    rng = np.random.default_rng(seed)
    learned = np.column_stack(
        [rng.exponential(size=400), rng.poisson(0.3, 400), np.round(rng.normal(size=400), 1)]
    )
    transformer = QuantileTransformer(output_distribution="normal", n_quantiles=100).fit(learned)
    layer = FirstLayer(column(0, 0, 0))
    sources: list[Source] = [("number", at) for at in range(3)]
    layer.skewed(
        sources,
        np.eye(3),
        quantiles=transformer.quantiles_,
        references=transformer.references_,
        fill=column(1, 0, 0),
    )
    asked = np.concatenate([learned[:50], rng.normal(size=(50, 3)) * 3, [[1e9, -1e9, 0.05], [NAN, NAN, NAN]]])

    links = [layer.arrays["skewed.weights"][:, at] for at in range(3)]
    filled = np.where(np.isnan(asked), column(1, 0, 0), asked)
    wanted = transformer.transform(filled)
    for at, weights in enumerate(links):
        layer.arrays["skewed.weights"] = weights.reshape(3, 1)
        layer.arrays["offset"] = column(0)
        found = answer(layer, features(asked.tolist()))
        np.testing.assert_allclose(found, wanted[:, at], rtol=1e-6, atol=1e-6)


def test_many_rows_in_chunks_get_what_few_get():
    layer = FirstLayer(column(0))
    one = column(1)
    layer.numbers([("number", 0)], one.reshape(1, 1), center=column(0), scale=one, fill=one)
    rows = features([[float(at)] for at in range(9_000)])
    settings = {**layer.settings, "link": {"kind": "identity"}}
    runner = runner_of(PlanStep(id="it", kind="dense", settings=settings, arrays=layer.arrays))

    assert runner.run(rows, {}).tolist() == list(range(9_000))


@pytest.mark.parametrize(
    ("activation", "wanted"),
    [
        ("relu", 2.0),
        ("identity", -1.0),
        ("elu", 2.0 + 3 * np.expm1(-1.0)),
        ("tanh", np.tanh(2) - 3 * np.tanh(1)),
    ],
)
def test_a_network_activates_what_its_layers_add_up(activation: str, wanted: float):
    layer = FirstLayer(column(2, -1))
    layer.arrays |= {"weights0": column(1, 3).reshape(2, 1), "offset0": column(0)}

    assert answer(layer, features([[]]), activation=activation, n_layers=1) == [np.float32(wanted)]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ({"kind": "identity"}, -2.0),
        ({"kind": "logistic"}, 1 / (1 + np.exp(2))),
        ({"kind": "clipped", "low": -1.0, "high": 4.0}, -1.0),
        ({"kind": "between", "low": 10.0, "high": 20.0}, 10 + 10 / (1 + np.exp(2))),
        ({"kind": "above", "low": 1.0}, 3.0),
        ({"kind": "below", "high": 1.0}, -1.0),
    ],
)
def test_a_link_brings_the_sum_into_its_range(link: dict[str, Any], wanted: float):
    assert answer(FirstLayer(column(-2)), features([[], []]), link=link) == [np.float32(wanted)] * 2


def test_a_sum_beyond_all_bounds_is_still_a_probability():
    assert answer(FirstLayer(column(-1e4)), features([[], []]), link="logistic") == [0, 0]
    assert answer(FirstLayer(column(1e4, 0)), features([[]]), link="softmax") == [[1, 0]]
