"""Lets a process that a test started ask for warm workers: see tests/warm/client.py."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

_NAMES = ("litmus_core.jobs._processes", "litmus_core.latency._child")


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _NAMES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            _client().use_warm_processes(module)

        loader.exec_module = exec_module
        return spec


def _client() -> Any:
    if "warm_client" in sys.modules:
        return sys.modules["warm_client"]
    spec = spec_from_file_location("warm_client", Path(__file__).parent.parent / "client.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sys.meta_path.insert(0, _Finder())
