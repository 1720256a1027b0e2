from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from litmus_core.errors import BundleError, DataError, RowError
from litmus_core.frame import RAW_TEXT_SUFFIX, FeaturePipeline
from tests.cases import examples
from tests.frame.nasty import ALL, BOOLEAN, CATEGORY, CODE, COUNT, DATE, LEVEL, NUMBER, TEXT, column, frames

EXAMPLES = 30


def through_json(pipeline: FeaturePipeline) -> FeaturePipeline:
    text = json.dumps(pipeline.state(), allow_nan=False)
    return FeaturePipeline.from_state(json.loads(text))


@settings(max_examples=examples(EXAMPLES))
@given(frames(), frames())
def test_one_row_gives_what_it_gives_within_a_batch(learned: pd.DataFrame, rows: pd.DataFrame) -> None:
    pipeline = FeaturePipeline(ALL).fit(learned)
    batch = pipeline.transform(rows)
    alone = pd.concat([pipeline.transform(rows.iloc[[place]]) for place in range(len(rows))])
    pd.testing.assert_frame_equal(alone, batch, check_exact=True)


@settings(max_examples=examples(EXAMPLES))
@given(frames(), frames())
def test_a_pipeline_rebuilt_from_json_gives_the_same_columns(
    learned: pd.DataFrame, rows: pd.DataFrame
) -> None:
    pipeline = FeaturePipeline(ALL).fit(learned)
    pd.testing.assert_frame_equal(
        through_json(pipeline).transform(rows), pipeline.transform(rows), check_exact=True
    )


@settings(max_examples=examples(EXAMPLES))
@given(frames(), frames())
def test_what_comes_out_is_finite_or_missing_and_of_known_types(
    learned: pd.DataFrame, rows: pd.DataFrame
) -> None:
    pipeline = FeaturePipeline(ALL).fit(learned)
    features = pipeline.transform(rows)
    numbers = features[list(pipeline.number_outputs)].to_numpy()
    assert tuple(features.columns) == pipeline.outputs
    assert not np.isinf(numbers.astype(np.float32)).any()
    assert not features[list(pipeline.category_outputs + pipeline.text_outputs)].isna().any(axis=None)
    assert {dtype.name for dtype in features.dtypes} <= {"float64", "uint8", "category", "object"}


def fit(columns: Any, **data: Any) -> FeaturePipeline:
    return FeaturePipeline(columns).fit(pd.DataFrame(data))


def test_a_value_fit_never_saw_is_unknown_and_a_missing_one_is_missing() -> None:
    pipeline = fit([CATEGORY], colour=["red", "red", "blue", "blue", "once"])
    features = pipeline.transform(pd.DataFrame({"colour": ["red", "once", "green", None]}))
    assert features["colour"].tolist() == ["red", "unknown", "unknown", "missing"]
    assert list(features["colour"].cat.categories) == ["blue", "red", "unknown", "missing"]


def test_a_category_that_is_called_unknown_stays_apart_from_unknown_ones() -> None:
    pipeline = fit([CATEGORY], colour=["unknown", "unknown", "red", "red"])
    features = pipeline.transform(pd.DataFrame({"colour": ["unknown", "green"]}))
    assert features["colour"].tolist() == ["unknown", "(unknown)"]


def test_categories_that_are_numbers_are_ordered_as_numbers_and_read_alike() -> None:
    pipeline = fit([LEVEL], level=["10", "10", "2", "2"])
    assert pipeline.transform(pd.DataFrame({"level": [2, 10.0]}))["level"].tolist() == ["2", "10"]
    assert list(pipeline.transform(pd.DataFrame({"level": [2]}))["level"].cat.categories)[:2] == ["2", "10"]


def test_infinities_become_the_extremes_seen_in_fit() -> None:
    pipeline = fit([NUMBER], size=[1.5, -2.0, np.inf])
    assert pipeline.transform(pd.DataFrame({"size": [np.inf, -np.inf]}))["size"].tolist() == [1.5, -2.0]


def test_integers_beyond_two_to_the_53_survive_and_stay_distinct_in_float32() -> None:
    start = 1_700_000_000_000
    pipeline = fit([COUNT], count=[start, start + 1, start + 2])
    values = pipeline.transform(pd.DataFrame({"count": [start + 1, 2**80]}))["count"]
    assert values.iloc[0] == 1.0
    assert np.isfinite(values.iloc[1])


def test_dates_become_calendar_parts_and_days_not_nanoseconds() -> None:
    days = pd.to_datetime(["1970-01-02", "2024-02-29", "2023-07-01", "2024-05-01", "2024-05-06"])
    features = fit([DATE], listed=days).transform(pd.DataFrame({"listed": days[:2]}))
    assert features.iloc[0].to_dict() == {
        "listed days": 1.0,
        "listed year": 1970.0,
        "listed month": 1.0,
        "listed day": 2.0,
        "listed weekday": 4.0,
    }
    assert features.iloc[1].tolist() == [19782.0, 2024.0, 2.0, 29.0, 3.0]


