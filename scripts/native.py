"""Build ``litmus_core/compiled/_native/rows.c`` for the processor of the compiler: ``make native``.

    python -m scripts.native [--check]

Needs Linux, on any processor, and GCC. ``CC=aarch64-linux-gnu-gcc-12 make native`` builds for ARM64 anywhere.
The build links only the C library's mathematics, which every Python
has loaded, and names none of its versions, so it works with any. It is in the repository, so installing
Litmus needs no compiler. Without a build, NumPy computes the same.

``native_builds.json`` records the hash of each build and of its source, and the compiler's name; ``--check``
compares (``make check``). The same compiler makes the same bytes, wherever the checkout lies.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from litmus_core.compiled._native import SOURCE, source_mark

RECORDS = Path(__file__).with_name("native_builds.json")
FLAGS = (
    "-O3",
    "-std=gnu11",
    "-shared",
    "-fPIC",
    "-nostdlib",
    "-s",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-Wall",
    "-Wextra",
    "-Werror",
)


def build(to: Path, *more: str) -> None:
    """Compile the source to ``to``, with the additional flags ``more``; raises CalledProcessError."""
    mark = f'-DSOURCE_MARK="{source_mark()}"'
    subprocess.run([_compiler(), *FLAGS, *more, mark, "-o", str(to), str(SOURCE), "-lgcc"], check=True)


def compiler_name() -> str:
    """Return the compiler's version and packager, without the command's name."""
    done = subprocess.run([_compiler(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0].partition(" ")[2]


def built_path() -> Path:
    """Return the path of the build for the processor that the compiler builds for."""
    done = subprocess.run([_compiler(), "-dumpmachine"], capture_output=True, text=True, check=True)
    return SOURCE.with_name(f"rows-linux-{done.stdout.partition('-')[0]}.so")


def facts_of(path: Path, *, compiler: str) -> dict[str, str]:
    """Return what is recorded of a build: its compiler, its hash and its source's hash."""
    return {
        "compiler": compiler,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "source": source_mark(),
    }


def problems() -> Iterator[str]:
    """Yield why a build in the package differs from the recorded one, with the remedy."""
    recorded = json.loads(RECORDS.read_text(encoding="utf-8"))
    builds = {path.name: path for path in SOURCE.parent.glob("rows-*.so")}
    for name in sorted({*recorded, *builds}):
        remedy = f"run make native on {name.removeprefix('rows-').removesuffix('.so')}"
        if name not in recorded or name not in builds:
            how = "not recorded in" if name in builds else "missing, but recorded in"
            yield f"{name} is {how} {RECORDS.name}: {remedy}."
        elif recorded[name] != facts_of(builds[name], compiler=recorded[name]["compiler"]):
            yield f"{name} is not the build of rows.c that {RECORDS.name} records: {remedy}."


def _compiler() -> str:
    return os.environ.get("CC", "cc")


def _main() -> int:
    if "--check" in sys.argv[1:]:
        faults = list(problems())
        print("\n".join(faults) or "The builds of rows.c are the recorded ones.")
        return bool(faults)
    build(to := built_path())
    recorded = json.loads(RECORDS.read_text(encoding="utf-8"))
    recorded[to.name] = facts_of(to, compiler=compiler_name())
    RECORDS.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(to)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
