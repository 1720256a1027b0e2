"""``litmus deploy | endpoints``: models that serve predictions under a name."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._options import TokensOption
from litmus_core.cli._production import candidate_id_of
from litmus_core.cli._progress import fail_with, watch
from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    show,
    studio_command,
    table,
)
from litmus_core.cli._work import check_deployable
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import EndpointStats, LiveState, LiveVerdict, to_plain

if TYPE_CHECKING:
    from litmus_core.deploy import RetrainingPolicy
    from litmus_core.experiments import Studio

_POLL_S = 0.5
_STATUSES: dict[LiveState, int] = {"still meets": 0, "not any more": 1}  # all other states: 3
NameArgument = Annotated[str, typer.Argument(help="The endpoint's name.")]
endpoints = typer.Typer(
    help="List endpoints: version, state, counts, p50 and p95; or act on one.",
    invoke_without_command=True,
    no_args_is_help=False,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("deploy")(deploy)
    app.add_typer(endpoints, name="endpoints")


@studio_command
def deploy(
    session: Session,
    id: Annotated[  # noqa: A002 - the word people type
        str,
        typer.Argument(
            help="A bundle or candidate, a run or experiment for its chosen one, a forecast, or targets."
        ),
    ],
    name: Annotated[str | None, typer.Option(help="The endpoint's name. Default: the experiment's.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = None,
    sample_rate: Annotated[
        float | None, typer.Option(min=0, max=1, help="The share of rows to keep, first 0.1; 0: none.")
    ] = None,
    api_key_file: Annotated[
        Path | None, typer.Option(help="A file with the key that callers must send.")
    ] = None,
    tokens: TokensOption = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for its full certificate; status 1 where it is not passed.")
    ] = False,
) -> None:
    """Serve a model on this machine, under a name, in a background process."""
    check_deployable(session.studio, id, wait=wait)
    source = id if id.startswith("bd_") else candidate_id_of(session.studio, id)
    say("Starting it")
    endpoint = session.studio.endpoints.deploy(
        source,
        name=name,
        port=port,
        sample_rate=sample_rate,
        api_key_file=api_key_file,
        token_file=tokens,
    )
    stats = session.studio.endpoints.stats(endpoint.name)
    newest = stats.versions[-1].number
    of = f"Version {newest}, bundle {stats.versions[-1].bundle_id}, waits."
    waiting = f"\n{of} Next: litmus endpoints promote {stats.name} {newest}"
    certificate = _wait_for_certificate(session.studio, stats.versions[-1].bundle_id) if wait else None
    session.show(
        to_plain(stats) | ({"certificate": certificate} if wait else {}),
        text=lambda: (
            f"'{stats.name}' answers at {stats.url} with version {stats.version}, "
            f"bundle {endpoint.bundle_id}."
            + (waiting if newest != stats.version else _replaced_text(session.studio, stats))
            + (f"\n{certificate['sentence']}" if certificate else "")
        ),
    )
    if certificate and not certificate["passed"]:
        raise typer.Exit(1)


def _replaced_text(studio: Studio, stats: EndpointStats) -> str:
    """Return that it answers in place of another version after a stop; "" if it does not."""
    changes = studio.endpoints.history(stats.name)
    if not changes or changes[-1].kind != "replaced":
        return ""
    return (
        f"\nIt was stopped, and answers in place of version {stats.previous} now; nothing was compared. "
        f"Go back: litmus endpoints rollback {stats.name}"
    )


def _wait_for_certificate(studio: Studio, bundle_id: str) -> dict[str, Any]:
    """Wait until the bundle's certification ends; return the certificate's form, result and sentence."""
    last = ""
    while (message := studio.certificates.progress(bundle_id)) is not None:
        if message != last:
            say(message)
        last = message
        time.sleep(_POLL_S)
    certificate = studio.certificates.get(bundle_id)
    if certificate is None or certificate.form != "full":
        problem = studio.certificates.problem(bundle_id) or "It was ended."
        sentence = f"It has no full certificate. {problem}"
        return {"form": certificate.form if certificate else None, "passed": False, "sentence": sentence}
    failed = " ".join(line.text for line in certificate.failures)
    sentence = f"Its full certificate is {'not passed: ' + failed if failed else 'passed.'}"
    return {"form": "full", "passed": certificate.passed, "sentence": sentence}


@endpoints.callback()
def list_endpoints(
    context: typer.Context, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """List endpoints: version, state, counts, p50 and p95; or act on one."""
    if context.invoked_subcommand is not None:
        return
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        studio.endpoints.list()  # records which endpoints died
        every = studio.endpoints.all_stats()
        show(
            [to_plain(stats) for stats in every],
            as_json=as_json,
            text=lambda: "\n".join([table([_line(stats) for stats in every]), *_problems_text(every)]),
        )


def exit_with(status: int) -> None:
    """End the command with a status, unless it is 0."""
    if status:
        raise typer.Exit(status)


@endpoints.command("retrain")
@studio_command
def retrain(
    session: Session,
    name: NameArgument,
    warm_start: Annotated[
        bool,
        typer.Option(
            "--continue", help="Add trees to the model that answers, instead of training from scratch."
        ),
    ] = False,
) -> None:
    """Train an endpoint's model again, on its table and the sampled rows whose outcomes are known."""
    from litmus_core.experiments import TrainingHandle

    started = session.studio.retraining.start(name, warm_start=warm_start)
    run = watch(TrainingHandle(session.studio, started.id))
    session.show(
        to_plain(run),
        text=lambda: (
            f"{run.message}\n\nNext: litmus deploy {run.id} --name {name}, "
            f"then litmus endpoints compare {name}"
        ),
    )
    fail_with(run)


