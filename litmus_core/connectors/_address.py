"""Addresses of tables beyond this machine: what is read there, and their secrets apart from the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from litmus_core.errors import UsageError
from litmus_core.types import ReadOptions

IfExists = Literal["fail", "append", "replace"]  # what is done with a table that is there

POSTGRES = "postgresql"
SCHEMES = {"postgresql": POSTGRES, "postgres": POSTGRES}
# Some code stores an address as a path, which turns two slashes into one.
_ADDRESS = re.compile(r"([A-Za-z][\w+.-]+):/+(?=\S)")
_SECRET = re.compile(r"password|passwd|secret|token", re.IGNORECASE)
_READABLE = "!$'()*,/:;=?@<>\"|~[]"
_HIDDEN = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAddress:
    """Where a table is: the server (user, host and port), the path on it, and ``table`` or ``query``.

    ``parameters`` are the other ones, in order. What is secret is in ``secrets`` alone: in no text of it.
    """

    scheme: str
    server: str
    path: str
    table: str | None = None
    query: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        """Return the address without its secrets, as it is stored and shown."""
        chosen = [(name, value) for name, value in (("table", self.table), ("query", self.query)) if value]
        return self._text(self.server, (*self.parameters, *chosen), plain=_READABLE)

    @property
    def name(self) -> str:
        """What the table is called: by its table, else by the query's database or the file's name."""
        place = self.path.rstrip("/").rpartition("/")[2]
        if self.query is not None:
            return f"{place} query".strip()
        return self.table.rpartition(".")[2].strip('"') if self.table else place or self.server

    def with_secrets(self) -> str:
        """Return the server's address for its driver, secrets included, without table and query."""
        password = dict(self.secrets).get("")
        user, at, host = self.server.rpartition("@")
        server = self.server if password is None else f"{user}:{quote(password, safe='')}{at}{host}"
        return self._text(server, (*self.parameters, *(pair for pair in self.secrets if pair[0])), plain="")

    def without_secrets(self, text: str) -> str:
        """Return ``text`` with each secret of this address hidden: a driver's message may repeat one."""
        for _, secret in sorted(self.secrets, key=lambda pair: -len(pair[1])):
            for written in {secret, quote(secret, safe="")} - {""}:
                text = text.replace(written, _HIDDEN)
        return text

    def choosing(self, options: ReadOptions) -> tuple[TableAddress, ReadOptions]:
        """Return it with the table or query that ``options`` name, and the options that are left.

        Raises UsageError where both are named.
        """
        if options.table is None and options.query is None:
            address = self
        else:
            address = replace(self, table=options.table, query=options.query)
        if address.table and address.query:
            raise UsageError(
                "A table and a query are named.", hint="Leave one of them out: a query names its tables."
            )
        return address, replace(options, table=None, query=None)

    def _text(self, server: str, parameters: tuple[tuple[str, str], ...], *, plain: str) -> str:
        query = "&".join(f"{name}={quote(value, safe=plain)}" for name, value in parameters)
        return f"{self.scheme}://{server}/{self.path}{'?' if query else ''}{query}"


def as_address(source: Path | str) -> TableAddress | None:
    """Return the address that ``source`` is; None for a file's path, and for a plug-in's location.

    Raises UsageError for one that cannot be read.

    >>> str(as_address("postgresql://ada:secret@db.example/shop?table=orders"))
    'postgresql://ada@db.example/shop?table=orders'
    """
    text = str(source)
    match = _ADDRESS.match(text)
    scheme = None if match is None else SCHEMES.get(match[1].lower())
    if match is None or scheme is None:
        return None
    place, _, query = text[match.end() :].partition("?")
    server, _, path = place.partition("/")
    user, at, host = server.rpartition("@")
    user, has_password, password = user.partition(":")
    parameters = tuple(_parameter(part) for part in query.split("&") if part)
    named = dict(parameters)
    secrets = [pair for pair in parameters if _SECRET.search(pair[0])]
    return TableAddress(
        scheme=scheme,
        server=f"{user}{at}{host}",
        path=path,
        table=named.get("table") or None,
        query=named.get("query") or None,
        parameters=tuple(
            pair for pair in parameters if pair not in secrets and pair[0] not in ("table", "query")
        ),
        secrets=(*((("", unquote(password)),) if has_password else ()), *secrets),
    )


def _parameter(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    try:
        return name, unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise UsageError(
            f"'{name}=' in the address holds a % that stands for no letter.",
            hint="Write %25 for it, or give the query by --query (ReadOptions(query=...) in Python).",
        ) from None
