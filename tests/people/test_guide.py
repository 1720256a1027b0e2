"""What docs/guides/sign-in.md shows is read as it stands there, and its table is the product's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from litmus_core.experiments import PERMISSIONS
from litmus_core.people import ROLES, ROLES_FILE, SignIn, read_roles, read_sign_in
from litmus_core.serving._guards.tokens import TokenRules, read_token_rules

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "sign-in.md").read_text(encoding="utf-8")
PROVIDER, ROLES_SHOWN, TOKENS = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.M | re.S)


def test_the_file_of_the_provider_is_read_and_shows_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "sign-in.toml").write_text(PROVIDER, encoding="utf-8")

    assert read_sign_in(tmp_path / "sign-in.toml") == SignIn()


def test_the_file_of_roles_is_read(tmp_path: Path) -> None:
    (tmp_path / ROLES_FILE).write_text(ROLES_SHOWN, encoding="utf-8")
    roles = read_roles(tmp_path)

    assert roles.role_of("ada@shop.example", ["everyone"]) == "admin"
    assert roles.role_of("ben@shop.example", ["ml team", "everyone"]) == "scientist"


def test_its_extra_is_one_that_there_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (extras,) = re.findall(r'pip install "litmus-automl\[(.*?)\]"', GUIDE)

    assert set(extras.split(",")) <= set(project["optional-dependencies"])


def test_the_rules_for_tokens_are_read(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text(TOKENS, encoding="utf-8")

    assert read_token_rules(tmp_path / "tokens.toml") == TokenRules(
        issuer="https://id.example.com",
        audience="churn-model",
        jwks="https://id.example.com/jwks",
        groups=("shop",),
    )


def test_its_table_names_the_roles_in_order_and_what_each_adds() -> None:
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", GUIDE, re.M)[1:]

    assert tuple(role for role, _ in rows) == ROLES
    said = dict(rows)
    for row in PERMISSIONS:
        verb = row.words.split()[0].lower()[:3]
        assert verb in said[row.role], row.words
