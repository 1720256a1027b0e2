"""Charts draw what decides: bar and budget as labelled lines, intervals, and never colour alone."""

from __future__ import annotations

import pytest

from app.charts import (
    SELECTED,
    confusion_chart,
    contributions_chart,
    importance_chart,
    residuals_chart,
    score_latency_chart,
    segments_chart,
)
from app.presenters.results.candidates import PointView, ScatterView
from app.presenters.results.diagnosis import (
    ConfusionView,
    DiagnosisBar,
    ImportanceView,
    ResidualsView,
    SegmentsView,
    SegmentView,
)
from app.presenters.results.what_if import PredictionView, PushView
from litmus_core.types import Bar
from tests.app.drawn import labels, marks, rows


def point(name: str, x: float, y: float, *, kind: str = "single", outside: bool = False) -> PointView:
    return PointView(
        id=name,
        name=name,
        x=x,
        y=y,
        low=y - 0.02,
        high=y + 0.02,
        kind=kind,  # type: ignore[arg-type]
        outside=outside,
        label=name,
        hover=name,
    )


def scatter(bar: Bar | None, budget_ms: float | None, *points: PointView) -> ScatterView:
    return ScatterView(
        points=points,
        links=(),
        x_title="ms",
        y_title="Accuracy",
        bar=bar,
        budget_ms=budget_ms,
        higher_is_better=bar is None or bar.op == ">=",
        reading="",
        bar_label="" if bar is None else f"bar {bar.value}",
    )


ACCURATE = Bar(metric="accuracy", op=">=", value=0.85)


def test_the_shippable_corner_is_left_of_the_budget_and_above_the_bar():
    view = scatter(ACCURATE, 20.0, point("a", 4.0, 0.9, kind="chosen"), point("b", 80.0, 0.92, outside=True))
    (corner,) = rows(marks(score_latency_chart(view, dark=False), "rect")[0])
    assert (corner["right"], corner["bottom"]) == (20.0, 0.85)


def test_for_an_error_the_corner_is_below_the_bar():
    view = scatter(Bar(metric="rmse", op="<=", value=12.0), 20.0, point("a", 4.0, 15.0))
    (corner,) = rows(marks(score_latency_chart(view, dark=False), "rect")[0])
    assert corner["top"] == 12.0


def test_bar_and_budget_are_labelled_lines():
    chart = score_latency_chart(scatter(ACCURATE, 20.0, point("a", 4.0, 0.9)), dark=True)
    assert set(labels(chart)) == {"a", "bar 0.85", "budget 20\u202fms"}


def test_a_budget_is_named_on_the_side_that_has_room():
    def side(*points: PointView) -> str:
        chart = score_latency_chart(scatter(None, 20.0, *points), dark=False)
        return labels(chart)["budget 20\u202fms"]["mark"]["align"]

    assert side(point("a", 0.4, 0.9)) == "right"
    assert side(point("a", 0.4, 0.9), point("b", 900.0, 0.92, outside=True)) == "left"


def test_without_bar_and_budget_nothing_is_shaded():
    assert not marks(score_latency_chart(scatter(None, None, point("a", 4.0, 0.9)), dark=False), "rect")


def test_a_point_outside_the_budget_is_hollow_and_each_has_its_interval():
    view = scatter(ACCURATE, 20.0, point("a", 4.0, 0.9), point("b", 80.0, 0.92, outside=True))
    a, b = rows(marks(score_latency_chart(view, dark=False), "point")[0])
    assert (a["solid"], b["solid"]) == (1, 0)
    assert (a["high"] - a["y"], a["y"] - a["low"]) == pytest.approx((0.02, 0.02))


def test_a_click_selects_the_id_of_a_point():
    (layer,) = marks(score_latency_chart(scatter(None, None, point("a", 4.0, 0.9)), dark=False), "point")
    assert [row["id"] for row in rows(layer)] == ["a"]
    assert layer["params"] == [{"name": SELECTED, "select": {"type": "point", "fields": ["id"]}}]


def test_names_that_would_cover_each_other_are_left_out_but_for_the_chosen_one():
    near = [point(f"Boosted trees for categories {at}", 40.0 + at, 0.900 + at / 1e5) for at in range(3)]
    view = scatter(
        None, None, point("The chosen one", 42.0, 0.9, kind="chosen"), *near, point("b", 4.0, 0.85)
    )
    notes = set(labels(score_latency_chart(view, dark=False)))
    assert {"The chosen one", "b"} <= notes
    assert len(notes) < 5


def test_the_chosen_ones_name_never_covers_another_point():
    chosen = point("The chosen one of all models", 4.0, 0.9, kind="chosen")
    view = scatter(None, None, chosen, point("b", 9.0, 0.9), point("c", 90.0, 0.8))
    (name,) = [text for text in labels(score_latency_chart(view, dark=False)) if text.startswith("The")]
    assert labels(score_latency_chart(view, dark=False))[name]["mark"]["dy"] == -22


