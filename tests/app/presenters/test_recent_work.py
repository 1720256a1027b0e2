"""The newest forecasts and many targets on Home."""

from __future__ import annotations

from datetime import datetime

from app.presenters.work.recent import present_recent
from litmus_core.experiments import ForecastRecord, ForecastRequest, TargetsRecord, TargetsRequest
from litmus_core.forecasting import ForecastSpec, SeriesColumns
from litmus_core.many_targets import TargetsSpec

NOW = datetime.fromisoformat("2026-12-01T12:00:00+00:00")


def forecast(hour: int) -> ForecastRecord:
    request = ForecastRequest(
        id=f"fc_{hour}",
        name=f"at {hour}",
        created_at=f"2026-12-01T{hour:02}:00:00+00:00",
        dataset_version_id="dv_1",
        spec=ForecastSpec(columns=SeriesColumns(time="month", value="sales"), horizon=3),
    )
    return ForecastRecord(request=request, state="running")


def targets(hour: int) -> TargetsRecord:
    request = TargetsRequest(
        id=f"mt_{hour}",
        name=f"tags at {hour}",
        created_at=f"2026-12-01T{hour:02}:00:00+00:00",
        dataset_version_id="dv_1",
        columns_version_id="dv_2",
        train_version_id="dv_3",
        test_version_id="dv_4",
        spec=TargetsSpec(kind="labels", targets=(), metric="micro_f1"),
        run_ids=(),
    )
    return TargetsRecord(request=request, state="failed")


def test_the_newest_of_both_kinds_come_first() -> None:
    view = present_recent([forecast(9), forecast(7)], [targets(8)], n_all=(2, 1), now=NOW)
    assert [work.line.name for work in view.recent] == ["at 9", "tags at 8", "at 7"]
    assert [work.kind for work in view.recent] == ["forecast", "targets", "forecast"]
    assert view.recent[0].line.state.word == "Training now"
    assert view.links == ()


def test_links_lead_to_the_others_of_a_kind() -> None:
    forecasts = [forecast(hour) for hour in range(9, 3, -1)]
    view = present_recent(forecasts, [targets(1)], n_all=(12, 1), now=NOW)
    assert len(view.recent) == 6
    assert view.links == (
        ("forecast", "See 12 forecasts"),
        ("targets", "See 1 training of many targets"),
    )
