"""Files behind https:// addresses."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from litmus_core.connectors._address import TableAddress
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.errors import DataError, UsageError

_TIMEOUT_S = 30
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_REFUSED = (401, 403)


def download(address: TableAddress, scratch: Path) -> FetchedTable:
    """Read a file into ``scratch``; raises DataError where it is not there, or does not come completely."""
    check_protected(address)
    target = scratch / (re.sub(r"[^\w .-]", "_", unquote(address.name)).strip(". ") or "download")
    try:
        with build_opener(_StaysProtected()).open(_request(address), timeout=_TIMEOUT_S) as reply:
            if reply.headers.get_content_type() == "text/html":
                raise DataError(
                    f"'{address}' gives a web page, not a table.",
                    hint="Open it in a browser: it may ask for a sign-in, or show the table's real address.",
                )
            with target.open("wb") as sink:
                shutil.copyfileobj(reply, sink, 1 << 20)
            _check_size(target, reply.headers.get("Content-Length"), address)
    except HTTPError as error:
        raise _error_of(error.code, address) from None
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = address.without_secrets(str(getattr(error, "reason", None) or error or "it stopped"))
        raise DataError(
            f"'{address}' could not be read: {reason}.", hint="Check the address and the network."
        ) from None
    return FetchedTable(file=target)


def check_protected(address: TableAddress) -> None:
    """Raise UsageError for http:// beyond this machine: anybody on the way reads and changes it."""
    host = address.server.rpartition("@")[2]
    if address.scheme == "http" and re.sub(r":\d+$", "", host) not in _LOOPBACK:
        raise UsageError(f"'{address}' is not protected on its way.", hint="Use its https:// address.")


class _StaysProtected(HTTPRedirectHandler):
    """Follows no redirect from https:// to anything else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request; None ends with the server's own status."""
        if urlsplit(newurl).scheme != urlsplit(req.full_url).scheme:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _request(address: TableAddress) -> Request:
    scheme, _, rest = address.with_secrets().partition("://")
    server, slash, path = rest.partition("/")
    user, _, host = server.rpartition("@")
    request = Request(f"{scheme}://{host}{slash}{path}", headers={"User-Agent": "litmus"})  # noqa: S310
    if user:  # sent to this server alone: not where it leads on to
        request.add_unredirected_header(
            "Authorization", f"Basic {b64encode(unquote(user).encode()).decode()}"
        )
    return request


def _check_size(file: Path, length: str | None, address: TableAddress) -> None:
    n_bytes = file.stat().st_size
    if length is not None and length.isdigit() and n_bytes != int(length):
        raise DataError(
            f"'{address}' stopped after {n_bytes:,} of {int(length):,} bytes.", hint="Read it again."
        )


def _error_of(status: int, address: TableAddress) -> DataError:
    if status in _REFUSED:
        hint = "A link that is signed, or a password, may have expired: use a new one."
        return DataError(f"'{address}' refused ({status}).", hint=hint)
    return DataError(f"'{address}' answered with status {status}.", hint="Check the address.")
