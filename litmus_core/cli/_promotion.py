"""``litmus endpoints promote | compare | rollback | history``: which version answers, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litmus_core.cli._endpoints import NameArgument, endpoints, exit_with
from litmus_core.cli._session import Session, studio_command, table
from litmus_core.types import ComparisonState, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import EndpointChange

VersionArgument = Annotated[int | None, typer.Argument(help="The version's number. Default: the newest.")]
_STATUSES: dict[ComparisonState, int] = {"better": 0, "worse": 1, "undecided": 3, "too few rows": 3}
_REPLACED = "Started after a stop in place of another version; nothing was compared."


def register(app: typer.Typer) -> None:
    """Add the commands to those of endpoints."""
    endpoints.command("promote")(promote)
    endpoints.command("compare")(compare)
    endpoints.command("rollback")(rollback)
    endpoints.command("history")(history)


@studio_command
def promote(
    session: Session,
    name: NameArgument,
    version: VersionArgument = None,
    if_better: Annotated[
        bool, typer.Option("--if-better", help="Where it is not better yet, end with the status of compare.")
    ] = False,
    because: Annotated[
        str,
        typer.Option(help="Why it answers although no outcomes show it better, or it breaks an assertion."),
    ] = "",
) -> None:
    """Switch to a version that outcomes show to be better, or for a reason; no request is lost."""
    if if_better:
        comparison, promoted = session.studio.retraining.promote(name, version, because=because)
        lines = [
            comparison.sentence,
            *(() if promoted is None else [_live_version_text(name, promoted.version)]),
        ]
        facts = {"comparison": to_plain(comparison), "promoted": promoted is not None}
        session.show(facts, text=lambda: "\n".join(lines))
        exit_with(_STATUSES[comparison.state])
        return
    endpoint = session.studio.endpoints.promote(name, version, because=because)
    session.show(to_plain(endpoint), text=lambda: _live_version_text(name, endpoint.version))


@studio_command
def compare(session: Session, name: NameArgument, version: VersionArgument = None) -> None:
    """Say whether a waiting version is better than the live one: status 0 it is, 1 it is worse, 3 open.

    Both answer the sampled rows with outcomes that were asked about since it was trained.
    """
    comparison = session.studio.retraining.compare(name, version)
    session.show(to_plain(comparison), text=lambda: comparison.sentence)
    exit_with(_STATUSES[comparison.state])


@studio_command
def rollback(
    session: Session,
    name: NameArgument,
    because: Annotated[
        str, typer.Option(help="Why it comes back; needed where it breaks an assertion.")
    ] = "",
) -> None:
    """Switch back to the version before the last promotion."""
    endpoint = session.studio.endpoints.rollback(name, because=because)
    session.show(to_plain(endpoint), text=lambda: _live_version_text(name, endpoint.version))


@studio_command
def history(session: Session, name: NameArgument) -> None:
    """Show which version answered from when on, who let it, and why."""
    changes = session.studio.endpoints.history(name)
    session.show(to_plain(changes), text=lambda: table([_line(change) for change in changes]))


def _line(change: EndpointChange) -> dict[str, str | int]:
    return {
        "at": change.at,
        "version": change.version,
        "how": change.kind,
        "by": change.by,
        "trained": change.trained,
        "why": change.reason or change.proof or (_REPLACED if change.kind == "replaced" else ""),
    }


def _live_version_text(name: str, version: int) -> str:
    return f"'{name}' answers with version {version} now."
