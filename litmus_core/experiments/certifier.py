"""One bundle's full certificate, in the background.

``python -m litmus_core.experiments.certifier --workspace W --bundle B [--environment E] --lock-fd N``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.experiments._studio import Studio
from litmus_core.jobs import certify_lock, say_certifying
from litmus_core.store import FileLock


def main(arguments: Sequence[str] | None = None) -> int:
    """Certify; the certificate is on record when this ends. What goes wrong is said on stderr."""
    options = _options(arguments)
    with Studio.open(options.workspace) as studio:
        workspace = studio.workspace
        with FileLock.adopt(certify_lock(workspace, options.bundle), options.lock_fd):
            try:
                studio.certify(
                    options.bundle,
                    environment=options.environment,
                    on_progress=lambda said: say_certifying(workspace, options.bundle, said),
                )
            except LitmusError as error:
                sys.stderr.write(f"{error}\n")
                return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--bundle", required=True)
    parser.add_argument("--environment")
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
