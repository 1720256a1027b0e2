"""The way back: rows that an endpoint answered train a new model, and what proves better is promoted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy import Retraining, store_retraining
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments import Studio
from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.deployable import comparison
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.store import Store
from litmus_core.task_types import NO_NEEDS
from litmus_core.types import EndpointVersion, SplitPlan
from tests import tiny
from tests.experiments.test_outcomes import answered, sample

ROWS: list[dict[str, Any]] = [
    tiny.ROW | {"zip": "02134" if number % 4 else "75001", "day": None} for number in range(400)
]
TRUE = ["yes" if number % 4 else "no" for number in range(400)]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A workspace with the stopped endpoint 'shop': version 1 answers, version 2 waits."""
    with Studio.open(tmp_path / "workspace") as opened:
        record = tiny.bundle(tmp_path / "bundle")
        live = EndpointVersion(
            number=1, bundle_id=record.id, path=record.path, sha256=record.sha256, added_at="2026"
        )
        waiting = replace(live, number=2, bundle_id="bd_2")
        state = State(id="ep_1", name="shop", versions=(live, waiting), live=1, started_at="2026")
        EndpointFolder(opened.workspace, "shop").write(state)
        yield opened


@pytest.fixture
def trained(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The run of the waiting version, which began before all answers, and the model that it made."""
    times = SimpleNamespace(queued_at="2026-01-01T00:00:00+00:00")
    run = SimpleNamespace(id="run_2", title="Run 2", experiment_id="ex_2", chosen_id="cd_2", times=times)
    bundle = SimpleNamespace(candidate_id="cd_2", experiment_id="ex_2")
    task = SimpleNamespace(
        metric="accuracy", bar=None, weight="stock", needs=NO_NEEDS, split=SplitPlan(),
        dataset_version_id="dv_gone", target="sold",
    )  # fmt: skip
    monkeypatch.setattr(Store, "bundle", lambda *_: bundle)
    monkeypatch.setattr(
        Context, "candidate", lambda *_: SimpleNamespace(id="cd_2", run_id="run_1", experiment_id="ex_1")
    )
    monkeypatch.setattr(Context, "run", lambda *_: run)
    monkeypatch.setattr(Context, "experiment", lambda *_: SimpleNamespace(task=task))
    model = tiny.predictor()

    def raw(frame: Any) -> Any:
        is_yes = (frame["zip"] == "02134").to_numpy()
        return np.where(is_yes[:, None], [[0.1, 0.9]], [[0.9, 0.1]])

    predictor = SimpleNamespace(columns=model.columns, info=model.info, predict_raw=raw)
    monkeypatch.setattr(comparison, "open_predictor", lambda *_: predictor)
    return run


def sampled(studio: Studio) -> None:
    """Answer 400 rows with 'yes', three quarters of them rightly, and keep them all."""
    ids = answered(studio, list(range(400)))
    studio.outcomes.add("shop", dict(zip(ids, TRUE, strict=True)))
    sample(studio, ids, ROWS)


def test_rows_are_appended_as_they_were_sent_with_what_came_true(
    studio: Studio, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[list[str]] = []

    def train(_: ActionsService, run_id: str, file: Path) -> Any:
        assert run_id == "run_1"
        with file.open(encoding="utf-8", newline="") as table:
            lines.extend(csv.reader(table))
        return trained

    monkeypatch.setattr(ActionsService, "train_on_more_rows", train)
    assert studio.retraining.endpoint_of("ex_2") is None
    with pytest.raises(DataError, match="only 0 rows with outcomes"):
        studio.retraining.start("shop")
    sampled(studio)

    assert studio.retraining.start("shop") is trained
    assert lines[0] == ["size", "zip", "day", "new", "sold"]
    assert lines[1:3] == [["2.5", "75001", "", "False", "no"], ["2.5", "02134", "", "False", "yes"]]
    assert len(lines) == 401
    assert studio.retraining.endpoint_of("ex_2") == "shop"


def test_a_retrained_model_waits_behind_its_endpoint(
    studio: Studio, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed: list[Any] = []
    monkeypatch.setattr(EndpointsService, "deploy", lambda _, *what, **how: deployed.append((what, how)))
    with pytest.raises(UsageError, match="Run 2 is not a finished retraining"):
        studio.retraining.add_version("run_2")
    retraining = Retraining(
        name="shop", bundle_id="bd_1", run_id="run_2", experiment_id="ex_2", started_at="2026", n_outcomes=400
    )
    store_retraining(studio.workspace, retraining)
    with pytest.raises(UsageError, match="'shop' does not run"):
        studio.retraining.add_version("run_2")
    monkeypatch.setattr(EndpointsService, "list", lambda _: [SimpleNamespace(name="shop")])
    studio.retraining.add_version("run_2")

    assert deployed == [(("cd_2",), {"name": "shop"})]


def test_a_version_that_outcomes_prove_better_is_promoted(
    studio: Studio, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    promoted: list[Any] = []

    def promote(_: EndpointsService, name: str, version: int, **_more: Any) -> Any:
        promoted.append((name, version))
        return SimpleNamespace(version=version)

    monkeypatch.setattr(EndpointsService, "promote", promote)
    home = ["--workspace", str(studio.workspace.path)]
    nothing = CliRunner().invoke(app, ["endpoints", "compare", "shop", *home])
    sampled(studio)
    compared = CliRunner().invoke(app, ["endpoints", "compare", "shop", "2", *home])
    assert promoted == []
    switched = CliRunner().invoke(app, ["endpoints", "promote", "shop", "--if-better", *home])

    assert "0 rows with outcomes were asked about since the new one was trained" in nothing.stdout
    assert "Version 2 is better than version 1, by 25.0 points" in compared.stdout
    assert "although 'stock' weighs the rows in training" in compared.stdout
    assert (nothing.exit_code, compared.exit_code, switched.exit_code) == (3, 0, 0)
    assert promoted == [("shop", 2)]


def test_rows_that_may_have_been_learned_from_prove_nothing(
    studio: Studio, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled(studio)
    monkeypatch.setattr(EndpointsService, "promote", lambda *_: pytest.fail("It was promoted."))
    trained.times.queued_at = "2999-01-01T00:00:00+00:00"

    comparison, endpoint = studio.retraining.promote("shop")
    assert (comparison.state, comparison.n_rows, endpoint) == ("too few rows", 0, None)


def test_what_cannot_be_compared_is_said(studio: Studio) -> None:
    with pytest.raises(UnknownNameError, match="7"):
        studio.retraining.compare("shop", 7)
    with pytest.raises(UnknownNameError):
        studio.retraining.compare("shop", 1)  # it is the one that answers
    home = EndpointFolder(studio.workspace, "shop")
    home.write(replace(home.read(), versions=home.read().versions[:1]))
    with pytest.raises(UsageError, match="no other version"):
        studio.retraining.compare("shop")


def test_a_version_that_needs_a_column_that_callers_do_not_send_is_not_compared(
    studio: Studio, trained: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled(studio)
    model = tiny.predictor()
    columns = [*model.columns, replace(model.columns[0], name="weight")]
    predictor = SimpleNamespace(columns=columns, info=model.info)
    monkeypatch.setattr(comparison, "open_predictor", lambda *_: predictor)
    with pytest.raises(UsageError, match="Version 2 of 'shop' needs 'weight', which not all callers send"):
        studio.retraining.compare("shop", 2)
