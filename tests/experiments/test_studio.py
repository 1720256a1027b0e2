"""The use cases on one real, finished run."""

import json

import pandas as pd
import pytest

from litmus_core import Studio, load_bundle
from litmus_core.errors import NotFoundError, UnknownNameError, UsageError
from litmus_core.types import Bar, CandidateTested, RunPlan, Task
from litmus_core.verdicts import verdict_sentence
from tests.trained import Trained, opened, table


@pytest.fixture
def studio(trained: Trained):
    with opened(trained) as studio:
        yield studio


def test_a_folder_in_place_of_a_workspace_is_refused_with_the_call_that_opens_it():
    with pytest.raises(UsageError) as refused:
        Studio("shop")

    assert refused.value.hint == "Write Studio.open('shop')."


def test_a_finished_run_has_a_verdict_in_one_sentence(trained):
    assert trained.run.status == "finished"
    assert trained.run.verdict is not None
    assert verdict_sentence(trained.run.verdict).endswith(".")


def test_only_the_chosen_candidate_has_been_tested(studio, trained):
    mine = {each.id for each in studio.candidates.list(trained.run.id)}
    facts = [event.fact for event in studio.journal.events(types=[CandidateTested])]
    assert [fact.candidate_id for fact in facts if fact.candidate_id in mine] == [trained.run.chosen_id]
    sealed = mine - {trained.run.chosen_id}
    assert all(studio.candidates.get(each).test is None for each in sealed)


def test_the_leaderboard_begins_with_the_chosen_candidate(studio, trained):
    assert studio.candidates.list(trained.run.id)[0].id == trained.run.chosen_id


def test_every_candidate_was_scored_and_measured(studio, trained):
    for candidate in studio.candidates.list(trained.run.id):
        assert candidate.validation is not None
        assert candidate.validation.low <= candidate.validation.value <= candidate.validation.high
        assert candidate.latency_at(1) is not None
        assert candidate.latency_at(100) is not None
        assert candidate.size_bytes > 0


def test_revealing_a_test_score_is_counted_once(own_training: Trained):
    run = own_training.run
    with opened(own_training) as studio:
        other = studio.candidates.list(run.id)[-1]
        assert studio.experiments.n_test_evaluations(run.id) == 1
        revealed = studio.candidates.reveal_test(other.id, by="a test")
        assert revealed.test is not None
        assert studio.experiments.n_test_evaluations(run.id) == 2
        studio.candidates.reveal_test(other.id, by="a test")
        assert studio.experiments.n_test_evaluations(run.id) == 2
        assert studio.runs.get(run.id).chosen_id == run.chosen_id


def test_the_parts_are_disjoint_and_hold_every_row(trained):
    parts = pd.read_parquet(trained.workspace / "runs" / trained.run.id / "parts.parquet")["part"]
    assert len(parts) == 600
    assert parts.value_counts().to_dict() == {0: 384, 2: 120, 1: 96}


def test_a_bundle_answers_like_the_run_it_came_from(studio, trained, tmp_path):
    record = studio.bundles.export(trained.run.chosen_id, to=tmp_path / "elsewhere" / "model.zip")
    rows = table(n_rows=40, seed=1).drop(columns="sold")
    bundle = load_bundle(record.path)
    original = studio.candidates.predictor(trained.run.chosen_id)
    assert bundle.predict_records(rows) == original.predict_records(rows)
    assert studio.bundles.list(trained.experiment.id)[0].id == record.id


def test_an_existing_file_is_not_overwritten_by_an_export(studio, trained, tmp_path):
    (tmp_path / "model.zip").write_text("mine")
    with pytest.raises(Exception, match=r"model\.zip"):
        studio.bundles.export(trained.run.chosen_id, to=tmp_path / "model.zip")
    assert (tmp_path / "model.zip").read_text() == "mine"


def test_the_diagnosis_ranks_the_column_that_matters_first(studio, trained):
    found = studio.runs.diagnostics(trained.run.id)
    assert found.importance.columns[0].column == "size"


