"""The person who acts."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core.people._roles import Role

if TYPE_CHECKING:
    from litmus_core.people._roles_file import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts in a workspace.

    ``id`` is what the journal stores: the identity that the sign-in's provider vouches for, or the login name
    on this machine. Only a person who signed in is bound to a ``role`` (None: may do nothing); ``roles`` says
    whom to ask for another. ``name`` is for people.
    """

    id: str
    name: str = ""
    role: Role | None = "admin"
    is_signed_in: bool = False
    roles: Roles | None = None


LITMUS = Person(id="")  # nobody: what Litmus finds out by itself


def local_person() -> Person:
    """Return who runs this process, by login name; "" if the machine has none, as in a container."""
    try:
        return Person(id=getpass.getuser())
    except (KeyError, OSError):
        return Person(id="")
