"""Retraining goes on from the model that answers: what it is tested on, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import stored_retraining
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.engine._run_folder.folder import predictor_path
from litmus_core.engine._warm_start.reused_member import load_model
from litmus_core.errors import UsageError, WorkspaceError
from litmus_core.experiments import RunsService, Studio
from litmus_core.experiments._context import Context
from litmus_core.types import Candidate, Endpoint, EndpointStarted, EndpointVersion, SplitPlan
from tests.answers import answered
from tests.trained import Trained, copied, opened, table

N_ANSWERED = 150


def serve(studio: Studio, candidate_id: str, rows: pd.DataFrame) -> str:
    """Add the stopped endpoint 'shop' of a candidate, which answered the rows with known outcomes.

    Returns the id of its bundle.
    """
    record = studio.bundles.export(candidate_id)
    version = EndpointVersion(
        number=1, bundle_id=record.id, path=record.path, sha256=record.sha256, added_at="2026"
    )
    state = State(id="ep_1", name="shop", versions=(version,), live=1, started_at="2026")
    home = EndpointFolder(studio.workspace, "shop")
    home.write(state)
    ids = answered(studio, list(range(len(rows))))
    studio.outcomes.add("shop", dict(zip(ids, rows["sold"], strict=True)))
    sent = json.loads(rows.drop(columns="sold").to_json(orient="records"))
    home.samples.write_text(json.dumps({"version": record.id, "ids": ids, "rows": sent}) + "\n")
    return record.id


def candidate_of(studio: Studio, trained: Trained, family: str) -> Candidate:
    return next(one for one in studio.candidates.list(trained.run.id) if one.family == family)


@pytest.fixture
def studio(trained: Trained, tmp_path: Path) -> Iterator[Studio]:
    """A copy of the workspace with a finished run."""
    with opened(copied(trained, tmp_path)) as studio:
        yield studio


def trees(studio: Studio, run_id: str, model: str) -> list[Any]:
    """Return the trees of a LightGBM model in a run's folder."""
    folder = predictor_path(studio.workspace.run_dir(run_id)) / "models" / model
    grown: list[Any] = load_model(str(folder), "").model.dump_model()["tree_info"]
    return grown


def parts(studio: Studio, run_id: str) -> list[int]:
    """Return each row's part in a run: 0 trains, 1 validates, 2 tests."""
    stored = pd.read_parquet(studio.workspace.run_dir(run_id) / "parts.parquet")
    return [int(part) for part in stored["part"]]


def everything(studio: Studio) -> tuple[list[str], list[str], list[str]]:
    """Return the versions of all tables, the experiments and the runs."""
    store = studio.context.store
    tables = [
        version.id for dataset in studio.datasets.list() for version in store.versions(dataset.dataset_id)
    ]
    return tables, [one.id for one in store.experiments()], [run.id for run in store.runs()]


def test_it_goes_on_from_the_model_and_is_tested_on_rows_that_neither_learned(
    studio: Studio, trained: Trained
) -> None:
    judged = candidate_of(studio, trained, "lightgbm")
    studio.final_models.train(judged.id)  # what answers has learned from the test rows
    bundle_id = serve(studio, judged.id, table(N_ANSWERED, seed=5))
    assert studio.store.bundle(bundle_id).is_final
    run = studio.runs.wait(studio.retraining.start("shop", warm_start=True).id, timeout_s=200)

    [grown] = studio.candidates.list(run.id)
    before, after = parts(studio, trained.run.id), parts(studio, run.id)
    were, are = trees(studio, trained.run.id, judged.model), trees(studio, run.id, grown.model)
    assert after[: len(before)] == before
    assert grown.test is not None
    assert grown.test.n_rows == after.count(2) == before.count(2) + after[len(before) :].count(2)
    assert 20 < after[len(before) :].count(2) < 40
    assert len(are) > len(were)
    assert are[: len(were)] == were
    assert studio.experiments.of_run(run.id).name == f"{trained.experiment.name}, version 2"
    assert studio.retraining.endpoint_of(run.experiment_id) == "shop"

    live = studio.bundles.export(grown.id)
    for at, record in enumerate((studio.store.bundle(bundle_id), live)):
        endpoint = Endpoint(id=f"ep_{at}", bundle_id=record.id, url="", pid=0, started_at="", name="shop")
        studio.context.record(EndpointStarted(endpoint=endpoint))
    history = CliRunner().invoke(
        app, ["endpoints", "history", "shop", "--workspace", str(studio.workspace.path), "--json"]
    )
    assert [(change["kind"], change["trained"]) for change in json.loads(history.stdout)] == [
        ("started", "from scratch"),
        ("replaced", "continued"),
    ]


def test_a_model_that_cannot_go_on_is_refused_and_nothing_stays(studio: Studio, trained: Trained) -> None:
    serve(studio, candidate_of(studio, trained, "linear").id, table(N_ANSWERED, seed=5))
    before = everything(studio)
    with pytest.raises(UsageError, match="'Linear model' cannot go on learning") as refused:
        studio.retraining.start("shop", warm_start=True)
    assert studio.warm_start.refusal(candidate_of(studio, trained, "linear").id) == refused.value.message
    assert studio.warm_start.refusal(candidate_of(studio, trained, "lightgbm").id) == ""
    assert refused.value.hint == "Train it from scratch on the new rows: litmus endpoints retrain shop"
    assert everything(studio) == before
    assert stored_retraining(studio.workspace, "shop") is None


def test_a_start_that_fails_leaves_no_table_and_no_experiment(
    studio: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(studio, candidate_of(studio, trained, "lightgbm").id, table(N_ANSWERED, seed=5))
    before = everything(studio)

    def refuse(*_: Any) -> None:
        raise WorkspaceError("The disk is full.")

    monkeypatch.setattr(RunsService, "start", refuse)
    with pytest.raises(WorkspaceError, match="The disk is full"):
        studio.retraining.start("shop", warm_start=True)
    assert everything(studio) == before


@pytest.mark.parametrize("warm_start", [False, True])
def test_rows_without_the_group_that_stays_together_are_refused(
    studio: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch, warm_start: bool
) -> None:
    rows = table(N_ANSWERED, seed=5)
    rows.loc[:6, "colour"] = None
    serve(studio, candidate_of(studio, trained, "lightgbm").id, rows)
    before = everything(studio)
    split = SplitPlan(kind="group", column="colour")
    grouped = replace(trained.experiment, task=replace(trained.experiment.task, split=split))
    monkeypatch.setattr(Context, "experiment", lambda *_: grouped)
    with pytest.raises(UsageError, match="7 of 150 kept rows have no 'colour'") as refused:
        studio.retraining.start("shop", warm_start=warm_start)
    assert refused.value.hint.startswith("Send 'colour' along with each row to 'shop'")
    assert everything(studio) == before