def test_what_if_answers_one_row(studio, trained):
    row = json.loads(
        studio.runs.validation_rows(trained.run.id, 1)
        .drop(columns="sold")
        .to_json(orient="records", date_format="iso")
    )[0]
    answer = studio.candidates.what_if(trained.run.chosen_id, row)
    assert answer.answer in ("yes", "no")


def test_a_data_set_in_use_is_not_deleted(studio, trained):
    dataset = studio.datasets.get(trained.experiment.task.dataset_version_id)
    with pytest.raises(UsageError, match="used by"):
        studio.datasets.delete(dataset.dataset_id)
    assert (trained.workspace / dataset.path).exists()


def test_sizes_say_what_is_in_use(studio, trained):
    sizes = {size.id: size for size in studio.storage.sizes()}
    assert sizes[trained.run.id].n_bytes > 0


def test_unknown_ids_are_named():
    with Studio.open() as studio, pytest.raises(NotFoundError, match="run_nowhere"):
        studio.runs.get("run_nowhere")


@pytest.fixture
def version(tmp_path):
    table(n_rows=80).to_csv(tmp_path / "small.csv", index=False)
    with Studio.open() as studio:
        yield studio, studio.datasets.import_file(tmp_path / "small.csv")


def _task(version, **changes) -> Task:
    facts = {
        "dataset_version_id": version.id,
        "target": "sold",
        "problem_type": "binary",
        "metric": "roc_auc",
        "features": ("size", "colour"),
    }
    return Task(**{**facts, **changes})


def test_a_bar_on_the_wrong_side_is_refused_with_the_right_one(version):
    studio, table_version = version
    task = _task(table_version, bar=Bar(metric="roc_auc", op="<=", value=0.9))
    with pytest.raises(UsageError, match=r"Write roc_auc >= 0\.9"):
        studio.experiments.create(task)


def test_a_bar_on_another_metric_is_refused(version):
    studio, table_version = version
    task = _task(table_version, bar=Bar(metric="accuracy", op=">=", value=0.9))
    with pytest.raises(UsageError, match="accuracy"):
        studio.experiments.create(task)


def test_a_metric_of_another_problem_type_is_refused(version):
    studio, table_version = version
    with pytest.raises(UsageError, match="rmse does not fit a binary question"):
        studio.experiments.create(_task(table_version, metric="rmse"))


def test_an_unknown_card_is_refused_before_anything_starts(version):
    studio, table_version = version
    experiment = studio.experiments.create(_task(table_version))
    with pytest.raises(UnknownNameError, match="family 'lightgmb'"):
        studio.runs.start(experiment.id, RunPlan(families=("lightgmb",)))
    assert studio.runs.list(experiment.id) == []


def test_experiments_that_nobody_named_are_told_apart(version):
    studio, table_version = version
    task = _task(table_version)
    first, second, third = (studio.experiments.create(task) for _ in range(3))
    plain = f"{table_version.name}: {task.target}"
    assert [one.name for one in (first, second, third)] == [plain, f"{plain} (2)", f"{plain} (3)"]
    studio.experiments.rename(second.id, "Ours")
    assert studio.experiments.create(task).name == f"{plain} (2)"
    assert studio.experiments.create(task, name=plain).name == plain


def test_a_data_set_is_renamed_versioned_and_deleted(version, tmp_path):
    studio, first = version
    studio.datasets.rename(first.dataset_id, "  Shop   sales ")
    second = studio.datasets.import_file(tmp_path / "small.csv", dataset_id=first.dataset_id)
    assert [(each.version, each.name) for each in studio.datasets.versions(first.dataset_id)] == [
        (1, "Shop sales"),
        (2, "Shop sales"),
    ]
    assert second.content_hash == first.content_hash
    studio.datasets.delete(first.dataset_id)
    assert studio.datasets.list() == []
    assert not (studio.workspace.path / first.path).exists()
