"""``litmus endpoints outcomes | verdict``: what came true of an endpoint's answers, and what follows."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._endpoints import NameArgument, endpoints, exit_with, verdict_status
from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import DETECT_ALL, OutcomeCounts, ReadOptions, to_plain


def register(_: typer.Typer) -> None:
    """Add the commands, which are those of endpoints."""
    endpoints.command("outcomes")(outcomes)
    endpoints.command("verdict")(verdict)


@studio_command
def outcomes(
    session: Session,
    name: NameArgument,
    source: Annotated[
        str | None,
        typer.Argument(help="A file or an address of outcomes. Default: the last address, read again."),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Join by this column, which the rows carried, instead of by id.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="The column of outcomes. Default: the target's name, or outcome.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="The column of times, if there is one.")] = None,
    table: Annotated[str | None, typer.Option(help="The database's table.")] = None,
    query: Annotated[str | None, typer.Option(help="A SELECT for PostgreSQL, in place of a table.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The workbook's sheet.")] = None,
) -> None:
    """Add what came true of an endpoint's answers; status 1 where some rows could not be read."""
    added = session.studio.outcomes
    options = ReadOptions(table=table, query=query, sheet=sheet)
    if source is not None:
        counts = added.add(name, source, key=key, outcome=outcome, at=at, options=options)
    elif (key, outcome, at, options) == (None, None, None, DETECT_ALL):
        counts = added.refresh(name)
    else:
        raise UsageError(
            "These options say how a file or an address is read, and none is named.",
            hint="Name it, or leave them out: the last address is read again as before.",
        )
    session.show(to_plain(counts), text=lambda: outcome_counts_text(counts))
    if counts.n_refused:
        raise typer.Exit(1)


@studio_command
def verdict(
    session: Session,
    name: NameArgument,
    why: Annotated[
        bool, typer.Option("--why", help="Say by which column or group, and the ways back (seconds).")
    ] = False,
) -> None:
    """Say whether an endpoint still meets its bar: status 0 it does, 1 not any more, 3 not known yet.

    An assertion that its kept rows break makes it 1, too.
    """
    live = session.studio.outcomes.verdict(name)
    causes = session.studio.outcomes.causes(name) if why else None
    has_fallen = live.judgement.state in ("doubtful", "not any more")
    ways = session.studio.ways_back.list(name, causes) if causes is not None and has_fallen else ()
    facts = to_plain(live) | (
        {} if causes is None else {"why": to_plain(causes), "ways_back": to_plain(ways)}
    )
    lines = [live.sentence, *(() if causes is None else causes.sentences)]
    lines += [f"{way.title}: {way.command}" for way in ways]
    lines += [f"Holds: {result.sentence}" for result in live.assertions if result.state == "held"]
    session.show(facts, text=lambda: "\n".join(lines))
    exit_with(verdict_status(live))


def outcome_counts_text(counts: OutcomeCounts) -> str:
    """Return the counts of stored and refused outcomes, one fact a line."""
    facts = (
        (counts.n_stored, "stored."),
        (counts.n_corrected, "in place of an earlier one, which is kept, too."),
        (counts.n_repeated, "known already."),
        (
            counts.n_unknown,
            "of no stored answer. By id, the newest 100,000 wait in case their answers follow.",
        ),
        (counts.n_refused, "could not be read:"),
    )
    lines = [f"{format_count(n, 'outcome')} {words}" for n, words in facts if n]
    lines += [f"  row {problem.place + 1}: {problem.message}" for problem in counts.problems]
    return "\n".join(lines or ["There were no outcomes."])
