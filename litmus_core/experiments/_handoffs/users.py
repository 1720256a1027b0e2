"""Who acts, and the display names of people, stored in the workspace."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.people import Person
from litmus_core.types import UserRenamed

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class UsersService:
    """Display names of the people who use a workspace."""

    context: Context

    def person(self) -> Person:
        """Return who acts: who signed in, otherwise who started this process."""
        return self.context.person

    def display_name(self) -> str:
        """Return the display name of who acts: the chosen one, otherwise the id."""
        return self.name_of(self.context.person.id)

    def name_of(self, person_id: str) -> str:
        """Return the display name of the person with this id."""
        return self.context.store.person(person_id) or person_id

    def set_display_name(self, name: str) -> str:
        """Change the display name in this workspace to ``name`` and return it.

        Raises UsageError for an empty name, and for a person who signed in.
        """
        called = named(name)
        if called == self.display_name():
            return called
        if self.context.person.is_signed_in:
            raise UsageError("Your name comes from your sign-in.", hint="Change it where you sign in.")
        self.context.record(UserRenamed(user=self.context.person.id, name=called))
        return called

    def author(self, by: str) -> str:
        """Return the name to sign a decision with: ``by``, or the display name for "".

        Raises UsageError for a person who signed in and signs with another name.
        """
        if not by:
            return self.display_name()
        called = named(by)
        if self.context.person.is_signed_in and called != self.display_name():
            raise UsageError(
                f"You are signed in as {self.display_name()}, so you cannot sign as {called}.",
                hint="Leave the name out.",
            )
        return called

    def welcome(self) -> None:
        """Store the name that the sign-in's provider gives a person, if it is new."""
        person = self.context.person
        if person.name and person.name != self.context.store.person(person.id):
            self.context.for_litmus().record(UserRenamed(user=person.id, name=person.name))

    def evaluations(self, experiment_id: str) -> dict[str, int]:
        """Return how many test scores of an experiment each person has seen, by display name, most first."""
        counts = self.context.store.evaluations_by_person(experiment_id)
        shown: dict[str, int] = {}
        for person_id, n in counts.items():
            name = self.name_of(person_id)
            shown[name] = shown.get(name, 0) + n
        return shown


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
