"""The conformance checks of one file of plug-ins (or an installed one), in the background.

``python -m litmus_core.experiments._plugins.checker --workspace W --plugin FILE_OR_NAME --lock-fd N``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.experiments._studio import Studio
from litmus_core.jobs import plugin_checks
from litmus_core.plugins import PLUGINS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks; afterwards the workspace holds the results, or the error has been reported."""
    options = _options(arguments)
    with Studio.open(options.workspace) as studio:
        job = plugin_checks(studio.workspace, options.plugin)
        with job.at_work(options.lock_fd):
            if Path(options.plugin).parts[:1] == (PLUGINS,):
                studio.plugins.check_file(studio.workspace.path / options.plugin, on_progress=job.say)
            else:
                studio.plugins.check_installed(options.plugin, on_progress=job.say)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
