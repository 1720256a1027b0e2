"""What is asked of pre-processors in their process: see ``litmus_core.hooks.Host.ask``."""

from __future__ import annotations

import inspect
import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.hooks.child import Seat


def look(seat: Seat, *, module: str, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Import the class, make one, and say what it lacks, with a hint; nothing where it has all."""
    from difflib import get_close_matches
    from importlib import import_module

    del seat
    found = import_module(module)
    if not hasattr(found, name):
        known = [each for each in dir(found) if not each.startswith("_")]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known[:20])}."
        return {"lacks": f"has no '{name}'", "hint": hint}
    maker = getattr(found, name)
    unknown = _unknown_parameter(maker, parameters)
    if unknown:
        return {"lacks": f"has '{name}', which takes no parameter '{unknown[0]}'", "hint": unknown[1]}
    if not callable(getattr(maker(**parameters), "transform", None)):
        hint = "Give it transform(self, frame), which returns the frame with its columns changed."
        return {"lacks": f"has '{name}', which has no transform", "hint": hint}
    return {}


def _unknown_parameter(maker: Any, parameters: dict[str, Any]) -> tuple[str, str] | None:
    try:
        known = inspect.signature(maker).parameters
    except (TypeError, ValueError):  # a class that says nothing of its parameters: making it will tell
        return None
    if any(each.kind is each.VAR_KEYWORD for each in known.values()):
        return None
    unknown = next((each for each in parameters if each not in known), None)
    if unknown is None:
        return None
    return unknown, f"It takes: {', '.join(known)}." if known else "It takes none."


def trace(seat: Seat, *, fitted: str, columns: list[dict[str, Any]], to: str) -> dict[str, Any]:
    """Run the fitted pre-processor once on columns to be, and write what it did to ``to`` as JSON."""
    from litmus_core import frame
    from litmus_core.types import Column, from_plain

    del seat
    made = pickle.loads(Path(fitted).read_bytes())  # noqa: S301 - that is this process's job
    traced = frame.trace(made.transform, [from_plain(Column, each) for each in columns])
    Path(to).write_text(json.dumps(traced.state(), allow_nan=False), encoding="utf-8")
    return {}
