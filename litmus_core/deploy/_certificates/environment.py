"""A bundle's own environment: only its requirements, installed once and cached."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from litmus_core.deploy._bundles.requirements import WHEELS
from litmus_core.errors import BundleError, BusyError, NotFoundError, writing
from litmus_core.store import FileLock
from litmus_core.trust import is_signed, signature

REQUIREMENTS = "requirements.txt"
_MARK = "litmus-environment.json"
_PREFIX = "env_"
_ENVIRONMENT = "environment"  # what the key signs
_LIMIT_S = 1800.0
_STEPS = ("Collecting", "Installing", "Successfully")
_KEPT_LINES = 200
_WORDS = (
    ("No space left on device", "the disk is full", "Make room, then try again."),
    ("MemoryError", "memory ran out", "Close other programs, then try again."),
    ("No matching distribution", "a package could not be found", ""),
    ("Could not find a version", "a package could not be found", ""),
    ("NewConnectionError", "the package index cannot be reached", ""),
    ("Temporary failure in name resolution", "the package index cannot be reached", ""),
    ("ResolutionImpossible", "its requirements contradict each other or a constraint set here", ""),
)
_OFFLINE = (
    "Without a network, put the wheels into a folder and name it with PIP_FIND_LINKS (and PIP_NO_INDEX=1)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltEnvironment:
    """An environment on disk. ``built_s`` is how long its build took, 0 if it existed already."""

    folder: Path
    python: Path
    n_bytes: int
    built_s: float


def environment_key(bundle: Path) -> str:
    """Return the name of a bundle's environment: a hash of what determines its contents."""
    digest = hashlib.sha256(f"{sys.version}\0{sys.platform}\0".encode())
    digest.update((bundle / REQUIREMENTS).read_bytes())
    for wheel in sorted((bundle / WHEELS).iterdir()):
        digest.update(wheel.read_bytes())
    return f"{_PREFIX}{digest.hexdigest()[:24]}"


def build_environment(
    bundle: Path,
    cache: Path,
    *,
    on_progress: Callable[[str], None] = lambda _: None,
    timeout_s: float = _LIMIT_S,
) -> BuiltEnvironment:
    """Return the environment of the bundle in the folder ``bundle``, built in ``cache`` if it does not exist.

    Only the bundle's requirements.txt and wheels are installed, by pip, with pip's own settings (``PIP_*``,
    constraints). It appears complete or not at all; concurrent requests build it once. Raises BundleError if
    that fails: no network, no disk space, a package that no longer exists.
    """
    if not (bundle / WHEELS).is_dir():
        raise BundleError(
            "The bundle brings no wheel of the base package, so its environment cannot be rebuilt.",
            hint="It was exported by an early Litmus: export the model again.",
        )
    target = cache / environment_key(bundle)
    with writing(cache):
        cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(cache / f"{target.name}.lock")
    if not lock.acquire():
        on_progress("Waiting for another process that builds the same environment")
    if not lock.acquire(timeout_s=timeout_s):
        raise BusyError("Another process is building this environment.", hint="Try again in some minutes.")
    with lock:
        if _is_built_here(target):
            return _built_environment(target, built_s=0.0)
        began = time.monotonic()
        _make(bundle, target, on_progress, until=began + timeout_s)
        return _built_environment(target, built_s=time.monotonic() - began)


def _is_built_here(folder: Path) -> bool:
    """Return whether this user built the environment here; anybody else's is built again."""
    try:
        about = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    claim = str(about.get("signature", "")) if isinstance(about, dict) else ""
    return is_signed(claim, _ENVIRONMENT, folder.name, str(folder.stat().st_ino))


def built_environments(cache: Path) -> list[BuiltEnvironment]:
    """Return the environments in ``cache``."""
    marks = sorted(cache.glob(f"{_PREFIX}*/{_MARK}"))
    return [_built_environment(mark.parent, built_s=0.0) for mark in marks]


def remove_environment(cache: Path, key: str) -> None:
    """Remove one of the environments in ``cache``; the next bundle that needs it builds it again.

    Raises NotFoundError for an unknown one, BusyError while it is being built.
    """
    if key not in {environment.folder.name for environment in built_environments(cache)}:
        raise NotFoundError(kind="environment", id=key)
    lock = FileLock(cache / f"{key}.lock")
    if not lock.acquire():
        raise BusyError("This environment is being built.", hint="Nothing was removed. Try again later.")
    with lock:
        (cache / key / _MARK).unlink()  # first: a half-removed environment does not count
        shutil.rmtree(cache / key, ignore_errors=True)


def _built_environment(folder: Path, *, built_s: float) -> BuiltEnvironment:
    about = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    return BuiltEnvironment(
        folder=folder, python=_python(folder), n_bytes=about["n_bytes"], built_s=round(built_s, 3)
    )


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make(bundle: Path, target: Path, on_progress: Callable[[str], None], *, until: float) -> None:
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a killed process: we hold the lock
    try:
        on_progress("Making an empty environment")
        has_pip = _has_pip()
        bare = ["--without-pip"] if has_pip else []
        _run([sys.executable, "-m", "venv", *bare, str(partial)], bundle, on_progress, until=until)
        pip = [sys.executable, "-m", "pip", "--python", str(_python(partial))]
        if not has_pip:
            pip = [str(_python(partial)), "-m", "pip"]
        install = ["install", "--no-input", "--progress-bar", "off", "-r", REQUIREMENTS]
        _run([*pip, *install], bundle, on_progress, until=until)
        n_bytes = sum(path.lstat().st_size for path in partial.rglob("*") if path.is_file())
        with writing(target):
            claim = signature(_ENVIRONMENT, target.name, str(partial.stat().st_ino))
            mark = {"n_bytes": n_bytes, "signature": claim}
            (partial / _MARK).write_text(json.dumps(mark), encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)  # one from someone else
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _has_pip() -> bool:
    from importlib.util import find_spec

    return find_spec("pip") is not None


def _run(command: list[str], folder: Path, on_progress: Callable[[str], None], *, until: float) -> None:
    """Run a command in ``folder``, reporting progress; raises BundleError if it fails."""
    quiet = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=quiet | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    try:
        for line in _lines(child, until=until):
            lines = [*lines[-_KEPT_LINES:], line]
            if line.lstrip().startswith(_STEPS):
                on_progress(line.strip().partition(" (from")[0][:120])
        if child.wait(timeout=30) != 0:
            raise _failure(lines)
    finally:
        child.kill()
        child.wait()


def _lines(child: subprocess.Popen[str], *, until: float) -> Iterator[str]:
    """Yield a child's lines; raises BundleError if it exceeds its time."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with child.stdout or open(os.devnull) as pipe:
            for line in pipe:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise BundleError(
                "The bundle's environment could not be built: it took too long.",
                hint="Check that the package index answers. Nothing was left behind.",
            ) from None
        if line is None:
            return
        yield line


def _failure(lines: list[str]) -> BundleError:
    text = "".join(lines)
    errors = [line.strip().removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    last = errors[0] if errors else next((line.strip() for line in reversed(lines) if line.strip()), "")
    for mark, words, hint in _WORDS:
        if mark in text:
            return BundleError(
                f"The bundle's environment could not be built: {words}. {last[:300]}",
                hint=hint or _OFFLINE,
            )
    return BundleError(f"The bundle's environment could not be built. {last[:300]}", hint=_OFFLINE)
