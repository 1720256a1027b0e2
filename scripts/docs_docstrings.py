"""The griffe extension of ``make docs`` that turns docstrings into Markdown."""

from __future__ import annotations

from typing import Any

import griffe

from scripts.docs_hooks import as_markdown


class Docstrings(griffe.Extension):
    """Rewrites each docstring when it is loaded."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite one object's docstring."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
