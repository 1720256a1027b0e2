"""People's own texts (column names, values, labels), escaped in Markdown."""

from __future__ import annotations

from litmus_core.types import escape_markdown

__all__ = ["literal"]

literal = escape_markdown
