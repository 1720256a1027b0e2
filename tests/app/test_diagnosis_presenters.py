"""A diagnosis and a what-if in words: pure functions from what was measured to what a page says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.presenters import humanize
from app.presenters.results.diagnosis import present_diagnosis, present_mistake
from app.presenters.results.what_if import present_answer, present_fields
from litmus_core.diagnostics import (
    ColumnImportance,
    ConfusedPair,
    Confusion,
    Diagnostics,
    Importance,
    Mistake,
    Push,
    Residuals,
    Segments,
    SegmentScore,
    WhatIf,
)
from litmus_core.types import (
    Column,
)


def diagnosis(**more: Any) -> Diagnostics:
    columns = (
        ColumnImportance(column="carrier", drop=0.2, low=0.15, high=0.25, n_shuffles=5),
        ColumnImportance(column="distance", drop=0.01, low=-0.01, high=0.03, n_shuffles=5),
    )
    parts = (
        SegmentScore(
            column="carrier",
            segment="UA",
            n_rows=40,
            score=0.6,
            low=0.5,
            high=0.7,
            worse_by=0.3,
            stands_out=True,
        ),
    )
    mistake = Mistake(
        position=3,
        truth="yes",
        prediction="no",
        values={"distance": 1250.0, "carrier": "UA"},
        probability=0.97,
        truth_probability=0.03,
    )
    known: dict[str, Any] = {
        "metric": "accuracy",
        "n_rows": 500,
        "score": 0.9,
        "out_of_fold": False,
        "importance": Importance(columns=columns, score=0.9, n_rows=500, n_shuffles=5, complete=True),
        "segments": Segments(metric="accuracy", rows=parts, overall=0.9, n_tests=12, min_rows=20),
        "mistakes": (mistake,),
        "confusion": Confusion(
            labels=("no", "yes"),
            counts=((400, 10), (40, 50)),
            n_collapsed=0,
            pairs=(ConfusedPair(truth="yes", prediction="no", n_rows=40),),
            n_rows=500,
            n_wrong=50,
        ),
    }
    return Diagnostics(**(known | more))


def test_a_diagnosis_is_read_out_in_one_line_each():
    view = present_diagnosis(diagnosis(out_of_fold=True), target="late")
    assert view.rows_note == "From 500 rows, each answered by models that had not seen it."
    assert view.importance.reading == "carrier matters most; 1 of 2 columns clearly matters."
    assert view.segments.reading == (
        "Clearly worse where carrier is UA: Accuracy 0.600 (0.500 to 0.700) on 40 rows, "
        "against 0.900 over all."
    )
    assert view.confusion is not None
    assert view.confusion.reading == "Most frequent error: “no” where the truth is “yes”, 40 rows."
    assert view.mistakes.reading.startswith("50 of 500 predictions were wrong (10.0\u202f%).")


def test_mistakes_show_the_most_important_columns_first():
    view = present_diagnosis(diagnosis(), target="late")
    assert list(view.mistakes.columns) == ["Truth", "Prediction", "How sure", "carrier", "distance"]


def test_the_sign_of_a_numbers_error_is_explained():
    spread = Residuals(points=((1.0, 3.0),), n_rows=500, bias=0.1, typical_error=0.5, large_error=2.0)
    off = Mistake(position=3, truth=1.0, prediction=3.0, values={}, error=2.0)
    view = present_diagnosis(
        diagnosis(metric="rmse", confusion=None, residuals=spread, mistakes=(off,)), target="price"
    )
    assert view.mistakes.reading == (
        "The 1 prediction furthest from the true price, furthest first. Above 0: predicted too high."
    )


def test_a_mistake_opens_with_its_whole_row():
    opened = present_mistake(present_diagnosis(diagnosis(), target="late").mistakes, 0)
    assert opened.sentence == "Mistake 1: the truth is yes, the prediction no."
    assert opened.names == ["carrier", "distance"]
    assert len(opened.values) == 2


def test_an_importance_from_too_few_shuffles_makes_no_claim():
    known = diagnosis().importance
    twice = replace(known, n_shuffles=2, columns=tuple(replace(row, n_shuffles=2) for row in known.columns))
    view = present_diagnosis(diagnosis(importance=twice), target="late").importance
    assert view.reading == ("carrier seems to matter most, but this was not measured well enough to be sure.")
    assert not any(bar.is_clear for bar in view.bars)


def test_columns_whose_importances_overlap_are_not_put_in_an_order():
    known = diagnosis().importance
    near, far = (
        replace(known, columns=(known.columns[0], replace(known.columns[1], drop=0.1, low=0.05, high=high)))
        for high in (0.18, 0.12)
    )
    said = [present_diagnosis(diagnosis(importance=each), target="late").importance for each in (near, far)]

    assert [each.reading for each in said] == [
        "carrier and distance matter most; 2 of 2 columns clearly matter.",
        "carrier matters most, then distance; 2 of 2 columns clearly matter.",
    ]


def test_a_column_that_may_matter_more_than_a_clear_one_is_not_passed_over():
    known = diagnosis().importance
    carrier, distance = known.columns
    doubtful = replace(carrier, column="days", drop=0.1, low=-0.01, high=0.14)
    clear = replace(carrier, column="price", drop=0.05, low=0.03, high=0.07)
    ranked = replace(known, columns=(carrier, doubtful, clear, distance))
    reading = present_diagnosis(diagnosis(importance=ranked), target="late").importance.reading
    assert reading == "carrier matters, days perhaps too; 2 of 4 columns clearly matter."


def test_a_table_with_a_column_called_prediction_keeps_both():
    mistake = Mistake(position=0, truth="a", prediction="b", values={"Prediction": 42}, probability=0.9)
    view = present_diagnosis(diagnosis(mistakes=(mistake,)), target="late")
    assert view.mistakes.columns["Prediction (column)"] == ["42"]


def test_answers_without_mistakes_are_said_so():
    right = Confusion(labels=("no",), counts=((9,),), n_collapsed=0, pairs=(), n_rows=9, n_wrong=0)
    view = present_diagnosis(diagnosis(mistakes=(), confusion=right), target="late")
    assert view.mistakes.reading == "Every prediction on validation data was right."


def test_long_class_names_stay_apart_on_an_axis():
    labels = tuple(f"Category number {at} with a long name" for at in range(3))
    counts = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    many = Confusion(labels=labels, counts=counts, n_collapsed=0, pairs=(), n_rows=3, n_wrong=0)
    view = present_diagnosis(diagnosis(confusion=many), target="late")
    assert view.confusion is not None
    assert view.confusion.short_labels == ("…0…", "…1…", "…2…")


def test_short_names_are_left_alone():
    assert humanize.short("carrier") == "carrier"


def test_a_schema_becomes_fields_of_the_right_kind_filled_with_the_row():
    def column(name: str, kind: Any) -> Column:
        return Column(name=name, original_name=name, kind=kind, storage="X")

    columns = [
        column("n", "number"),
        column("x", "number"),
        column("c", "category"),
        column("d", "date"),
        column("b", "boolean"),
        column("t", "text"),
    ]
    row = {"n": 3, "x": 1.5, "c": "a", "d": "2013-01-01T00:00:00", "b": True, "t": "hello"}
    fields = present_fields(columns, row, examples={"n": [1, 2], "c": ["b", "c"]}, order=["c"])
    assert [(each.name, each.kind) for each in fields] == [
        ("c", "choice"),
        ("n", "number"),
        ("x", "number"),
        ("d", "date"),
        ("b", "yes or no"),
        ("t", "text"),
    ]
    assert fields[0].choices == ("a", "b", "c")
    assert (fields[1].is_whole, fields[2].is_whole) == (True, False)


def test_a_rows_own_value_is_among_its_choices_however_many_there_are():
    town = Column(name="town", original_name="town", kind="category", storage="VARCHAR")
    (field,) = present_fields([town], {"town": "Zwolle"}, examples={"town": [f"A{n:02d}" for n in range(60)]})
    assert len(field.choices) == 51
    assert field.choices[-1] == field.value == "Zwolle"


def test_an_answer_tells_its_strongest_push_first():
    push = Push(
        column="carrier", value="UA", effect=0.3, low=0.2, high=0.4, sentence="carrier = UA raises it."
    )
    found = WhatIf(
        answer="yes", probability=0.8, probabilities={"yes": 0.8, "no": 0.2}, pushes=(push,), n_background=30
    )
    view = present_answer(found, target="late")
    assert (view.answer, view.sure) == ("yes", "80.0\u202f%")
    assert view.reading == "Strongest influence: carrier = UA raises it."
