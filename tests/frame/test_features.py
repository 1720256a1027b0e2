"""Features without a data frame: the same values and the same errors, one row or many, by every way in."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmus_core.errors import RowError
from litmus_core.frame import FeaturePipeline, Features, read_rows
from litmus_core.frame._pipeline import runner as runner
from litmus_core.types import Column
from tests.cases import examples
from tests.frame.nasty import (
    ALL,
    BOOLEAN,
    CATEGORY,
    COUNT,
    DATE,
    LEVEL,
    NUMBER,
    TEXT,
    column,
    frames,
    typed,
)

EXAMPLES = 60
COLUMNS = (
    *ALL,
    column("key", "id", "BIGINT"),
    column("note", "text", "DOUBLE"),
    column("share", "number", "DECIMAL(9,2)"),
    replace(column("paid", "number", "DOUBLE"), written_as="decimal comma"),
    replace(column("due", "date", "TIMESTAMP"), written_as="%d/%m/%Y"),
)
LEARNED = {
    "size": [1.0, 2.5, -3.0, None],
    "count": [1, 2, 3, 5],
    "colour": ["red", "red", "blue", "blue"],
    "level": ["1", "1", "2", "2"],
    "sold": [True, False, None, True],
    "listed": [datetime(2024, 1, 1, 10, 30), datetime(2023, 2, 2), None, datetime(2020, 5, 6)],
    "title": ["Red box! 1", "red box", "a red box é", "blue lid"],
    "code": ["x", "x", "y", "y"],
}
MORE = {
    "key": [1.0, 2.0, 4.0, 8.0],
    "note": ["1", "1", "2", "3 x"],
    "share": [0.5, 0.25, 1.0, 9.0],
    "paid": [1.5, 2.5, 3.5, 1234.5],
    "due": pd.to_datetime(["2024-01-31", "2024-03-02", None, "2024-05-07"]),
}
LEARNED_ROWS = typed(LEARNED).assign(**MORE)
PIPELINE = FeaturePipeline(COLUMNS).fit(LEARNED_ROWS)

_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9))])
_MOMENTS = st.datetimes(timezones=_ZONES)
NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.sampled_from([0, 1, 2, 10**15, -(10**15), 2**53 + 1, 2**63, 10**400, -(10**400), 1e15, 1e22, -0.0]),
    st.text(max_size=6),
    st.sampled_from(["", " ", "1", "2.0", "-0", " 3.5 ", "1e400", "-inf", "nan", "1,5", "1.234", "0,125"]),
    st.sampled_from(["true", "No", "1.0", "red", "Red BOX! é", "02134", "31/01/2024", "9007199254740993"]),
    st.sampled_from(["ß İ Σ", "a\u3000b\u2028c", "\ud800", "²x", "red\x00box", "x" * 5_000 + " red"]),
    _MOMENTS.map(datetime.isoformat),
    st.sampled_from(["2024-02-30", "0001-01-01T00:00:00+05:00", "2024-W01-1", "2024-01-01", 20240131]),
    _MOMENTS,
    st.sampled_from([np.float32(1.5), np.int64(3), np.float64("inf"), np.bool_(True), pd.NA, pd.NaT]),
    st.sampled_from([np.datetime64("2024-05-06T07:08"), np.datetime64("NaT"), np.datetime64("12000-01-01")]),
    st.sampled_from([pd.Timestamp("2024-05-06 07:08:09.123456789"), datetime(2024, 1, 2).date()]),
    st.sampled_from([[1], {"a": 1}, (), []]),
)
_SEEN = {**LEARNED, **MORE, "due": ["31/01/2024", "01/02/2023"]}
GOOD = {
    name: st.none() | st.sampled_from([each for each in values if each is not None])
    for name, values in _SEEN.items()
}


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return rows that mostly read, with nasty values anywhere and now and then a field left out."""
    made = draw(st.lists(st.fixed_dictionaries(GOOD), min_size=1, max_size=4))
    for row in made:
        for name in draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=3)):
            row[name] = draw(NASTY)
        if draw(st.integers(0, 30)) == 0:
            row.pop(draw(st.sampled_from(sorted(GOOD))))
    return made


