"""Try the wheel on ARM64, which QEMU emulates: a bundle from here answers there by machine code alike.

It takes Debian with ``qemu-user``. Debian's own Python for ARM64 and the packages go to ``build/arm64``;
nothing is installed on this machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "arm64"
PYTHON = "3.13"  # of Debian 13
PACKAGES = (
    f"python{PYTHON}-minimal",
    f"libpython{PYTHON}-minimal",
    f"libpython{PYTHON}-stdlib",
    "libbz2-1.0",
    "libc6",
    "libexpat1",
    "libffi8",
    "libgcc-s1",
    "liblzma5",
    "libsqlite3-0",
    "libssl3t64",
    "libstdc++6",
    "libzstd1",
    "zlib1g",
)
NEEDED = {"qemu-aarch64": "qemu-user", "apt-get": "apt", "dpkg-deb": "dpkg"}
_APT = """APT::Architecture "arm64";
APT::Architectures {{ "arm64"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State::Lists "{0}/lists";
Dir::State::status "{0}/status";
Dir::Cache "{0}";
"""
_SCRIPT = """
import platform, sys
from litmus_core import load_bundle
from litmus_core.compiled._native import unavailable_reason

assert platform.machine() == "aarch64", platform.machine()
assert unavailable_reason() is None, unavailable_reason()
with load_bundle(sys.argv[1]) as bundle:
    assert bundle.manifest.executor == "compiled", bundle.manifest.executor
    assert len(bundle.examples) > 0
    assert bundle.check() == [], bundle.check()
    print(f"ARM64 (emulated): {len(bundle.examples)} example rows get the answers that they got here.")
"""


def missing() -> str:
    """Return why ARM64 cannot be tried here, as a sentence; "" if it can."""
    lacking = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    return (
        f"ARM64 was not tried: 'apt-get install {' '.join(lacking)}' brings what it takes." if lacking else ""
    )


def lay_system(folder: Path) -> Path:
    """Unpack Debian's Python for ARM64 with its libraries below ``folder``; return their root."""
    apt, debs, root = folder / "apt", folder / "debs", folder / "root"
    for made in (apt / "lists" / "partial", apt / "archives" / "partial", debs, root):
        made.mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (folder / "apt.conf").write_text(_APT.format(apt), encoding="utf-8")
    environment = os.environ | {"APT_CONFIG": str(folder / "apt.conf")}
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=True)
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=debs, env=environment, check=True)
    for package in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    if not (root / "lib").exists():
        (root / "lib").symlink_to("usr/lib")
    return root


def install(wheel: Path, site: Path) -> None:
    """Unpack the wheel and what it needs on ARM64 into ``site``."""
    words = ["--python-platform", "aarch64-manylinux_2_28", "--python-version", PYTHON]
    words += ["--only-binary", ":all:", "--constraint", str(ROOT / "constraints.txt"), "--target", str(site)]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "-q", *words, str(wheel)], check=True)


def try_bundle(wheel: Path, bundle: Path) -> None:
    """Load the bundle with the wheel on ARM64; raises if an answer differs or is not by machine code."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    root = lay_system(FOLDER)
    install(wheel, FOLDER / "site")
    python = root / "usr" / "bin" / f"python{PYTHON}"
    environment = os.environ | {"PYTHONPATH": str(FOLDER / "site")}
    command = ["qemu-aarch64", "-L", root, python, "-c", _SCRIPT, bundle]
    subprocess.run(command, env=environment, cwd=FOLDER, check=True)
