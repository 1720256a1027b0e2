"""The roles of people, in order: each may do what those before it may."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["viewer", "asker", "scientist", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


def is_at_least(role: Role | None, least: Role) -> bool:
    """Return whether a role may do what needs ``least``; without a role nobody may.

    >>> is_at_least("scientist", "asker"), is_at_least("viewer", "asker"), is_at_least(None, "viewer")
    (True, False, False)
    """
    return role is not None and ROLES.index(role) >= ROLES.index(least)