@endpoints.command("policy")
@studio_command
def policy(
    session: Session,
    name: NameArgument,
    retrain_when: Annotated[
        str | None,
        typer.Option("--retrain", help="on-alarm, after:500 (outcomes), every:30d, or never. Default: show."),
    ] = None,
    warm_start: Annotated[
        bool,
        typer.Option("--continue", help="With --retrain: add trees to the model that answers where it can."),
    ] = False,
) -> None:
    """Say when an endpoint's model is trained again by itself; nothing is promoted by itself."""
    policies = session.studio.policies
    if retrain_when is not None:
        policies.set(name, retrain_when, warm_start=warm_start)
    elif warm_start:
        raise UsageError("--continue does not say when to retrain.", hint="Add --retrain on-alarm.")
    policy_now = policies.get(name)
    session.show({"name": name, "policy": to_plain(policy_now)}, text=lambda: _policy_text(name, policy_now))


def _policy_text(name: str, policy_now: RetrainingPolicy | None) -> str:
    if policy_now is None:
        return f"The model of '{name}' is never trained again by itself."
    if policy_now.when == "on alarm":
        when = "once it no longer meets its bar"
    else:
        n_times = (
            format_count(policy_now.n_outcomes or 0, "new outcome")
            if policy_now.when == "after"
            else f"{policy_now.days:g} days"
        )
        when = f"{policy_now.when} {n_times}"
    how = "continues on new rows" if policy_now.warm_start else "is trained again"
    return f"The model of '{name}' {how} {when}."


@endpoints.command("check")
@studio_command
def check(session: Session, name: NameArgument) -> None:
    """Judge an endpoint and do what its policy says, for a timer; the status is that of verdict."""
    checked = session.studio.policies.check(name)
    session.show(to_plain(checked), text=lambda: f"{checked.verdict.sentence}\n{checked.message}".strip())
    exit_with(verdict_status(checked.verdict))


@endpoints.command("start")
@studio_command
def start(
    session: Session,
    name: NameArgument,
) -> None:
    """Start a stopped endpoint again with the same settings."""
    say("Starting it")
    session.studio.endpoints.start(name)
    stats = session.studio.endpoints.stats(name)
    session.show(
        to_plain(stats),
        text=lambda: (
            f"'{name}' answers at {stats.url} with version {stats.version}."
            + (f"\n{stats.message}" if stats.message else "")
        ),
    )


@endpoints.command("stop")
@studio_command
def stop(
    session: Session,
    name: NameArgument,
) -> None:
    """Stop an endpoint after it answered the requests it has accepted."""
    session.studio.endpoints.stop(name)
    session.show({"name": name, "state": "stopped"}, text=lambda: f"'{name}' is stopped.")


@endpoints.command("log")
@studio_command
def log(
    session: Session,
    name: NameArgument,
    lines: Annotated[int, typer.Option(min=1, help="How many lines from the end.")] = 50,
) -> None:
    """Show the end of an endpoint's log."""
    text = session.studio.endpoints.log(name, lines)
    session.show({"name": name, "lines": text.splitlines()}, text=lambda: text)


def verdict_status(live: LiveVerdict) -> int:
    """Return the exit status of a live verdict: 0 it meets its bar, 1 not any more, 3 not known yet."""
    is_broken = any(result.state == "broken" for result in live.assertions)
    return 1 if is_broken else _STATUSES.get(live.judgement.state, 3)


def _line(stats: EndpointStats) -> dict[str, Any]:
    return {
        "name": stats.name,
        "state": stats.state,
        "version": stats.version,
        "requests": stats.traffic.n_requests,
        "rows": stats.traffic.n_rows,
        "errors": stats.traffic.n_errors,
        "p50 ms": stats.traffic.p50_ms,
        "p95 ms": stats.traffic.p95_ms,
        "restarts": stats.restarts.n,
        "url": stats.url if stats.state == "answering" else None,
        "note": _restarts_text(stats),
    }


def _problems_text(every: list[EndpointStats]) -> list[str]:
    """Return the problems of endpoints, one a line: a table has no space for sentences."""
    again = "Start it again: litmus endpoints start"
    lines = [
        f"'{stats.name}': {stats.message}" + (f" {again} {stats.name}" if stats.state == "stopped" else "")
        for stats in every
        if stats.message
    ]
    return ["", *lines] if lines else []


def _restarts_text(stats: EndpointStats) -> str:
    if not stats.restarts.n:
        return ""
    times = "1 time" if stats.restarts.n == 1 else f"{stats.restarts.n} times"
    return f"restarted {times}, last at {stats.restarts.last_at}: {stats.restarts.last_reason}"
