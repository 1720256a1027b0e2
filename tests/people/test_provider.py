"""A real provider, npm's oidc-provider on loopback: people sign in by a browser, callers bring its tokens."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from litmus_core import Studio
from litmus_core.errors import NotPermittedError
from litmus_core.experiments import PERMISSIONS
from litmus_core.people import Roles, SignIn, is_at_least
from litmus_core.serving._guards.tokens import ProviderTokens, TokenRules
from scripts.browser import FLAGS, find_browser

pytest.importorskip("authlib", reason="the optional part 'signin' is not installed")
pytestmark = [pytest.mark.exhaustive, pytest.mark.browser]
ROOT = Path(__file__).resolve().parents[2]
MODULES = "OIDC_NODE_MODULES"  # a folder with oidc-provider, elsewhere than where npm puts it
ABSENT = (
    "No OpenID Connect provider is installed here: 'npm install --global oidc-provider' brings one. "
    f"{MODULES} names the node_modules folder of another place."
)
COOKIE_SECRET, CALLERS = "0123456789abcdef0123456789abcdef", "http://127.0.0.1/churn"
SIGN_IN = """
[auth]
redirect_uri = "{studio}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "litmus"
client_secret = "a secret of tests"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid email profile groups", prompt = "login" }}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def modules() -> Path:
    """Where npm's packages are; without the provider's, the test is skipped with a sentence."""
    npm, folder = shutil.which("npm"), os.environ.get(MODULES, "")
    if not folder and npm is not None:
        folder = subprocess.run(
            [npm, "root", "--global"], capture_output=True, text=True, check=True
        ).stdout.strip()
    if shutil.which("node") is None or not (Path(folder) / "oidc-provider").is_dir():
        pytest.skip(ABSENT)
    return Path(folder)


@dataclass(frozen=True)
class Place:
    """A studio with a sign-in, and the provider where people sign in."""

    studio: str
    issuer: str
    workspace: Path


@contextmanager
def started(command: list[str], *, says: str, **options: Any) -> Iterator[None]:
    """Start a process, wait until it says so, and end it afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    assert process.stdout is not None
    try:
        assert next((line for line in process.stdout if says in line), ""), f"{command[0]} ended"
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="module")
def place(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("shared")
    studio, issuer = f"http://localhost:{free_port()}", f"http://127.0.0.1:{free_port()}"
    script = str(Path(__file__).with_name("provider.mjs"))
    (folder / "sign-in.toml").write_text(SIGN_IN.format(studio=studio, issuer=issuer), encoding="utf-8")
    provider = ["node", script, str(modules), issuer.rpartition(":")[2], f"{studio}/oauth2callback"]
    litmus = [str(Path(sys.executable).with_name("litmus")), "app", "--port", studio.rpartition(":")[2]]
    litmus += ["--workspace", str(folder / "workspace"), "--sign-in", str(folder / "sign-in.toml")]
    with (
        started(provider, says="listening", stderr=subprocess.DEVNULL),
        started(litmus, says="http", cwd=ROOT),
    ):
        yield Place(studio=studio, issuer=issuer, workspace=folder / "workspace")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield browser
        browser.close()


def sign_in(browser: Browser, place: Place, name: str) -> Page:
    """Sign in as ``name``, as a person would, and return the page that comes then."""
    page = browser.new_context().new_page()
    page.goto(place.studio)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name=re.compile("Continue", re.IGNORECASE)).click()  # the consent
    page.wait_for_url(re.compile(re.escape(place.studio)))
    return page


def claims_of(page: Page) -> dict[str, Any]:
    """Return what the studio's own cookie says of who signed in."""
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "_streamlit_user"]
    value = decode_signed_value(COOKIE_SECRET, "_streamlit_user", cookie["value"])
    assert value is not None
    return dict(json.loads(value))


def refusals(place: Place, claims: dict[str, Any]) -> int:
    """Return how many actions are refused to who signed in; each one that the role lacks has to be."""
    person, n_refused = SignIn().person(claims, Roles()), 0
    with Studio.open(place.workspace) as studio:
        view = studio.acting_as(person)
        for row in PERMISSIONS:
            if is_at_least(person.role, row.role):
                continue
            for noun, method in (action.split(".") for action in row.actions()):
                with pytest.raises(NotPermittedError):
                    getattr(getattr(view, noun), method)()
                n_refused += 1
    return n_refused


@pytest.mark.timeout(900)
def test_people_sign_in_and_their_groups_give_them_roles(place: Place, browser: Browser) -> None:
    refused = 0
    for role in ("viewer", "asker", "scientist", "admin"):
        page = sign_in(browser, place, role)
        expect(page.get_by_text(f"Role: {role}")).to_be_visible(timeout=60_000)
        expect(page.get_by_text(f"Signed in as The {role} ({role}@shop.example)")).to_be_visible()
        sample = page.get_by_role("button", name=re.compile("^Try it|^Start|sample", re.IGNORECASE)).first
        expect(sample).to_be_disabled() if role == "viewer" else expect(sample).to_be_enabled()

        refused += refusals(place, claims_of(page))

    assert refused >= 60
    with Studio.open(place.workspace) as studio:
        assert studio.users.name_of("scientist@shop.example") == "The scientist"


@pytest.mark.timeout(900)
def test_who_has_no_role_or_address_stays_at_the_door(place: Place, browser: Browser) -> None:
    stranger = sign_in(browser, place, "stranger")
    expect(stranger.get_by_text("but you have no role here")).to_be_visible(timeout=60_000)
    expect(stranger.get_by_role("link", name="Data")).to_have_count(0)

    unverified = sign_in(browser, place, "unverified")
    expect(unverified.get_by_text("is not verified")).to_be_visible(timeout=60_000)


@pytest.mark.timeout(900)
def test_a_forged_or_foreign_cookie_signs_nobody_in(place: Place, browser: Browser) -> None:
    page = sign_in(browser, place, "admin")
    expect(page.get_by_text("Role: admin")).to_be_visible(timeout=60_000)
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "_streamlit_user"]
    assert cookie["httpOnly"]
    changed = "A" if cookie["value"][40] != "A" else "B"
    for value in (cookie["value"][:40] + changed + cookie["value"][41:], '{"is_logged_in":true}', "x"):
        other = browser.new_context()
        other.add_cookies([{**cookie, "value": value}])  # type: ignore[list-item]
        forged = other.new_page()
        forged.goto(place.studio)
        expect(forged.get_by_role("button", name="Sign in")).to_be_visible(timeout=60_000)
        expect(forged.get_by_text("Role:")).to_have_count(0)


def token(place: Place, audience: str) -> str:
    answer = httpx.post(
        f"{place.issuer}/token",
        data={"grant_type": "client_credentials", "resource": audience},
        auth=("litmus", "a%20secret%20of%20tests"),
    )
    return str(answer.json()["access_token"])


@pytest.mark.timeout(300)
def test_an_endpoint_takes_its_tokens_and_no_others(place: Place) -> None:
    rules = TokenRules(issuer=place.issuer, audience=CALLERS, jwks=f"{place.issuer}/jwks")
    tokens, valid = ProviderTokens(rules), token(place, CALLERS)
    other = TokenRules(issuer=place.studio, audience=CALLERS, jwks=f"{place.issuer}/jwks")

    assert tokens.admits(valid.encode())
    assert not tokens.admits(token(place, "http://127.0.0.1/billing").encode())
    assert not ProviderTokens(other).admits(valid.encode())
    head, body, mark = valid.split(".")
    assert not tokens.admits(f"{head}.{body[:-2]}AA.{mark}".encode())
