"""A process that has the libraries of training in memory and becomes a process of Litmus, by a fork.

    python -P tests/warm/server.py FD

FD is the socket on which others ask. It ends when the process that started it closes its standard input.
See tests/warm/client.py.
"""

from __future__ import annotations

import array
import atexit
import ctypes
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import random
import runpy
import select
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import is_dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

# What is only imported as it is needed, beside Litmus itself.
_LATE = (
    "autogluon.tabular.models.lgb.callbacks", "babel.dates", "babel.numbers", "babel.units", "catboost",
    "cattrs.preconf.json", "duckdb", "encodings.cp437", "lightgbm", "narwhals._interchange",
    "narwhals._pandas_like.namespace", "narwhals.stable.v2._namespace", "networkx",
    "packaging.requirements", "pandas.core.arrays.arrow.extension_types", "pandas.core.methods.to_dict",
    "pyarrow.dataset", "pyarrow.feather", "pyarrow.parquet", "sklearn.ensemble",
    "typer._adapters", "xgboost", "yaml",
)  # fmt: skip
# Parts of Litmus that import what most processes do without: torch, a server of HTTP.
_SELDOM = ("litmus_core.engine._text_encoder", "litmus_core.serving", "litmus_core.compiled._native")
# Where the frozen types stand that most processes write or read.
_WRITTEN = (
    "litmus_core.types", "litmus_core.diagnostics", "litmus_core.latency._job",
    "litmus_core.runtime._seal.manifest",
)  # fmt: skip
_MOST_BYTES, _MOST_FILES = 1 << 20, 16
_SETTINGS = slice(47, 49)  # where they start and end, after the name in /proc/PID/stat: see proc(5)
_FAR = 512  # no file of a process that asks has such a number


def main() -> None:
    """Load, listen, and fork for each that asks; a fork returns when its work is done."""
    with socket.socket(fileno=int(sys.argv[1])) as door:
        modules, client = _loaded()
        # Processes by their handles, and who asked for them.
        living: dict[int, tuple[int, socket.socket]] = {}
        while _is_asked(door, living):
            connection, _ = door.accept()
            request, files = _received(connection)
            if (pid := os.fork()) == 0:
                break
            living[os.pidfd_open(pid)] = pid, connection
            for each in files:
                os.close(each)
        else:
            return
        for handle, (_, other) in living.items():
            os.close(handle)
            other.close()
    with connection:
        _begin(request, files)
        connection.send(f"pid {os.getpid()}".encode())
    module = modules[request["module"]]
    sys.argv = [module.__file__ or "", *request["arguments"]]
    sys.modules["__main__"] = module  # what children of its own import
    if request["module"] == client.KERNEL:
        sys.path.insert([Path(each).name for each in sys.path].index("site-packages"), "")  # as IPython does
    if request["module"] == client.COMMANDS:
        sys.argv[0] = "litmus"
        sys.modules["__main__"] = ModuleType("__main__")  # a script
    if request["module"] == client.SCRIPT:
        sys.argv = request["arguments"]
        runpy.run_path(sys.argv[0], run_name="__main__")
        return
    sys.exit(module.main())


def _loaded() -> tuple[dict[str, ModuleType], ModuleType]:
    """Import what each of them imports; no thread of Python's is left behind that a fork would lose."""
    import litmus_core
    from litmus_core.engine import load_libraries

    for name in _LATE:
        with suppress(ImportError):  # an extra
            importlib.import_module(name)
    for each in pkgutil.walk_packages(litmus_core.__path__, "litmus_core."):
        if not each.name.startswith(_SELDOM) and not each.name.endswith("__main__"):
            importlib.import_module(each.name)

    client = _beside("client")
    client.use_warm_processes()  # a worker starts the next one, and measures
    load_libraries()
    _know(client)
    modules = {}
    for name in client.WARM:
        with suppress(ImportError):  # a kernel is an extra
            modules[name] = importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what the collector does not touch stays shared with the forks
    return modules, client


