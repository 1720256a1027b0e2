"""A cluster: its machines, their usage, and the parts of a run on each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.presenters import humanize
from litmus_core.cluster import Machine, RunningTask, TaskState
from litmus_core.text import NARROW, format_count, unbroken

__all__ = [
    "ClusterMachineView",
    "ClusterView",
    "MachineView",
    "WhereView",
    "present_cluster",
    "present_failed_inspection",
    "present_machine",
    "present_work",
]

_MOST_MACHINES = 12
_MOST_WORK = 6
_NOTHING = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineView:
    """A machine: its figures as text, the share of its processors in use (None: unknown), and its work."""

    name: str
    processors: str
    gpus: str
    memory: str
    share_used: float | None
    work: tuple[tuple[str, str], ...] = ()  # (label, duration)
    n_more_work: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """Machines by name; ``n_more`` are not shown. ``waiting`` is requested work that has not started."""

    headline: str
    machines: tuple[MachineView, ...]
    n_more: int = 0
    waiting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMachineView:
    """An inspection of the cluster ``on``: its result or problem; neither while it is running."""

    on: str
    is_done: Callable[[], bool] = bool
    cluster: ClusterView | None = None
    message: str = ""
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereView:
    """The places where training can run; ``inspected`` is the visitor's last inspection of a cluster."""

    has_ray: bool
    n_processors: int
    inspected: ClusterMachineView | None = None


def present_cluster(machines: Sequence[Machine]) -> ClusterView:
    """Present all machines."""
    names = _names(machines)
    return ClusterView(
        headline=_headline(machines),
        machines=tuple(_machine(machine, names[machine.id]) for machine in machines),
    )


def present_machine(on: str, machines: Sequence[Machine], *, message: str) -> ClusterMachineView:
    """Present an inspected cluster; ``message`` is the inspection's age ("2 min ago")."""
    return ClusterMachineView(on=on, is_done=lambda: True, cluster=present_cluster(machines), message=message)


def present_failed_inspection(on: str, problem: str, hint: str) -> ClusterMachineView:
    """Present a failed inspection."""
    return ClusterMachineView(on=on, is_done=lambda: True, problem=problem, hint=hint)


def present_work(state: TaskState, *, now: float) -> ClusterView:
    """Present the machines that work on a run; of many machines, only those with some of its work."""
    working_on: dict[str, list[RunningTask]] = {machine.id: [] for machine in state.machines}
    waiting: list[RunningTask] = []
    for task in sorted(state.work, key=_in_order):
        working_on.get(task.machine or "", waiting).append(task)
    at_work = sorted(state.machines, key=lambda machine: not working_on[machine.id])[:_MOST_MACHINES]
    shown = [machine for machine in state.machines if machine in at_work]
    names = _names(state.machines)
    return ClusterView(
        headline=_headline(state.machines),
        machines=tuple(
            _machine(machine, names[machine.id], working_on[machine.id], now=now) for machine in shown
        ),
        n_more=len(state.machines) - len(shown),
        waiting=_listed([task.label for task in waiting]),
    )


def _machine(
    machine: Machine, name: str, work: Sequence[RunningTask] = (), *, now: float = 0.0
) -> MachineView:
    used = machine.cpus_used
    return MachineView(
        name=name,
        processors=_of(used, machine.cpus),
        gpus=_of(machine.gpus_used, machine.gpus),
        memory=_of(machine.memory_used_gb, machine.memory_gb, unit="GB"),
        share_used=None if used is None or not machine.cpus else min(1.0, used / machine.cpus),
        work=tuple(
            (task.label, "" if task.since is None else _lasted(max(0.0, now - task.since)))
            for task in work[:_MOST_WORK]
        ),
        n_more_work=max(0, len(work) - _MOST_WORK),
    )


def _names(machines: Sequence[Machine]) -> dict[str, str]:
    """Return the machines' names by their ids: equal names are followed by a part of the id."""
    shared = Counter(machine.name for machine in machines)
    return {
        machine.id: machine.name if shared[machine.name] == 1 else f"{machine.name} ({machine.id[:4]})"
        for machine in machines
    }


def _headline(machines: Sequence[Machine]) -> str:
    if not machines:
        return "No machine is there now"
    used = [machine.cpus_used for machine in machines]
    measured = [number for number in used if number is not None]
    is_complete, n_cpus = len(measured) == len(used), sum(machine.cpus for machine in machines)
    processors = f"{_of(sum(measured) if is_complete else None, n_cpus)} processors"
    parts = [
        format_count(len(machines), "machine"),
        processors + (" in use" if is_complete and n_cpus else ""),
    ]
    if gpus := sum(machine.gpus for machine in machines):
        parts.append(format_count(int(gpus), "GPU"))
    return ", ".join(parts)


def _of(used: float | None, total: float, *, unit: str = "") -> str:
    """Return used and available amounts as text.

    >>> _of(3.0, 4.0), _of(None, 4.0), _of(0.0, 0.0)
    ('3 of 4', '4', 'none')
    """
    if not total:
        return _NOTHING
    text = _figure(total) if used is None else f"{_figure(used)} of {_figure(total)}"
    return f"{text}{NARROW}{unit}" if unit else text


def _figure(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def _lasted(seconds: float) -> str:
    return f"{seconds:.0f}{NARROW}s" if seconds < 59.5 else unbroken(humanize.duration(seconds))


def _in_order(work: RunningTask) -> list[tuple[int, str]]:
    """Return a sort key that orders labels naturally: fold 2 before fold 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", work.label)]


def _listed(labels: Sequence[str]) -> str:
    more = len(labels) - _MOST_WORK
    return "; ".join(labels[:_MOST_WORK]) + (f" and {more} more" if more > 0 else "")
