"""The file that says how people sign in, and the person that an identity token names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litmus_core.errors import UsageError
from litmus_core.people import Roles, SignIn, read_sign_in

NOW = 1_800_000_000.0
CLAIMS: dict[str, Any] = {
    "iat": NOW - 60,
    "sub": "7f3",
    "email": "Ada@Shop.example",
    "email_verified": True,
    "name": " Ada  Lee ",
    "groups": ["litmus-asker", "chess"],
}
AUTH = {
    "redirect_uri": "https://studio.example.com/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "studio",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


def written(folder: Path, *, more: str = "", **changes: str | None) -> Path:
    lines = [f'{name} = "{value}"' for name, value in (AUTH | changes).items() if value is not None]
    path = folder / "sign-in.toml"
    path.write_text("\n".join(["[auth]", *lines, more]), encoding="utf-8")
    return path


def test_claims_name_a_person_with_a_role() -> None:
    ada = SignIn().person(CLAIMS, Roles(), now=NOW)

    assert (ada.id, ada.name, ada.role, ada.is_signed_in) == ("ada@shop.example", "Ada Lee", "asker", True)


def test_another_claim_may_identify() -> None:
    assert SignIn(identity="sub").person(CLAIMS | {"email_verified": False}, Roles(), now=NOW).id == "7f3"


@pytest.mark.parametrize("identity", ["email", "upn", "preferred_username", "sub"])
@pytest.mark.parametrize("line", ["Ada@Shop.example", "ada@shop.example"])
def test_the_line_of_an_address_counts_by_whichever_claim_names_it(identity: str, line: str) -> None:
    claims = CLAIMS | {
        identity: line if identity == "sub" else "Ada@Shop.example",
        "groups": ["litmus-admin"],
    }
    others = Roles(people={line: "viewer"})

    assert SignIn(identity=identity).person(claims, others, now=NOW).role == "viewer"


def test_subjects_that_differ_in_case_alone_are_two_people() -> None:
    eve, other = (CLAIMS | {"sub": name, "groups": []} for name in ("Eve|X@y", "eve|x@y"))
    roles, by_subject = Roles(people={"Eve|X@y": "admin"}), SignIn(identity="sub")

    assert (by_subject.person(eve, roles, now=NOW).id, by_subject.person(eve, roles, now=NOW).role) == (
        "Eve|X@y",
        "admin",
    )
    assert by_subject.person(other, roles, now=NOW).role is None


def test_of_two_lines_of_one_address_the_one_with_fewer_rights_counts() -> None:
    roles = Roles(people={"ada@shop.example": "admin", "Ada@Shop.example": "viewer"})

    assert SignIn().person(CLAIMS, roles, now=NOW).role == "viewer"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"iat": NOW - 12 * 3600 - 1}, "Your sign-in has expired."),
        ({"iat": NOW + 301}, "Your sign-in has expired."),
        ({"iat": None}, "Your sign-in has expired."),
        ({"iat": "soon"}, "Your sign-in has expired."),
        ({"email": None}, "Your account has no 'email'"),
        ({"email": ["ada@shop.example"]}, "Your account has no 'email'"),
        ({"email": " "}, "Your account has no 'email'"),
        ({"email_verified": False}, "is not verified"),
        ({"email_verified": "true"}, "is not verified"),
        ({"email_verified": None}, "is not verified"),
    ],
)
def test_claims_that_are_old_or_name_nobody_are_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        SignIn().person(CLAIMS | changes, Roles(), now=NOW)


@pytest.mark.parametrize("groups", [None, "litmus-admin", ["Litmus-Admin"], [["litmus-admin"]], {"a": 1}, []])
def test_groups_of_another_shape_or_name_give_no_role(groups: Any) -> None:
    assert SignIn().person(CLAIMS | {"groups": groups}, Roles(), now=NOW).role is None


def test_the_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    assert read_sign_in(written(tmp_path)) == SignIn()
    own = '[litmus]\nidentity = "sub"\ngroups = "roles"\nhours = 8'
    assert read_sign_in(written(tmp_path, more=own)) == SignIn(identity="sub", groups="roles", hours=8)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"client_secret": None}, "lacks client_secret"),
        ({"client_id": "", "cookie_secret": None}, "lacks cookie_secret, client_id"),
        ({"cookie_secret": "short"}, "fewer than 32 letters"),
        ({"redirect_uri": "https://studio.example.com/"}, "does not end in /oauth2callback"),
        (
            {"redirect_uri": "http://studio.example.com/oauth2callback"},
            "redirect_uri is not an https address",
        ),
        ({"server_metadata_url": "http://id.example.com/x"}, "server_metadata_url is not an https address"),
        ({"more": '[litmus]\nidentiy = "sub"'}, "has an unknown line"),
        ({"more": "[litmus]\nhours = 0"}, "are not a number from 0 to 720"),
        ({"more": "[litmus]\nhours = nan"}, "are not a number from 0 to 720"),
        ({"more": "[litmus]\nidentity = 3"}, "are not names of claims"),
        ({"more": "[auth"}, "cannot be read"),
    ],
)
def test_a_file_with_which_nobody_or_anybody_could_sign_in_is_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        read_sign_in(written(tmp_path, **changes))


def test_on_this_machine_http_will_do(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        redirect_uri="http://localhost:8501/oauth2callback",
        server_metadata_url="http://127.0.0.1:9000/.well-known/openid-configuration",
    )

    assert read_sign_in(path) == SignIn()
