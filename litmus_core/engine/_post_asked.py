"""What is asked of someone's own step in its process, before a run: see hooks.Host.ask."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import Any


def check(seat: Any, *, module: str, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Import the class, make one, and say what it lacks, with a hint; nothing where it has all."""
    found = importlib.import_module(module)
    if not hasattr(found, name):
        known = [each for each in dir(found) if not each.startswith("_")]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known[:20])}."
        return {"lacks": f"has no '{name}'", "hint": hint}
    made = getattr(found, name)(**parameters)
    if not callable(getattr(made, "apply", None)):
        hint = "Give it apply(self, answers, rows), which returns answers of the same shape."
        return {"lacks": f"has '{name}', which has no apply", "hint": hint}
    return {}
