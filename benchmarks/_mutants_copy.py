"""A copy of the checkout with an interpreter of its own, in which code is changed and tests run.

Nothing is ever changed in the working tree. The copy's interpreter sees the installed packages of the one
that made it, and imports ``litmus_core``, ``app`` and ``tests`` from the copy, in every process that tests
start.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
_LEFT_OUT = "benchmarks/results/"
_FIRST_MTIME = 1_000_000_000  # of changed files: Python recompiles what has another time than its bytecode
_ALONE = ("-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider")
_NOT_PASSED_ON = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of pytest ended; ``code`` None: it was stopped after its time."""

    code: int | None
    output: str


@dataclass(slots=True)
class Copy:
    """A copied checkout in ``root``."""

    root: Path
    _changes: int = 0

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def packages(self) -> Path:
        return self.root / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"

    @contextlib.contextmanager
    def changed(self, path: str, source: bytes) -> Iterator[None]:
        """Let a file hold other source for as long as the block runs."""
        file = self.root / path
        before = file.read_bytes()
        self._write(file, source)
        try:
            yield
        finally:
            self._write(file, before)

    def _write(self, file: Path, source: bytes) -> None:
        self._changes += 1
        file.write_bytes(source)
        os.utime(file, (_FIRST_MTIME + self._changes,) * 2)

    def pytest(self, arguments: Sequence[str], *, seconds: float, **settings: str) -> Ended:
        """Run pytest in the copy in one process; whatever it started has ended when this returns."""
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        environment["PATH"] = f"{self.python.parent}{os.pathsep}{environment['PATH']}"
        with tempfile.TemporaryFile("w+") as output:
            tests = subprocess.Popen(
                [self.python, "-m", "pytest", *_ALONE, f"--basetemp={self.root / '.tmp'}", *arguments],
                cwd=self.root,
                env=environment | settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = tests.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end(tests)
                self._end_orphans()
            output.seek(0)
            return Ended(code, output.read())

    def _end_orphans(self) -> None:
        """End what tests left running: processes whose command is the copy's interpreter."""
        for process in psutil.process_iter(["cmdline"]):
            if any(str(self.root) in word for word in process.info["cmdline"] or ()):
                with contextlib.suppress(psutil.Error):
                    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def copied(root: Path = ROOT) -> Iterator[Copy]:
    """Copy what git knows of the checkout, without results; the copy is deleted after the block."""
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        copy = Copy(Path(folder).resolve())
        for name in _files(root):
            target = copy.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target, follow_symlinks=False)
        _make_interpreter(copy)
        yield copy


def _files(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    names = [name for name in listed.stdout.split("\0") if name and not name.startswith(_LEFT_OUT)]
    return [name for name in names if (root / name).exists()]


def _make_interpreter(copy: Copy) -> None:
    """Make the copy's interpreter with the packages and the commands of this one."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", copy.root / ".venv"], check=True)
    installed = [path for path in sys.path if path.endswith("site-packages")]
    (copy.packages / "copy.pth").write_text("\n".join([str(copy.root), *installed]) + "\n")
    for command in Path(sys.executable).parent.iterdir():
        if command.is_file() and not command.is_symlink() and command.read_bytes()[:2] == b"#!":
            _, _, text = command.read_text().partition("\n")
            (copy.python.parent / command.name).write_text(f"#!{copy.python}\n{text}")
            (copy.python.parent / command.name).chmod(0o755)
