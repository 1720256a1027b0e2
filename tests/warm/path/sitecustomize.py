"""Lets a process that a test started ask for warm ones once it has what starts them: tests/warm/client.py."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

_WHERE = ("litmus_core.jobs", "litmus_core.latency", "litmus_core.plugins", "autogluon.common")


class _Until(MetaPathFinder):
    """Gives way to the client's finder when one of those packages is imported."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in _WHERE:
            sys.meta_path.remove(self)
            spec = spec_from_file_location("warm_client", Path(__file__).parent.parent / "client.py")
            assert spec is not None
            assert spec.loader is not None
            client = sys.modules[spec.name] = module_from_spec(spec)
            spec.loader.exec_module(client)
            client.use_warm_processes()
        return None


if "warm_client" not in sys.modules:
    sys.meta_path.insert(0, _Until())