def _beside(name: str) -> ModuleType:
    """Import a module of this folder, which no fork shall find by its path."""
    spec = spec_from_file_location(f"warm_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _know(client: ModuleType) -> None:
    """Find out what each fork would find out again: packages, months, what checks found.

    Of guides, what a training made, too.
    """
    import pandas as pd
    import typer.main

    from litmus_core import checks, cli, data
    from litmus_core.data import text_order
    from litmus_core.deploy._bundles import requirements
    from litmus_core.errors import DISTRIBUTION
    from litmus_core.jobs._stages import sequence

    importlib.import_module(client.LISTING).get_package_versions()
    text_order(pd.Series(["January", "February"]), "month")
    requirements.distributions_of("numpy")  # reads what files each package has
    requirements.closure(DISTRIBUTION, extras=("train",))
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(cli.app)
    _prepare_codecs()
    _measure_briefly()
    checked = _beside("checked")
    trained = _beside("trained")
    sequence.run = trained.keep_trainings(sequence.run)

    def found() -> Path:
        kept = os.environ.get(trained.KEPT)
        return Path(kept) / "checks" if kept else Path(f"{os.environ[client.SOCKET]}.checks")

    checks.run_checks = checked.keep_checks(checks.run_checks, found)
    for fit in (data.baselines, data.quick_reference):
        setattr(data, fit.__name__, checked.keep_fits(fit, found))


def _measure_briefly() -> None:
    """Ask each model for its latency a few times only: what is measured is a figure all the same."""
    from litmus_core.latency import model_worker

    model_worker._WARM_UP_CALLS, model_worker._FEWEST_SINGLE, model_worker._STEPS_CALLS = 1, 3, 20
    model_worker._LONGEST_SINGLE_S = 0.02
    model_worker._MOST_BATCH_CALLS, model_worker._MOST_LARGE_CALLS = 2, 1


def _prepare_codecs() -> None:
    """Write the code that turns each frozen type into JSON and back: cattrs writes it when first asked."""
    from litmus_core.types import _codec

    modules = map(importlib.import_module, _WRITTEN)
    named = [each for module in modules for each in vars(module).values()]
    found = {each: None for each in named if isinstance(each, type) and is_dataclass(each)}
    for settings in ({}, {"omit_if_default": False}, {"omit_if_default": True}):
        converter = _codec._converter(**settings)
        for each in found:
            with suppress(Exception):  # one that only others derive from, or that nobody writes
                converter.get_unstructure_hook(each)
                converter.get_structure_hook(each)


def _is_asked(door: socket.socket, living: dict[int, tuple[int, socket.socket]]) -> bool:
    """Wait, and say how processes ended; return whether somebody asks: False where who began this is gone."""
    while True:
        ready, _, _ = select.select([door, 0, *living], [], [])
        for handle in living.keys() & set(ready):
            pid, asker = living.pop(handle)
            ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            os.close(handle)
            with asker, suppress(OSError):  # who asked is gone
                asker.send(f"end {ended}".encode())
        if 0 in ready or door in ready:
            return 0 not in ready


def _received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    room = socket.CMSG_LEN(_MOST_FILES * array.array("i").itemsize)
    message, extra, _, _ = connection.recvmsg(_MOST_BYTES, room)
    files = array.array("i")
    files.frombytes(extra[0][2])
    return json.loads(message), list(files)


def _begin(request: dict[str, Any], files: list[int]) -> None:
    """Be the process that was asked for, as if it had been started: its files, folder, settings."""
    if request["in_a_session"]:
        os.setsid()
    far = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _FAR) for each in files]
    for each in files:
        os.close(each)
    for to, each in zip(request["files"], far, strict=True):
        os.dup2(each, to)
        os.close(each)
    os.chdir(request["folder"])
    environment: dict[str, str] = request["environment"]
    os.environ.clear()
    os.environ.update(environment)
    _show(environment)
    sys.path[:0] = [each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each]
    if not request["is_safe"]:
        sys.path.insert(0, request["folder"])
    sys.dont_write_bytecode = request["keeps_no_bytecode"]
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _show(environment: dict[str, str]) -> None:
    """Have the system show these as the settings that this process began with: others find it by them.

    They take the place of the server's own, which nothing refers to any more.
    """
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = map(int, stat[_SETTINGS])
    shown = b"".join(f"{name}={value}".encode() + b"\0" for name, value in environment.items())
    ctypes.memmove(start, shown.ljust(end - start, b"\0")[: end - start], end - start)


def _leave(status: Any) -> None:
    """End as an interpreter does that was given ``status``, but leave its memory to the system.

    An interpreter clears each of its objects first: with all libraries that takes 0.2 s, longer than most
    commands.
    """
    if status is not None and not isinstance(status, int):
        print(status, file=sys.stderr)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    try:
        main()
    except SystemExit as end:
        _leave(end.code)
    _leave(None)
