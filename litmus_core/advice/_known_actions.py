"""Litmus' own actions, as they would describe themselves if they were plug-ins."""

from __future__ import annotations

from litmus_core.types import ActionKind

# By kind: title, and when it helps.
KNOWN_ACTIONS: dict[ActionKind, tuple[str, str]] = {
    "time": ("Give it more time", "The time was used up"),
    "folds": ("Train in folds", "The run had none, and its rows may be folded"),
    "tune": ("Look for better settings", "The run was not tuned"),
    "rows": ("Collect more rows", "Each doubling of the rows still brings something"),
    "class rows": ("Collect rows of a class", "A class does worse with half of its rows"),
}