def test_times_of_day_become_hour_and_minute_and_a_fraction_of_the_day() -> None:
    when = pd.to_datetime(["2024-01-01 18:30", "2024-01-02 00:00", "2024-01-02 18:10"])
    features = fit([DATE], listed=when).transform(pd.DataFrame({"listed": when}))
    assert features["listed hour"].tolist() == [18.0, 0.0, 18.0]
    assert features["listed minute of day"].tolist() == [1110.0, 0.0, 1090.0]
    assert features["listed days"].iloc[0] == 19723 + 18.5 / 24


def test_times_with_a_zone_are_taken_to_utc() -> None:
    zoned = pd.DataFrame(
        {"listed": pd.to_datetime(["2024-01-01 01:30", "2024-06-01 12:00"]).tz_localize("CET")}
    )
    pipeline = FeaturePipeline([DATE]).fit(zoned)
    assert pipeline.transform(zoned)["listed hour"].tolist() == [0.0, 10.0]
    assert pipeline.transform(pd.DataFrame({"listed": ["2024-01-01T01:30+01:00"]}))[
        "listed hour"
    ].tolist() == [0]


def test_booleans_are_one_zero_or_missing() -> None:
    features = fit([BOOLEAN], sold=[True, False, None]).transform(pd.DataFrame({"sold": [True, None]}))
    assert features["sold"].iloc[0] == 1.0
    assert np.isnan(features["sold"].iloc[1])


def test_text_gives_its_shape_the_words_it_has_and_itself() -> None:
    titles = ["Red BOX 12", "red lid", "blue box", "green box", "a red box"]
    features = fit([TEXT], title=titles).transform(pd.DataFrame({"title": ["Red BOX 12", None]}))
    first = features.iloc[0]
    assert (first["title length"], first["title words"], first["title digit share"]) == (10, 3, 0.2)
    assert (first["title has red"], first["title has box"]) == (1, 1)
    assert features["title" + RAW_TEXT_SUFFIX].tolist() == ["Red BOX 12", ""]
    assert features["title has red"].iloc[1] == 0


@pytest.mark.parametrize("blank", ["", " ", " \n\u00a0"])
@pytest.mark.parametrize("n_rows", [1, 3, 100])
def test_a_blank_text_is_missing_in_rows_and_frames_as_at_import(blank: str, n_rows: int) -> None:
    pipeline = fit([TEXT], title=["a red box", "a blue box", "a red one"] * 10)
    missing = pipeline.features([{"title": None}] * n_rows)
    rows = [{"title": blank} for _ in range(n_rows)]

    for features in (pipeline.features(rows), pipeline.features(pd.DataFrame(rows))):
        assert np.array_equal(features.numbers, missing.numbers, equal_nan=True)
        assert features.texts == missing.texts


def test_an_identifier_that_is_asked_for_is_a_number_or_a_category_by_how_it_is_stored() -> None:
    number = column("key", "id", "BIGINT")
    pipeline = FeaturePipeline([CODE, number]).fit(pd.DataFrame({"code": ["a", "a", "b"], "key": [1, 2, 3]}))
    assert pipeline.number_outputs == ("key",)
    assert pipeline.category_outputs == ("code",)


def test_constant_and_repeated_numbers_are_left_out() -> None:
    twin = column("twin", "number", "DOUBLE")
    pipeline = fit([NUMBER, COUNT, twin], size=[1.0, 2.0], count=[7, 7], twin=[1.0, 2.0])
    assert pipeline.outputs == ("size",)


def test_full_hours_need_no_minutes() -> None:
    when = pd.to_datetime(["2024-01-01 18:00", "2024-01-02 07:00", "2024-03-09 07:00"])
    pipeline = fit([DATE], listed=when)
    assert "listed hour" in pipeline.outputs
    assert "listed minute of day" not in pipeline.outputs


def test_a_table_of_constants_keeps_one_column_so_that_models_have_something() -> None:
    assert fit([NUMBER, COUNT], size=[np.nan, np.nan], count=[7, 7]).outputs == ("size",)


def test_columns_may_come_in_any_order_with_others_beside_them() -> None:
    pipeline = fit([NUMBER, COUNT], size=[1.0, 2.0], count=[3, 4])
    features = pipeline.transform(pd.DataFrame({"other": ["x"], "count": [4], "size": [1.0]}, index=[77]))
    assert features.to_dict("index") == {77: {"size": 1.0, "count": 4.0}}


