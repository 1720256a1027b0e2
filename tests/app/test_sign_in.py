"""A shared studio: who is not signed in sees nothing, and a role opens what it may open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.navigation import PAGES
from app.uploads import allowed_path
from litmus_core import Studio
from litmus_core.errors import UsageError
from litmus_core.people import ROLES_FILE, SIGN_IN_VARIABLE
from tests.app.visit import ROOT, go, links, text

PROVIDER = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "studio"
client_secret = "secret"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


@pytest.fixture
def shared(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in use, behind a sign-in."""
    path = tmp_path / "sign-in.toml"
    path.write_text(PROVIDER, encoding="utf-8")
    monkeypatch.setenv(SIGN_IN_VARIABLE, str(path))
    return seeded


def visitor(role: str = "viewer", **changes: Any) -> dict[str, Any]:
    return {
        "is_logged_in": True,
        "iat": time.time() - 60,
        "email": f"{role}@shop.example",
        "email_verified": True,
        "name": "Ada Lee",
        "groups": [f"litmus-{role}"],
    } | changes


def visit(page: str, user: dict[str, Any], **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    app.user = user
    for name, value in query.items():
        app.query_params[name] = value
    return go(app, page)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.parametrize("page", ["home", "data", "export"])
def test_who_is_not_signed_in_sees_the_door_alone(shared: Path, page: str) -> None:
    app = visit(page, {})

    assert [each.value for each in app.title] == ["Sign in"]
    assert labels(app) == ["Sign in"]
    assert links(app) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"is_logged_in": "true"}, "This studio is shared."),
        ({"is_logged_in": False}, "This studio is shared."),
        ({"iat": time.time() - 13 * 3600}, "Sign in again."),
        ({"email_verified": False}, "Verify it where you sign in"),
        ({"groups": ["chess"]}, "Ask a member of 'litmus-admin'."),
        ({"groups": None}, "Ask a member of 'litmus-admin'."),
    ],
)
def test_who_has_no_valid_sign_in_or_role_stays_outside(
    shared: Path, changes: dict[str, Any], says: str
) -> None:
    app = visit("home", visitor("admin", **changes))

    assert [each.value for each in app.title] == ["Sign in"]
    assert says in text(app)
    assert links(app) == []


def test_a_broken_file_of_roles_lets_nobody_in(shared: Path) -> None:
    path = shared / ROLES_FILE
    path.write_text('[people]\nada = "king"', encoding="utf-8")
    try:
        assert "Mend it. Until then nobody" in text(visit("home", visitor("admin")))
    finally:
        path.unlink()
    assert visit("home", visitor("admin")).title[0].value == "Welcome back"


def test_a_viewer_looks_and_cannot_press_what_changes_something(shared: Path) -> None:
    app = visit("home", visitor())

    assert "Signed in as Ada Lee (viewer@shop.example)" in text(app)
    assert "Role: viewer" in text(app)
    samples = [button for button in app.button if str(button.key).startswith("sample-")]
    assert all(button.disabled for button in samples)
    assert samples[0].help == (
        "Asking a question or training a model needs the role asker. "
        "Ask a member of 'litmus-asker' or a member of 'litmus-scientist'."
    )


def test_an_asker_may_press_it(shared: Path) -> None:
    app = visit("home", visitor("asker"))
    samples = [button for button in app.button if str(button.key).startswith("sample-")]

    assert samples
    assert not any(button.disabled for button in samples)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[] if page in ("improve", "results") else pytest.mark.exhaustive)
        for page in PAGES
    ],
)
def test_a_viewer_opens_every_page_without_a_refusal(shared: Path, page: str) -> None:
    with Studio.open(shared) as studio:
        experiment_id = next(run.experiment_id for run in studio.store.runs() if run.verdict)
        before = studio.journal.last_id()
        app = visit(page, visitor(), experiment=experiment_id)

        assert [each.value for each in app.warning if "Ask a member of" in each.value] == []
        assert app.title
        assert {event.person for event in studio.journal.events(before)} <= {""}


def test_the_name_that_the_provider_gives_is_stored_once(shared: Path) -> None:
    with Studio.open(shared) as studio:
        visit("home", visitor("asker", email="new@shop.example", name="Neo"))
        visit("home", visitor("asker", email="new@shop.example", name="Neo"))

        assert studio.users.name_of("new@shop.example") == "Neo"


def test_paths_on_the_server_are_for_those_who_started_it(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LITMUS_DATA_FOLDERS")

    with pytest.raises(UsageError, match="outside the folders"):
        allowed_path(str(Path.home() / "table.csv"))
