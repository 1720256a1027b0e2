"""FrameTransformer: one trace of code serves all its fits, wherever it only hands on what it learned."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from litmus_core.errors import RowError, UsageError
from litmus_core.frame import FramePlan, FrameTransformer
from litmus_core.frame._choice import Form
from litmus_core.frame._learned import LearnedNumber, LearnedTable, Looked, Parameter
from tests.frame.raw_columns import PLACE, SIZE
from tests.frame.test_frame_plan import COLUMNS, FORMS, VALUES, Pre, in_form, listed

FITS = (
    VALUES,
    {name: values[::-1] for name, values in VALUES.items()},
    {name: values[1:2] for name, values in VALUES.items()},  # all is missing but 'sold'
    {name: values[:1] for name, values in VALUES.items()},  # one row has no std
    VALUES | {"size": [1e300, -5.0, None, 0.0, 2.5], "place": ["é", None, "", "b", "é"]},
)


@pytest.mark.parametrize("form", FORMS)
def test_each_fit_is_what_a_fit_of_its_own_would_be(form: Form) -> None:
    transformer = FrameTransformer(Pre(), COLUMNS)

    for values in FITS:
        rows = in_form(values, form)
        made = listed(transformer.fit_transform(rows), form)

        assert made == listed(FramePlan.fitted(Pre(), COLUMNS, rows).of(rows), form)


class Counted:
    """Counts how often it is traced: what it hands to the frame is all that it does with what it learned."""

    traced = 0

    def fit(self, frame: Any) -> None:
        self.mean_, self.most_ = frame["size"].mean(), frame["size"].max()
        self.places_ = {place: at for at, place in enumerate(sorted(frame["place"].value_counts()))}

    def transform(self, frame: Any) -> Any:
        type(self).traced += 1
        size = frame["size"]
        low = np.maximum(size, self.mean_)
        frame["low"] = np.where(size < self.mean_, self.most_, low.fillna(self.mean_))
        frame["raised"] = (self.mean_ - size).clip(-10, self.most_) ** 2 + size.mask(
            size > self.most_, self.mean_
        )
        frame["place"] = frame["place"].map(self.places_)
        return frame


def test_code_that_only_hands_on_what_it_learned_is_traced_once() -> None:
    Counted.traced = 0
    transformer = FrameTransformer(Counted(), [SIZE, PLACE])
    plans = [
        transformer.fit([{"size": size, "place": place}, {"size": 2 * size, "place": "z"}])
        for size, place in ((1.0, "a"), (-3.5, "b"), (8.0, "z"))
    ]

    assert Counted.traced == 1
    again = FramePlan.fitted(
        Counted(), [SIZE, PLACE], [{"size": -3.5, "place": "b"}, {"size": -7.0, "place": "z"}]
    )
    row = {"size": -4.0, "place": "z"}
    assert plans[1].of([row]) == again.of([row])
    assert plans[1].of({"size": [-4.0], "place": ["z"]}) == again.of({"size": [-4.0], "place": ["z"]})
    assert plans[0].of([row]) != plans[2].of([row])


def _branches(self: Any, frame: Any) -> Any:
    return frame.assign(size=frame["size"] - self.mean_ if self.mean_ > 0 else frame["size"] + self.mean_)


def _reckons(self: Any, frame: Any) -> Any:
    return frame.assign(size=(frame["size"] - (self.mean_ + 1)) / math.sqrt(abs(self.mean_)))


def _catches(self: Any, frame: Any) -> Any:
    try:
        name = f"mean {float(self.mean_):.1f}"
    except Exception:  # noqa: BLE001 - as people write it
        name = "no mean"
    return frame.assign(**{name: frame["size"]})


def _reads(self: Any, frame: Any) -> Any:
    return frame.assign(known=frame["place"].isin(list(self.places_)), n=frame["size"] * len(self.places_))


def _keeps(self: Any, frame: Any) -> Any:
    return frame.assign(size=frame["size"] * self.list_[0] - self.array_[1] + (self.word_ == "a") + self.n_)


@pytest.mark.parametrize("transform", [_branches, _reckons, _catches, _reads, _keeps])
def test_code_that_looks_at_what_it_learned_gets_it(transform: Callable[[Any, Any], Any]) -> None:
    class Code:
        def fit(self, frame: Any) -> None:
            self.mean_ = frame["size"].mean()
            self.places_ = dict(frame["place"].value_counts())
            if transform is _keeps:
                self.list_, self.array_ = [self.mean_], np.array([1.0, self.mean_])
                self.word_, self.n_ = next(iter(self.places_)), int(self.mean_)

        def transform(self, frame: Any) -> Any:
            return transform(self, frame)

    transformer = FrameTransformer(Code(), [SIZE, PLACE])
    for size, place in ((2.0, "a"), (-2.0, "b"), (4.0, "a")):
        rows = [{"size": size, "place": place}]
        assert transformer.fit_transform(rows) == FramePlan.fitted(Code(), [SIZE, PLACE], rows).of(rows)


def test_the_code_itself_stays_as_it_is() -> None:
    class Gathers:
        def __init__(self) -> None:
            self.seen: list[float] = []

        def fit(self, frame: Any) -> None:
            self.seen.append(frame["size"].max())

        def transform(self, frame: Any) -> Any:
            return frame.assign(most=max(self.seen))

    code = Gathers()
    transformer = FrameTransformer(code, [SIZE])

    assert transformer.fit_transform([{"size": 9.0}])[0]["most"] == 9
    assert transformer.fit_transform([{"size": 1.0}])[0]["most"] == 1
    assert code.seen == []


def test_what_cannot_be_traced_is_said_as_ever() -> None:
    class Sorts:
        def fit(self, frame: Any) -> None:
            self.mean_ = frame["size"].mean()

        def transform(self, frame: Any) -> Any:
            return frame.fillna({"size": self.mean_}).sort_values("size")

    with pytest.raises(UsageError, match="'sort_values' is not known of a frame"):
        FrameTransformer(Sorts(), [SIZE]).fit([{"size": 1.0}])


def test_a_row_that_does_not_read_is_named_in_a_fit() -> None:
    with pytest.raises(RowError, match="size"):
        FrameTransformer(Pre(), COLUMNS).fit([{**in_form(VALUES, "records")[0], "size": "wide"}])
    with pytest.raises(RowError, match="size"):
        FrameTransformer(Pre(), COLUMNS).fit([{"title": "a"}])


LOOKS: tuple[Callable[[Any], Any], ...] = (
    *(
        bool,
        float,
        int,
        str,
        repr,
        hash,
        round,
        abs,
        list,
        len,
        math.floor,
        math.log,
        np.log,
        np.float64,
        np.array,
    ),
    *(
        lambda it: it == 1,
        lambda it: it > 1,
        lambda it: it + 1,
        lambda it: 2.0 * it,
        lambda it: np.float64(2) - it,
    ),
    *(
        lambda it: -it,
        lambda it: it**2,
        lambda it: f"{it}",
        lambda it: it.is_integer(),
        lambda it: it.get("a"),
    ),
    *(
        lambda it: it["a"],
        lambda it: {**it},
        lambda it: max(it, 3.0),
        lambda it: it in [1.0],
        lambda it: it | {},
    ),
)


@pytest.mark.parametrize("look", LOOKS)
def test_a_stand_in_shows_nothing(look: Callable[[Any], Any]) -> None:
    number, table = (made(Parameter("it")) for made in (LearnedNumber, LearnedTable))

    assert isinstance(number, float)
    assert isinstance(table, dict)
    for value, real in ((number, 0.5), (table, {"a": 1})):
        try:
            look(real)
        except (TypeError, AttributeError, KeyError, ValueError):
            continue  # a real one cannot do that either
        with pytest.raises(Looked):
            look(value)
