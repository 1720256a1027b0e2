"""Build ``litmus_core/compiled/_native/rows.c`` for the system and processor at hand: ``make native``.

    python -m scripts.native [--check]

Needs Linux, on any processor, and GCC. The build needs nothing but the C library's mathematics, which every
Python has loaded, and names none of its versions, so that it works beside any. It is kept in the repository:
who installs Litmus needs no compiler. Where there is no build, NumPy does the same.

``native_builds.json`` holds each build's hash, the source's and the compiler's name; ``--check`` compares
(``make check``). The same compiler makes the same bytes, wherever the checkout lies.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from litmus_core.compiled._native import SOURCE, build_path, source_mark

HELD = Path(__file__).with_name("native_builds.json")
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
    """Compile the source, with ``more`` flags, to ``to``; CalledProcessError where it does not compile."""
    mark = f'-DSOURCE_MARK="{source_mark()}"'
    subprocess.run([_compiler(), *FLAGS, *more, mark, "-o", str(to), str(SOURCE), "-lgcc"], check=True)


def compiler_name() -> str:
    """Return the compiler's version and who packed it, whatever it is called by."""
    done = subprocess.run([_compiler(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0].partition(" ")[2]


def facts_of(path: Path, *, compiler: str) -> dict[str, str]:
    """Return what is held of a build."""
    return {
        "compiler": compiler,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "source": source_mark(),
    }


def problems() -> Iterator[str]:
    """Yield, for each build in the package, why it is not the one that is held, with the remedy."""
    held = json.loads(HELD.read_text(encoding="utf-8"))
    found = {path.name: path for path in SOURCE.parent.glob("rows-*.so")}
    for name in sorted({*held, *found}):
        remedy = f"run make native on {name.removeprefix('rows-').removesuffix('.so')}"
        if name not in held or name not in found:
            how = "not held in" if name in found else "missing, but held in"
            yield f"{name} is {how} {HELD.name}: {remedy}."
        elif held[name] != facts_of(found[name], compiler=held[name]["compiler"]):
            yield f"{name} is not the build of rows.c that {HELD.name} holds: {remedy}."


def _compiler() -> str:
    return os.environ.get("CC", "cc")


def _main() -> int:
    if "--check" in sys.argv[1:]:
        found = list(problems())
        print("\n".join(found) or "The builds of rows.c are those that are held.")
        return bool(found)
    build(build_path())
    held = json.loads(HELD.read_text(encoding="utf-8"))
    held[build_path().name] = facts_of(build_path(), compiler=compiler_name())
    HELD.write_text(json.dumps(held, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(build_path())
    return 0


if __name__ == "__main__":
    sys.exit(_main())
