"""A step as text: ``cap(low=0, high=100)``."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.types import PluginRef


def part_text(part: PluginRef) -> str:
    """Return the text of a step, with its parameters as Python literals.

    >>> part_text(PluginRef(point="postprocess", reference="cap", parameters=(("low", 0), ("high", 9.5))))
    'cap(low=0, high=9.5)'
    """
    arguments = ", ".join(f"{name}={value!r}" for name, value in part.parameters)
    return f"{part.reference}({arguments})" if arguments else part.reference


def portable(part: PluginRef) -> PluginRef:
    """Return a step by its module: a bundle must not reveal where a custom file was."""
    return replace(part, reference=f"{part.module}:{part.name}") if part.module else part
