"""The ``litmus`` command line: thin commands over the same services as the pages."""

from litmus_core.cli._main import app, main

__all__ = ["app", "main"]
