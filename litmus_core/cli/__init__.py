"""The ``litmus`` command: thin commands over the same use cases as the pages."""

from litmus_core.cli._main import app, main

__all__ = ["app", "main"]
