"""A reader at a shell: runs a document's commands one after the other; servers stay up until its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect

from tests.cases import amount
from tests.guides import stage
from tests.guides.blocks import Command

LIMIT_S = 200
# Set-up is tested in tests/test_make.py; what follows it is run as it stands in the Makefile.
# The demo learns for a third of its time.
AFTER_SET_UP = {"make run": "litmus app", "make demo": "litmus demo --time-limit 10"}
# The demo trains all families; in make test these of README and guides train few, or look less long.
QUICKER = {
    "litmus train taxi.parquet --target tip --memory-gb 16 --time-limit 30": " --family lightgbm",
    'litmus train sample_data/penguins.csv --target species --bar "accuracy>=0.95" --time-limit 30': (
        " --family linear --family lightgbm"
    ),
}
_TRIALS = ("--trials 10 ", "--trials 3 ")
# Commands that end otherwise than with status 0, and what is typed into those that ask.
STATUS = {"litmus export $RUN --workspace sent": 2}
TYPED = {"litmus trust --workspace sent": "y"}
_STAYS = re.compile(r"(\w+=\S+ )*litmus (app|serve)\b")
_PORT = re.compile(r"--port (\d+)")
_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+")


class Reader:
    """Runs commands in ``folder`` as ``environment`` has it; a context, at whose end no server is left."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self._servers: list[subprocess.Popen[bytes]] = []
        self._ports: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        for server in self._servers:
            _end(server)

    def run(self, command: Command) -> None:
        """Run one command; fail where it ends otherwise than it should or prints other lines than shown."""
        text = AFTER_SET_UP.get(command.text.split("  #")[0].strip(), command.text)
        text += amount(QUICKER.get(text, ""), thorough="")
        text = amount(text.replace(*_TRIALS), thorough=text)
        if _STAYS.match(text):
            self._serve(text)
            return
        for written, free in self._ports.items():
            text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{free}")
        status, said = self._ask(text) if text in TYPED else self._run(text)
        assert status == STATUS.get(text, 0), f"$ {text}\n{said}"
        assert prints_what_is_shown(command, said, self.folder), f"$ {text}\n{said}"
        if text.startswith("litmus deploy "):
            stage.end_certifying(self.folder)

    def _run(self, text: str) -> tuple[int, str]:
        """Run a command; return its status and what it printed."""
        done = subprocess.run(
            ["sh", "-c", text],
            cwd=self.folder,
            env=self.environment | self._ids(text),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return done.returncode, f"{done.stdout}\n{done.stderr}"

    def _ask(self, text: str) -> tuple[int, str]:
        """Run a command that asks its reader, at a terminal."""
        child = pexpect.spawn(
            "sh", ["-c", text], cwd=str(self.folder), env=self.environment, encoding="utf-8", timeout=LIMIT_S
        )
        child.expect_exact("]: ")
        said = child.before + child.after
        child.sendline(TYPED[text])
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus, said

    def _ids(self, text: str) -> dict[str, str]:
        return stage.newest(self.folder) if "$" in text else {}

    def _serve(self, text: str) -> None:
        """Start what stays up, on a free port, and ask it."""
        for written in _PORT.findall(text):
            self._ports[written] = str(_free_port())
            text = text.replace(f"--port {written}", f"--port {self._ports[written]}")
        log = self.folder / f"server {len(self._servers)}.log"
        with log.open("wb") as file:
            self._servers.append(
                subprocess.Popen(
                    ["sh", "-c", text],
                    cwd=self.folder,
                    env=self.environment | self._ids(text),
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        with urllib.request.urlopen(_address(self._servers[-1], log), timeout=30) as answer:
            assert answer.status == 200


def prints_what_is_shown(command: Command, said: str, folder: Path) -> bool:
    """Return whether a command printed the lines that its document shows, where it shows any."""
    printed = [masked(line, folder) for line in said.splitlines() if line.strip()]
    return not command.shown or printed == [masked(line, folder) for line in command.shown]


def masked(line: str, folder: Path) -> str:
    """Return a line as every reader has it: ids, figures and the folder are masked, blanks do not count."""
    line = line.replace(str(folder), "/home/me")
    line = re.sub(r"\b(ex|run|dv|ds|ho|bd)_[0-9a-f]{6,}", r"\1_ID", line)
    return " ".join(re.sub(r"\d+(?:[.,]\d+)*", "0", line).split())


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that a server says when it is up."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until and server.poll() is None:
        if match := _ADDRESS.search(log.read_text(errors="replace")):
            return match[0]
        time.sleep(0.1)
    raise AssertionError(f"It did not come up.\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server as Ctrl-C in its terminal does."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGINT)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
