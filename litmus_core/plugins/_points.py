"""The points at which custom code can take part, and their names."""

from __future__ import annotations

from collections.abc import Mapping

from litmus_core.errors import PLUGIN_NOUNS

NOUNS: Mapping[str, str] = PLUGIN_NOUNS
