"""Exit statuses for CI: 0 held, 1 not met, 2 nothing to judge, 3 undecided; and JUnit XML of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.cli._junit import write_junit
from litmus_core.store import Workspace
from litmus_core.types import CheckReport, SkippedCheck
from litmus_core.verdicts import Gate, GateCheck, gate_of_findings
from tests.app.world import EXPERIMENT, RUN, World
from tests.guides.blocks import blocks_of


def run(*words: object) -> Any:
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture
def world() -> World:
    return World(Workspace.locate())


@pytest.mark.parametrize(
    ("outcome", "status", "said"),
    [
        ("meets", 0, "Gate held: the model meets the bar."),
        ("undecided", 3, "Gate undecided. It requires that the model meets the bar. LightGBM 0"),
        ("misses narrowly", 1, "Gate not met. It requires that the model meets the bar. LightGBM 0"),
        ("misses", 1, "It misses the bar of at least 85.0 %"),
        (None, 3, "No test score was judged."),
    ],
)
def test_the_outcome_is_the_exit_status(world: World, outcome: Any, status: int, said: str) -> None:
    world.run(world.experiment(), outcome=outcome)
    for judged in (EXPERIMENT, RUN, f"{RUN}-model-0"):
        done = run("gate", judged)
        assert (done.exit_code, said in done.stdout) == (status, True), done.output


def test_a_candidate_that_was_not_chosen_is_undecided(world: World) -> None:
    world.run(world.experiment(), outcome="meets")
    done = run("gate", f"{RUN}-model-1")
    assert done.exit_code == 3
    assert (
        f"'{RUN}-model-1' was not judged: a run judges the model it chooses, '{RUN}-model-0'." in done.stdout
    )


@pytest.mark.parametrize(
    "words",
    [("gate", EXPERIMENT), ("gate", "run_0000000000"), ("gate", EXPERIMENT, "--require", "almost")],
)
def test_without_a_bar_or_a_model_there_is_nothing_to_judge(world: World, words: tuple[str, ...]) -> None:
    world.run(world.experiment(bar=False))
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_json_and_junit_hold_each_thing_that_was_judged(world: World, tmp_path: Path) -> None:
    world.run(world.experiment(), outcome="misses")
    junit = tmp_path / "made" / "gate.xml"
    report = json.loads(run("gate", RUN, "--junit", junit, "--json").stdout)
    assert (report["outcome"], [each["name"] for each in report["checks"]]) == ("not met", ["bar"])
    [suite] = ET.parse(junit).getroot()
    assert suite.attrib == {
        "name": f"litmus gate {RUN}", "tests": "1", "failures": "1", "errors": "0", "skipped": "0"
    }  # fmt: skip
    assert suite.find("testcase/failure").get("message") == report["checks"][0]["sentence"]


def test_a_file_that_cannot_be_written_is_no_verdict(world: World, tmp_path: Path) -> None:
    world.run(world.experiment(), outcome="meets")
    done = run("gate", RUN, "--junit", tmp_path)
    assert done.exit_code == 2
    assert "cannot be written: Is a directory." in done.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    size = np.random.default_rng(0).normal(50, 5, 120).round(2)
    size[3] = 70_000
    frame = pd.DataFrame({"size": size, "la<nd": "CH", "sold": [1, 2] * 60})
    frame.to_csv(path, index=False)
    return path


def test_findings_of_a_severity_or_worse_end_with_status_1(shop: Path, tmp_path: Path) -> None:
    words = ("check", shop, "--only", "outliers,constant_column,whitespace_case")
    junit = tmp_path / "check.xml"
    assert run(*words).exit_code == 0
    assert run(*words, "--fail-on", "harmful").exit_code == 0
    failed = run(*words, "--fail-on", "warning", "--junit", junit, "--json")
    assert failed.exit_code == 1
    outcomes = {each["name"]: each["outcome"] for each in json.loads(failed.stdout)["gate"]["checks"]}
    assert outcomes == {
        "outliers:size": "not met",
        "constant_column:la<nd": "held",
        "whitespace_case": "held",
    }
    [suite] = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert run(*words, "--ignore", "outliers:size", "--fail-on", "warning").exit_code == 0


def test_a_gate_without_a_target_names_the_checks_that_it_left_out(shop: Path, tmp_path: Path) -> None:
    junit = tmp_path / "check.xml"
    words = ("check", shop, "--only", "constant_column,leakage,imbalance", "--fail-on", "harmful")
    held = run(*words, "--junit", junit)
    assert held.exit_code == 0
    said = "Without a target 2 checks could not be made: imbalance, leakage. Name it: --target COLUMN."
    assert said in " ".join(held.output.split())
    [suite] = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("skipped")) == ("3", "2")
    skipped = [case.get("name") for case in suite if case.find("skipped") is not None]
    assert skipped == ["imbalance", "leakage"]
    assert "Without a target" not in run(*words, "--target", "sold").output


def test_junit_can_be_read_whatever_a_column_is_called(tmp_path: Path) -> None:
    gate = Gate(requirement="", checks=(GateCheck(name="a\x1b<b>&", outcome="undecided", sentence="\x00"),))
    write_junit(gate, tmp_path / "gate.xml", name="\ud800")
    [suite] = ET.parse(tmp_path / "gate.xml").getroot()
    assert [each.get("name") for each in (suite, *suite)] == ["\ufffd", "a\ufffd<b>&"]
    assert suite.find("testcase/error") is not None


def test_a_check_that_could_not_run_is_undecided() -> None:
    unmade = (
        SkippedCheck(kind="leakage", reason="There was no time left for it."),
        SkippedCheck(kind="shift", reason="It needs a separate test table.", lacks="test"),
    )
    report = CheckReport(
        dataset_version_id="dv_1", target=None, test_version_id=None, findings=(), not_made=unmade
    )
    gate = gate_of_findings(report, "harmful", kinds=("leakage", "shift", "outliers"))
    assert [(each.name, each.outcome) for each in gate.checks] == [
        ("leakage", "undecided"),
        ("outliers", "held"),
    ]
    assert gate.sentence.endswith("There was no time left for it.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--fail-on", "harmful"), "There is no file"),
        (("train", "--target", "sold", "--require", "meets"), "--require needs a bar."),
        (("train", "--target", "sold", "--require", "meets", "--bar", "x>=1"), "There is no file"),
        (("train", "--target", "sold", "--require", "meets", "--quote"), "--quote trains nothing"),
    ],
)
def test_what_cannot_be_judged_ends_with_status_2(words: tuple[str, ...], said: str) -> None:
    done = run(words[0], "nowhere.csv", *words[1:])
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize("words", [("check",), ("train", "--target", "sold")])
def test_junit_needs_a_gate(shop: Path, words: tuple[str, ...]) -> None:
    done = run(words[0], shop, *words[1:], "--junit", "gate.xml")
    assert "--junit writes the result" in done.stderr
    assert done.exit_code == 2


def test_a_handle_judges_as_the_command_does(world: World) -> None:
    from litmus_core.experiments import TrainingHandle

    world.run(world.experiment(), outcome="undecided")
    with Studio.open() as studio:
        gate = TrainingHandle(studio, RUN).gate("meets")
    assert (gate.outcome, gate.is_held) == ("undecided", False)


def test_the_workflow_of_the_guide_runs_the_commands_that_the_suite_runs() -> None:
    [workflow] = blocks_of("docs/guides/gates.md", "yaml")
    steps = yaml.safe_load(workflow.code)["jobs"]["model"]["steps"]
    run_there = [line for step in steps for line in step.get("run", "").splitlines()]
    run_here = [each.text for block in blocks_of("docs/guides/gates.md", "shell") for each in block.commands]
    assert [line for line in run_there if line.startswith("litmus ")] == run_here[:2]
