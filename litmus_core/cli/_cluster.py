"""``litmus cluster``: the machines that can run work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, show, table
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.cluster import Machine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cluster")(inspect_cluster)


def inspect_cluster(
    on: Annotated[
        str, typer.Option(help="A Ray cluster as host:port; auto: this machine's; ray: Ray on this machine.")
    ] = "auto",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the machines of a Ray cluster and how much of each is in use."""
    from litmus_core.cluster import inspect_machine

    del workspace
    with reporting(as_json=as_json):
        machines = inspect_machine(on)
        show(
            [to_plain(machine) for machine in machines],
            as_json=as_json,
            text=lambda: table([_row(machine) for machine in machines]),
        )


def _row(machine: Machine) -> dict[str, Any]:
    return {
        "machine": machine.name,
        "processors in use": _usage_text(machine.cpus_used, machine.cpus),
        "GPUs in use": _usage_text(machine.gpus_used, machine.gpus),
        "memory in use, GB": _usage_text(machine.memory_used_gb, machine.memory_gb),
    }


def _usage_text(used: float | None, total: float) -> str:
    """Return used and available amounts as text.

    >>> _usage_text(3.0, 4.0), _usage_text(None, 15.43), _usage_text(0.0, 0.0)
    ('3 of 4', '? of 15.4', '-')
    """
    return f"{'?' if used is None else f'{used:.3g}'} of {total:.3g}" if total else "-"
