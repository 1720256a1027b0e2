"""The settings of an endpoint: its key, its rules for tokens, its port and the share of rows to keep."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litmus_core.deploy._endpoints import endpoints, server_process
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import BusyError
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


def test_a_stopped_endpoint_keeps_its_settings_and_a_running_one_refuses_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, bundle = Workspace(tmp_path / "workspace").create(), facts.bundle()
    key, tokens = tmp_path / "key", tmp_path / "tokens.toml"
    home = EndpointFolder(workspace, "churn")
    started: list[State] = []
    monkeypatch.setattr(endpoints, "_start_as", lambda home, state, before, **_: started.append(state))
    endpoints.start_endpoint(
        workspace, bundle, name="churn", port=8801, sample_rate=0.5, api_key_file=key, token_file=tokens
    )
    home.write(replace(started[0], state="stopped"))
    endpoints.deploy_bundle(workspace, bundle, name="churn")
    endpoints.deploy_bundle(workspace, bundle, name="churn", port=0, sample_rate=0, api_key_file=tokens)

    _, again, changed = started
    assert (again.api_key_file, again.sample_rate) == (str(key), 0.5)
    assert (again.address.token_file, again.address.port) == (str(tokens), 8801)
    assert (changed.api_key_file, changed.sample_rate) == (str(tokens), 0)
    assert (changed.address.token_file, changed.address.port) == (str(tokens), 0)
    monkeypatch.setattr(EndpointFolder, "is_supervised", True)
    assert not endpoints.deploy_bundle(workspace, bundle, name="churn", port=8801, api_key_file=key)[1]
    for option in ({"port": 8802}, {"sample_rate": 0.1}, {"api_key_file": tokens}, {"token_file": key}):
        with pytest.raises(BusyError, match="'churn' is at work"):
            endpoints.deploy_bundle(workspace, bundle, name="churn", **option)
