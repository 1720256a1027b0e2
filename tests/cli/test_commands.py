"""The command line: output for people and for programs, and errors in words."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.cli._training import candidate_report, follow, watch
from litmus_core.cluster import Machine
from litmus_core.errors import UsageError
from litmus_core.experiments import Studio, TrainingHandle
from litmus_core.jobs._scorings import write_scoring
from litmus_core.types import ScoringJob
from tests.advice.test_choice import model
from tests.trained import Trained, opened, table


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.csv"
    table(n_rows=60).to_csv(path, index=False)
    return path


def test_import_says_what_was_read(shop):
    result = run("import", shop, "--json")
    version = json.loads(result.stdout)
    assert (version["name"], version["n_rows"]) == ("shop", 60)
    assert [column["kind"] for column in version["columns"]] == ["number", "category", "date", "category"]


def test_a_missing_file_ends_in_words_and_status_2(tmp_path):
    result = run("import", tmp_path / "nowhere.csv")
    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr
    assert result.stdout == ""


def test_an_error_is_json_on_stdout_when_asked(tmp_path):
    result = run("import", tmp_path / "nowhere.csv", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["type"] == "DataError"


def test_an_unknown_target_suggests_the_nearest(shop):
    result = run("train", shop, "--target", "solt")
    assert result.exit_code == 2
    assert "Did you mean 'sold'?" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--bar", "roc_auc=0.9", "roc_auc=0.9"),
        ("--metric", "rock_auc", "roc_auc"),
        ("--split", "time:dya", "Did you mean 'day'?"),
        ("--only", "sise", "Did you mean 'size'?"),
        ("--family", "lightgmb", "lightgbm"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_explained(shop, option, value, said):
    result = run("train", shop, "--target", "sold", option, value)
    assert result.exit_code == 2
    assert said in result.stderr


def test_training_begins_with_the_baselines_and_ends_with_the_report(trained: Trained, capsys):
    with opened(trained) as studio:
        report = follow(TrainingHandle(studio, trained.run.id))

    assert report["verdict"]["outcome"] == trained.run.verdict.outcome
    assert [each["name"] for each in report["baselines"]] == ["majority", "quick linear"]
    assert report["baselines"][1]["sentence"] in capsys.readouterr().err


def test_a_handle_predicts_as_its_best_candidate_would_be_deployed(trained: Trained):
    rows = table(20).drop(columns="sold")
    with opened(trained) as studio:
        handle = TrainingHandle(studio, trained.run.id)
        expected = studio.candidates.predictor(trained.run.chosen_id)
        probabilities = handle.predict_proba(rows)
        assert np.array_equal(probabilities, expected.predict_proba(rows))
        assert np.array_equal(handle.predict(rows), expected.predict(rows))


def test_the_leaderboard_of_a_run_names_the_chosen_one(trained: Trained):
    result = run("leaderboard", trained.run.id, "--workspace", trained.workspace, "--json")
    report = json.loads(result.stdout)[0]
    assert report["best"]["candidate"] == trained.run.chosen_id
    low, high = report["best"]["test_interval"]
    assert low <= report["best"]["test"] <= high
    assert set(report["best"]["latency_ms"]) >= {"1", "100", "10000"}


def test_sql_reads_the_store(trained: Trained):
    result = run("sql", "select count(*) as n from runs", "--workspace", trained.workspace, "--json")
    assert json.loads(result.stdout)[0]["n"] >= 1


def test_sql_cannot_change_the_store(trained: Trained):
    result = run("sql", "delete from runs", "--workspace", trained.workspace)
    assert result.exit_code == 2


def test_rebuild_gives_the_same_store(trained: Trained):
    before = run("leaderboard", "--workspace", trained.workspace, "--json").stdout
    assert run("rebuild", "--workspace", trained.workspace).exit_code == 0
    assert run("leaderboard", "--workspace", trained.workspace, "--json").stdout == before


def test_export_and_predict_go_through_files(trained: Trained, tmp_path, shop):
    to = tmp_path / "model"
    assert run("export", trained.run.id, "--to", to, "--workspace", trained.workspace).exit_code == 0
    result = run("predict", to, shop, "--to", tmp_path / "scored.csv", "--json")
    assert json.loads(result.stdout)["rows"] == 60
    header = (tmp_path / "scored.csv").read_text().splitlines()[0]
    assert header.startswith("size,colour,day,sold,prediction")


def test_export_as_another_form_makes_the_bundle_on_the_way(trained: Trained, tmp_path):
    words = ("export", trained.run.id, "--workspace", trained.workspace, "--as")
    assert run(*words, "mlflow", "--to", tmp_path / "model").exit_code == 0
    assert (tmp_path / "model" / "MLmodel").exists()
    assert "Name it: --to PATH" in run(*words, "mlflow").stderr
    assert "There is no form 'dokcer'. Did you mean 'docker'?" in " ".join(
        run(*words, "dokcer").stderr.split()
    )


def test_export_as_onnx_needs_no_bundle(trained: Trained, tmp_path):
    words = ("export", trained.run.id, "--workspace", trained.workspace, "--json", "--as", "onnx", "--to")
    to = tmp_path / "model.onnx"
    told = json.loads(run(*words, to).stdout)
    assert told == {"path": str(to), "form": "onnx"}
    assert to.stat().st_size > 1_000


def test_rm_without_names_lists_what_takes_room(trained: Trained):
    result = run("rm", "--workspace", trained.workspace, "--json")
    assert trained.run.id in {each["id"] for each in json.loads(result.stdout)}


def test_rm_on_a_full_disk_first_gives_up_what_is_set_aside_for_that(tmp_path, monkeypatch):
    with Studio.open(tmp_path / "litmus") as studio:
        reserve = studio.workspace.reserve_path
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert reserve.exists()
    assert run("rm", "--workspace", tmp_path / "litmus").exit_code == 0
    assert not reserve.exists()


def test_rm_lists_and_removes_scorings(tmp_path):
    job = ScoringJob(
        id="sc_1", bundle_id="bd_1", bundle="", source="/rows.csv", to="/answers.csv",
        created_at="2024-01-01T00:00:00+00:00", status="finished",
    )  # fmt: skip
    with Studio.open(tmp_path) as studio:
        folder = studio.workspace.scoring_dir("sc_1")
        folder.mkdir(parents=True)
        write_scoring(studio.workspace, job)
    [listed] = json.loads(run("rm", "--workspace", tmp_path, "--json").stdout)
    assert (listed["kind"], listed["id"], listed["name"]) == (
        "scoring", "sc_1", "rows.csv scored into /answers.csv",
    )  # fmt: skip
    assert run("rm", "sc_2", "--yes", "--workspace", tmp_path).stderr == (
        "There is no scoring 'sc_2' in this workspace.\nDid you mean 'sc_1'?\n"
    )
    assert run("rm", "sc_1", "--yes", "--workspace", tmp_path).exit_code == 0
    assert not folder.exists()


def test_rm_by_a_rule_asks_before_it_removes(trained: Trained):
    result = run("rm", "--keep-runs", 1, "--workspace", trained.workspace, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["removed"] == []


def test_a_score_without_an_interval_shows_none():
    fresh = model("a", 0.9)
    assert candidate_report(fresh)["validation_interval"] == [0.9, 0.9]
    unjudged = replace(fresh, validation=replace(fresh.validation, n_rows=0))
    report = candidate_report(unjudged)
    assert (report["validation"], report["validation_interval"]) == (0.9, None)


def test_ctrl_c_at_the_very_end_of_a_run_still_reports_it():
    ended = SimpleNamespace(id="run_1", status="finished")
    answers = iter([KeyboardInterrupt(), ended])

    def wait(*_, **__):
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stop():
        raise UsageError("This run is already over.")

    tracking = SimpleNamespace(mirror=lambda run_id: None)
    handle = SimpleNamespace(
        studio=SimpleNamespace(runs=SimpleNamespace(wait=wait), tracking=tracking), run_id="run_1", stop=stop
    )
    assert watch(handle) is ended


_COMMANDS = [[each.name] for each in app.registered_commands]
_COMMANDS += [
    [group.name, each.name]
    for group in app.registered_groups
    for each in group.typer_instance.registered_commands
]


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_every_command_takes_a_workspace_and_json(command):
    said = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).stdout
    assert "--workspace" in said
    assert "--json" in said


@pytest.mark.parametrize(("command", "said"), [("stop", "already over"), ("finish", "is finished")])
def test_a_run_that_is_over_is_neither_stopped_nor_finished_again(trained: Trained, command, said):
    result = run("runs", command, trained.run.id, "--workspace", trained.workspace, "--json")
    assert result.exit_code == 2
    assert said in json.loads(result.stdout)["error"]["message"]


def test_a_place_that_cannot_be_written_is_said_in_words(trained: Trained, tmp_path):
    (tmp_path / "file").write_text("no folder")
    result = run(
        "export", trained.run.id, "--to", tmp_path / "file" / "x.zip", "--workspace", trained.workspace
    )
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.stderr


def test_an_experiment_is_reported_on_as_one_page(trained: Trained, tmp_path):
    page = tmp_path / "report.html"
    told = run("report", trained.experiment.id, "-o", page, "--workspace", trained.workspace, "--json")
    assert json.loads(told.stdout) == {"experiment": trained.experiment.id, "to": str(page)}
    html = page.read_text()
    for said in ("The question", "The models", "Can you rely on its probabilities?", "litmus_core.train("):
        assert said in html
    again = run("report", trained.run.id, "--to", page, "--workspace", trained.workspace)
    assert again.exit_code == 0
    lost = run("report", "ex_ffffffffff", "--to", page, "--workspace", trained.workspace)
    assert lost.exit_code == 2
    assert "There is no experiment 'ex_ffffffffff'" in lost.stderr


def test_cluster_shows_what_of_each_machine_is_in_use(monkeypatch):
    big = Machine(id="a", name="big", cpus=8, gpus=1, memory_gb=43.1, cpus_used=3, gpus_used=0)
    small = Machine(id="b", name="small", cpus=2, gpus=0, memory_gb=7)
    asked = []
    monkeypatch.setattr("litmus_core.cluster.inspect_machine", lambda on: asked.append(on) or (big, small))
    assert run("cluster").stdout.splitlines() == [
        "machine  processors in use  GPUs in use  memory in use, GB",
        "big      3 of 8             0 of 1       ? of 43.1",
        "small    ? of 2             -            ? of 7",
    ]
    (told, _) = json.loads(run("cluster", "--on", "10.0.0.5:6379", "--json").stdout)
    assert (told["name"], told["cpus"], told["cpus_used"], told["memory_used_gb"]) == ("big", 8, 3, None)
    assert asked == ["auto", "10.0.0.5:6379"]


def test_a_cluster_that_is_not_there_is_said_in_words():
    result = run("cluster", "--on", "somewhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'somewhere' is not a place to work." in result.stderr
