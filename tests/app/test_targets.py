"""The page of many targets: from a table's columns to a verdict, thresholds to move, and answers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from app.controllers import targets as page
from litmus_core import Studio
from litmus_core.cli import app as cli
from litmus_core.experiments import EndpointsService, TargetsRecord, TargetsService
from tests.app.visit import links, text, visit
from tests.many_targets import trained
from tests.many_targets.tables import tagged, things
from tests.many_targets.trained import Place
from tests.session import once

place = once()(trained.place)


@pytest.fixture
def judged(place: Place, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of trained targets, in a workspace for tests that leave it as it was."""
    monkeypatch.setenv("LITMUS_HOME", str(place.workspace))
    return place.record.id


@pytest.fixture
def started(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was started, in place of runs."""
    calls: list[Any] = []

    def start(*arguments: Any, **options: Any) -> Any:
        calls.append((arguments, options))
        return SimpleNamespace(id=place.record.id)

    monkeypatch.setattr(page, "start_targets", start)
    monkeypatch.setattr(page, "start_targets_sample", start)
    return calls


def add(table: pd.DataFrame, folder: Path) -> str:
    table.to_csv(folder / "objects.csv", index=False)
    with Studio.open() as studio:
        return studio.datasets.import_file(folder / "objects.csv").id


def test_a_column_of_tags_is_proposed_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    version = add(things().drop(columns=["big", "old"]).assign(tags=tagged()), tmp_path)
    app = visit("targets", dataset=version)
    assert app.get("button_group")[0].value == "tags"
    assert app.selectbox(key=f"targets.tags.{version}").value == "tags"
    assert "2 tags, separated by a comma, in 200 rows." in text(app)
    assert "1 tag occurs in fewer than 10 rows and is left out: 'odd'." in text(app)
    assert list(app.dataframe[0].value["Target"]) == ["big", "old"]
    assert app.button(key="targets.start")


def test_a_separator_that_is_not_there_is_said_with_a_button_for_the_one_that_is(tmp_path: Path) -> None:
    slashed = [value and value.replace(", ", "/") for value in tagged()]
    version = add(things().assign(big="yes", old="yes", tags=slashed), tmp_path)
    app = visit("targets", dataset=version)
    app.get("button_group")[0].set_value("tags").run()
    assert app.warning[0].proto.title == "No value of 'tags' holds more than one tag."
    (remedy,) = [each for each in app.button if each.key and each.key.startswith("targets.remedy")]
    assert remedy.label == "Separate by a slash"
    remedy.click().run()
    assert not app.warning
    assert "2 tags, separated by a slash" in text(app)


def test_yes_no_columns_that_are_alike_are_chosen_and_trained_by_a_click(
    judged: str, started: list[Any], tmp_path: Path
) -> None:
    version = add(things(), tmp_path)
    app = visit("targets", dataset=version)
    assert app.multiselect(key=f"targets.labels.{version}").value == ["big", "old"]
    app.selectbox(key=f"targets.metric.micro_f1.{version}").set_value("macro_f1").run()
    app.get("button_group")[1].set_value(True).run()
    app.number_input(key=f"targets.bar.macro_f1.{version}").set_value(0.7).run()
    app.button(key="targets.start").click().run()
    ((_, request, columns), options) = started[0]
    assert (request.data.train.id, columns, options["tags"]) == (version, ("big", "old"), None)
    assert (options["goal"], request.compute.time_limit_s) == ("macro_f1>=0.7", 60)
    assert app.query_params["targets"] == judged
    with Studio.open() as studio:
        studio.datasets.delete(studio.datasets.get(version).dataset_id)


def test_a_number_that_never_changes_can_be_left_out(tmp_path: Path) -> None:
    version = add(things().drop(columns=["big", "old"]).assign(same=1.5), tmp_path)
    app = visit("targets", dataset=version)
    app.multiselect(key=f"targets.numbers.{version}").set_value(["age", "price", "same"]).run()
    assert "'same' has the same value in every row" in app.warning[0].proto.title
    app.button(key="targets.remedy.0").click().run()
    assert app.multiselect(key=f"targets.numbers.{version}").value == ["age", "price"]
    assert "2 targets, in 200 rows." in text(app)


def test_the_decision_comes_first_then_each_target_and_ways_to_use_it(judged: str) -> None:
    app = visit("targets", targets=judged)
    heads = [each.value for each in app.markdown if each.value.startswith("### ")]
    assert "chance of a Macro F1 of at least 0.500" in heads[0]
    assert "have every target right" in text(app)
    assert list(app.dataframe[0].value["Target"]) == ["big", "old"]
    assert [each.proto.label for each in app.get("download_button")] == ["Export the folder"]
    assert f"--id {judged}" in app.code[0].value
    app.button[[each.label for each in app.button].index("Ask")].click().run()
    assert set(app.dataframe[1].value["Target"]) == {"big", "old"}


def test_targets_are_deployed_by_a_click(judged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources: list[str] = []
    monkeypatch.setattr(EndpointsService, "deploy", lambda _, source, **__: sources.append(source))
    app = visit("targets", targets=judged)
    assert app.text_input(key="deploy.name.things").value == "things"
    app.button(key="deploy").click().run()
    assert sources == [judged]


def test_a_moved_threshold_is_said_and_answers_from_then_on(judged: str) -> None:
    app = visit("targets", targets=judged)
    app.session_state[f"{judged}.thresholds"] = True
    app.run()
    app.slider[0].set_value(0.99).run()
    assert "validation rows it says yes to" in text(app)
    app.button(key=f"{judged}.move").click().run()
    assert "You moved 1 threshold: big." in text(app)
    with Studio.open() as studio:
        assert studio.targets.open(judged).thresholds["big"] == 0.99
        studio.targets.move(judged, {})


def test_a_running_training_shows_how_many_are_done_and_stops(
    judged: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = TargetsRecord(request=place.record.request, state="running", message="old: tuning", n_trained=1)
    stopped: list[str] = []
    monkeypatch.setattr(TargetsService, "get", lambda self, id_: record)
    monkeypatch.setattr(TargetsService, "stop", lambda self, id_: stopped.append(id_))
    app = visit("targets", targets=judged)
    (progress,) = app.get("progress")
    assert (progress.proto.value, progress.proto.text) == (50, "old: tuning")
    app.button(key="targets.stop").click().run()
    assert stopped == [judged]


def test_choices_are_taken_up_again_and_tables_made_for_the_runs_are_not_offered(judged: str) -> None:
    app = visit("targets", targets=judged)
    app.button(key="targets.again").click().run()
    assert "targets" not in app.query_params
    assert app.selectbox(key="targets.table").options == ["things"]
    assert app.selectbox[2].value == "macro_f1"
    assert [each.proto.label for each in app.get("page_link") if each.proto.query_string][:1] == ["Things"]


def test_the_sample_is_a_click_on_home_or_here(judged: str, started: list[Any]) -> None:
    for where in ("home", "targets"):
        app = visit(where)
        app.button(key="sample-leaves").click().run()
        assert app.query_params["targets"] == judged
    assert [arguments[1] for arguments, _ in started] == ["leaves", "leaves"]
    assert f"targets={judged}" in [each.proto.query_string for each in visit("home").get("page_link")]


def test_home_leads_to_the_joint_verdict_and_not_to_its_parts(judged: str) -> None:
    app = visit("home")
    assert "Things" not in text(app)
    assert "No target was chosen yet" not in text(app)
    assert "targets" in links(app)[:-1]


def test_leaderboards_and_the_command_show_the_joint_verdict_beside_guessing(judged: str) -> None:
    app = visit("leaderboards")
    assert "2 targets: 'big' and 'old'  \nMacro F1 " in text(app).replace("\\'", "'")
    assert f"targets={judged}" in [each.proto.query_string for each in app.get("page_link")]
    assert not app.dataframe  # the experiment of one target is no line of its own
    told = CliRunner().invoke(cli, ["leaderboard"]).stdout
    assert "Many targets\n" in told
    assert "etter than guessing (" in told.partition("Many targets")[2]


def test_unknown_targets_are_said_with_ways_back(judged: str) -> None:
    app = visit("targets", targets=f"../targets/{judged}")
    assert app.warning[0].proto.title.startswith(f"There is no set of targets '../targets/{judged}'")
    assert "leaderboards" in links(app)[:-1]
