"""Bearer tokens of an OpenID Connect provider: which ones a server accepts."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import tomllib
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litmus_core.errors import MissingExtraError, UsageError

# A key that checks these cannot sign them. With HS256 it could, and none is no signature.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 16_384
_LEEWAY_S = 30
_MOST_KNOWN = 1_024
_FETCH_TIMEOUT_S = 10.0
_MOST_BYTES = 1 << 20
_REFRESH_S, _PAUSE_S = 3_600.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """Which tokens are accepted: from ``issuer``, for ``audience``, signed by a key of ``jwks``.

    ``jwks`` is a file or an address. With ``groups``, the token's ``claim`` has to list one of them.
    """

    issuer: str
    audience: str
    jwks: str
    algorithms: tuple[str, ...] = ("RS256",)
    groups: tuple[str, ...] = ()
    claim: str = "groups"


def read_token_rules(path: Path) -> TokenRules:
    """Read a TOML file of rules; raises UsageError for one that cannot be used."""
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(path, str(error)) from error
    required, lists = ("issuer", "audience", "jwks"), ("algorithms", "groups")
    if unknown := sorted(set(stored) - {*required, *lists, "claim"}):
        raise _unusable(path, f"it has an unknown line '{unknown[0]}'.")
    for name in required:
        if not isinstance(stored.get(name), str) or not stored[name]:
            raise _unusable(path, f"it has no {name}.")
    for name in lists:
        if not _are_names(stored.get(name, ["x"])):
            raise _unusable(path, f"its {name} are no list of names.")
    algorithms = tuple(stored.get("algorithms", ("RS256",)))
    if weak := [name for name in algorithms if name not in _ALGORITHMS]:
        raise _unusable(path, f"tokens signed by '{weak[0]}' could come from anybody who can check them.")
    return TokenRules(
        issuer=stored["issuer"],
        audience=stored["audience"],
        jwks=_source(path, stored["jwks"]),
        algorithms=algorithms,
        groups=tuple(stored.get("groups", ())),
        claim=str(stored.get("claim", "groups")),
    )


def _unusable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"The rules for tokens cannot be read from {path}: {reason}",
        hint="It needs issuer, audience and jwks: docs/guides/sign-in.md.",
    )


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name for name in value)


def _source(path: Path, jwks: str) -> str:
    """Return the address, or the absolute path of a file that is named beside the rules."""
    address = urlsplit(jwks)
    if address.scheme not in ("http", "https"):
        return str((path.parent / jwks).absolute())
    if address.scheme == "http" and address.hostname not in _LOOPBACK:
        raise _unusable(path, "its jwks is not an https address, so anybody on the way could swap the keys.")
    return jwks


class ProviderTokens:
    """The tokens that a server accepts. Keys at an address are read again each hour, and for an unknown key.

    Raises MissingExtraError without joserfc, UsageError if there are no keys to check with. For one thread.
    """

    def __init__(self, rules: TokenRules) -> None:
        try:
            from joserfc import jwt
        except ImportError as error:
            raise MissingExtraError(subject="Checking tokens", extra="signin") from error
        self._rules = rules
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": rules.issuer},
            aud={"essential": True, "value": rules.audience},
            exp={"essential": True},
        )
        self._keys = _read_keys(rules.jwks)
        self._read_at = time.monotonic()
        self._valid_until: dict[bytes, float] = {}  # by digest of the token

    def admits(self, token: bytes) -> bool:
        """Return whether a token is accepted now."""
        if not 0 < len(token) <= _LONGEST:
            return False
        self._refresh(after_s=_REFRESH_S)
        digest = hashlib.sha256(token).digest()
        until = self._valid_until.get(digest)
        if until is None:
            until = self._check(token)
            if len(self._valid_until) >= _MOST_KNOWN:
                self._valid_until.clear()
            if until > 0:
                self._valid_until[digest] = until
        return time.time() < until

    def _check(self, token: bytes) -> float:
        """Return until when a token is valid (seconds since 1970); 0 if it is not."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError

        try:
            claims = jwt.decode(token, self._keys, algorithms=self._rules.algorithms).claims
            self._claims.validate(claims)
        except InvalidKeyIdError:
            self._refresh(after_s=_PAUSE_S)
            return 0.0
        except Exception:  # noqa: BLE001 - whatever a stranger's token makes a parser do, it is refused
            return 0.0
        groups = claims.get(self._rules.claim)
        is_member = isinstance(groups, list) and any(group in groups for group in self._rules.groups)
        return float(claims["exp"]) + _LEEWAY_S if is_member or not self._rules.groups else 0.0

    def _refresh(self, *, after_s: float) -> None:
        """Read the keys of an address again in the background, if they are older; requests do not wait."""
        if "://" in self._rules.jwks and time.monotonic() - self._read_at > after_s:
            self._read_at = time.monotonic()
            threading.Thread(target=self._read_again, name="litmus-jwks", daemon=True).start()

    def _read_again(self) -> None:
        try:
            self._keys = _read_keys(self._rules.jwks)
        except UsageError:  # the provider is away: the earlier keys stay
            return
        self._valid_until = {}


def _read_keys(source: str) -> Any:
    """Return the public keys of a JSON Web Key Set."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet, OctKey

    try:
        keys = KeySet.import_key_set(json.loads(_text_of(source)))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise UsageError(
            f"The keys that check tokens cannot be read from {source}: {error}",
            hint="Name a JSON Web Key Set: a file, or the provider's jwks_uri.",
        ) from error
    if any(isinstance(key, OctKey) for key in keys.keys):
        raise UsageError(
            f"{source} holds a secret that would sign tokens, too.", hint="Name the provider's public keys."
        )
    return keys


def _text_of(source: str) -> str:
    if "://" not in source:
        return Path(source).read_text(encoding="utf-8")
    with urllib.request.urlopen(source, timeout=_FETCH_TIMEOUT_S) as answer:  # noqa: S310 - https, or loopback
        content: bytes = answer.read(_MOST_BYTES)
    return content.decode("utf-8")
