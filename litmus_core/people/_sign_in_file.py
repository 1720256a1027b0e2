"""The file of whoever runs a shared server: where people sign in, and what identifies them."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litmus_core.errors import UsageError
from litmus_core.people._person import Person
from litmus_core.people._roles_file import Roles

SIGN_IN_VARIABLE = "LITMUS_SIGN_IN"  # names the file
_CALLBACK = "/oauth2callback"
_SHORTEST_SECRET = 32
_FUTURE_S = 300.0  # clocks of the provider and this machine may differ by so much
_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How people sign in: ``identity`` and ``groups`` name claims; after ``hours`` they sign in again."""

    identity: str = "email"
    groups: str = "groups"
    hours: float = 12.0

    def person(self, claims: Mapping[str, Any], roles: Roles, *, now: float | None = None) -> Person:
        """Return who signed in, by the claims of their identity token, with their role (None: no role).

        Raises UsageError if the claims identify nobody, are too old, or lack a verified address.
        """
        issued, person_id = claims.get("iat"), claims.get(self.identity)
        age_s = (time.time() if now is None else now) - issued if isinstance(issued, int | float) else None
        if age_s is None or not -_FUTURE_S <= age_s <= self.hours * 3600:
            raise UsageError("Your sign-in has expired.", hint="Sign in again.")
        if not isinstance(person_id, str) or not person_id.strip():
            raise UsageError(
                f"Your account has no '{self.identity}', by which people are known here.",
                hint="Ask whoever runs this server to name another claim as identity.",
            )
        if self.identity == "email" and claims.get("email_verified") is not True:
            raise UsageError(
                f"The address {person_id} is not verified: anybody could have typed it.",
                hint="Verify it where you sign in, or ask whoever runs this server.",
            )
        person_id = self._spelled(person_id)
        claim = claims.get(self.groups)
        groups = [group for group in claim if isinstance(group, str)] if isinstance(claim, list) else []
        name = claims.get("name")
        return Person(
            id=person_id,
            name=" ".join(name.split())[:80] if isinstance(name, str) else "",
            role=roles.role_of(person_id, groups, spelled=self._spelled),
            is_signed_in=True,
            roles=roles,
        )

    def _spelled(self, name: str) -> str:
        """Return a person's name in the one spelling of this claim: addresses are the same in any case.

        Of ``sub`` OpenID Connect says that case counts, so two of them may differ in that alone.
        """
        return name if self.identity == "sub" or "@" not in name else name.lower()


def read_sign_in(path: Path) -> SignIn:
    """Read the file; raises UsageError for one with which nobody, or anybody, could sign in.

    Its section ``auth`` is Streamlit's own, ``litmus`` is ours and may be left out.
    """
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"The sign-in cannot be read from {path}: {error}", hint="See docs/guides/sign-in.md."
        ) from error
    try:
        _check_provider(stored.get("auth"))
        return _settings(stored.get("litmus", {}))
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", hint=error.hint) from error


def _check_provider(auth: Any) -> None:
    auth = auth if isinstance(auth, dict) else {}
    if missing := [key for key in _KEYS if not isinstance(auth.get(key), str) or not auth[key]]:
        raise UsageError(
            f"Its section [auth] lacks {', '.join(missing)}.",
            hint="Your provider names them where you register the studio as an application.",
        )
    if len(auth["cookie_secret"]) < _SHORTEST_SECRET:
        raise UsageError(
            f"Its cookie_secret has fewer than {_SHORTEST_SECRET} letters, so it could be guessed.",
            hint="Take one from: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    if urlsplit(auth["redirect_uri"]).path.endswith(_CALLBACK) is False:
        raise UsageError(f"Its redirect_uri does not end in {_CALLBACK}.", hint="Add that.")
    for key in ("redirect_uri", "server_metadata_url"):
        address = urlsplit(auth[key])
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
            raise UsageError(
                f"Its {key} is not an https address, so anybody on the way could read who signs in.",
                hint="Put a proxy with a certificate in front of the studio.",
            )


def _settings(section: Any) -> SignIn:
    if not isinstance(section, dict) or not set(section) <= {"identity", "groups", "hours"}:
        raise UsageError(
            "Its section [litmus] has an unknown line.", hint="It may have identity, groups and hours."
        )
    names = [section.get("identity", "email"), section.get("groups", "groups")]
    hours = section.get("hours", SignIn().hours)
    if not all(isinstance(name, str) and name for name in names):
        raise UsageError("Its identity and groups are not names of claims.", hint='Write identity = "email".')
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= 720:
        raise UsageError("Its hours are not a number from 0 to 720.", hint="Write hours = 12.")
    return SignIn(identity=names[0], groups=names[1], hours=float(hours))
