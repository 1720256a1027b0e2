"""The host names that a server accepts, and the web pages that may send it requests."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litmus_core.errors import UsageError

OPENS = (
    "whoever signs in and has a role sees all data and models, and scientists run code as the person who "
    "started Litmus."
)
OPEN_VARIABLE = "LITMUS_OPEN_TO_NETWORK"  # set for the app's process if other machines may reach it
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to
_BY_SSH = "and reach them by SSH: ssh -L 8501:127.0.0.1:8501 SERVER."
_HOST = re.compile(r"(\[(?P<number>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(:(?P<port>[0-9]{1,5}))?", re.ASCII)

Headers = Iterable[tuple[bytes, bytes]]


def is_loopback(address: str) -> bool:
    """Return whether only this machine can reach a server at ``address``."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def trusted_hosts(address: str, *, also: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the host names that a server listening on ``address`` accepts, including ``also``.

    On a loopback address these are the machine's loopback names: any other name may belong to a web page
    whose domain was made to point here (DNS rebinding). On other addresses the machine's name and addresses
    are accepted too.
    """
    names = [*LOOPBACK] if is_loopback(address) or address in _EVERYWHERE else []
    if address in _EVERYWHERE:
        names += [*_machine_names(), *_machine_addresses()]
    else:
        names.append(address.strip("[]"))
    return tuple(dict.fromkeys(name.lower().rstrip(".") for name in (*names, *also) if name))


def require_permission(address: str, *, opened: bool, opens: str) -> None:
    """Raise UsageError if a server would be reachable from other machines without explicit permission.

    ``opened``: the permission was given; ``opens`` describes the access that others would get.
    """
    if opened or is_loopback(address):
        return
    raise UsageError(
        f"On {address or 'every address'} other machines reach it, not this one alone: {opens}",
        hint="Leave --host out, or add --open-to-network where that is meant.",
    )


def require_sign_in(address: str, *, has_sign_in: bool, names: Iterable[str] = ()) -> None:
    """Raise UsageError if others would reach pages without a sign-in: at ``address``, or by a proxy.

    Whoever opens the pages by one of ``names`` that is not this machine's own comes through a proxy.
    """
    if has_sign_in:
        return
    if not is_loopback(address):
        raise UsageError(
            "Pages that other machines reach need a sign-in: nobody works here without a name and a role.",
            hint=f"Add --sign-in FILE (docs/guides/sign-in.md). Or leave --host out, {_BY_SSH}",
        )
    if foreign := [name for name in names if not _is_own(name)]:
        raise UsageError(
            f"Whoever opens '{foreign[0]}' through a proxy would work as you, with all your data. The "
            "pages need a sign-in of their own: a proxy's does not do.",
            hint=f"Add --sign-in FILE (docs/guides/sign-in.md). Or leave --allow-host out, {_BY_SSH}",
        )


def _is_own(name: str) -> bool:
    return is_loopback(name) or name.lower().rstrip(".").endswith(
        ".localhost"
    )  # such names lead nowhere else


def _machine_names() -> list[str]:
    return [socket.gethostname(), socket.getfqdn()]


def _machine_addresses() -> list[str]:
    try:
        import psutil
    except ImportError:  # a machine that only serves bundles
        return []
    families = (socket.AF_INET, socket.AF_INET6)
    every = [address for addresses in psutil.net_if_addrs().values() for address in addresses]
    return [header.address.partition("%")[0] for header in every if header.family in families]


@dataclass(frozen=True, slots=True)
class Hosts:
    """The host names that a server accepts; ``*`` accepts every name.

    ``any_address`` accepts every numeric address. DNS cannot redirect a numeric address, so a server behind a
    container's or a router's address may accept them all.
    """

    names: Sequence[str] = LOOPBACK
    any_address: bool = False

    def refusal(self, headers: Headers) -> str:
        """Return why a request with these headers is refused; "" if it is accepted.

        A request must name this server as its host. A request from a web page must come from a page of this
        same server: another port is another server.
        """
        by_name: dict[bytes, list[str]] = {}
        for name, value in headers:
            by_name.setdefault(name.lower(), []).append(value.decode("latin-1").strip())
        hosts, origins = by_name.get(b"host", []), by_name.get(b"origin", [])
        if len(hosts) != 1 or not self._admits(hosts[0]):
            return f"This server does not answer to the name {_shown(hosts)}."
        if origins and (len(origins) > 1 or not _is_same_origin(origins[0], hosts[0])):
            return f"A page of {_shown(origins)} may not use this server."
        if not origins and _is_foreign(by_name):
            return "A page of another server may not use this one."
        return ""

    def _admits(self, host: str) -> bool:
        name = _name_of(host)
        is_allowed = name in self.names or "*" in self.names or (self.any_address and _is_number(name))
        return bool(name) and is_allowed


def _name_of(host: str) -> str:
    """Return the name in a Host header without its port, in lower case; "" if it is invalid."""
    match = _HOST.fullmatch(host.lower())
    if match is None or int(match["port"] or 0) > 65_535:
        return ""
    return (match["number"] or match["name"]).rstrip(".")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_same_origin(origin: str, host: str) -> bool:
    scheme, _, place = origin.partition("://")
    return scheme.lower() in ("http", "https") and place.lower() == host.lower()


def _is_foreign(headers: dict[bytes, list[str]]) -> bool:
    """Return whether the browser reports a request from another site, other than a followed link."""

    def of(name: bytes) -> str:
        return ",".join(headers.get(name, [])).lower()

    if of(b"sec-fetch-site") not in ("cross-site", "same-site"):
        return False
    return (of(b"sec-fetch-mode"), of(b"sec-fetch-dest")) != ("navigate", "document")


def _shown(values: list[str]) -> str:
    return " and ".join(ascii(value[:100]) for value in values) or "that it was not given"
