"""The server as a process: its port, its start, its end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from litmus_core.errors import BusyError, UsageError
from litmus_core.serving import ServerAddress, serve
from litmus_core.serving.__main__ import main
from litmus_core.serving._server import listening
from tests import tiny
from tests.elsewhere import teach_children


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that someone listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_process_serves_a_zip_until_it_is_asked_to_end_and_removes_what_it_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny.bundle(tmp_path / "model.zip", zipped=True).path
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    teach_children(monkeypatch, tmp_path)
    command = [sys.executable, "-m", "litmus_core.serving", path, "--port", "0"]
    command += ["--ready-file", str(tmp_path / "ready.json")]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            ready = json.loads((tmp_path / "ready.json").read_text())
            rows = {"rows": [tiny.ROW]}
            answer = httpx.post(f"{ready['url']}/predict", json=rows, trust_env=False, timeout=60)
            assert len(list(scratch.iterdir())) == 1
            child.send_signal(signal.SIGTERM)
            _, errors = child.communicate(timeout=60)
        finally:
            child.kill()

    assert line == (
        f"Serving Shop: Tiny at {ready['url']} (documentation: {ready['url']}/docs). Ctrl-C stops it.\n"
    )
    assert ready["pid"] == child.pid
    assert answer.json()["predictions"] == tiny.predictor().predict_records([tiny.ROW])
    assert (child.returncode, errors) == (0, "")
    assert list(scratch.iterdir()) == []


def test_a_taken_port_is_one_sentence(taken: int, tmp_path: Path) -> None:
    path = tiny.bundle(tmp_path / "model").path

    with pytest.raises(BusyError, match=rf"Port {taken} is taken. Choose another, or --port 0"):
        serve(path, ServerAddress(port=taken))


def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret")
    with pytest.raises(UsageError, match=r"no address '192\.0\.2\.1'"):
        serve(
            tmp_path,
            ServerAddress(host="192.0.2.1", port=0, open_to_network=True, api_key_file=tmp_path / "key"),
        )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", ""])
def test_what_other_machines_reach_needs_a_word_of_its_own_and_a_key(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LITMUS_API_KEY", raising=False)

    with pytest.raises(UsageError, match=r"other machines reach it.*whoever has its key.*--open-to-network"):
        serve(tmp_path, ServerAddress(host=host, port=0))
    with pytest.raises(UsageError, match=r"needs a key, or tokens\. .*--api-key-file"):
        serve(tmp_path, ServerAddress(host=host, port=0, open_to_network=True))
    with pytest.raises(UsageError, match="To answer to every name it needs a key"):
        serve(tmp_path, ServerAddress(port=0, allow_hosts=["*"]))


def test_a_bundle_that_cannot_be_loaded_ends_the_command_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none"), "--port", "0"]) == 2

    assert capsys.readouterr().err.startswith(f"There is no bundle at {tmp_path / 'none'}.")


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["model", "--port", "70000"])

    assert "from 0 to 65535" in capsys.readouterr().err


def test_the_listener_says_that_it_is_tcp_so_that_small_answers_leave_at_once() -> None:
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
