"""The studio's own Dockerfile: it is not built here, so what it names is held against what there is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import yaml
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.cli._pages import _STOP_TIMEOUT_S

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_its_command_is_one_that_litmus_takes() -> None:
    words = json.loads(re.findall(r"^CMD (.*)$", DOCKERFILE, re.M)[-1])
    assert words[:2] == ["litmus", "app"]
    assert CliRunner().invoke(app, [*words[1:], "--help"]).exit_code == 0
    assert CliRunner().invoke(app, [*words[1:], "--opne", "--help"]).exit_code == 2


def test_it_installs_extras_and_a_python_that_there_are() -> None:
    (extras,) = re.findall(r"\.whl\)\[(.*?)\]", DOCKERFILE)
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    (python,) = re.findall(r"^FROM python:3\.(\d+)-slim$", DOCKERFILE, re.M)
    assert 11 <= int(python) < 14
    assert PROJECT["requires-python"] == ">=3.11,<3.14"


def test_what_it_copies_is_not_ignored_and_nothing_else_is_sent() -> None:
    (copied,) = re.findall(r"^COPY (.*) /wheels/$", DOCKERFILE, re.M)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored == ["*", *(f"!{name}" for name in copied.split())]
    assert 'BUILD / "dist"' in (ROOT / "scripts/try_wheel.py").read_text(encoding="utf-8")


def test_it_runs_without_rights_and_only_one_machine_reaches_it() -> None:
    assert re.findall(r"^(USER|CMD|VOLUME|EXPOSE)\b", DOCKERFILE, re.M) == ["USER", "VOLUME", "EXPOSE", "CMD"]
    (service,) = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    assert service["network_mode"] == "host"
    assert "ports" not in service
    assert "--host" not in DOCKERFILE
    assert "ProxyHandler({})" in DOCKERFILE  # Docker hands its own proxy to each container
    assert service["volumes"] == ["workspace:/data"]
    assert "LITMUS_HOME=/data/workspace XDG_CONFIG_HOME=/data/config" in DOCKERFILE
    assert (service["init"], service["read_only"], service["tmpfs"]) == (True, True, ["/tmp"])
    assert int(service["stop_grace_period"].removesuffix("s")) > _STOP_TIMEOUT_S
