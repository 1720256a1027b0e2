"""What a test's reader starts, forked of the warm process: a command, a notebook's kernel, or a script.

    python -IS tests/warm/command.py litmus|kernel|script [WORD...]

The fork has the files, folder and settings of this process, which waits for it and ends as it does. Servers,
and whatever is started where no warm process answers, begin from nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import client

STAY = ("app", "serve")  # until they are interrupted, as a terminal interrupts what it began
MODULES = {"litmus": client.COMMANDS, "kernel": client.KERNEL, "script": client.SCRIPT}
FROM_NOTHING = {
    "litmus": [str(Path(sys.executable).with_name("litmus"))],
    "kernel": [sys.executable, "-m", "ipykernel_launcher"],
    "script": [sys.executable],
}


def main() -> None:
    """Begin the fork, and end as it does; or become what would begin otherwise."""
    name, *words = sys.argv[1:]
    if not (name == "litmus" and words[:1] and words[0] in STAY):
        safe = [] if name == "script" else ["-P"]
        command = [sys.executable, *safe, "-m", MODULES[name], *words]
        if (begun := client.warm(command)) is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a kernel is interrupted before it is asked to end
            signal.signal(signal.SIGTERM, lambda *_: begun.kill())
            ended = begun.wait()
            sys.exit(ended if ended >= 0 else 128 - ended)
    whole = [*FROM_NOTHING[name], *words]
    os.execv(whole[0], whole)


if __name__ == "__main__":
    main()
