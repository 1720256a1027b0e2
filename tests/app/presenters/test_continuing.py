"""New rows since a model was trained, and both sides of going on, in plain words."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.improvement.warm_start import SideRow, present_continuing
from litmus_core.experiments import Comparison, NewerRows
from litmus_core.types import DatasetVersion, Run, RunPlan, RunTimes
from tests.app.presenters.facts import candidate, score

VERSION = DatasetVersion(
    id="dv_2",
    dataset_id="ds",
    name="orders",
    version=2,
    path="v2.parquet",
    n_rows=2200,
    n_bytes=1,
    content_hash="0",
    columns=(),
    source="orders.csv",
    created_at="2026-11-24T10:00:00+00:00",
)
NEWER = NewerRows(version=VERSION, n_new=1200)
RUN = Run(
    id="run_2",
    experiment_id="ex_2",
    number=1,
    plan=RunPlan(),
    status="running",
    times=RunTimes(queued_at="2026-11-24T10:00:00"),
)


def test_new_rows_are_counted_where_trees_can_be_added():
    boosted = candidate()
    offer = present_continuing(boosted, [boosted], NEWER, None).offer
    assert offer is not None
    assert offer.sentence == "New rows since this model was trained: 1,200 (version 2)."


def test_nothing_is_offered_without_new_rows_or_without_trees():
    boosted, linear = candidate(), candidate("Linear", family_kind="linear")
    assert present_continuing(boosted, [boosted], None, None).offer is None
    assert present_continuing(linear, [boosted, linear], NEWER, None).offer is None


def test_an_ensemble_is_offered_where_one_of_its_members_has_trees():
    boosted, linear = candidate(), candidate("Linear", family_kind="linear")
    mixed = candidate("Ensemble", family_kind="ensemble", parents=(boosted.id, linear.id))
    plain = replace(mixed, parents=(linear.id,))
    everything = [boosted, linear, mixed]
    assert present_continuing(mixed, everything, NEWER, None).offer is not None
    assert present_continuing(plain, everything, NEWER, None).offer is None


def test_both_sides_are_put_under_each_other():
    went_on = candidate(test=score(0.9), fit_s=1.2)
    both = Comparison(before=None, continued=went_on, continued_run=RUN, retrained=None, retrained_run=RUN)
    view = present_continuing(went_on, [went_on], None, both)
    assert view.rows[0].test == "0.900 (0.894 to 0.906)"
    assert view.rows[1] == SideRow(side="Retrained", model="Training now", test="", fit="")
    assert view.sentence == "They are compared when both have been tested."
