"""Python objects in a call of ``train`` (classes, functions and scorers), written out for runs."""

from litmus_core.experiments._api.objects.goal import stored_goal
from litmus_core.experiments._api.objects.stored import stored_algorithm, stored_training

__all__ = ["stored_algorithm", "stored_goal", "stored_training"]
