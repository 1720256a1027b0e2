"""People's own words (column names, values, labels) shown as they are, inside Markdown."""

from __future__ import annotations

from litmus_core.types import escape_markdown

__all__ = ["literal"]

literal = escape_markdown
