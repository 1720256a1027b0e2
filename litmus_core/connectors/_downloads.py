"""Files behind https:// addresses."""

from __future__ import annotations

import gzip
import re
import shutil
import zlib
from base64 import b64encode
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from litmus_core.connectors._address import TableAddress
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.errors import DataError, UsageError

_TIMEOUT_S = 30
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_REFUSED = (401, 403)
_COMPLETE = (200, 203)
_WRITTEN = "%/:?#[]@!$&'()*+,;=~"  # letters with a meaning; all others are written as %XX
_ZIPPED = ("gzip", "x-gzip")
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
_LONGEST_NAME = 100


def download(address: TableAddress, scratch: Path) -> FetchedTable:
    """Read a file into ``scratch``; raises DataError if it is missing or incomplete."""
    check_protected(address)
    target = scratch / _file_name(address)
    try:
        with build_opener(_ProtectedRedirects()).open(_request(address), timeout=_TIMEOUT_S) as reply:
            _check_reply(reply, address)
            with target.open("wb") as sink:
                shutil.copyfileobj(reply, sink, 1 << 20)
            _check_size(target, reply.headers, address)
        if reply.headers.get("Content-Encoding", "identity").lower() in _ZIPPED:
            _unzip(target)
    except HTTPError as error:
        error.close()
        raise _error_of(error.code, address) from None
    except (URLError, HTTPException, TimeoutError, ConnectionError, ValueError, *_DAMAGED) as error:
        reason = address.without_secrets(str(getattr(error, "reason", None) or error or "it stopped"))
        raise DataError(
            f"'{address}' could not be read: {reason}.", hint="Check the address and the network."
        ) from None
    return FetchedTable(file=target)


def check_protected(address: TableAddress) -> None:
    """Raise UsageError for http:// beyond this machine: anybody on the way could change the table."""
    if address.scheme == "http" and not _is_this_machine(address.server):
        raise UsageError(f"'{address}' is not protected on its way.", hint="Use its https:// address.")


def _is_this_machine(server: str) -> bool:
    return re.sub(r":\d+$", "", server.rpartition("@")[2]) in _LOOPBACK


class _ProtectedRedirects(HTTPRedirectHandler):
    """Follows no redirect that leaves https://, nor one to http:// beyond this machine."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request; None ends with the server's own status."""
        to = urlsplit(newurl)
        if to.scheme != urlsplit(req.full_url).scheme or (
            to.scheme == "http" and not _is_this_machine(to.netloc)
        ):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _request(address: TableAddress) -> Request:
    scheme, _, rest = address.with_secrets().partition("://")
    server, slash, path = rest.partition("/")
    user, _, host = server.rpartition("@")
    place = quote(f"{slash}{path}", safe=_WRITTEN)
    request = Request(f"{scheme}://{host}{place}", headers={"User-Agent": "litmus"})  # noqa: S310
    if user:  # sent to this server only, not to where it redirects
        request.add_unredirected_header(
            "Authorization", f"Basic {b64encode(unquote(user).encode()).decode()}"
        )
    return request


def _file_name(address: TableAddress) -> str:
    """Return the name of the local file; its ending is that of the format."""
    name = Path(re.sub(r"[^\w .-]", "_", unquote(address.name)).strip(". ") or "download")
    return name.stem[:_LONGEST_NAME] + name.suffix[:_LONGEST_NAME]


def _check_reply(reply: Any, address: TableAddress) -> None:
    """Raise DataError for a reply that is not a table, or not all of it."""
    if reply.headers.get_content_type() == "text/html":
        raise DataError(
            f"'{address}' gives a web page, not a table.",
            hint="Open it in a browser: it may ask for a sign-in, or show the table's real address.",
        )
    if reply.status not in _COMPLETE:
        raise DataError(
            f"'{address}' did not send the whole table (status {reply.status}).", hint="Read it again later."
        )
    encoding = reply.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", *_ZIPPED):
        raise DataError(
            f"'{address}' was sent in the encoding '{encoding}', which Litmus does not read.",
            hint="Download it in a browser, and choose the file.",
        )


def _check_size(file: Path, headers: HTTPMessage, address: TableAddress) -> None:
    """Raise DataError if the file is not as long as the server said."""
    n_bytes = file.stat().st_size
    lengths = {text.strip() for text in headers.get_all("Content-Length", [])}
    if not lengths or "chunked" in headers.get("Transfer-Encoding", "").lower():
        return
    length = lengths.pop()
    if lengths or not re.fullmatch("[0-9]+", length):
        raise DataError(
            f"'{address}' does not say clearly how long it is.", hint="Ask whoever runs the server."
        )
    if n_bytes != int(length):
        raise DataError(
            f"'{address}' stopped after {n_bytes:,} of {int(length):,} bytes.", hint="Read it again."
        )


def _unzip(file: Path) -> None:
    zipped = file.with_name(f"{file.name}.sent")
    file.replace(zipped)
    with gzip.open(zipped) as source, file.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    zipped.unlink()


def _error_of(status: int, address: TableAddress) -> DataError:
    if status in _REFUSED:
        hint = "A link that is signed, or a password, may have expired: use a new one."
        return DataError(f"'{address}' refused ({status}).", hint=hint)
    return DataError(f"'{address}' answered with status {status}.", hint="Check the address.")
