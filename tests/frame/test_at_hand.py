"""A ScalableDataFrame of rows: recorded like pandas, computed when asked, the same in every form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import BundleError, UnknownNameError, UsageError
from litmus_core.frame import FramePlan, FrameTransformer, ScalableDataFrame, Traced, concat, cut, trace
from tests.frame.raw_columns import SIZE, TITLE, WHEN

DAY = datetime(2024, 2, 29, 12)
ROWS: list[dict[str, Any]] = [
    {"size": 1.0, "title": "A red\ud800 box", "when": DAY, "sold": True},
    {"size": None, "title": None, "when": None, "sold": False},
    {"size": float("inf"), "title": "", "when": datetime(1, 1, 1), "sold": True},
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}


def pandas_frame() -> pd.DataFrame:
    frame = pd.DataFrame({"size": [1.0, np.nan, np.inf], "title": COLUMNS["title"], "sold": COLUMNS["sold"]})
    frame.insert(2, "when", np.array(COLUMNS["when"], dtype="datetime64[us]"))
    return frame


def polars_frame() -> pl.DataFrame:
    titles = pl.Series([text and text.replace("\ud800", "") for text in COLUMNS["title"]], dtype=pl.String)
    return pl.DataFrame({**COLUMNS, "title": titles})


FORMS: dict[str, Callable[[], Any]] = {
    "records": lambda: ROWS,
    "columns": lambda: COLUMNS,
    "pandas": pandas_frame,
    "polars": polars_frame,
}


def said(frame: Any) -> Any:
    frame = frame.copy()
    frame["low"] = frame["title"].str.lower()
    frame["more"] = frame["size"].fillna(frame["size"].clip(upper=9).mean())
    frame["year"] = frame["when"].dt.year
    frame["n"] = frame["title"].map(lambda text: -1 if text is None else len(text.replace("\ud800", "")))
    return frame[frame["sold"] | (frame["n"] < 0)]


def shown(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return values so that the same ones are equal: texts without what Polars cannot hold, no NaT."""
    return [
        {name: repr(None if value is pd.NaT else _plain(value)) for name, value in row.items()}
        for row in rows
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\ud800", "")
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_any_form_give_the_same_in_their_own_form(form: str) -> None:
    given = FORMS[form]()

    left = said(ScalableDataFrame(given))

    assert type(left.collect()) is type(given)
    assert shown(left.to_dicts()) == shown(said(pandas_frame()).to_dict("records"))
    assert left.to_pandas()["more"].tolist() == [1.0, 5.0, float("inf")]
    assert left.to_polars()["n"].to_list() == left.to_pandas()["n"].tolist()


def test_rows_that_are_left_can_be_asked_and_left_out_again() -> None:
    frame = ScalableDataFrame({"size": [1, 2, 3, 4], "title": ["a", "b", "a", "b"]})
    odd = frame[frame["title"] == "a"]
    odd["share"] = odd["size"] / odd["size"].sum()

    assert odd["size"].sum() == 4.0
    assert odd[odd["share"] > 0.5].to_dicts() == [{"size": 3.0, "title": "a", "share": 0.75}]
    assert frame.loc[frame["size"] > 1, "title"].node is not frame["title"].node
    assert (len(frame), len(odd)) == (4, 2)


def test_columns_of_other_rows_are_refused() -> None:
    frame = ScalableDataFrame({"size": [1, 2]})
    left = frame[frame["size"] > 1]

    with pytest.raises(UsageError, match="The column 'size' is one of other rows"):
        left.assign(again=frame["size"] + 1).collect()


def test_the_index_of_pandas_stays() -> None:
    frame = ScalableDataFrame(pd.DataFrame({"size": [1.0, 2.0, 3.0]}, index=["x", "y", "z"]))

    assert list(frame[frame["size"] != 2].to_pandas().index) == ["x", "z"]


def test_a_lazy_frame_stays_on_disk_until_it_is_collected(tmp_path: Path) -> None:
    pl.DataFrame({"size": [1.0, None, 3.0], "title": ["A", None, "B"]}).write_parquet(tmp_path / "in.parquet")
    frame = ScalableDataFrame(pl.scan_parquet(tmp_path / "in.parquet"))
    frame["low"] = frame["title"].str.lower()
    left = frame[frame["size"] < frame["size"].mean() + 5]

    left.lazy().sink_parquet(tmp_path / "out.parquet")

    assert pl.read_parquet(tmp_path / "out.parquet").to_dicts() == left.to_dicts()
    assert left.collect()["low"].to_list() == ["a", "b"]
    assert left.explain().endswith("piece by piece on the polars layout.")
    assert len(left) == 2


def test_what_was_said_is_a_plan_for_other_rows() -> None:
    frame = ScalableDataFrame({"size": [1.0, 5.0], "title": ["A", "B"]})
    frame["over"] = frame["size"] - frame["size"].mean()

    plan = frame[["over"]].to_plan()

    assert isinstance(plan, FramePlan)
    assert plan.of([{"size": 4, "title": None}]) == [{"over": 1.0}]


@pytest.mark.parametrize(
    ("values", "made", "kind"),
    [
        ([1, None], [1.0, None], "number"),
        ([Decimal("1.5"), 2], [1.5, 2.0], "number"),
        ([True, 2.5], [1.0, 2.5], "number"),
        ([None, float("nan")], [None, None], "number"),
        ([True, False], [True, False], "flag"),
        ([True, None], [1.0, None], "number"),
        (["a", float("nan"), None], ["a", None, None], "text"),
        ([date(2024, 1, 2), pd.NaT], [datetime(2024, 1, 2), None], "moment"),
        ([datetime(2024, 1, 2, tzinfo=UTC), None], [datetime(2024, 1, 2), None], "moment"),
        (pd.Series([1, None], dtype="Int64"), [1.0, None], "number"),
        (pd.Series([True, None], dtype="boolean"), [1.0, None], "number"),
        (pd.Series(["b", None], dtype="category"), ["b", None], "text"),
        (np.array(["b", "c"]), ["b", "c"], "text"),
        (np.array([3, 4], dtype=np.uint8), [3.0, 4.0], "number"),
    ],
)  # fmt: skip
def test_types_are_told_from_the_values(values: Any, made: list[Any], kind: str) -> None:
    frame = ScalableDataFrame({"a": values})

    assert frame["a"].node.dtype == kind
    assert [None if row["a"] != row["a"] else row["a"] for row in frame.to_dicts()] == made


def test_a_type_can_be_said() -> None:
    frame = ScalableDataFrame(
        [{"zip": 1234.0, "day": "2024-02-29", "n": "7"}], types={"zip": "text", "day": "date", "n": "number"}
    )

    assert frame.to_dicts() == [{"zip": "1234", "day": datetime(2024, 2, 29), "n": 7.0}]


def test_fields_that_some_dicts_lack_are_missing_there() -> None:
    assert ScalableDataFrame([{"a": "x"}, {"b": "y"}]).to_dicts() == [
        {"a": "x", "b": None},
        {"a": None, "b": "y"},
    ]


@pytest.mark.parametrize(
    "rows", [{"a": [], "b": []}, pd.DataFrame({"a": []}), pl.DataFrame({"a": [0.5]}).clear()]
)
def test_no_rows_stay_no_rows(rows: Any) -> None:
    frame = ScalableDataFrame(rows)
    frame["more"] = frame["a"].fillna(0) + 1

    assert frame[frame["more"] > 0].to_dicts() == []
    assert len(frame.to_pandas()) == len(frame.to_polars()) == 0


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: ScalableDataFrame([]), "These rows have no columns"),
        (lambda: ScalableDataFrame(7), "An int holds no rows"),
        (lambda: ScalableDataFrame([3]), "Row 0 is int, not a dict"),
        (lambda: ScalableDataFrame({"a": [[1]]}), "The column 'a' holds values of list"),
        (lambda: ScalableDataFrame({"a": 3}), "The column 'a' is int"),
        (lambda: ScalableDataFrame({"a": [1, 2], "b": ["x"]}), "'b' has 1 values, and 'a' has 2"),
        (lambda: ScalableDataFrame({"a": np.ones((2, 2))}), "'a' is ndarray, not one value for each row"),
        (lambda: ScalableDataFrame(pd.Series([1.0])), "A Series holds no rows"),
        (lambda: ScalableDataFrame(pl.Series([1.0])), "A Series holds no rows"),
        (lambda: ScalableDataFrame({"price": [1]}).prices, "Did you mean 'price'"),
        (lambda: setattr(ScalableDataFrame({"a": [1]}), "columns", ["b", "c"]), "2 names do not fit 1"),
        (lambda: ScalableDataFrame({"a": [1]})[0], "Name columns by texts"),
        (lambda: list(ScalableDataFrame({"a": [1]})["a"]), "Call to_pandas"),
        (lambda: ScalableDataFrame({"a": [1]})["a"].str.lower(), "types={…: 'text'}"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].isin("abc"), "Give a list of values"),
        (lambda: ScalableDataFrame({"a": [1]})["a"].isin(1), "Give a list of values"),
        (lambda: ScalableDataFrame({"a": [1]})["a"].quantile([0.1]), "Give one number from 0 to 1"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.split(""), "or str.0. for letters"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str[::0], "A step of 0 cannot"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.replace("(", "", regex=True), "not a regular"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.replace("b", r"\2", regex=True), "such group"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.replace("b", r"\g<c>", regex=True), "such group"),
        (lambda: FramePlan([SIZE], lambda frame: frame).of({"size": 3.0}), "one row is a list with one dict"),
        (lambda: ScalableDataFrame({"a": ["x", 3]}), "holds numbers and texts. Make them of one"),
        (lambda: ScalableDataFrame({3: [1]}), "A column cannot be called 3"),
        (lambda: ScalableDataFrame({"a\ud800": [1]}), r"called 'a\\ud800': half of a surrogate pair is no"),
        (lambda: ScalableDataFrame({"a": [1]}).rename(columns={"a": "\udfff"}), "half of a surrogate pair"),
        (lambda: ScalableDataFrame({"a": [1]}).assign(**{"\udfff": 2}).to_dicts(), "half of a surrogate"),
        (lambda: ScalableDataFrame(pl.DataFrame({"a": [[1]]})), "The column 'a' holds values of List"),
        (lambda: ScalableDataFrame(pd.DataFrame([[1, 2]], columns=["a", "a"])), "Two columns are called 'a'"),
        (lambda: ScalableDataFrame({"a": [1]}, types={"b": "text"}), "There is no column 'b'"),
        (lambda: ScalableDataFrame({"a": [1]}, types={"a": "txt"}), "Did you mean 'text'"),  # type: ignore[dict-item]
        (lambda: ScalableDataFrame({"a": ["x"]}, types={"a": "number"}).collect(), "'a' should be a number"),
        (lambda: ScalableDataFrame({"price": [1]})["prise"], "Did you mean 'price'"),
        (lambda: ScalableDataFrame({"a": [1]}).groupby("a"), "'groupby'.* use pandas on the result"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.lowr(), "Did you mean 'lower'"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].str.wrap(3), "else_pandas=True has pandas do it"),
        (lambda: ScalableDataFrame({"a": ["b"]})["a"].cat.codes, "categories are not known"),
        (lambda: ScalableDataFrame({"a": [DAY]})["a"].dt.isocalendar()["weeks"], "Did you mean 'week'"),
        (lambda: ScalableDataFrame({"a": [True, None]})["a"] & True, "may be missing as well as true"),
        (lambda: ScalableDataFrame({"a": [DAY]})["a"].map(str), "Take parts of the date by"),
        (lambda: ScalableDataFrame({"a": [1]})["a"].map(lambda a: None), "cannot be told. Annotate it"),
        (lambda: ScalableDataFrame({"a": [1]})[[]].collect(), "The frame has no columns left"),
        (lambda: concat([ScalableDataFrame({"a": [1]})] * 2), "concat of rows below one another cannot"),
        (lambda: concat([ScalableDataFrame({"a": [1]})] * 2, axis=1), "Two columns would be called 'a'"),
        (lambda: cut(ScalableDataFrame({"a": [1]})["a"], 3, labels=False), "cut into 3 parts of the range"),
        (lambda: cut(ScalableDataFrame({"a": [1]})["a"], [1, 1], labels=False), "are not edges"),
        (lambda: cut(ScalableDataFrame({"a": [1]})["a"], [1, 2], labels=["a", "b"]), "1 parts need as many"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_what_to_do(make: Any, told: str) -> None:
    with pytest.raises((UsageError, Exception), match=told) as raised:
        make()

    assert type(raised.value).__module__.startswith("litmus_core")


def test_a_frame_without_rows_says_what_it_cannot() -> None:
    with pytest.raises(UsageError, match="traced frame has no 'collect'"):
        ScalableDataFrame.of([SIZE]).collect()


def long(text: str | None) -> bool:
    return text is not None and len(text) > 3


@pytest.mark.parametrize("layout", ["record", "columns", "polars"])
def test_a_plan_calls_functions_and_pandas_where_that_was_asked_for_and_tells(layout: Any) -> None:
    def code(frame: Any) -> Any:
        return frame.assign(
            long=frame["title"].map(long),
            size=frame["size"].map(float),
            day=frame["when"].dt.strftime("%d.%m.%Y%%"),
            wrapped=frame["title"].str.wrap(3),
        )

    plan = FramePlan([TITLE, SIZE, WHEN], code, else_pandas=True)
    rows = [{"title": "ab cd", "size": 2, "when": DAY}, {"title": None, "size": None, "when": None}]

    made = plan._run(rows, "records", layout)

    assert [(row["long"], row["day"], row["wrapped"]) for row in made] == [
        (True, "29.02.2024%", "ab\ncd"),
        (False, None, None),
    ]
    assert {each.how for each in plan.ways()} == {"function", "pandas"}


class Shifted:
    def fit(self, frame: Any) -> None:
        self.mean_ = frame["size"].mean()

    def transform(self, frame: Any) -> Any:
        def over(value: float) -> float:
            return value - self.mean_

        return frame.assign(over=frame["size"].map(over))


@pytest.mark.parametrize(
    "fit", [FrameTransformer(Shifted(), [SIZE]).fit, partial(FramePlan.fitted, Shifted(), [SIZE])]
)
def test_a_function_sees_what_a_fit_learned(fit: Any) -> None:
    assert fit([{"size": 1.0}, {"size": 4.0}]).of([{"size": 3.0}]) == [{"size": 3.0, "over": 0.5}]
    assert fit([{"size": 3.0}]).of([{"size": 3.0}]) == [{"size": 3.0, "over": 0.0}]


def test_no_bundle_holds_a_function_or_a_word_of_pandas() -> None:
    state = {
        "reads": [["title", "text"]],
        "steps": [
            {
                "do": "text in pandas to text",
                "of": [0],
                "with": {"word": "str.wrap", "arguments": [3], "named": []},
            }
        ],
        "makes": [],
    }

    with pytest.raises(BundleError, match="pre-processing is damaged"):
        Traced.from_state(state)
    with pytest.raises(UsageError, match="map by a function cannot be traced"):
        trace(lambda frame: frame.assign(n=frame["title"].map(len)), [TITLE])


def test_rows_at_hand_are_asked_while_other_code_is_fitted() -> None:
    known = ScalableDataFrame({"size": [10.0, 30.0]})

    class Scaled:
        def fit(self, frame: Any) -> None:
            self.means_ = (known["size"].mean(), frame["size"].mean())

        def transform(self, frame: Any) -> Any:
            return frame.assign(size=frame["size"] * self.means_[0] + self.means_[1])

    assert FramePlan.fitted(Scaled(), [SIZE], [{"size": 1.0}]).of([{"size": 1.0}]) == [{"size": 21.0}]


def test_a_function_that_returns_something_else_is_told() -> None:
    frame = ScalableDataFrame({"a": ["x", "yy", None]})
    frame["n"] = frame["a"].map(len, na_action="ignore").fillna(0)
    frame["b"] = frame["a"].map(lambda text: text or 3)

    assert frame[["n"]].to_dicts() == [{"n": 1.0}, {"n": 2.0}, {"n": 0.0}]
    with pytest.raises(UsageError, match="The function <lambda> made 3 of None, not a text"):
        frame.collect()


def test_functions_and_pandas_are_named_when_asked_how() -> None:
    frame = ScalableDataFrame({"a": ["x"], "d": [DAY]}, else_pandas=True)
    frame["n"] = frame["a"].map(len)
    left = frame[frame["n"] > 0].assign(day=lambda f: f["d"].dt.strftime("%U"))

    assert "Calls function len. Of the rows that are left:" in left.explain()
    assert left.explain().endswith("Calls pandas dt.strftime.")


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'title'"):
        ScalableDataFrame(ROWS)["titel"]


@pytest.mark.parametrize("frame", [ScalableDataFrame({"a": [1.0, 7.0]}), pd.DataFrame({"a": [1.0, 7.0]})])
def test_functions_beside_columns_take_frames_of_pandas_too(frame: Any) -> None:
    parts = frame.assign(part=cut(frame["a"], [0, 5, 10], labels=["low", "high"]))

    both = concat([frame, parts[["part"]]], axis=1)

    made = both if isinstance(both, pd.DataFrame) else both.to_pandas()
    assert made.astype(object).to_dict("list") == {"a": [1.0, 7.0], "part": ["low", "high"]}
