"""Replay a bundle's golden rows in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from litmus_core.errors import BundleError

_LIMIT_S = 300.0
_PROGRAM = """
import json, os, sys
out = os.dup(1)
os.dup2(2, 1)
from litmus_core import load_bundle
from litmus_core.errors import LitmusError
try:
    with load_bundle(sys.argv[1]) as bundle:
        problems = bundle.check()
except LitmusError as error:
    problems = [str(error)]
os.write(out, json.dumps(problems[:1]).encode())
"""


def replay_in_process(folder: Path) -> list[str]:
    """Return the differences from the predictions at export. Raises BundleError if the process fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _PROGRAM, str(folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            cwd=folder.parent,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BundleError(
            f"The exported copy did not answer within {_LIMIT_S:.0f} s.", hint="Nothing was written."
        ) from error
    if not done.stdout:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise BundleError(
            f"The exported copy's process ended without an answer. {''.join(last)[:300]}".strip(),
            hint="Nothing was written.",
        )
    problems: list[str] = json.loads(done.stdout)
    return problems
