"""FrameTransformer: one trace of code serves all its fits, wherever it only hands on what it learned."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Hashable, Iterable, Sized
from dataclasses import dataclass
from threading import Lock
from typing import Any, ClassVar

import numpy as np
import pytest

from litmus_core.errors import RowError, UsageError
from litmus_core.frame import FramePlan, FrameTransformer
from litmus_core.frame._layouts.selection import Form
from litmus_core.frame._symbolic.fit_parameters import (
    FitParameter,
    LearnedTable,
    SymbolicNumber,
    ValueInspected,
)
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


TRACED: list[Any] = []


class Counted:
    """Counts how often it is traced: what it hands to the frame is all that it does with what it learned."""

    def fit(self, frame: Any) -> None:
        self.mean_, self.most_ = frame["size"].mean(), frame["size"].max()
        self.places_ = {place: at for at, place in enumerate(sorted(frame["place"].value_counts().index))}

    def transform(self, frame: Any) -> Any:
        TRACED.append(self)
        size = frame["size"]
        low = np.maximum(size, self.mean_)
        frame["low"] = np.where(size < self.mean_, self.most_, low.fillna(self.mean_))
        frame["raised"] = (self.mean_ - size).clip(-10, self.most_) ** 2 + size.mask(
            size > self.most_, self.mean_
        )
        frame["place"] = frame["place"].map(self.places_)
        return frame


def test_code_that_only_hands_on_what_it_learned_is_traced_once() -> None:
    TRACED.clear()
    transformer = FrameTransformer(Counted(), [SIZE, PLACE])
    plans = [
        transformer.fit([{"size": size, "place": place}, {"size": 2 * size, "place": "z"}])
        for size, place in ((1.0, "a"), (-3.5, "b"), (8.0, "z"))
    ]

    assert len(TRACED) == 1
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


def _catches_all(self: Any, frame: Any) -> Any:
    share = 0.0
    with contextlib.suppress(BaseException):
        share = 1 / self.mean_
    return frame.assign(size=frame["size"] * share)


def _asks_what_it_is(self: Any, frame: Any) -> Any:
    is_one = not isinstance(self.mean_, Iterable | Sized) and not isinstance(self.places_, Hashable)
    match self.places_:
        case {"a": n}:
            return frame.assign(size=frame["size"] + n)
    return frame.assign(size=frame["size"] * (2 if is_one else 3))


LOOKING = [_branches, _reckons, _catches, _catches_all, _asks_what_it_is, _reads, _keeps]


@pytest.mark.parametrize("transform", LOOKING)
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


class Filled:
    """Fills by what it learned, wherever that is kept."""

    limit = 3.0

    def fit(self, frame: Any) -> None:
        self.keep(frame["size"].mean())

    def transform(self, frame: Any) -> Any:
        return frame.assign(size=frame["size"].fillna(self.kept()).clip(upper=self.limit))


class InSlots(Filled):
    __slots__ = ("mean",)

    def keep(self, mean: float) -> None:
        self.mean = mean

    def kept(self) -> float:
        return getattr(self, "mean", 0.0)


class InADict(Filled, dict[str, float]):
    def keep(self, mean: float) -> None:
        self["mean"] = mean

    def kept(self) -> float:
        return self.get("mean", 0.0)


class InTheClass(Filled):
    def keep(self, mean: float) -> None:
        type(self).limit = mean

    def kept(self) -> float:
        return 9.0


class InADictOfTheClass(Filled):
    means: ClassVar[dict[str, float]] = {}

    def keep(self, mean: float) -> None:
        self.means["size"] = mean

    def kept(self) -> float:
        return self.means["size"]


@dataclass(slots=True)
class OnlySlots:
    mean: float = 0.0

    def fit(self, frame: Any) -> None:
        self.mean = frame["size"].mean()

    def transform(self, frame: Any) -> Any:
        return frame.assign(size=frame["size"].fillna(self.mean))


@pytest.mark.parametrize("made", [InSlots, InADict, InTheClass, InADictOfTheClass, OnlySlots])
def test_what_code_learned_counts_wherever_it_keeps_it(made: Callable[[], Any]) -> None:
    transformer = FrameTransformer(made(), [SIZE])
    for size in (1.0, 2.0, 0.5):
        rows = [{"size": size}, {"size": None}]
        assert transformer.fit_transform(rows) == [{"size": size}, {"size": size}]


def test_code_that_has_no_copy_is_said_so() -> None:
    class Locks(Pre):
        def __init__(self) -> None:
            self.lock = Lock()

    with pytest.raises(UsageError, match=r"cannot be copied: .*lock.* or use FramePlan\.fitted"):
        FrameTransformer(Locks(), [SIZE]).fit([{"size": 1.0}])


@pytest.mark.parametrize("form", FORMS)
def test_edges_that_a_fit_learned_the_wrong_way_round_are_taken_as_pandas_takes_them(form: Form) -> None:
    class Clipped:
        def fit(self, frame: Any) -> None:
            self.low_, self.high_ = frame["size"].max(), frame["size"].min()

        def transform(self, frame: Any) -> Any:
            return frame[["size"]].assign(size=frame["size"].clip(self.low_, self.high_))

    fitted = FrameTransformer(Clipped(), COLUMNS).fit(
        [row | {"size": size} for row, size in zip(in_form(VALUES, "records"), (2.0, 3.0), strict=False)]
    )
    given = VALUES | {"size": [0.0, 2.5, 9.0, None, 2.0]}

    made = listed(fitted.of(in_form(given, form)), form)

    assert made == {"size": [2.0, 2.5, 3.0, None, 2.0]}


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

    with pytest.raises(UsageError, match="traced frame has no 'sort_values'"):
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
    number, table = (made(FitParameter("it")) for made in (SymbolicNumber, LearnedTable))

    assert isinstance(number, float)
    assert isinstance(table, dict)
    for value, real in ((number, 0.5), (table, {"a": 1})):
        try:
            look(real)
        except (TypeError, AttributeError, KeyError, ValueError):
            continue  # a real one cannot do that either
        with pytest.raises(ValueInspected):
            look(value)
