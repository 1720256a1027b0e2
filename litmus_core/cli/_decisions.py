"""``litmus bar | use-anyway``: move the bar, or decide to use a model that misses it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import UsageError
from litmus_core.types import Bar, Run, to_plain

ByOption = Annotated[str, typer.Option(help="Who decides. Default: your display name.")]
OfArgument = Annotated[str, typer.Argument(help="An experiment (ex_…), or one of its runs (run_…).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("bar")(bar)
    app.command("use-anyway")(use_anyway)


@studio_command
def bar(
    session: Session,
    id: OfArgument,  # noqa: A002 - the word people type
    value: Annotated[float | None, typer.Argument(help="The new bar. Default: only show the bar.")] = None,
    because: Annotated[str, typer.Option(help="Why it is moved. Endpoints' bars need it.")] = "",
    by: ByOption = "",
) -> None:
    """Move an experiment's bar and judge its runs by it, without training; or show what can be promised."""
    from litmus_core.verdicts import verdict_report

    studio = session.studio
    run = _judged_run(session, id)
    if value is not None:
        studio.decisions.move_bar(run.experiment_id, value, because=because, by=by)
        run = studio.runs.get(run.id)
    promised = studio.decisions.promised(run.id)
    bar = studio.experiments.get(run.experiment_id).task.bar
    report: dict[str, Any] = {
        "experiment": run.experiment_id,
        "run": run.id,
        "bar": bar and to_plain(bar),
        "promised": promised and to_plain(promised),
        "verdict": run.verdict and verdict_report(run.verdict),
    }
    session.show(report, text=lambda: _bar_text(report, promised))


def _bar_text(report: dict[str, Any], promised: Bar | None) -> str:
    from litmus_core.verdicts import promise_sentence

    return f"{report['verdict']['sentence']}\n\n{promise_sentence(promised)}"


@studio_command
def use_anyway(
    session: Session,
    id: OfArgument,  # noqa: A002 - the word people type
    because: Annotated[str, typer.Option(help="Why the model is used whatever its verdict.")] = "",
    by: ByOption = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the decision back.")] = False,
) -> None:
    """Record that a model is used although it does not meet the bar, by whom and why."""
    run = _judged_run(session, id)
    if withdraw:
        session.studio.decisions.withdraw(run.experiment_id, by=by)
        session.show(
            {"experiment": run.experiment_id, "decision": None}, text=lambda: "The decision was taken back."
        )
        return
    decision = session.studio.decisions.use_anyway(run.id, because=because, by=by)
    sentence = f"{decision.by or 'Somebody'} uses {run.title} anyway: {decision.reason}"
    session.show({"experiment": run.experiment_id, "decision": to_plain(decision)}, text=lambda: sentence)


def _judged_run(session: Session, id: str) -> Run:  # noqa: A002 - see above
    """Return a run, or an experiment's leading run, by its id; raises UsageError if it has no verdict yet."""
    studio = session.studio
    run = studio.runs.get(id) if id.startswith("run_") else studio.experiments.leading_run(id)
    if run is None or run.verdict is None:
        raise UsageError(f"'{id}' has no verdict yet.", hint="Train it first: litmus train.")
    return run
