"""One server of an endpoint: ``python -m litmus_core.deploy.server MODEL``, started by its supervisor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.deploy._served import ServerRun, served_kind
from litmus_core.serving import ServerAddress, SupervisorOptions, exit_status
from litmus_core.types import from_plain


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; if that is not possible, say why on stderr.

    Returns ENOMEM where memory ran out, and 2 for any other reason.
    """
    parser = argparse.ArgumentParser(prog="python -m litmus_core.deploy.server", description=__doc__)
    parser.add_argument("model", type=Path, help="a bundle, or a folder that answers")
    parser.add_argument("supervisor", help="how its supervisor wants it run, as JSON")
    parser.add_argument("--name", help="a word by which to find this process in a list of processes")
    parser.add_argument("--sha256", help="the model's own hash: another model is refused")
    parser.add_argument("--ready-file", type=Path, help="where to write {url, pid} when it answers")
    parser.add_argument("--api-key-file", type=Path, help="a file with the key that callers must send")
    parser.add_argument("--tokens", type=Path, help="a file that says which OIDC tokens are accepted")
    args = parser.parse_args(arguments)
    run = ServerRun(
        ready_file=args.ready_file, supervisor=from_plain(SupervisorOptions, json.loads(args.supervisor))
    )
    address = ServerAddress(api_key_file=args.api_key_file, token_file=args.tokens)
    return exit_status(lambda: served_kind(args.model).serve(args.model, address, run, sha256=args.sha256))


if __name__ == "__main__":
    sys.exit(main())