def bits(features: Features) -> tuple[Any, ...]:
    """Everything in the features, NaNs alike, the sign of zero seen."""
    numbers = np.where(np.isnan(features.numbers), np.nan, features.numbers)
    return (
        features.numbers.shape,
        numbers.tobytes(),
        features.tokens.tolist(),
        features.categories.tolist(),
        features.texts,
        [each.dtype.name for each in (features.numbers, features.tokens, features.categories)],
    )


def bits_of_frame(pipeline: FeaturePipeline, frame: pd.DataFrame) -> tuple[Any, ...]:
    """What :func:`bits` gives, from the data frame of model columns."""
    codes = [frame[name].cat.codes.to_numpy() for name in pipeline.category_outputs]
    return bits(
        Features(
            frame[list(pipeline.number_outputs)].to_numpy(dtype=np.float64),
            frame[list(pipeline.token_outputs)].to_numpy(dtype=np.uint8),
            np.array(codes, dtype=np.int32).T.reshape(len(frame), len(codes)),
            tuple(frame[name].tolist() for name in pipeline.text_outputs),
        )
    )


def outcome(ask: Any) -> Any:
    """Return what comes of asking: an answer, or an error with all that it says."""
    try:
        return ask()
    except RowError as error:
        return (error.message, error.row, error.field, error.hint)


