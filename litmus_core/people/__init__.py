"""The people who act in a workspace: who they are, and which role they have."""

from __future__ import annotations

from litmus_core.people._person import LITMUS, Person, local_person
from litmus_core.people._roles import ROLES, Role, is_at_least
from litmus_core.people._roles_file import ROLES_FILE, Roles, read_roles
from litmus_core.people._sign_in_file import SIGN_IN_VARIABLE, SignIn, read_sign_in

__all__ = [
    "LITMUS",
    "ROLES",
    "ROLES_FILE",
    "SIGN_IN_VARIABLE",
    "Person",
    "Role",
    "Roles",
    "SignIn",
    "is_at_least",
    "local_person",
    "read_roles",
    "read_sign_in",
]
