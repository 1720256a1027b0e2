"""Make the list of next actions after a run, in the background.

``python -m litmus_core.experiments._actions.worker --workspace W --run R --lock-fd N``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.experiments._studio import Studio
from litmus_core.jobs import advising


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials; afterwards the run's folder holds the list, or the error has been reported."""
    options = _options(arguments)
    with Studio.open(options.workspace) as studio:
        job = advising(studio.workspace, options.run)
        with job.at_work(options.lock_fd):
            studio.actions.list(options.run, seconds=options.seconds, on_progress=job.say)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument(
        "--seconds", type=float, help="what is spent on trying things out; default: as long as the run says"
    )
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
