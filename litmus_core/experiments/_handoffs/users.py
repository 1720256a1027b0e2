"""Who asks and answers: a display name is enough, kept in the workspace."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.types import PersonNamed

_LONGEST_NAME = 80


def user() -> str:
    """Return who asks, as the machine knows them; nobody where it does not (a container's bare id)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@dataclass(frozen=True, slots=True)
class UsersService:
    """What the people who use a workspace are called in it."""

    context: Context

    def display_name(self) -> str:
        """Return what whoever runs this is called here: as they said, else as the machine does."""
        return self.context.store.person(user()) or user()

    def set_display_name(self, name: str) -> str:
        """Be called ``name`` in this workspace from now on, and return it; raises UsageError for no name."""
        called = named(name)
        if called != self.display_name():
            self.context.record(PersonNamed(user=user(), name=called))
        return called


def named(name: str) -> str:
    """Return a name on one line; raises UsageError where nothing is left of it, or it is too long."""
    called = " ".join(name.split())
    if not called:
        raise UsageError("A name needs at least one letter.", hint="Nothing was changed.")
    if len(called) > _LONGEST_NAME:
        raise UsageError(
            f"A name of {len(called)} letters is too long.", hint=f"Use {_LONGEST_NAME} at most."
        )
    return called
