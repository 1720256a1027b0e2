"""Display names of the people who ask and answer, stored in the workspace."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.types import UserRenamed

_LONGEST_NAME = 80


def user() -> str:
    """Return the login name of the user; "" if the machine has none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@dataclass(frozen=True, slots=True)
class UsersService:
    """Display names of the people who use a workspace."""

    context: Context

    def display_name(self) -> str:
        """Return the display name of the current user: the chosen one, otherwise the login name."""
        return self.context.store.person(user()) or user()

    def set_display_name(self, name: str) -> str:
        """Change the display name in this workspace to ``name`` and return it; raises UsageError for an empty
        one.
        """
        called = named(name)
        if called != self.display_name():
            self.context.record(UserRenamed(user=user(), name=called))
        return called


def named(name: str) -> str:
    """Return a name on one line; raises UsageError for an empty or overlong one."""
    called = " ".join(name.split())
    if not called:
        raise UsageError("A name needs at least one letter.", hint="Nothing was changed.")
    if len(called) > _LONGEST_NAME:
        raise UsageError(
            f"A name of {len(called)} letters is too long.", hint=f"Use {_LONGEST_NAME} at most."
        )
    return called
