"""A workspace that somebody sent is read, and nothing of it runs before this person trusts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from litmus_core.errors import UntrustedError, WorkspaceError
from litmus_core.store import Journal, Workspace, check_trusted, is_trusted, trust_workspace
from litmus_core.trust import check_home


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "workspace").create()
    Journal(made).last_id()
    return made


def test_who_made_it_is_not_asked(workspace: Workspace) -> None:
    assert is_trusted(workspace, Journal(workspace))
    check_home(workspace.path / "bundles" / "model.zip")


def test_someone_else_is_asked_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace.path.parent / "someone else"))
    journal = Journal(workspace)
    with pytest.raises(UntrustedError, match="was not made by you on this computer") as error:
        check_trusted(workspace, journal)
    assert f"litmus trust --workspace {workspace.path}" in error.value.hint
    with pytest.raises(UntrustedError):
        check_home(workspace.path / "bundles" / "model.zip")

    trust_workspace(workspace, journal)

    check_trusted(workspace, journal)
    check_home(workspace.path / "bundles" / "model.zip")


def test_a_mark_is_of_one_journal(workspace: Workspace, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other").create()
    Journal(other).last_id()
    (other.path / "trusted.json").write_bytes((workspace.path / "trusted.json").read_bytes())

    assert not is_trusted(other, Journal(other))


@pytest.mark.parametrize("name", ["bundles", "scorings", "endpoints"])
def test_what_lies_in_a_folder_without_a_journal_is_somebody_elses(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "evil").mkdir(parents=True)

    journal = Journal(Workspace(tmp_path).create())

    assert not is_trusted(journal.workspace, journal)
    with pytest.raises(UntrustedError):
        check_home(tmp_path / name / "evil")


@pytest.mark.parametrize("mark", ["", "[]", json.dumps({"journal": 3, "signature": None})])
def test_a_mark_that_says_nonsense_is_none(workspace: Workspace, mark: str) -> None:
    (workspace.path / "trusted.json").write_text(mark)

    assert not is_trusted(workspace, Journal(workspace))


@pytest.mark.parametrize("name", ["../../home", "/etc", "..", ".", "", "a\\b", "a\0b"])
def test_a_record_names_no_place_outside(workspace: Workspace, name: str) -> None:
    for place in (
        workspace.run_dir,
        workspace.scoring_dir,
        workspace.dataset_dir,
        workspace.handoff_dir,
        workspace.bundle_dir,
    ):
        with pytest.raises(WorkspaceError, match="which is not an id"):
            place(name)