def test_no_rows_give_no_rows_of_the_same_columns() -> None:
    pipeline = FeaturePipeline(ALL).fit(
        pd.DataFrame(
            {
                "size": [1.0, 2.0, 3.0, 4.0],
                "count": [1, 2, 3, 5],
                "colour": list("aabb"),
                "level": list("1122"),
                "sold": [True, False, None, True],
                "listed": ["2024-01-01", "2024-02-02 10:00", "2023-01-01", None],
                "title": ["red box", "red box", "red lid", "blue"],
                "code": list("xxyy"),
            }
        )
    )
    empty = pd.DataFrame({each.name: pd.Series(dtype=object) for each in ALL})
    features = pipeline.transform(empty)
    assert features.shape == (0, len(pipeline.outputs))


def test_a_missing_column_is_named() -> None:
    pipeline = fit([NUMBER, COUNT], size=[1.0, 2.0], count=[3, 4])
    with pytest.raises(RowError, match="The column 'count' is not there") as caught:
        pipeline.transform(pd.DataFrame({"size": [1.0]}))
    assert caught.value.field == "count"


def test_a_value_that_does_not_read_is_named_with_its_row() -> None:
    pipeline = fit([NUMBER], size=[1.0, 2.0])
    with pytest.raises(RowError, match="'size' should be a number, but row 1 has 'big'") as caught:
        pipeline.transform(pd.DataFrame({"size": ["1", "big"]}))
    assert (caught.value.row, caught.value.field) == (1, "size")


def test_no_rows_are_nothing_to_learn_from() -> None:
    with pytest.raises(DataError, match="no rows to learn features from"):
        FeaturePipeline([NUMBER]).fit(pd.DataFrame({"size": []}))


def test_a_state_of_another_format_is_refused_in_words() -> None:
    with pytest.raises(BundleError, match="format 3, not 1 or 2"):
        FeaturePipeline.from_state({"format": 3})


def test_two_columns_whose_outputs_would_share_a_name_both_come_out() -> None:
    year = column("listed year", "number", "BIGINT")
    days = pd.to_datetime(["2023-01-01", "2024-03-05"])
    pipeline = FeaturePipeline([DATE, year]).fit(pd.DataFrame({"listed": days, "listed year": [5, 4]}))
    assert "listed year'" in pipeline.outputs
    assert len(set(pipeline.outputs)) == len(pipeline.outputs)


def test_phrases_are_found_across_punctuation_and_rare_or_everywhere_ones_are_not_columns() -> None:
    titles = ["Red, box now!", "red box", "a red  BOX", "lid now", "red now", "box now"] * 50 + ["rare now"]
    pipeline = fit([TEXT], title=titles)
    assert pipeline.token_outputs == (
        "title has a",  # "a red" and "a red box" are in the same rows
        "title has box",
        "title has box now",
        "title has lid",
        "title has now",
        "title has red",
        "title has red box",
        "title has red box now",
        "title has red now",
    )
    features = pipeline.transform(pd.DataFrame({"title": ["RED/box", "box red"]}))
    assert features["title has red box"].tolist() == [1, 0]


def test_symbols_that_enough_texts_have_are_counted() -> None:
    pipeline = fit([TEXT], title=["wow!!", "no!", "yes!", "plain", "what?"])
    features = pipeline.transform(pd.DataFrame({"title": ["a!b!c!", None]}))
    assert features["title count of !"].iloc[0] == 3.0
    assert np.isnan(features["title count of !"].iloc[1])
    assert "title count of ?" not in pipeline.outputs


def test_columns_that_are_not_read_may_be_absent_and_leave_the_others_as_they_are() -> None:
    words = [f"{size} box no {place}" for place, size in enumerate(["big", "small", "big"] * 8)]
    data = {
        NUMBER.name: [float(place) for place in range(24)],
        CATEGORY.name: ["red", "green", "blue"] * 8,
        TEXT.name: words,
    }
    pipeline = fit([NUMBER, CATEGORY, TEXT], **data)
    whole = pipeline.features(pd.DataFrame(data))
    unread = (NUMBER.name, TEXT.name)
    rows = [{CATEGORY.name: value} for value in data[CATEGORY.name]]
    for asked in (rows, rows[:1], pd.DataFrame(rows)):
        part = pipeline.without(unread).features(asked)
        n_rows = part.n_rows
        assert part.categories.tolist() == whole.categories[:n_rows].tolist()
        assert part.numbers.tolist() == np.zeros_like(whole.numbers[:n_rows]).tolist()
        assert part.tokens.tolist() == np.zeros_like(whole.tokens[:n_rows]).tolist()
        assert part.texts == ([""] * n_rows,) * len(whole.texts)
    with pytest.raises(RowError, match=NUMBER.name):
        pipeline.features(pd.DataFrame(rows))


def test_a_pipeline_says_which_raw_columns_its_columns_are_made_of() -> None:
    sources = fit(
        [NUMBER, DATE], **{NUMBER.name: [1.0, 2.0], DATE.name: pd.to_datetime(["2024-01-01", "2024-02-03"])}
    ).raw_columns_of()
    assert sources[NUMBER.name] == {NUMBER.name}
    assert [of for name, of in sources.items() if name != NUMBER.name] == [{DATE.name}] * (len(sources) - 1)
