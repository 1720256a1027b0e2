"""The process that serves the pages: its address is said, and it ends when it is asked to."""

import os
import signal
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.cli._pages import PageServer, free_port, serve_pages
from litmus_core.errors import UsageError
from tests.app.test_sign_in import PROVIDER

# In place of Streamlit: it answers, and does not heed a request to end.
STUBBORN = """
import http.server, signal, sys

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Answer).serve_forever()
"""
SERVE = """
import os, sys
from pathlib import Path
from litmus_core.cli import _pages

_pages._MOST_ENDING_S = 0.3
entry, port = Path(sys.argv[1]), int(sys.argv[2])
sys.exit(_pages.serve_pages(entry, _pages.PageServer(port=port), environment=os.environ))
"""


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    module = tmp_path / "streamlit" / "__main__.py"  # what is where a process starts is imported first
    module.parent.mkdir()
    module.with_name("__init__.py").touch()
    module.write_text(STUBBORN, encoding="utf-8")
    return tmp_path / "app" / "main.py"


@pytest.mark.skipif(os.name == "nt", reason="there, a request to end is not heeded or ignored: it ends")
@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_pages_that_do_not_end_when_asked_are_ended(entry: Path, word: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-c", SERVE, str(entry), str(port)]
    pages = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert pages.stdout is not None
        assert next(line for line in pages.stdout if line.strip()).startswith(
            "Litmus runs at http://localhost:"
        )
        pages.send_signal(word)
        assert pages.wait(timeout=60) == 0
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            pass
    finally:
        pages.kill()
        pages.communicate()


def test_a_port_that_somebody_named_is_not_left_for_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = CliRunner().invoke(app, ["app", "--port", str(port)])
        free = free_port("127.0.0.1", None)

    assert ended.exit_code == 2
    assert f"Port {port} cannot be listened on at 127.0.0.1." in ended.output
    assert 8501 <= free < 8601


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "studio.example.com"])
def test_other_machines_come_in_only_where_that_is_said(host: str, tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["app", "--host", host])

    said = " ".join(ended.output.split())
    assert ended.exit_code == 2
    assert f"On {host} other machines reach it, not this one alone: whoever signs in and has a role" in said
    assert "add --open-to-network where that is meant" in said
    with pytest.raises(UsageError, match=r"reach need a sign-in: nobody works.*Add --sign-in FILE"):
        PageServer(host=host, open_to_network=True)
    (tmp_path / "sign-in.toml").write_text(PROVIDER, encoding="utf-8")
    assert PageServer(host=host, open_to_network=True, sign_in=tmp_path / "sign-in.toml").host == host


def test_a_sign_in_that_cannot_work_is_refused_before_anything_listens(tmp_path: Path) -> None:
    (tmp_path / "sign-in.toml").write_text(PROVIDER.replace("0123456789", "short"), encoding="utf-8")

    ended = CliRunner().invoke(app, ["app", "--sign-in", str(tmp_path / "sign-in.toml")])

    assert ended.exit_code == 2
    assert "has fewer than 32 letters, so it could be guessed." in " ".join(ended.output.split())


def test_the_pages_trust_no_header_and_read_no_other_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, started = tmp_path / "sign-in.toml", []

    def popen(command: list[str], **options: Any) -> None:
        started.append((command, options["env"]))
        raise KeyboardInterrupt

    path.write_text(PROVIDER, encoding="utf-8")
    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(KeyboardInterrupt):
        serve_pages(tmp_path / "app" / "main.py", PageServer(sign_in=path), environment={})

    ((command, environment),) = started
    flags = dict(pairwise(command))
    assert flags["--secrets.files"] == environment["LITMUS_SIGN_IN"] == str(path)
    assert flags["--server.trustedUserHeaders"] == "{}"
    assert flags["--server.enableXsrfProtection"] == "true"
    assert flags["--server.enableAgentApi"] == "false"


def test_pages_do_not_answer_to_every_name() -> None:
    with pytest.raises(UsageError, match=r"cannot answer to every name like '\*\.example\.com'"):
        PageServer(allow_hosts=["*.example.com"])


@pytest.mark.parametrize("name", ["studio.example.com", "10.0.0.7", "localhost.example.com"])
def test_who_comes_through_a_proxy_signs_in(name: str, tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["app", "--allow-host", name])

    assert ended.exit_code == 2
    said = " ".join(ended.output.split())
    assert f"Whoever opens '{name}' through a proxy would work as you" in said
    assert "Add --sign-in FILE" in said
    (tmp_path / "sign-in.toml").write_text(PROVIDER, encoding="utf-8")
    assert PageServer(allow_hosts=[name], sign_in=tmp_path / "sign-in.toml").allow_hosts == [name]


def test_other_names_of_this_machine_need_no_sign_in() -> None:
    PageServer(allow_hosts=["localhost", "127.0.0.2", "[::1]", "litmus.localhost"])