def by_columns(given: list[Any]) -> Features:
    """Ask as if the rows were many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "FEW_ROWS", 0)
        return PIPELINE.features(given)


def by_pandas(given: list[Any]) -> Any:
    """Ask by way of a data frame, as models that need one do."""
    frame = pd.DataFrame(read_rows(given, COLUMNS), index=pd.RangeIndex(len(given)))
    return bits_of_frame(PIPELINE, PIPELINE.transform(frame))


@settings(max_examples=examples(4 * EXAMPLES))
@given(rows())
def test_record_columns_and_pandas_give_the_same_bits_or_the_same_error(given: list[dict[str, Any]]) -> None:
    expected = outcome(lambda: by_pandas(given))

    assert outcome(lambda: bits(PIPELINE.features(given))) == expected
    assert outcome(lambda: bits(by_columns(given))) == expected


@pytest.mark.parametrize("wanted", COLUMNS, ids=lambda each: f"{each.kind}-{each.storage}")
@settings(max_examples=examples(EXAMPLES))
@given(value=NASTY)
def test_each_kind_of_column_reads_a_nasty_value_alike_everywhere(wanted: Column, value: Any) -> None:
    row = dict.fromkeys(GOOD) | {wanted.name: value}
    expected = outcome(lambda: by_pandas([row, row]))

    assert outcome(lambda: bits(PIPELINE.features([row, row]))) == expected
    assert outcome(lambda: bits(by_columns([row, row]))) == expected


@settings(max_examples=examples(EXAMPLES))
@given(frames(), frames())
def test_columns_of_a_table_give_what_the_data_frame_gives(
    learned: pd.DataFrame, table: pd.DataFrame
) -> None:
    pipeline = FeaturePipeline(ALL).fit(learned)
    expected = bits_of_frame(pipeline, pipeline.transform(table))

    assert bits(pipeline.features(table)) == expected
    assert bits(pipeline.features({name: table[name].to_numpy() for name in table})) == expected
    lists = {name: table[name].to_numpy().tolist() for name in table if name != "listed"}
    assert bits(pipeline.features(lists | {"listed": table["listed"].to_numpy()})) == expected


@settings(max_examples=examples(EXAMPLES))
@given(st.lists(st.fixed_dictionaries(GOOD), min_size=2, max_size=5), st.integers(1, 4))
def test_rows_give_alone_what_they_give_together(given: list[dict[str, Any]], cut: int) -> None:
    together = PIPELINE.features(given)
    parts = [PIPELINE.features(given[:cut]), by_columns(given[cut:])]
    alone = [bits(PIPELINE.features([row])) for row in given]

    assert alone == [bits(together.rows(at, at + 1)) for at in range(len(given))]
    assert bits(together.rows(0, cut)) == bits(parts[0])
    assert bits(together.rows(cut, len(given))) == bits(parts[1])


@settings(max_examples=examples(EXAMPLES))
@given(frames(), st.lists(st.fixed_dictionaries(GOOD), max_size=3))
def test_a_pipeline_rebuilt_from_its_state_gives_the_same_bits(
    learned: pd.DataFrame, given: list[dict[str, Any]]
) -> None:
    pipeline = FeaturePipeline(ALL).fit(learned)
    again = FeaturePipeline.from_state(json.loads(json.dumps(pipeline.state())))

    assert bits(again.features(given)) == bits(pipeline.features(given))


def test_features_are_in_the_order_of_the_pipelines_names() -> None:
    pipeline = FeaturePipeline([NUMBER, CATEGORY, DATE, TEXT, BOOLEAN]).fit(typed(LEARNED))
    features = pipeline.features(
        [{"size": 4, "colour": "red", "listed": "2024-02-29T18:30Z", "title": "A red BOX!", "sold": "yes"}]
    )

    numbers = dict(zip(pipeline.number_outputs, features.numbers[0].tolist(), strict=True))
    assert (numbers["size"], numbers["sold"], numbers["listed day"]) == (4.0, 1.0, 29.0)
    assert (numbers["listed minute of day"], numbers["title length"]) == (1110.0, 10.0)
    tokens = dict(zip(pipeline.token_outputs, features.tokens[0].tolist(), strict=True))
    assert tokens["title has box"] == 1
    assert features.categories.tolist() == [[1]]
    assert features.texts == (["A red BOX!"],)


def test_a_category_has_its_place_then_come_unknown_and_missing() -> None:
    pipeline = FeaturePipeline([CATEGORY]).fit(typed(LEARNED))
    given = [{"colour": word} for word in ("blue", "red", "green", None)]

    assert pipeline.features(given).categories.tolist() == [[0], [1], [2], [3]]


def test_infinite_numbers_are_missing_where_the_column_is_stored_as_numbers() -> None:
    pipeline = FeaturePipeline([NUMBER, COUNT]).fit(typed(LEARNED))

    assert np.isnan(pipeline.features([{"size": "inf", "count": 10**400}]).numbers).all()


def test_a_row_that_is_none_is_named_though_it_comes_last() -> None:
    with pytest.raises(RowError, match="Row 1 is Series"):
        PIPELINE.features([dict.fromkeys(GOOD), pd.Series(dict.fromkeys(GOOD))])


def test_no_rows_give_features_without_rows() -> None:
    assert PIPELINE.features([]).n_rows == 0
    assert PIPELINE.features([]).tokens.shape == (0, len(PIPELINE.token_outputs))


def test_a_column_that_is_not_there_is_named() -> None:
    pipeline = FeaturePipeline([NUMBER, LEVEL]).fit(typed(LEARNED))
    with pytest.raises(RowError, match="The column 'level' is not there"):
        pipeline.features({"size": [1.0]})


def test_names_and_words_of_a_data_set_never_become_code() -> None:
    name = "'] or print('{0}') #\n"
    hostile = column(name, "category", "VARCHAR")
    pipeline = FeaturePipeline([hostile]).fit(pd.DataFrame({name: ['"{c0}"', '"{c0}"', "\\", "\\"]}))

    assert pipeline.features([{name: '"{c0}"'}, {name: "\\"}]).categories.tolist() == [[0], [1]]


def test_many_threads_get_the_answers_that_one_gets() -> None:
    pipeline = FeaturePipeline.from_state(PIPELINE.state())
    given = [dict.fromkeys(GOOD) | {"size": float(at), "title": f"red box {at}"} for at in range(40)]
    expected = [bits(PIPELINE.features([row])) for row in given]
    found: list[list[Any]] = []

    def ask() -> None:
        found.append([bits(pipeline.features([row])) for row in given])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [expected] * 4
