"""Everyday pandas: idioms written from public habits give what pandas gives, or are refused by name."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from benchmarks._idioms_outcomes import outcome
from benchmarks._pandas_idioms import IDIOMS
from litmus_core.errors import LitmusError, UsageError
from litmus_core.frame import (
    FramePlan,
    FrameTransformer,
    ScalableDataFrame,
    cut,
    get_dummies,
    merge,
    to_datetime,
)
from litmus_core.types import Column

COLOUR = Column(name="colour", original_name="colour", kind="category", storage="VARCHAR")
SIZE = Column(name="size", original_name="size", kind="number", storage="BIGINT")
ROWS: list[dict[str, Any]] = [
    {"colour": "red", "size": 3},
    {"colour": "blue", "size": 5},
    {"colour": "red", "size": 4},
]
REFUSED = {
    "DummiesDropFirst", "dummies_of_the_rows_at_hand", "replace_yes_no_in_columns",
    "codes_of_the_rows_at_hand",
    "cross_two_categories", "fill_by_group_of_the_rows_at_hand", "inner_merge", "qcut_of_the_rows_at_hand",
    "types_by_dict", "drop_rows_with_missing", "filter_rows", "lag", "rolling_mean", "sorted_by_value",
    "difference_to_previous", "running_total", "forward_fill", "rank_of_fare",
}  # fmt: skip


def test_idioms_give_what_pandas_gives_and_the_rest_are_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    verdicts = {idiom.name: outcome(idiom, ("records",)).verdict for idiom in IDIOMS}

    capsys.readouterr()  # one idiom prints the table that it fits on
    assert {name for name, verdict in verdicts.items() if verdict == "refused by name"} == REFUSED
    assert set(verdicts.values()) == {"equal", "refused by name"}


class Grouped:
    def __init__(self) -> None:
        self.fits = [0]

    def fit(self, frame: Any) -> None:
        self.fits.append(1)
        self.means = frame.groupby("colour")["size"].mean()

    def transform(self, frame: Any) -> Any:
        return frame.assign(mean=frame["colour"].map(self.means))


def test_what_columns_do_not_know_in_fit_runs_on_pandas_own_frame() -> None:
    code = Grouped()

    plan = FramePlan.fitted(code, [COLOUR, SIZE], ROWS)

    assert plan.of([{"colour": "red", "size": 9}]) == [{"colour": "red", "size": 9, "mean": 3.5}]
    assert code.fits == [0, 1]  # what the first attempt left is put back
    assert FrameTransformer(Grouped(), [COLOUR, SIZE]).fit_transform(ROWS)[1]["mean"] == 5.0


def test_pandas_functions_take_traced_columns_only_while_code_is_traced() -> None:
    functions = pd.to_numeric, pd.Series, pd.DataFrame, pd.get_dummies
    seen: list[Any] = []

    def code(frame: Any) -> Any:
        seen.extend([pd.to_numeric, isinstance(pd.Series([1]), pd.Series), pd.to_numeric(["3"])[0]])
        return frame.assign(size=pd.to_numeric(frame["colour"], errors="coerce"))

    plan = FramePlan([COLOUR], code)

    assert plan.of([{"colour": " 3e1 "}, {"colour": "1_0"}])[0] == {"colour": " 3e1 ", "size": 30.0}
    assert (seen[0] is not functions[0], seen[1], seen[2]) == (True, True, 3)
    assert (pd.to_numeric, pd.Series, pd.DataFrame, pd.get_dummies) == functions
    assert sys.modules["pandas"].to_numeric is functions[0]


class Ranges:
    """Texts of what was learned: pandas writes whole numbers and floats differently."""

    def fit(self, frame: Any) -> None:
        self.low, self.high, self.total = frame["size"].min(), frame["size"].max(), frame["size"].sum()
        self.longest = frame["colour"].str.len().max()

    def transform(self, frame: Any) -> Any:
        return frame.assign(
            learned=frame["colour"] + f": {self.low} to {self.high}, {self.total}, {self.longest}",
            given=cut(frame["size"], [0.0, 4, 10]).astype(str),
            whole=cut(frame["size"], [0, 4, 10]).astype(str),
            mixed=cut(frame["size"], [0, self.high]).astype(str),
        )


@pytest.mark.parametrize("form", [list, pd.DataFrame, pl.DataFrame])
@pytest.mark.parametrize("gap", [False, True])
def test_learned_numbers_and_edges_are_written_as_pandas_writes_them(form: Any, *, gap: bool) -> None:
    rows = [*ROWS, {"colour": "blue", "size": None}] if gap else ROWS
    code = Ranges()
    frame = pd.DataFrame(rows)
    code.fit(frame)
    wanted = code.transform(frame)

    plan = FramePlan.fitted(Ranges(), [COLOUR, SIZE], form(rows))

    assert pd.DataFrame(plan.of(rows)).iloc[:, 2:].to_dict() == wanted.iloc[:, 2:].to_dict()


def test_whole_numbers_stay_whole_in_every_form_of_rows() -> None:
    plan = FramePlan(
        [COLOUR, SIZE], lambda f: f.assign(more=f["size"] * 2 + 1, half=f["size"] / 2).fillna({"size": -1})
    )

    [row] = plan.of([{"colour": None, "size": 4}])
    assert [type(row[name]) for name in ("size", "more", "half")] == [int, int, float]
    assert plan.of(pd.DataFrame(ROWS)).dtypes.astype(str).to_list() == ["object", "int64", "int64", "float64"]
    assert repr(plan.of([{"colour": None, "size": None}])[0]["more"]) == "nan"


def test_a_frame_of_one_column_is_set_under_one_name_and_of_two_under_two() -> None:
    def code(frame: Any) -> Any:
        frame["number"] = frame["colour"].str.extract(r"(\d+)").astype(float)
        frame[["first", "last"]] = frame["colour"].str.split("-", expand=True)
        return frame

    assert FramePlan([COLOUR], code).of([{"colour": "a-7"}]) == [
        {"colour": "a-7", "number": 7.0, "first": "a", "last": "7"}
    ]
    with pytest.raises(UsageError, match="has 2 columns for one name"):
        FramePlan([COLOUR], lambda f: f.assign(a=f["colour"].str.extract("(a)(b)")))


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        (
            lambda f: f.assign(part=cut(f["size"], [0, 5])),
            r"a column of intervals beside .* Say labels=\[…\]",
        ),
        (lambda f: f.assign(n=f.shape[0]), "the number of rows beside numbers .* Learn it in fit"),
        (lambda f: pd.concat([f, pd.get_dummies(f["colour"])], axis=1), "concat with dummies of unknown cat"),
    ],
)
def test_what_is_no_column_is_refused_as_one_with_what_to_do(code: Any, refused: str) -> None:
    with pytest.raises(UsageError, match=refused):
        FramePlan([COLOUR, SIZE], code)


def test_a_lookup_table_with_a_key_twice_is_refused() -> None:
    frame, towns = ScalableDataFrame(ROWS), pd.DataFrame({"colour": ["red", "red"], "code": [1, 2]})

    with pytest.raises(UsageError, match="a key twice, which repeats rows"):
        merge(frame, towns, on="colour", how="left")
    with pytest.raises(UsageError, match=r"merge\(…, how='inner'\), which can leave rows out"):
        merge(frame, towns, on="colour")


def test_dummies_are_those_of_the_rows_at_hand_or_those_that_reindex_names() -> None:
    rows = ScalableDataFrame(ROWS)

    assert list(get_dummies(rows)) == ["size", "colour_blue", "colour_red"]
    plan = FramePlan(
        [COLOUR], lambda f: pd.get_dummies(f).reindex(columns=["colour_red", "other"], fill_value=0)
    )
    assert plan.of([{"colour": "red"}, {"colour": "pink"}])[1] == {"colour_red": False, "other": 0}
    with pytest.raises(UsageError, match="columns whose values are not known"):
        FramePlan([COLOUR], lambda f: pd.get_dummies(f).fillna(0))


@pytest.mark.parametrize("text", ["03/04/2024", "2024-1-2", "2024-01-02T10:00Z"])
def test_a_text_that_could_be_another_date_is_refused_where_no_format_is_told(text: str) -> None:
    plan = FramePlan([COLOUR], lambda f: f.assign(day=to_datetime(f["colour"], errors="coerce").dt.day))

    with pytest.raises(LitmusError, match="could be a date"):
        plan.of([{"colour": text}])
    assert np.isnan(plan.of([{"colour": "no date"}])[0]["day"])


def test_a_text_without_a_number_is_refused_where_others_are_replaced_by_numbers() -> None:
    plan = FramePlan([COLOUR], lambda f: f.replace({"red": 1, "blue": 0}))

    assert plan.of([{"colour": "red"}, {"colour": None}])[0] == {"colour": 1}
    with pytest.raises(LitmusError, match="replace has no number for the text 'pink'"):
        plan.of([{"colour": "pink"}])


def test_truths_beside_missing_values_are_found_by_truths() -> None:
    rows = pd.DataFrame({"a": pd.Series([True, None, False], dtype=object)})
    frame = ScalableDataFrame(rows)
    frame["b"] = frame["a"].map({True: "y", False: "n"})

    assert frame.to_pandas()["b"].tolist() == ["y", None, "n"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (lambda f: f["n"].map({True: "y", False: "n"}), "map of numbers by True and False .* Use 1 and 0"),
        (lambda f: f["n"].replace(True, 5), "replace of numbers by True and False"),
        (lambda f: (f["n"] > 0).map({1: "y", 0: "n"}), "map of True and False by numbers .* Use True and"),
        (lambda f: (f["n"] > 0).replace({1: 7}), "replace of True and False by numbers"),
        (lambda f: f["n"].map({1: 5, None: 9}), "map by a missing value .* use fillna"),
        (lambda f: f["t"].map({"a": "x", np.nan: "y"}), "map by a missing value"),
    ],
)
def test_keys_that_pandas_never_finds_are_refused(code: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        code(ScalableDataFrame(pd.DataFrame({"n": [1.0, 0.0, np.nan], "t": ["a", None, "b"]})))
