"""Lets a process that a test started ask for warm workers: see tests/warm/client.py."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

if "warm_client" not in sys.modules:
    spec = spec_from_file_location("warm_client", Path(__file__).parent.parent / "client.py")
    assert spec is not None
    assert spec.loader is not None
    client = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(client)
    client.use_warm_processes()
