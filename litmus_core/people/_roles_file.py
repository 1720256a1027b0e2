"""The file ``roles.toml`` of a workspace: which role groups and people have."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.people._roles import ROLES, Role, is_at_least

ROLES_FILE = "roles.toml"
_DEFAULT_GROUPS: Mapping[str, Role] = {f"litmus-{role}": role for role in ROLES}
_NOBODY = "Until then nobody who signs in may do anything."


@dataclass(frozen=True, slots=True)
class Roles:
    """Which role a person has.

    A line of ``people`` wins over groups, whether it gives more or less. Otherwise the group with the most
    rights counts. ``groups`` of None are ``litmus-viewer`` to ``litmus-admin``.
    """

    people: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, Role] = field(default_factory=lambda: _DEFAULT_GROUPS)

    def role_of(
        self, person_id: str, groups: Iterable[str], *, spelled: Callable[[str], str] = str
    ) -> Role | None:
        """Return the role of a person who is in ``groups``; None if nothing gives one.

        ``spelled`` spells the names of ``people`` like ``person_id``. Of several lines that become the same,
        the one with the fewest rights counts.

        >>> Roles(people={"ben": "viewer"}).role_of("ben", ["litmus-admin"])
        'viewer'
        >>> Roles().role_of("ada", ["litmus-asker", "litmus-scientist", "chess"])
        'scientist'
        """
        if lines := [role for name, role in self.people.items() if spelled(name) == person_id]:
            return min(lines, key=ROLES.index)
        roles = [self.groups[group] for group in groups if group in self.groups]
        return max(roles, key=ROLES.index, default=None)

    def whom_to_ask(self, least: Role) -> str:
        """Return who could do what needs ``least``, and who could give the role, as one sentence."""
        names = [name for name, role in self.people.items() if is_at_least(role, least)]
        groups = [f"a member of '{name}'" for name, role in self.groups.items() if is_at_least(role, least)]
        who = " or ".join([*names[:2], *groups[:2]])
        return f"Ask {who}." if who else "Ask whoever runs this server."


def read_roles(workspace: Path) -> Roles:
    """Read the workspace's ``roles.toml``; without it, groups have the roles that their names say.

    Raises UsageError for a file that cannot be read in full: half of it could give somebody too many rights.
    """
    path = workspace / ROLES_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Roles()
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{path} cannot be read.", hint=f"Mend it. {_NOBODY}") from error
    try:
        return _parse(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UsageError) as error:
        raise UsageError(f"{path} cannot be used: {error}", hint=f"Mend it. {_NOBODY}") from error


def _parse(stored: dict[str, Any]) -> Roles:
    for name in stored:
        if name not in ("people", "groups"):
            raise UnknownNameError(kind="section", name=name, names=("people", "groups"))
    groups = _section(stored, "groups") if "groups" in stored else _DEFAULT_GROUPS
    return Roles(_section(stored, "people"), groups)


def _section(stored: dict[str, Any], name: str) -> dict[str, Role]:
    section = stored.get(name, {})
    if not isinstance(section, dict):
        raise UsageError(f"'{name}' is not a section.", hint=f"Write [{name}] on a line of its own.")
    for key, role in section.items():
        if isinstance(role, dict):
            raise UsageError(f"'{key}' in [{name}] has no role.", hint="Quote names that have a dot.")
        if role not in get_args(Role):
            raise UnknownNameError(kind="role", name=str(role), names=ROLES)
    return dict(section)
