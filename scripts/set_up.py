"""Make or fix .venv for a goal; quick if nothing changed.

    python -m scripts.set_up [--only-look] GOAL        GOAL: run, demo, test, check or docs

.venv/litmus.json records what .venv holds. A set-up that was cut short starts over the next time; a .venv
that somebody else made is installed into, and never removed. LIGHT=1 leaves torch out, until LIGHT=0.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from scripts.browser import find_browser, install_browser
from scripts.installers import DISK_SENTENCE, Installation, Trouble, explain

ROOT = Path(__file__).resolve().parent.parent
NEEDS_WORK = 10  # exit status of --only-look
# Free disk space needed for .venv and the unpacking, in GB: measured, with some reserve.
DISK_GB = {True: 3.0, False: 4.5}


@dataclass(frozen=True)
class VenvRecord:
    """What a .venv holds, for the checkout ``root``; ``adopted`` if somebody else made it."""

    root: str
    key: str
    extras: tuple[str, ...]
    light: bool
    ready: bool
    adopted: bool = False

    @classmethod
    def read(cls, venv: Path) -> VenvRecord | None:
        """Return the record in ``venv``; None if there is none that can be read."""
        try:
            plain = json.loads((venv / "litmus.json").read_text())
            return cls(**{**plain, "extras": tuple(plain["extras"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, venv: Path) -> None:
        """Write the record atomically."""
        half = venv / "litmus.json.new"
        half.write_text(json.dumps(asdict(self)))
        half.replace(venv / "litmus.json")

    def covers(self, wanted: VenvRecord) -> bool:
        """Return whether nothing needs to be done for ``wanted``."""
        same = (self.root, self.key, self.light) == (wanted.root, wanted.key, wanted.light)
        return self.ready and same and set(wanted.extras) <= set(self.extras)


def requirements_key(root: Path) -> str:
    """Return a hash of exactly what decides which packages are installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    parts = {
        "project": project["project"],
        "build": project["build-system"],
        "constraints": (root / "constraints.txt").read_text(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def wanted_for(goal: str, *, root: Path, held: VenvRecord | None, light: str) -> VenvRecord:
    """Return what ``goal`` needs, and the extras that are installed already."""
    is_light = light not in ("", "0") if light else bool(held and held.light)
    extras = {"train", "app"} | ({"dev"} if goal in ("test", "check") else set())
    extras |= {"docs"} if goal == "docs" else set()
    extras |= set(held.extras) if held else set()
    extras = extras - {"torch"} if is_light else extras | {"torch"}
    return VenvRecord(
        root=str(root), key=requirements_key(root), extras=tuple(sorted(extras)), light=is_light, ready=False
    )


def runs(venv: Path) -> bool:
    """Return whether ``venv`` has a Python of a supported version, and pip."""
    probe = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        return subprocess.run([venv / "bin" / "python", "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def usable(held: VenvRecord, venv: Path, *, wanted: VenvRecord) -> bool:
    """Return whether Litmus made the ``venv`` completely, so that it can be installed into."""
    drops_torch = wanted.light and not held.light
    return held.ready and held.root == wanted.root and not drops_torch and runs(venv)


def prepare(venv: Path, *, held: VenvRecord | None, wanted: VenvRecord) -> VenvRecord:
    """Leave a working ``venv``, a new one if the old one does not do; return the record to write into it."""
    if venv.exists() and (held is None or held.adopted):
        if runs(venv):
            return replace(wanted, adopted=True)
        raise Trouble(
            "The folder .venv was not made by Litmus and holds no working Python 3.11 to 3.13 with pip: "
            "move it away and run make again."
        )
    if held and usable(held, venv, wanted=wanted):
        return wanted
    if venv.exists():
        shutil.rmtree(venv)
    if shutil.disk_usage(venv.parent).free < DISK_GB[wanted.light] * 1e9:
        raise Trouble(DISK_SENTENCE)
    venv.mkdir()
    wanted.write(venv)  # from here on, a set-up that is cut short is recognised
    make_venv(venv)
    return wanted


def make_venv(venv: Path) -> None:
    """Make ``venv`` with the Python that runs this, and pip in it; raises Trouble."""
    print(f"Making .venv with Python {'.'.join(map(str, sys.version_info[:3]))} ...", flush=True)
    done = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, text=True)
    if done.returncode:
        raise Trouble(explain(done.stdout + done.stderr, log=None))


def install(venv: Path, wanted: VenvRecord) -> None:
    """Install this checkout with its extras into ``venv``; raises Trouble with the reason."""
    print(f"Installing Litmus{' without torch' if wanted.light else ''} (some minutes) ...", flush=True)
    Installation(venv=venv, root=Path(wanted.root), extras=wanted.extras).run()


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Let one set-up at a time work in this checkout; a second one waits."""
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up here; waiting for it ...", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up(goal: str, *, root: Path, light: str, only_look: bool) -> int:
    """Bring .venv to what ``goal`` needs; return the exit status. Raises Trouble."""
    venv = root / ".venv"
    held = VenvRecord.read(venv)
    wanted = wanted_for(goal, root=root, held=held, light=light)
    if held and held.covers(wanted):
        if wanted.light and not light:
            print("Without torch, as last time; LIGHT=0 brings it in.")
        return 0
    if only_look:
        return NEEDS_WORK
    if not os.access(root, os.W_OK):
        raise Trouble(f"The folder {root} cannot be written to: copy or clone Litmus to one of your own.")
    noted = prepare(venv, held=held, wanted=wanted)
    noted.write(venv)
    install(venv, noted)
    replace(noted, ready=True).write(venv)
    print("Set-up is done.", flush=True)
    return 0


def main() -> int:
    """Set up from the command line, and print a Trouble as one sentence."""
    parser = argparse.ArgumentParser(description="Make or fix .venv for a goal.")
    parser.add_argument("goal", choices=["run", "demo", "test", "check", "docs"])
    parser.add_argument(
        "--only-look", action="store_true", help=f"exit {NEEDS_WORK} when there is work to do"
    )
    args = parser.parse_args()
    light = os.environ.get("LIGHT", "")
    browser = args.goal == "test" and os.environ.get("BROWSER") != "none"
    try:
        if args.only_look:
            if browser and not find_browser():
                return NEEDS_WORK
            return set_up(args.goal, root=ROOT, light=light, only_look=True)
        if browser and (sentence := install_browser()):
            raise Trouble(sentence)
        with one_at_a_time(ROOT):
            return set_up(args.goal, root=ROOT, light=light, only_look=False)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(explain(str(error), log=None), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
