"""Build the wheel, install it in a fresh environment, and try its entry points: ``make wheel``.

README's ways in are tried, its script in a notebook's kernel as well, and whether mypy sees a misspelt word
of it. Both estimators pass scikit-learn's own checks. The model of README answers under QEMU on ARM64, too,
where that is installed. The wheel is in build/dist afterwards, the environment in build/wheel. It takes some
minutes and the network.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import try_arm64

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
    wanted = [f"{wheel}[train,app]", "mypy", "ipykernel"]
    subprocess.run([*uv, "--constraint", ROOT / "constraints.txt", *wanted], check=True)
    return folder / "bin"


def environment_of(programs: Path, home: Path) -> dict[str, str]:
    """Return the variables of a shell that knows the fresh environment alone, with a workspace of its own."""
    bare = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    return bare | {
        "LITMUS_HOME": str(home / "workspace"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }


def try_readme(programs: Path, home: Path) -> Path:
    """Run README's commands and its script outside of the checkout; return the script's bundle."""
    shutil.copytree(ROOT / "sample_data", home / "sample_data")
    environment = environment_of(programs, home)
    commands, script = readme_blocks()
    trained = subprocess.run(
        [*shlex.split(commands[0]), "--json"], cwd=home, env=environment, stdout=subprocess.PIPE, check=True
    )
    environment["RUN"] = json.loads(trained.stdout)["run"]
    for command in commands[1:-1]:  # the last one serves until it is stopped; litmus demo does it, too
        subprocess.run(["sh", "-c", command], cwd=home, env=environment, check=True)
    (home / "model.zip").unlink()
    (home / "script.py").write_text(script, encoding="utf-8")
    subprocess.run([programs / "python", "script.py"], cwd=home, env=environment, check=True)
    try_types(programs, home, script)
    (home / "model.zip").unlink()
    try_notebook(programs, home, script)
    return home / "model.zip"


def readme_blocks() -> tuple[list[str], str]:
    """Return the commands of README's shell, and its script."""
    _, _, ways = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Three ways in")
    shell, script = (ways.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("shell", "python"))
    return shell.splitlines(), script


def try_types(programs: Path, home: Path, script: str) -> None:
    """Let mypy read README's script as it is, which passes, and misspelt, which fails; else raises."""
    (home / "misspelt.py").write_text(script.replace("goal=", "gaol="), encoding="utf-8")
    for name, status in (("script.py", 0), ("misspelt.py", 1)):
        done = subprocess.run([programs / "mypy", name], cwd=home, env=environment_of(programs, home))
        if done.returncode != status:
            raise SystemExit(f"mypy ended with {done.returncode} on {name}, not with {status}.")


def try_notebook(programs: Path, home: Path, script: str) -> None:
    """Run README's script as a cell of a plain kernel in the fresh environment; raises if it fails."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = str(programs / "python")
    manager.start_kernel(cwd=str(home), env=environment_of(programs, home))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(script, timeout=300)["content"]
        if reply["status"] != "ok":
            raise SystemExit("\n".join(reply.get("traceback", ["The kernel ended."])))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def try_entry_points(programs: Path, home: Path) -> None:
    """Run each entry point outside of the checkout, with a workspace of its own; raises if one fails."""
    environment = environment_of(programs, home)
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
        bundle = try_readme(programs, Path(home))
        checks = [programs / "python", ROOT / "scripts" / "try_estimators.py"]
        subprocess.run(checks, cwd=home, env=environment_of(programs, Path(home)), check=True)
        if reason := try_arm64.missing():
            print(reason)
        else:
            try_arm64.try_bundle(wheel, bundle)
    print(f"The wheel works: {wheel.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