def test_columns_that_cannot_be_told_from_nothing_are_dashed_outlines():
    bars = (
        DiagnosisBar(name="a", label="a", drop=0.2, low=0.1, high=0.3, is_clear=True),
        DiagnosisBar(name="b", label="b", drop=0.01, low=-0.1, high=0.1, is_clear=False),
    )
    view = ImportanceView(bars=bars, n_more=0, x_title="", reading="", caption="")
    a, b = rows(marks(importance_chart(view, dark=False), "bar")[0])
    assert a["solid"] > 0.4 > b["solid"]
    assert (a["dash"], b["dash"]) == ([1, 0], [3, 3])


def luminance(rgba: str, *, ground: tuple[int, int, int]) -> float:
    """Return the relative luminance of a see-through colour on a ground (WCAG 2)."""
    *channels, alpha = (float(part) for part in rgba[5:-1].split(","))
    mixed = [(alpha * one + (1 - alpha) * below) / 255 for one, below in zip(channels, ground, strict=True)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in mixed
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("dark", "ground"), [(False, (255, 255, 255)), (True, (18, 20, 26))])
def test_a_whisker_is_seen_on_its_bar_as_well_as_beside_it(dark, ground):
    bar = DiagnosisBar(name="age", label="age", drop=0.2, low=0.1, high=0.3, is_clear=True)
    view = ImportanceView(bars=(bar,), n_more=0, x_title="", reading="", caption="")
    chart = importance_chart(view, dark=dark)
    ((drawn,),) = map(rows, marks(chart, "bar"))
    whisker = luminance(marks(chart, "rule")[0]["mark"]["color"], ground=ground)
    seen = drawn["tone"].replace(", 1)", f", {drawn['solid']})")
    for behind in (luminance(seen, ground=ground), luminance("rgba(0,0,0,0)", ground=ground)):
        lighter, darker = max(whisker, behind), min(whisker, behind)
        assert (lighter + 0.05) / (darker + 0.05) > 3.0


def test_parts_that_are_clearly_worse_have_a_shape_of_their_own():
    def part(name: str, *, stands_out: bool) -> SegmentView:
        return SegmentView(
            column="c",
            segment=name,
            label=name,
            n_rows=40,
            score=0.6,
            low=0.5,
            high=0.7,
            interval="",
            worse_by=0.1,
            stands_out=stands_out,
        )

    parts = (part("a", stands_out=True), part("b", stands_out=False))
    view = SegmentsView(rows=parts, overall=0.8, metric="Accuracy", reading="", caption="")
    (layer,) = marks(segments_chart(view, dark=False), "point")
    assert [row["kind"] for row in rows(layer)] == ["clearly worse", "may be luck"]
    assert layer["encoding"]["shape"]["scale"]["range"] == ["diamond", "circle"]


def test_names_that_look_like_years_stay_names():
    bars = (DiagnosisBar(name="2013", label="2013", drop=0.2, low=0.1, high=0.3, is_clear=True),)
    view = ImportanceView(bars=bars, n_more=0, x_title="", reading="", caption="")
    y = marks(importance_chart(view, dark=False), "bar")[0]["encoding"]["y"]
    assert (y["type"], y["axis"]["labelExpr"]) == ("ordinal", '["2013"][datum.value]')


def test_counts_stay_readable_on_strong_and_weak_cells():
    view = ConfusionView(
        labels=("no", "yes"),
        short_labels=("no", "yes"),
        counts=((9, 1), (0, 5)),
        shares=((0.9, 0.1), (0.0, 1.0)),
        pairs=(),
        reading="",
    )
    written = rows(marks(confusion_chart(view, dark=False), "text")[0])
    assert [cell["count"] for cell in written] == ["9", "1", "5"]
    assert [cell["ink"] for cell in written] == ["#ffffff", "#1d2230", "#ffffff"]


def test_the_band_of_residuals_is_as_wide_as_nine_errors_in_ten():
    view = ResidualsView(
        points=((0.0, 1.0), (10.0, 9.0)), typical_error=1.0, large_error=2.0, target="y", reading=""
    )
    for edge in rows(marks(residuals_chart(view, dark=False), "area")[0]):
        assert edge["high"] - edge["low"] == pytest.approx(4.0)
        assert edge["high"] + edge["low"] == pytest.approx(2 * edge["x"])


def test_pushes_are_drawn_strongest_on_top():
    pushes = tuple(
        PushView(label=name, effect=effect, low=effect, high=effect, sentence="")
        for name, effect in (("a", 0.3), ("b", -0.1))
    )
    view = PredictionView(
        answer="yes",
        sure="",
        probabilities=(),
        pushes=pushes,
        directions="",
        is_share=True,
        reading="",
        caption="",
    )
    y = marks(contributions_chart(view, dark=True), "bar")[0]["encoding"]["y"]
    assert (y["axis"]["labelExpr"], y["scale"]["domain"]) == ('["a", "b"][datum.value]', [0, 1])


def test_a_label_that_looks_like_markup_is_written_out():
    view = ConfusionView(
        labels=("<b>", "yes"),
        short_labels=("<b>", "yes"),
        counts=((9, 0), (0, 5)),
        shares=((1.0, 0.0), (0.0, 1.0)),
        pairs=(),
        reading="",
    )
    x = marks(confusion_chart(view, dark=False), "rect")[0]["encoding"]["x"]
    assert x["axis"]["labelExpr"] == '["<b>", "yes"][datum.value]'
