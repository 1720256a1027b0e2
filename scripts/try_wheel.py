"""Build the wheel, install it in a fresh environment, and try its entry points: ``make wheel``.

The wheel is in build/dist afterwards, the environment in build/wheel. It takes some minutes and the network.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
ENTRY_POINTS = (
    ("litmus", "--version"),
    ("litmus", "demo"),
    (
        "python",
        "-c",
        "from litmus_core import LitmusClassifier; LitmusClassifier().fit([[0], [1]] * 9, [0, 1] * 9)",
    ),
)


def build() -> Path:
    """Build the wheel and return its path."""
    shutil.rmtree(BUILD / "dist", ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "uv", "build", "--wheel", "--out-dir", BUILD / "dist"], cwd=ROOT, check=True
    )
    (wheel,) = (BUILD / "dist").glob("*.whl")
    return wheel


def install(wheel: Path) -> Path:
    """Install the wheel with its pages in a fresh environment and return where its programs are."""
    folder = BUILD / "wheel"
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", folder / "bin" / "python"]
    subprocess.run([*uv, "--constraint", ROOT / "constraints.txt", f"{wheel}[train,app]"], check=True)
    return folder / "bin"


def try_entry_points(programs: Path, home: Path) -> None:
    """Run each entry point outside of the checkout, with a workspace of its own; raises if one fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {
        "LITMUS_HOME": str(home / "workspace"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }
    for entry_point in ENTRY_POINTS:
        subprocess.run([programs / entry_point[0], *entry_point[1:]], cwd=home, env=environment, check=True)
    command = [programs / "litmus", "app", "--json", "--port", "8700"]
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as pages:
        try:
            line = pages.stdout.readline() if pages.stdout else ""  # it is printed once the pages answer
            print(f"The pages answer at {json.loads(line)['url']}.")
        finally:
            pages.terminate()


def main() -> int:
    """Build, install, and try the entry points."""
    wheel = build()
    programs = install(wheel)
    with tempfile.TemporaryDirectory() as home:
        try_entry_points(programs, Path(home))
    print(f"The wheel works: {wheel.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
