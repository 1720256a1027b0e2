"""Roles come from groups or from the workspace's file, and a broken file gives nobody one."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.errors import UsageError
from litmus_core.people import ROLES_FILE, Roles, read_roles

FILE = """
[groups]
"ml team" = "scientist"
everyone = "viewer"

[people]
"Ada@shop.example" = "admin"
"ben@shop.example" = "viewer"
"""


@pytest.fixture
def roles(tmp_path: Path) -> Roles:
    (tmp_path / ROLES_FILE).write_text(FILE, encoding="utf-8")
    return read_roles(tmp_path)


def test_without_a_file_the_names_of_groups_are_the_roles(tmp_path: Path) -> None:
    roles = read_roles(tmp_path)

    assert roles.role_of("ada", ["litmus-admin"]) == "admin"
    assert roles.role_of("ada", ["litmus-viewer", "litmus-asker"]) == "asker"
    assert roles.role_of("ada", ["admin", "scientist", ""]) is None


def test_a_line_of_a_person_wins_whether_it_gives_more_or_less(roles: Roles) -> None:
    assert roles.role_of("Ada@shop.example", []) == "admin"
    assert roles.role_of("ben@shop.example", ["ml team"]) == "viewer"


def test_of_several_groups_the_one_with_most_rights_counts(roles: Roles) -> None:
    assert roles.role_of("cy@shop.example", ["everyone", "ml team"]) == "scientist"


def test_a_group_that_no_role_has_gives_none_and_the_default_names_are_off(roles: Roles) -> None:
    assert roles.role_of("cy@shop.example", ["chess club", "litmus-admin"]) is None


def test_whom_to_ask_are_people_then_groups(roles: Roles) -> None:
    assert roles.whom_to_ask("admin") == "Ask Ada@shop.example."
    assert roles.whom_to_ask("scientist") == "Ask Ada@shop.example or a member of 'ml team'."
    assert Roles(groups={}).whom_to_ask("admin") == "Ask whoever runs this server."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[people]\nada = admin", "Invalid value"),
        ('[people]\nada = "admni"', "There is no role 'admni'. Did you mean 'admin'?"),
        ("[people]\nada = true", "There is no role 'True'."),
        ('[poeple]\nada = "admin"', "There is no section 'poeple'. Did you mean 'people'?"),
        ('[people]\nada.lovelace = "admin"', "'ada' in [people] has no role. Quote names that have a dot."),
        ('people = "ada"', "'people' is not a section."),
        ('[groups]\nstaff = ["admin"]', "There is no role '['admin']'."),
        ('[people]\nada = "admin"\nada = "viewer"', "Cannot overwrite a value"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / ROLES_FILE).write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        read_roles(tmp_path)

    assert says in refused.value.message
    assert refused.value.hint == "Mend it. Until then nobody who signs in may do anything."


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ROLES_FILE).write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UsageError, match="cannot be read"):
        read_roles(tmp_path)
