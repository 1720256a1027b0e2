"""The machines of a cluster, also for a program that does not load Ray."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from litmus_core.cluster._connection import check_place
from litmus_core.cluster._places import place_of
from litmus_core.errors import UsageError
from litmus_core.types import from_plain

_REPORT_MODULE = "litmus_core.cluster.machine_report"
_REPORT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine of a cluster: the resources that Ray may use, and how much of them is in use.

    ``cpus_used`` and the like are None if Ray does not report them. Memory counts as in Ray: by what tasks
    requested, not by what they use.
    """

    id: str
    name: str
    cpus: float
    gpus: float
    memory_gb: float
    cpus_used: float | None = None
    gpus_used: float | None = None
    memory_used_gb: float | None = None


def machines(ray: Any) -> tuple[Machine, ...]:
    """Return the current machines by name."""
    free: Mapping[str, Mapping[str, float]] = {}
    with suppress(Exception):  # not all Ray connections report it; Ray's client never does
        free = ray._private.state.available_resources_per_node()
    found_machines = [
        _machine(node["NodeID"], node["NodeManagerHostname"], node["Resources"], free.get(node["NodeID"]))
        for node in ray.nodes()
        if node["Alive"]
    ]
    return tuple(sorted(found_machines, key=lambda machine: (machine.name, machine.id)))


def _machine(id_: str, name: str, has: Mapping[str, float], free: Mapping[str, float] | None) -> Machine:
    def used(resource: str) -> float | None:
        return None if free is None else max(0.0, has.get(resource, 0.0) - free.get(resource, 0.0))

    memory = used("memory")
    return Machine(
        id=id_,
        name=name,
        cpus=has.get("CPU", 0.0),
        gpus=has.get("GPU", 0.0),
        memory_gb=has.get("memory", 0.0) / 2**30,
        cpus_used=used("CPU"),
        gpus_used=used("GPU"),
        memory_used_gb=None if memory is None else memory / 2**30,
    )


def inspect_machine(on: str, *, limit_s: float = _REPORT_S) -> tuple[Machine, ...]:
    """Return the machines of the cluster at ``on``, as reported by a short-lived process.

    ``ray``: what Ray finds on this machine; it is started for the purpose. Raises UsageError if there is no
    cluster or it does not answer within ``limit_s``; MissingExtraError without Ray.
    """
    place = place_of(on)
    if not place.on_ray:
        raise UsageError(
            "This machine, without Ray, is not a cluster.", hint="Write ray, auto, or a cluster's host:port."
        )
    check_place(place, purpose="Looking at a cluster")
    output = _child_output(_command(on), limit_s)
    if output is None:
        raise UsageError(
            f"The cluster at '{on}' did not answer in {limit_s:g} s.",
            hint="Look with 'ray status' whether it is well.",
        )
    try:
        document = json.loads(output.splitlines()[-1])
        if "message" not in document:
            return from_plain(tuple[Machine, ...], document["machines"])
    except (IndexError, TypeError, ValueError):
        document = {"message": f"The cluster at '{on}' could not be reached.", "hint": "Try: ray status."}
    raise UsageError(document["message"], hint=document["hint"])


def _command(on: str) -> list[str]:
    return [sys.executable, "-P", "-m", _REPORT_MODULE, on]


def _child_output(command: list[str], limit_s: float) -> str | None:
    """Return what a child process prints; None if it takes longer and is ended with its children."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=os.environ,
    ) as child:
        try:
            return child.communicate(timeout=limit_s)[0].strip()
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            return None
