"""Addresses of tables beyond this machine, with their secrets apart from the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from litmus_core.errors import UsageError
from litmus_core.types import ReadOptions

IfExists = Literal["fail", "append", "replace"]  # what to do with an existing table

Scheme = Literal["postgresql", "s3", "https", "http"]
SCHEMES: dict[str, Scheme] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "s3": "s3",
    "https": "https",
    "http": "http",
}
# Some code stores an address as a path, which turns two slashes into one.
_ADDRESS = re.compile(r"([A-Za-z][\w+.-]+):/+(?=\S)")
_SECRET = re.compile(r"password|passwd|secret|token", re.IGNORECASE)
_PASSWORD_IN = re.compile(r"^([A-Za-z][\w+.-]*://[^/:@]*):[^/]*@")
_IPV6 = re.compile(r"\[[^]]*\]")
_READABLE = "!$'()*,/:;=?@<>\"|~[]"
_HIDDEN = "***"
_PASSWORD, _SIGNED = "", "?"  # secrets without a name: the user's password, and all behind the ?


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAddress:
    """The place of a table: the server (user, host and port), the path on it, and ``table`` or ``query``.

    ``parameters`` are all others, in order. ``secrets`` never appear in a text of the address. A file's
    address keeps all behind the ``?`` secret, since signatures stand there.
    """

    scheme: Scheme
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
        """The table's name, else the name of the query's database or of the file."""
        place = self.path.rstrip("/").rpartition("/")[2]
        if self.query is not None:
            return f"{place} query".strip()
        return self.table.rpartition(".")[2].strip('"') if self.table else place or self.server

    @property
    def is_database(self) -> bool:
        """Whether the address is of a database and not of a file."""
        return self.scheme == "postgresql"

    def with_secrets(self) -> str:
        """Return the server's address for its driver, secrets included, without table and query."""
        secrets = dict(self.secrets)
        password = secrets.pop(_PASSWORD, None)
        user, at, host = self.server.rpartition("@")
        server = self.server if password is None else f"{user}:{quote(password, safe='')}{at}{host}"
        if _SIGNED in secrets:
            return f"{self.scheme}://{server}/{self.path}?{secrets[_SIGNED]}"
        return self._text(server, (*self.parameters, *secrets.items()), plain="")

    def is_below(self, other: TableAddress) -> bool:
        """Whether the address is on the server of ``other``, for any user, at its path or below."""
        hosts = [address.server.rpartition("@")[2].lower() for address in (self, other)]
        below = f"{other.path.rstrip('/')}/"
        return (
            (self.scheme, hosts[0]) == (other.scheme, hosts[1])
            and ".." not in self.path
            and (not other.path or f"{self.path}/".startswith(below))
        )

    def joins(self, source: TableAddress) -> bool:
        """Whether a file written here would be ``source``, or a Parquet file in its folder."""
        is_part = self.path.lower().endswith((".parquet", ".pq"))
        is_same = self.path.strip("/") == source.path.strip("/")
        return not self.is_database and self.is_below(source) and (is_same or is_part)

    def without_secrets(self, text: str) -> str:
        """Return ``text`` with each secret of this address hidden: a driver's message may repeat one."""
        for _, secret in sorted(self.secrets, key=lambda pair: -len(pair[1])):
            for written in {secret, quote(secret, safe="")} - {""}:
                text = text.replace(written, _HIDDEN)
        return text

    def with_choice(self, options: ReadOptions) -> tuple[TableAddress, ReadOptions]:
        """Return the address with the table or query of ``options``, and the other options.

        Raises UsageError if both are named.
        """
        if not self.is_database:
            return self, options
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
    """Return the address in ``source``; None for a file's path, and for a plug-in's location.

    Raises UsageError for an unreadable address.

    >>> str(as_address("postgresql://ada:secret@db.example/shop?table=orders"))
    'postgresql://ada@db.example/shop?table=orders'
    """
    text = str(source)
    match = _ADDRESS.match(text)
    scheme = None if match is None else SCHEMES.get(match[1].lower())
    if match is None or scheme is None:
        return None
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UsageError("The address holds bytes that are not text.", hint="Type it, rather than paste it.")
    rest = text[match.end() :]
    place, _, query = (rest.partition("#")[0] if scheme in ("https", "http") else rest).partition("?")
    server, _, path = place.partition("/")
    user, at, host = server.rpartition("@")
    user, has_password, password = user.partition(":")
    secrets = ((_PASSWORD, unquote(password)),) if has_password else ()
    bare = TableAddress(scheme=scheme, server=f"{user}{at}{host}", path=path, secrets=secrets)
    if scheme != "s3" and not _has_ports(host):
        raise UsageError(
            "The port in the address is not a number.",
            hint="Where that is a part of your password, write / as %2F, ? as %3F, # as %23, @ as %40.",
        )
    if scheme == "s3" and (at or query):
        raise UsageError(
            "An s3:// address has a bucket and a path alone: keys do not belong into it.",
            hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for keys in ~/.aws.",
        )
    if not bare.is_database:
        return replace(bare, secrets=(*secrets, (_SIGNED, query))) if query else bare
    return _database_address(bare, tuple(_parameter(part) for part in query.split("&") if part))


def without_password(location: str) -> str:
    """Return a plug-in's location as it is stored: without a password and parameters that hold one.

    >>> without_password("shop://ada:secret@shop.example/orders?day=3&api_token=x")
    'shop://ada@shop.example/orders?day=3'
    """
    place, _, query = location.partition("?")
    plain = "&".join(part for part in query.split("&") if not _SECRET.search(part.partition("=")[0]))
    return _PASSWORD_IN.sub(r"\1@", f"{place}?{plain}" if plain else place)


def _has_ports(hosts: str) -> bool:
    """Return whether what follows the colon of each host is a number, or nothing."""
    ports = [_IPV6.sub("", host).partition(":")[2] for host in hosts.split(",")]
    return all(port.isdecimal() for port in ports if port)


def _database_address(bare: TableAddress, parameters: tuple[tuple[str, str], ...]) -> TableAddress:
    named = dict(parameters)
    secret = tuple(pair for pair in parameters if _SECRET.search(pair[0]))
    plain = (pair for pair in parameters if pair not in secret and pair[0] not in ("table", "query"))
    return replace(
        bare,
        table=named.get("table") or None,
        query=named.get("query") or None,
        parameters=tuple(plain),
        secrets=(*bare.secrets, *secret),
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
