"""``litmus trust``: what somebody sent is said first, asked once, and trusted as it is then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import UntrustedError
from litmus_core.types import RunPlan
from tests.trained import Trained


@pytest.fixture
def sent(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of somebody else's workspace with one run, named as one's own is."""
    home = Path(shutil.copytree(trained.workspace, tmp_path / "sent"))
    with Studio.open(home) as studio:
        for run in studio.runs.list(trained.experiment.id):
            if run.id != trained.run.id:  # other tests train in the shared workspace, too
                studio.runs.delete(run.id)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LITMUS_HOME", str(home))
    return home


def trust(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trust", *words])
    return result.exit_code, result.output


def test_where_nobody_can_answer_nothing_changes(sent: Path, trained: Trained) -> None:
    code, said = trust()

    assert code == 1
    assert "You did not make this workspace on this computer." in said
    assert f"Runs with files that you did not write: {trained.run.id}." in said
    assert f"litmus trust --workspace {sent} --yes" in said
    code, said = trust("--json")
    told = json.loads(said)
    assert (code, told["trusted"], told["workspace"], told["runs"]) == (1, False, True, [trained.run.id])


def test_one_run_is_trusted_alone(sent: Path, trained: Trained, tmp_path: Path) -> None:
    assert trust(trained.run.id, "--yes") == (0, f"Trusted in their present form: {trained.run.id}.\n")

    with Studio.open() as studio:
        assert studio.bundles.export(
            trained.run.chosen_id or "", to=tmp_path / "model.zip", form="native"
        ).n_bytes
        found = studio.trust.untrusted()
        assert (found.workspace, found.runs) == (True, ())
        with pytest.raises(UntrustedError, match="was not made by you"):
            studio.runs.start(trained.experiment.id, RunPlan(families=("linear",)))


def test_a_model_of_all_rows_is_trusted_with_its_run_and_distrusted_when_somebody_changes_it(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(trained.workspace, tmp_path / "sent"))
    with Studio.open(home) as studio:
        studio.final_models.train(trained.run.chosen_id or "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    with Studio.open(home) as studio:
        studio.trust.grant([trained.run.id])
        assert studio.bundles.export(trained.run.chosen_id or "", to=tmp_path / "model.zip").is_final
        (model, *_) = (home / "runs" / trained.run.id / "final").glob("*/predictor/models/*/model.pkl")
        model.write_bytes(b"evil")
        assert trained.run.id in studio.trust.untrusted().runs
        with pytest.raises(UntrustedError, match=f"of '{trained.run.id}' was changed"):
            studio.bundles.export(trained.run.chosen_id or "", form="native")


def test_all_of_it_is_trusted_once(sent: Path, trained: Trained) -> None:
    assert trust("--yes") == (0, "The workspace is trusted in its present form.\n")
    assert trust() == (0, "There is nothing to trust: you made all of it, or already trust it.\n")

    model = sent / "runs" / trained.run.id / "predictor" / "models" / "linear" / "model.pkl"
    model.write_bytes(b"evil")
    assert trust("--json")[0] == 1
    with Studio.open() as studio, pytest.raises(UntrustedError, match=r"linear/model.pkl of .* was changed"):
        studio.bundles.export(f"{trained.run.id}-linear", form="native")


def test_a_run_that_is_not_there_is_said(sent: Path) -> None:
    code, said = trust("run_0", "--yes")

    assert (code, "There is no run 'run_0'" in said) == (2, True)
