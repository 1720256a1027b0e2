"""Agents check, train, improve, predict and read verdicts, and score no test rows beyond their budget."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litmus_core import Studio
from litmus_core.errors import NotFoundError, UsageError
from litmus_core.experiments import AgentTools, EvaluationBudget, agent_server
from tests.trained import Trained, copied, opened, table


def tools_of(studio: Studio, *, evaluations: int = 10) -> AgentTools:
    return AgentTools(studio, EvaluationBudget(studio, evaluations), 0.5)


@pytest.fixture
def tools(trained: Trained) -> Iterator[AgentTools]:
    with opened(trained) as studio:
        yield tools_of(studio)


@pytest.fixture
def own(trained: Trained, tmp_path: Path) -> Iterator[Studio]:
    with opened(copied(trained, tmp_path)) as studio:
        yield studio


def test_an_agent_sees_tables_and_how_often_their_test_rows_were_scored(tools: AgentTools) -> None:
    (shop,) = tools.tables()["tables"]

    assert (shop["name"], shop["n_rows"], shop["columns"]["size"]) == ("shop", 600, "number")
    assert shop["evaluations"] == {"used": 1, "allowed": 10}


def test_the_verdict_is_told_with_the_interval_that_judged(tools: AgentTools, trained: Trained) -> None:
    told = tools.verdict(trained.run.id)

    assert told["status"] == "finished"
    assert told["bar"] == "roc_auc >= 0.75"
    assert told["score"]["low"] <= told["score"]["value"] <= told["score"]["high"]
    assert told["verdict"]


def test_rows_are_predicted_by_the_chosen_model(tools: AgentTools, trained: Trained) -> None:
    rows = [{"size": 18, "colour": "red", "day": "2024-05-01"}, {"size": 2, "colour": "blue", "day": None}]

    assert tools.predict(trained.run.id, rows) == {"predictions": ["yes", "no"], "notes": []}


@pytest.mark.filterwarnings("error")
def test_notes_on_rows_unlike_the_learned_ones_are_in_the_answer(tools: AgentTools, trained: Trained) -> None:
    row = {"size": 1_800_000, "colour": "red", "day": "2024-05-01"}

    answer = tools.predict(trained.run.id, [row] * 30)

    assert len(answer["predictions"]) == 30
    assert "30 lie outside the learned range" in answer["notes"][0]


def test_problems_and_actions_are_listed(tools: AgentTools, trained: Trained) -> None:
    assert all(finding["problem"] for finding in tools.check("shop", "sold")["problems"])
    assert tools.improve(trained.run.id)["sentence"]


def test_no_run_starts_beyond_the_budget(own: Studio, trained: Trained) -> None:
    tools = tools_of(own, evaluations=1)

    for start in (
        lambda: tools.train("shop", "sold"),
        lambda: tools.improve(trained.run.id, action="longer"),
    ):
        with pytest.raises(UsageError, match="scored 1 time, and 1 were allowed"):
            start()
    assert len(own.runs.list(trained.experiment.id)) == 1


def test_a_copy_under_another_name_is_no_fresh_table(own: Studio, tmp_path: Path) -> None:
    table().to_csv(tmp_path / "again.csv", index=False)
    again = own.datasets.import_file(tmp_path / "again.csv")

    assert EvaluationBudget(own, 5).used(again.id) == 1


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_deleted_counts_on(own: Studio, trained: Trained, tmp_path: Path, whole: bool) -> None:
    table().to_csv(tmp_path / "again.csv", index=False)
    again = own.datasets.import_file(tmp_path / "again.csv")

    own.experiments.delete(trained.experiment.id)
    if whole:
        own.datasets.delete(own.datasets.get(trained.experiment.task.dataset_version_id).dataset_id)

    assert EvaluationBudget(own, 5).used(again.id) == 1


def test_a_run_that_was_scored_and_is_still_finishing_counts_once(
    own: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    finishing = replace(trained.run, status="running")
    monkeypatch.setattr(type(own.store), "runs", lambda _: [finishing])

    assert EvaluationBudget(own, 5).used(trained.experiment.task.dataset_version_id) == 1


def test_a_run_that_waits_counts_already(
    own: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
    own.runs.start(trained.experiment.id)

    assert EvaluationBudget(own, 5).used(trained.experiment.task.dataset_version_id) == 2


@pytest.mark.parametrize(("minutes", "note"), [(9.0, "for 0.5 minutes at most, not 9:"), (0.5, "")])
def test_a_training_that_is_made_shorter_says_so(
    own: Studio, monkeypatch: pytest.MonkeyPatch, minutes: float, note: str
) -> None:
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)

    started = tools_of(own).train("shop", "sold", minutes=minutes)

    assert started["minutes"] == 0.5
    assert note in started.get("note", "")
    assert bool(note) == ("note" in started)


def test_an_action_that_is_made_shorter_says_so(
    own: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
    tools = AgentTools(own, EvaluationBudget(own, 10), 0.2)
    listed = tools.improve(trained.run.id)["actions"]

    started = tools.improve(trained.run.id, next(one["key"] for one in listed if one["starts_here"]))

    assert own.runs.get(started["run"]).plan.compute.time_limit_s == 12.0
    assert (started["minutes"], "for 0.2 minutes at most, not" in started["note"]) == (0.2, True)


def test_a_run_whose_files_were_removed_is_not_said_to_have_stopped(
    own: Studio, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(own.actions), "stored", lambda *_: None)
    shutil.rmtree(own.workspace.runs / trained.run.id)

    with pytest.raises(NotFoundError, match="Its files were removed; train it again"):
        tools_of(own).improve(trained.run.id)


@pytest.mark.parametrize("model", ["steal.py:Net", "../x", "a b"])
def test_code_is_no_model_of_an_agent(tools: AgentTools, model: str) -> None:
    with pytest.raises(UsageError, match="is not the name of a model"):
        tools.train("shop", "sold", models=[model])


def test_tools_answer_over_the_protocol_and_errors_say_what_to_do(
    tools: AgentTools, trained: Trained
) -> None:
    pytest.importorskip("mcp", reason="the optional part 'agents' is not installed")
    from mcp import Client

    async def ask() -> tuple[set[str], Any, Any, Any]:
        async with Client(agent_server(tools)) as client:
            listed = await client.list_tools()
            verdict = await client.call_tool("verdict", {"run": trained.run.id, "wait_s": 1})
            wrong = await client.call_tool("train", {"table": "shoop", "target": "sold"})
            long = await client.call_tool("check", {"table": "a" * 1_000_000, "target": "sold"})
            return {tool.name for tool in listed.tools}, verdict, wrong, long

    names, verdict, wrong, long = asyncio.run(ask())
    assert len(long.content[0].text) < 1_200
    assert long.content[0].text.endswith("Known: 'shop'.")
    assert names == {"tables", "check", "train", "verdict", "improve", "predict"}
    assert not verdict.is_error
    assert "roc_auc >= 0.75" in verdict.content[0].text
    assert wrong.is_error
    assert "There is no table 'shoop'. Did you mean 'shop'?" in wrong.content[0].text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"table": "shop", "target": "sold", "gaol": "roc_auc>=0.9"}, "'gaol'. Did you mean 'goal'?"),
        ({"table": "shop", "target": "sold", "seed": 3}, "There is no argument 'seed'. Known: 'table'"),
        ({"table": "shop"}, "'train' needs 'target'."),
        (
            {"table": "shop", "target": "sold", "minutes": "ten"},
            "'minutes' of 'train' is a number, not 'ten'.",
        ),
        ({"table": "shop", "target": 5}, "'target' of 'train' is a text, not 5."),
        ({"table": "shop", "target": "sold", "goal": 5}, "'goal' of 'train' is a text, not 5."),
        (
            {"table": "shop", "target": "sold", "models": [3]},
            "'models' of 'train' is a list of texts, not [3]",
        ),
    ],
)
def test_an_argument_that_a_tool_does_not_take_starts_no_run(
    own: Studio, trained: Trained, arguments: dict[str, Any], message: str
) -> None:
    pytest.importorskip("mcp", reason="the optional part 'agents' is not installed")
    from mcp import Client

    async def ask() -> Any:
        async with Client(agent_server(tools_of(own))) as client:
            return await client.call_tool("train", arguments)

    refused = asyncio.run(ask())

    assert refused.is_error
    assert message in refused.content[0].text
    assert "pydantic" not in refused.content[0].text
    assert len(own.runs.list(trained.experiment.id)) == 1
