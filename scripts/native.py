"""Build ``litmus_core/compiled/_native/rows.c`` for the system and processor at hand.

    python -m scripts.native

Needs Linux, on any processor, and GCC. The build needs nothing but the C library's mathematics, which every
Python has loaded, and names none of its versions, so that it works beside any. It is kept in the repository:
who installs Litmus needs no compiler. Where there is no build, NumPy does the same.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from litmus_core.compiled._native import SOURCE, build_path, source_mark

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
    subprocess.run(
        [os.environ.get("CC", "cc"), *FLAGS, *more, mark, "-o", str(to), str(SOURCE), "-lgcc"], check=True
    )


if __name__ == "__main__":
    build(build_path())
    print(build_path())
