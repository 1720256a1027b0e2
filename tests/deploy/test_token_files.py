"""The rules for tokens reach the process that answers."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from litmus_core.deploy._endpoints import endpoints, server_process
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.store import Workspace
from tests.store import facts


def test_a_deployed_endpoint_is_started_with_its_rules_for_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "workspace").create()
    states: list[State] = []
    commands: list[list[str]] = []
    monkeypatch.setattr(endpoints, "_start_as", lambda home, state, before, **_: states.append(state))
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: commands.append(command))
    monkeypatch.chdir(tmp_path)

    endpoints.start_endpoint(workspace, facts.bundle(), name="churn", token_file=Path("tokens.toml"))
    home = EndpointFolder(workspace, "churn")
    home.path.mkdir(parents=True, exist_ok=True)
    version: Any = states[0].versions[-1]
    server_process.ServerProcess(home, states[0], version, listener=0, pipe=0)

    assert states[0].api_key_file is None
    assert commands[0][-2:] == ["--tokens", str(tmp_path / "tokens.toml")]
