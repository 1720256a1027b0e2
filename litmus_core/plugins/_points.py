"""The points at which someone's own code can take part, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping

from litmus_core.errors import PLUGIN_NOUNS

NOUNS: Mapping[str, str] = PLUGIN_NOUNS
