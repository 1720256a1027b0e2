"""An endpoint accepts tokens of its provider, for itself, that have not expired, and no others."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from litmus_core.errors import UsageError
from litmus_core.runtime import Bundle
from litmus_core.serving import Access, create_app
from litmus_core.serving._guards import tokens as module
from litmus_core.serving._guards.tokens import ProviderTokens, TokenRules, read_token_rules
from litmus_core.serving._server import ServerAddress, _access
from tests.serving.client import Client

joserfc = pytest.importorskip("joserfc", reason="the optional part 'signin' is not installed")
from joserfc import jwt  # noqa: E402
from joserfc.jwk import KeySet, OctKey, RSAKey  # noqa: E402

KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
OTHER = RSAKey.generate_key(2048, parameters={"kid": "one"})  # another's, with the same name
NEXT = RSAKey.generate_key(2048, parameters={"kid": "two"})
ISSUER, AUDIENCE = "https://id.example.com", "churn"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "shop", "exp": 4_000_000_000, "groups": ["callers"]}
POSTED = ("/predict", "/outcomes", "/v2/models/churn/infer")
PATHS = ("/predict", "/schema", "/metrics", "/outcomes", "/openapi.json", "/v2/models/churn/infer")


def signed(key: Any = KEY, *, alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
    kept = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"} | (header or {}), kept, key, algorithms=[alg])


def unsigned(alg: str) -> str:
    parts = [json.dumps(each).encode() for each in ({"alg": alg, "kid": "one"}, CLAIMS)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


def confused() -> str:
    """Return a token signed by the public key, as if it were a secret."""
    start = unsigned("HS256").rpartition(".")[0]
    mac = hmac.new(KEY.as_pem(private=False), start.encode(), hashlib.sha256).digest()
    return f"{start}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


@pytest.fixture
def rules(tmp_path: Path) -> TokenRules:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(KeySet([KEY]).as_dict(private=False)), encoding="utf-8")
    return TokenRules(issuer=ISSUER, audience=AUDIENCE, jwks=str(path))


FORBIDDEN: dict[str, Callable[[], str]] = {
    "no token": lambda: "",
    "no token at all": lambda: "let me in",
    "three parts of nothing": lambda: "..",
    "not signed": lambda: unsigned("none"),
    "not signed, but says so": lambda: unsigned("RS256"),
    "signed by the public key": confused,
    "signed by another's key": lambda: signed(OTHER),
    "another algorithm": lambda: signed(alg="PS256"),
    "an unknown key": lambda: signed(NEXT, header={"kid": "two"}),
    "brings its own key": lambda: signed(OTHER, header={"jwk": OTHER.as_dict(private=False)}),
    "demands what nobody knows": lambda: signed()[:-4] + "AAAA",
    "for another service": lambda: signed(aud="billing"),
    "for several others": lambda: signed(aud=["billing", "churn2"]),
    "for nobody": lambda: signed(aud=None),
    "for anything": lambda: signed(aud=""),
    "another provider": lambda: signed(iss="https://id.example.org"),
    "a provider that begins alike": lambda: signed(iss=f"{ISSUER}.evil.example"),
    "no provider": lambda: signed(iss=None),
    "expired": lambda: signed(exp=int(time.time()) - 31),
    "never expires": lambda: signed(exp=None),
    "expires in words": lambda: signed(exp="4000000000"),
    "not yet valid": lambda: signed(nbf=int(time.time()) + 600),
    "too long": lambda: signed(sub="x" * 20_000),
    "deep": lambda: base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.AA",
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_a_token_that_is_not_meant_for_it_is_refused(rules: TokenRules, kind: str) -> None:
    assert not ProviderTokens(rules).admits(FORBIDDEN[kind]().encode())


def test_a_token_for_it_is_accepted(rules: TokenRules) -> None:
    tokens = ProviderTokens(rules)

    for claims in ({}, {"aud": ["billing", AUDIENCE]}, {"exp": int(time.time()) + 60}):
        assert tokens.admits(signed(**claims).encode())


def test_a_token_that_was_accepted_ends_with_its_time(
    rules: TokenRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, token = ProviderTokens(rules), signed(exp=int(time.time()) + 60).encode()
    assert tokens.admits(token)

    monkeypatch.setattr(module.time, "time", lambda now=time.time: now() + 91)
    assert not tokens.admits(token)


@pytest.mark.parametrize("groups", [None, [], ["others"], "callers", [["callers"]]])
def test_where_groups_are_named_others_are_refused(rules: TokenRules, groups: Any) -> None:
    few = TokenRules(issuer=ISSUER, audience=AUDIENCE, jwks=rules.jwks, groups=("callers",))

    assert ProviderTokens(few).admits(signed().encode())
    assert not ProviderTokens(few).admits(signed(groups=groups).encode())


def test_every_path_but_the_open_ones_is_closed_to_every_other_token(
    rules: TokenRules, bundle: Bundle
) -> None:
    access, forbidden = Access(tokens=ProviderTokens(rules)), [make() for make in FORBIDDEN.values()]
    with Client(create_app(bundle, access=access)) as client:

        def status(path: str, token: str) -> int:
            method = "POST" if path in POSTED else "GET"
            sent = {"Authorization": f"Bearer {token}"} if token else {}
            return client.request(method, path, headers=sent).status_code

        refused = [status(path, token) for path in PATHS for token in forbidden]
        assert refused == [401] * (len(PATHS) * len(FORBIDDEN))
        assert 401 not in [status(path, signed()) for path in PATHS]
        assert status("/health", "") == 200


def test_a_key_still_counts_beside_tokens(rules: TokenRules) -> None:
    access = Access(key="secret", tokens=ProviderTokens(rules))

    for sent, may in ((b"secret", True), (signed().encode(), True), (b"other", False), (b"", False)):
        assert access.admits({"path": "/predict", "headers": [(b"x-api-key", sent)]}) is may


def test_keys_that_the_provider_changed_are_read_again(
    rules: TokenRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    provided = [KeySet([KEY])]
    monkeypatch.setattr(module, "_read_keys", lambda source: provided[-1])
    monkeypatch.setattr(module.threading.Thread, "start", lambda thread: thread.run())
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)
    tokens = ProviderTokens(TokenRules(issuer=ISSUER, audience=AUDIENCE, jwks="https://id.example.com/jwks"))
    assert tokens.admits(signed().encode())

    provided.append(KeySet([NEXT]))
    fresh = signed(NEXT, header={"kid": "two"}).encode()
    assert [tokens.admits(fresh), tokens.admits(fresh)] == [False, True]  # the first has them read
    assert not tokens.admits(signed().encode())


def test_a_provider_that_went_away_changes_nothing(
    rules: TokenRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = ProviderTokens(rules)

    def away(source: str) -> None:
        raise UsageError("away")

    monkeypatch.setattr(module, "_read_keys", away)
    tokens._read_again()
    assert tokens.admits(signed().encode())


def written(folder: Path, **changes: Any) -> Path:
    lines = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": "keys.json"} | changes
    path = folder / "tokens.toml"
    path.write_text(
        "\n".join(f"{name} = {json.dumps(value)}" for name, value in lines.items() if value is not None),
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"issuer": None}, "it has no issuer."),
        ({"audience": ""}, "it has no audience."),
        ({"algorithms": ["none"]}, "tokens signed by 'none' could come from anybody"),
        ({"algorithms": ["RS256", "HS256"]}, "tokens signed by 'HS256' could come from anybody"),
        ({"algorithms": []}, "its algorithms are no list of names."),
        ({"groups": "callers"}, "its groups are no list of names."),
        ({"audiences": "x"}, "it has an unknown line 'audiences'."),
        ({"jwks": "http://id.example.com/jwks"}, "its jwks is not an https address"),
    ],
)
def test_rules_that_would_let_strangers_in_are_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        read_token_rules(written(tmp_path, **changes))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (None, "cannot be read from"),
        ("[]", "cannot be read from"),
        ('{"keys": []}', "cannot be read from"),
        (json.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}), "holds a secret"),
    ],
)
def test_a_server_without_public_keys_does_not_start(tmp_path: Path, keys: str | None, says: str) -> None:
    if keys is not None:
        (tmp_path / "keys.json").write_text(keys, encoding="utf-8")

    with pytest.raises(UsageError, match=says):
        ProviderTokens(read_token_rules(written(tmp_path)))


def test_beyond_this_machine_tokens_do_instead_of_a_key(rules: TokenRules, tmp_path: Path) -> None:
    path = written(tmp_path, jwks=rules.jwks)

    with pytest.raises(UsageError, match="needs a key, or tokens"):
        _access(ServerAddress(host="0.0.0.0", open_to_network=True))
    access = _access(ServerAddress(host="0.0.0.0", open_to_network=True, token_file=path))
    assert access.is_closed
    assert isinstance(access.tokens, ProviderTokens)
