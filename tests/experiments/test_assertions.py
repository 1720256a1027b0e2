"""What must hold of a model's answers: said with the experiment, tried, and held before promotion."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy._certificates import judgement
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import CertificatesService, Studio
from litmus_core.experiments._deploy.deployable import certification as deployed
from litmus_core.experiments._deploy.deployable import promotion
from litmus_core.store import Store
from litmus_core.types import AssertionResult, EndpointPromoted, EndpointVersion
from litmus_core.verdicts import read_assertion, verdict_sentence
from tests.trained import Trained, opened

LINES = ["unchanged by colour", "accuracy>=0.1 where colour is red"]


def test_assertions_are_tried_on_the_judged_model_and_stand_in_its_verdict(
    own_training: Trained, tmp_path: Path
) -> None:
    trained = own_training
    file = tmp_path / "assertions.yaml"
    file.write_text("assertions:\n" + "".join(f"  - {line}\n" for line in LINES))
    command = ["assertions", trained.experiment.id, "--workspace", str(trained.workspace)]
    nothing = CliRunner().invoke(app, command)
    said = CliRunner().invoke(app, [*command, "--file", str(file), "--by", "Ada", "--json"])
    broken, held = json.loads(said.stdout)
    with opened(trained) as studio:
        verdict = studio.runs.get(trained.run.id).verdict
        task = studio.experiments.get(trained.experiment.id).task

    assert (nothing.exit_code, said.exit_code) == (0, 1)
    assert (broken["text"], broken["state"], held["state"]) == (LINES[0], "broken", "held")
    assert broken["sentence"].endswith(f"of {broken['n_rows']} rows another 'colour' changed the answer.")
    assert task.assertions == tuple(map(read_assertion, LINES))
    assert verdict is not None
    assert [result.state for result in verdict.assertions] == ["broken", "held"]
    assert broken["sentence"] in verdict_sentence(verdict)
    manifest: Any = SimpleNamespace(results=SimpleNamespace(verdict=verdict))
    lines = list(judgement._assertions(manifest))
    assert [(line.title, line.passed) for line in lines] == [
        (f"Assertion: {LINES[0]}", False), ("Assertion: accuracy >= 0.1 where colour is red", True),
    ]  # fmt: skip


def test_without_its_files_a_model_keeps_earlier_results_and_new_assertions_are_open(
    own_training: Trained,
) -> None:
    trained, new = own_training, "unchanged by day"
    with opened(trained) as studio:
        studio.assertions.set(trained.experiment.id, LINES)
        shutil.rmtree(studio.workspace.run_dir(trained.run.id))
        studio.assertions.set(trained.experiment.id, [LINES[0], new])
        verdict = studio.runs.get(trained.run.id).verdict

    assert verdict is not None
    assert [result.state for result in verdict.assertions] == ["broken", "open"]
    assert verdict.assertions[1].sentence.startswith(f"'{new}' could not be tested")


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("rises with day", UsageError, "needs a column of numbers"),
        ("unchanged by color", UnknownNameError, "color"),
        ("between 0 and 1", UsageError, "is about numbers, and 'sold' has labels"),
        ("rmse<=1 where colour is red", UnknownNameError, "rmse"),
        ("is nice", UsageError, "is not an assertion"),
    ],
)
def test_what_does_not_fit_the_question_is_said(
    trained: Trained, tmp_path: Path, line: str, error: type[Exception], said: str
) -> None:
    with opened(trained) as studio, pytest.raises(error, match=said):
        studio.assertions.set(trained.experiment.id, [line])


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio whose endpoint 'shop' has a waiting version with a certificate, and a model with a flaw."""
    studio = Studio.open(tmp_path / "workspace")
    version = EndpointVersion(number=1, bundle_id="bd_1", path="/b", sha256="", added_at="2026")
    versions = (version, replace(version, number=2, bundle_id="bd_2"))
    state = State(id="ep_1", name="shop", versions=versions, live=1, started_at="2026", previous=2)
    EndpointFolder(studio.workspace, "shop").write(state)
    certificate = SimpleNamespace(form="full", passed=True, failures=(), plugin_lines=())
    monkeypatch.setattr(CertificatesService, "get", lambda *_: certificate)
    monkeypatch.setattr(Store, "bundle", lambda *_: SimpleNamespace(candidate_id="cd_2"))
    promoted = SimpleNamespace(id="ep_1", bundle_id="bd_2", version=2)
    monkeypatch.setattr("litmus_core.deploy.check_running", lambda *_: None, raising=False)
    for change in ("promote_endpoint", "rollback_endpoint"):
        monkeypatch.setattr(f"litmus_core.deploy.{change}", lambda *_: promoted, raising=False)
    return studio


@pytest.mark.parametrize(("way", "command"), [("promote", "promote shop 2"), ("rollback", "rollback shop")])
def test_a_version_that_breaks_an_assertion_answers_only_with_a_reason(
    waiting: Studio, monkeypatch: pytest.MonkeyPatch, way: str, command: str
) -> None:
    flaw = AssertionResult(
        assertion=read_assertion("rises with area"), state="broken", n_rows=9, n_broken=3,
        sentence="In 3 of 9 rows a larger 'area' lowered 'price'.",
    )  # fmt: skip
    better = SimpleNamespace(state="better", sentence="Version 2 is better.")
    monkeypatch.setattr(promotion, "compare_versions", lambda *_: better)
    monkeypatch.setattr(deployed, "candidate_assertions", lambda *_: (flaw,))
    with waiting as studio:
        change = getattr(studio.endpoints, way)
        with pytest.raises(UsageError, match="In 3 of 9 rows") as refused:
            change("shop")
        assert f"litmus endpoints {command} --because" in refused.value.hint
        change("shop", because="  Homes over 150 m² are not sold here. ")
        monkeypatch.setattr(deployed, "candidate_assertions", lambda *_: (replace(flaw, state="held"),))
        change("shop")
        facts = [event.fact for event in studio.journal.events(types=[EndpointPromoted])]

    assert [fact.reason for fact in facts] == ["Homes over 150 m² are not sold here.", ""]
    assert [bool(fact.by) for fact in facts] == [True, True]
