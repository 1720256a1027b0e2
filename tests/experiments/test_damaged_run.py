"""Files of a run that the disk damaged: what is kept twice is made again, all else is said by its name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.engine import read_model_info
from litmus_core.errors import WorkspaceError
from litmus_core.experiments import Studio
from litmus_core.jobs import n_rows_by_part, read_validated, sample_message
from litmus_core.maintenance import diagnose
from litmus_core.store import Workspace
from tests.trained import Trained

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "text": lambda content: b"not that " * 100,
    "zeros": lambda content: b"\0" * len(content),
}


@pytest.fixture
def home(trained: Trained, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained.workspace, tmp_path / "workspace"))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("model.json", read_model_info),
        ("parts.parquet", n_rows_by_part),
        ("parts.parquet", sample_message),
        ("validated.npz", read_validated),
    ],
)
def test_a_damaged_file_is_said_by_its_name(
    home: Path, trained: Trained, name: str, read: Callable[[Path], object], damage: str
) -> None:
    folder = home / "runs" / trained.run.id
    read(folder)
    (folder / name).write_bytes(DAMAGES[damage]((folder / name).read_bytes()))

    with pytest.raises(WorkspaceError, match=rf"{name} of '{trained.run.id}' is damaged .*from a backup"):
        read(folder)


@pytest.mark.parametrize("name", ["diagnostics.json", "model.json", "parts.parquet", "rows.npz"])
def test_a_report_of_it_ends_in_words(home: Path, trained: Trained, name: str) -> None:
    path = home / "runs" / trained.run.id / name
    path.write_bytes(DAMAGES["cut"](path.read_bytes()))

    words = ["report", trained.experiment.id, "-o", str(home / "report.html"), "--workspace", str(home)]
    done = CliRunner().invoke(app, words)

    assert isinstance(done.exception, SystemExit | None), done.exception
    if name == "diagnostics.json":  # it is made again when it is asked for
        assert done.exit_code == 0
    else:
        assert (done.exit_code, f"The file {name} of" in " ".join(done.output.split())) == (2, True)


def test_the_doctor_names_a_damaged_file_of_a_run(home: Path, trained: Trained) -> None:
    with Studio.open(home):
        assert [each for each in diagnose(Workspace(home)).findings if each.kind == "run"] == []
    path = home / "runs" / trained.run.id / "rows.npz"
    path.write_bytes(DAMAGES["zeros"](path.read_bytes()))

    (found,) = [each for each in diagnose(Workspace(home)).findings if each.kind == "run"]

    assert "rows.npz" in found.message
    assert "restore it from a backup, or train again" in found.hint
