"""Make one bundle's full certificate in the background.

``python -m litmus_core.experiments._deploy.certificate_worker --workspace W --bundle B --lock-fd N``,
with ``--environment E`` for a certain deployment environment.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.experiments._studio import Studio
from litmus_core.jobs import certifying


def main(arguments: Sequence[str] | None = None) -> int:
    """Certify; afterwards the certificate is recorded, or the error has been reported."""
    options = _options(arguments)
    with Studio.open(options.workspace) as studio:
        job = certifying(studio.workspace, options.bundle)
        with job.at_work(options.lock_fd):
            studio.certificates.create(options.bundle, environment=options.environment, on_progress=job.say)
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
