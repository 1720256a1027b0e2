"""``python -m litmus_core.serving BUNDLE --port N``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.serving._server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns 2 with a sentence on stderr when that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m litmus_core.serving", description=__doc__)
    parser.add_argument("bundle", type=Path, help="a bundle: folder or .zip")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="the port; 0 takes a free one")
    parser.add_argument("--ready-file", type=Path, help="where to write {url, pid} when it answers")
    parser.add_argument("--name", help="a word by which to find this process in a list of processes")
    given = parser.parse_args(arguments)
    if not 0 <= given.port <= 65_535:
        parser.error("a port is a number from 0 to 65535")
    try:
        serve(given.bundle, host=given.host, port=given.port, ready_file=given.ready_file)
    except LitmusError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
