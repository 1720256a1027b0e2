"""``python -m litmus_core.serving BUNDLE --port N``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmus_core.serving._server import ServerAddress, exit_status, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; if that is not possible, say why on stderr.

    Returns ENOMEM where memory ran out, and 2 for any other reason.
    """
    parser = _parser()
    args = parser.parse_args(arguments)
    if not 0 <= args.port <= 65_535:
        parser.error("a port is a number from 0 to 65535")
    return exit_status(lambda: _serve(args))


def _serve(args: argparse.Namespace) -> None:
    from litmus_core.serving._request_parsing import Limits

    serve(
        args.bundle,
        ServerAddress(
            host=args.host,
            port=args.port,
            api_key_file=args.api_key_file,
            token_file=args.tokens,
            open_to_network=args.open_to_network,
            allow_hosts=args.allow_host,
        ),
        sha256=args.sha256,
        ready_file=args.ready_file,
        limits=Limits(max_rows=args.max_rows, max_body_bytes=args.max_body_mb << 20),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m litmus_core.serving", description=__doc__)
    parser.add_argument("bundle", type=Path, help="a bundle: folder or .zip")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="the port; 0 takes a free one")
    parser.add_argument("--ready-file", type=Path, help="where to write {url, pid} when it answers")
    parser.add_argument("--name", help="a word by which to find this process in a list of processes")
    parser.add_argument("--api-key-file", type=Path, help="a file with the key that callers must send")
    parser.add_argument("--tokens", type=Path, help="a file that says which OIDC tokens are accepted")
    parser.add_argument("--open-to-network", action="store_true", help="let other machines reach it")
    parser.add_argument("--allow-host", action="append", default=[], help="another name of it; * for all")
    parser.add_argument("--sha256", help="the bundle's own hash: another bundle is refused")
    parser.add_argument("--max-rows", type=int, default=50_000, help="the most rows of one request")
    parser.add_argument("--max-body-mb", type=int, default=64, help="the most MB of one request, up to 256")
    return parser


if __name__ == "__main__":
    sys.exit(main())
