"""The process behind an endpoint: ``python -m litmus_core.deploy.supervisor WORKSPACE NAME``."""

from __future__ import annotations

import argparse
import sys

from litmus_core.deploy._endpoints.folder import EndpointFolder
from litmus_core.deploy._endpoints.supervisor import READY_S, supervise
from litmus_core.store import Workspace


def main() -> int:
    """Run the endpoint until SIGTERM; returns 2 if it never started."""
    parser = argparse.ArgumentParser(prog="python -m litmus_core.deploy.supervisor", description=__doc__)
    parser.add_argument("workspace")
    parser.add_argument("endpoint")
    parser.add_argument("--name", help="a word by which to find this process in a list of processes")
    parser.add_argument("--ready-s", type=float, default=READY_S)
    arguments = parser.parse_args()
    return supervise(
        EndpointFolder(Workspace(arguments.workspace), arguments.endpoint), ready_s=arguments.ready_s
    )


if __name__ == "__main__":
    sys.exit(main())
