"""Making a trained model faster: what is refused before anything starts, and a run from asking to judging."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from litmus_core import Algorithm, Compute, train
from litmus_core.errors import UsageError
from litmus_core.experiments import Studio
from litmus_core.types import Candidate, Compression, Folds
from tests.trained import Trained, opened, table


@pytest.fixture
def studio(trained: Trained) -> Iterator[Studio]:
    with opened(trained) as studio:
        yield studio


def candidate(studio: Studio, trained: Trained, family: str) -> Candidate:
    return next(each for each in studio.candidates.list(trained.run.id) if each.family == family)


def test_a_model_without_trees_has_nothing_to_leave_out(studio, trained):
    linear = candidate(studio, trained, "linear")
    with pytest.raises(UsageError, match="'Linear model' is one model without trees"):
        studio.compression.start(trained.run.id, linear.id)


def test_a_candidate_of_another_run_is_refused_with_where_to_look(studio, trained):
    with pytest.raises(UsageError, match="no candidate 'run_other-lightgbm'") as refused:
        studio.compression.start(trained.run.id, "run_other-lightgbm")
    assert refused.value.hint == f"'litmus leaderboard {trained.experiment.id}' lists them."


@pytest.mark.parametrize("shares", [(), (0.0,), (1.0,), (0.5, -1.0)])
def test_shares_that_cannot_be_meant_are_refused(studio, trained, shares):
    with pytest.raises(UsageError, match="lie between 0 and 1"):
        studio.compression.start(trained.run.id, shares=shares)


def test_the_plan_starts_from_the_best_by_validation_and_trains_nothing_else(studio, trained):
    booster = candidate(studio, trained, "lightgbm")
    plan = studio.compression.plan(trained.run.id, booster.id)
    assert plan.origin_as(Compression) is not None
    assert (plan.origin_as(Compression).candidate_id, plan.origin_as(Compression).run_id) == (
        booster.id,
        trained.run.id,
    )
    assert (plan.families, plan.algorithms, plan.folds) == ((), (), Folds(0))


@pytest.mark.exhaustive(
    reason="the script of docs/guides/faster.md does this; tests/engine/test_refine.py compiles variants"
)
def test_variants_are_candidates_of_a_run_of_their_own(tmp_path):
    source = tmp_path / "shop.csv"
    table().to_csv(source, index=False)
    trees = Algorithm("lightgbm", num_boost_round=24)
    handle = train(
        source,
        "sold",
        compute=Compute(time_limit_s=60),
        algorithm=[trees],
        folds=0,
        workspace=tmp_path / "workspace",
    )
    handle.wait(timeout_s=200)
    with handle.studio as studio:
        (parent,) = studio.candidates.list(handle.run_id)
        started = studio.compression.start(handle.run_id, parent.id)
        run = studio.runs.wait(started.id, timeout_s=200)
        made = studio.candidates.list(run.id)
        assert (run.status, run.title) == ("finished", "Faster variants"), run.message
        assert run.verdict is not None
        assert made
        assert parent.name not in {each.name for each in made}
        for each in made:
            assert each.form == "compiled"
            assert {figure.batch_rows for figure in each.latency} == {1, 100, 1_000, 10_000}
            assert each.size_bytes is not None
            assert parent.size_bytes is not None
            assert each.size_bytes < parent.size_bytes or "num_boost_round=24" not in each.name
        assert [each.id for each in made if each.test is not None] == [run.chosen_id]
        assert f"studio.compression.start({handle.run_id!r}, {parent.id!r}" in studio.code.script(run.id)
        bundle = studio.bundles.export(run.chosen_id, to=tmp_path / "model")
        assert bundle.candidate_id == run.chosen_id
