"""``litmus train | leaderboard``: from a file to a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._board import live_states, live_text, show_board
from litmus_core.cli._gates import end_with, gate_report
from litmus_core.cli._junit import write_junit
from litmus_core.cli._progress import fail_with, stop_gracefully, watch
from litmus_core.cli._records import unfold_records
from litmus_core.cli._session import JsonOption, WorkspaceOption, plain_number, reporting, say, show, table
from litmus_core.cli._training_options import (
    ComputeOptions,
    DataOptions,
    FoldOptions,
    GoalOptions,
    ModelOptions,
)
from litmus_core.errors import DataError, UsageError
from litmus_core.text import in_unit
from litmus_core.types import (
    Baseline,
    Candidate,
    ExperimentSummary,
    LiveVerdict,
    Run,
    TrainingOptions,
    to_plain,
)

if TYPE_CHECKING:
    from litmus_core.experiments import Studio, TrainingHandle

_ENOUGH = ("meets", "no bar")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train")(train_model)
    app.command("leaderboard")(leaderboard)


@unfold_records
def train_model(
    file: Annotated[
        str,
        typer.Argument(
            help="A table: CSV, Excel, JSON, Parquet, SQLite or DuckDB; or an address: postgresql://…"
        ),
    ],
    target: Annotated[str, typer.Option(help="The column to predict.")],
    data: DataOptions,
    goal: GoalOptions,
    models: ModelOptions,
    training: TrainingOptions,
    folds: FoldOptions,
    compute: ComputeOptions,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train models for a column, choose the best one within the budget, and judge it on unseen rows."""
    from litmus_core import experiments

    with reporting(as_json=as_json):
        _check_gate(goal, is_quote=compute.quote)
        request: dict[str, Any] = {
            "goal": goal.goal(),
            "algorithm": [models.algorithm] if models.algorithm else None,
            "training": models.training(training),
            "folds": folds.requested(),
            "compute": compute.compute(trials_at_once=models.trials_at_once),
            "workspace": workspace,
        }
        if compute.quote:
            quoted = experiments.quote(data.data(file), target, **request)
            show(to_plain(quoted), as_json=as_json, text=lambda: quoted.sentence)
            return
        handle = experiments.train(data.data(file), target, name=data.name, **request)
        _show_training(handle, goal, as_json=as_json)


def _check_gate(goal: GoalOptions, *, is_quote: bool) -> None:
    """Raise UsageError, before training, for a gate that could not judge anything."""
    if goal.junit is not None and goal.require is None:
        raise UsageError("--junit writes the result of --require.", hint="Add --require meets.")
    if goal.require is not None and is_quote:
        raise UsageError("--quote trains nothing, so there is nothing to judge.", hint="Leave out --require.")
    if goal.require is not None and goal.bar is None:
        raise UsageError("--require needs a bar.", hint="Set one: --bar 'roc_auc>=0.9'.")


def _show_training(handle: TrainingHandle, goal: GoalOptions, *, as_json: bool) -> None:
    with handle.studio:
        report = follow(handle)
        judged = None if goal.require is None else handle.gate(goal.require)
        if judged is not None:
            report |= {"gate": gate_report(judged)}
            write_junit(judged, goal.junit, name=f"litmus train {handle.experiment.name}")
        show(report, as_json=as_json, text=lambda: run_text(report))
        fail_with(handle.run)
        if judged is not None:
            say(judged.sentence)
            end_with(judged)


def follow(handle: TrainingHandle) -> dict[str, Any]:
    """Print the baselines, follow the run to its end, and return what ``--json`` prints."""
    baselines: tuple[Baseline, ...] = ()
    try:
        baselines = _print_baselines(handle)
        _print_quote(handle)
    except KeyboardInterrupt:
        stop_gracefully(handle)
    report = train_report(handle.studio, watch(handle))
    return report | {"baselines": [to_plain(baseline) for baseline in baselines]}


def _print_baselines(handle: TrainingHandle) -> tuple[Baseline, ...]:
    """Print the scores of guessing and of a simple model, while the run's process starts."""
    try:
        baselines = handle.studio.tasks.baselines(handle.experiment.task)
    except DataError as error:  # the run will report it in more detail: its split is the same
        say(f"There is no baseline: {error}")
        return ()
    for baseline in baselines:
        say(baseline.sentence)
    return baselines


def _print_quote(handle: TrainingHandle) -> None:
    """Print and record the quote: the run's expected time, memory and score."""
    try:
        quoted = handle.studio.runs.quote(handle.experiment.task, handle.run.plan)
    except DataError:  # the reason was printed with the missing baseline
        return
    handle.studio.runs.record_quote(handle.run_id, quoted)
    say(quoted.sentence)


def train_report(studio: Studio, run: Run) -> dict[str, Any]:
    """Return the run as ``litmus train --json`` prints it."""
    from litmus_core.verdicts import verdict_report

    candidates = studio.candidates.list(run.id)
    best = candidates[0] if candidates else None
    steps = None if best is None else studio.candidates.postprocess_report(best.id)
    return {
        "experiment": run.experiment_id,
        "run": run.id,
        "status": run.status,
        "message": run.message,
        "hint": run.hint,
        "missing": list(run.missing),
        "left_out": list(run.left_out),
        "verdict": run.verdict and verdict_report(run.verdict),
        "best": None if best is None else candidate_report(best),
        "steps": None if steps is None else to_plain(steps),
        "leaderboard": [candidate_report(candidate) for candidate in candidates],
        "workspace": str(studio.workspace.path),
    }


def candidate_report(candidate: Candidate) -> dict[str, Any]:
    """Return one candidate's figures: scores, the test interval, latency by rows a call."""
    from litmus_core.runtime import part_text

    validation, test = candidate.validation, candidate.test
    judged = validation if validation and validation.n_rows else None  # there is no test interval before that
    return {
        "candidate": candidate.id,
        "name": candidate.name,
        "family": candidate.family,
        "metric": validation.metric if validation else None,
        "validation": validation.value if validation else None,
        "validation_interval": [judged.low, judged.high] if judged else None,
        "test": test.value if test else None,
        "test_interval": [test.low, test.high] if test else None,
        "latency_ms": {
            str(latency.batch_rows): {
                "p50": latency.p50_ms,
                "p95": latency.percentile_ms,
                "p99": latency.percentile_99_ms,
                "calls": latency.n_calls,
            }
            for latency in candidate.latency
        },
        "size_bytes": candidate.size_bytes,
        "in_budget": candidate.in_budget,
        "form": candidate.form,
        "native_reason": candidate.native_reason,
        "fit_s": candidate.fit_s,
        "postprocess": [part_text(step) for step in candidate.postprocess],
        "abstained": candidate.abstained,
        "chosen": candidate.chosen,
        "final": None if candidate.final is None else to_plain(candidate.final),
        "also_validation": {score.metric: score.value for score in candidate.also_validation},
        "also_test": {score.metric: score.value for score in candidate.also_test},
    }


def run_text(report: dict[str, Any]) -> str:
    """Format a run as ``litmus train`` prints it for people, from its ``train_report``."""
    verdict = report["verdict"]
    message = verdict["sentence"] if verdict else "There is no verdict: the run ended before its test."
    unit = _unit(verdict)
    abstains = any(candidate["abstained"] is not None for candidate in report["leaderboard"])
    rows = [
        {
            "": "*" if candidate["chosen"] else "",
            "model": candidate["name"],
            "validation": _amount(candidate["validation"], unit),
            "test": _amount(candidate["test"], unit),
            **({"no answer": candidate["abstained"]} if abstains else {}),
            **{f"validation {metric}": value for metric, value in candidate["also_validation"].items()},
            **{f"test {metric}": value for metric, value in candidate["also_test"].items()},
            "p95 of one row, ms": candidate["latency_ms"].get("1", {}).get("p95"),
            "MB": None if candidate["size_bytes"] is None else candidate["size_bytes"] / 1e6,
            "candidate": candidate["candidate"],
        }
        for candidate in report["leaderboard"]
    ]
    note = f"\n\n{report['message']}" if report["message"] else ""
    done = "".join(f"\n  {step['sentence']}" for step in report["steps"]["steps"]) if report["steps"] else ""
    steps_note = f"\n\nAfter the model:{done}" if done else ""
    ids = f"\n\nExperiment {report['experiment']}, run {report['run']}."
    return f"{message}\n\n{table(rows)}{note}{steps_note}{ids}{_next_command_text(report)}"


def _unit(verdict: dict[str, Any] | None) -> str:
    """Return the unit of a reported verdict's score, such as a currency; "" if it has none."""
    from litmus_core.metrics import is_in_target_unit

    if verdict is None or not verdict["cases"] or not is_in_target_unit(verdict["score"]["metric"]):
        return ""
    return str(verdict["cases"].get("unit", ""))


def _amount(value: float | None, unit: str) -> float | str | None:
    return in_unit(plain_number(value), unit) if unit and value is not None else value


def _next_command_text(report: dict[str, Any]) -> str:
    """Return the next command to run; after a miss, the command that finds what would help."""
    if not report["best"]:
        return ""
    verdict = report["verdict"]
    is_doubted = verdict and any(caution["kind"] != "not_checked" for caution in verdict["cautions"])
    is_enough = verdict and verdict["outcome"] in _ENOUGH and not verdict["excesses"]
    if verdict and (is_doubted or not is_enough):
        return f"\n\nNext: litmus improve {report['run']}"
    return f"\n\nNext: litmus export {report['best']['candidate']} --to model.zip"


def leaderboard(
    experiment: Annotated[str | None, typer.Argument(help="An experiment or run. Default: all.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show all experiments, forecasts and many targets, the most ready first; or one experiment's models."""
    from litmus_core.experiments import Studio
    from litmus_core.verdicts import deployed_sentence, readiness

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        studio.runs.mark_interrupted()
        if experiment is None:
            summaries = sorted(studio.experiments.summaries(), key=readiness)
            deployed = studio.outcomes.deployed()
            rows = [_summary_row(summary, deployed.get(summary.experiment.id, {})) for summary in summaries]
            show_board(
                rows,
                [*map(_line, summaries, rows)],
                {"forecasts": studio.forecasts.judged(), "targets": studio.targets.judged()},
                as_json=as_json,
            )
            return
        runs = (
            [studio.runs.get(experiment)] if experiment.startswith("run_") else studio.runs.list(experiment)
        )
        if not experiment.startswith("run_"):
            studio.experiments.get(experiment)
        live = studio.outcomes.deployed().get(runs[0].experiment_id, {}) if runs else {}
        reports = [train_report(studio, run) | {"live": live_states(live)} for run in runs]
        texts = [*map(run_text, reports), *(deployed_sentence(*one) for one in live.items())]
        show(reports, as_json=as_json, text=lambda: "\n\n".join(texts) or "No run yet.")


def _summary_row(summary: ExperimentSummary, live: Mapping[str, LiveVerdict | None]) -> dict[str, Any]:
    from litmus_core.verdicts import bar_progress, flag_keys, grade_of

    verdict, best, decision = summary.verdict, summary.best, summary.experiment.decision
    single = best.deployed.latency_at(1) if best else None
    return {
        "experiment": summary.experiment.id,
        "name": summary.experiment.name,
        "status": summary.status,
        "verdict": verdict.outcome if verdict else None,
        "grade": grade_of(verdict).key if verdict else None,
        "chance": verdict.probability_passes if verdict else None,
        "flags": flag_keys(verdict) if verdict else (),
        "live": live_states(live),
        "metric": summary.experiment.task.metric,
        "test": verdict.score.value if verdict else None,
        "bar": verdict and verdict.bar and to_plain(verdict.bar),
        "gap": verdict.gap if verdict else None,
        "way_to_bar": (way := verdict and bar_progress(verdict)) and to_plain(way),
        "latency_p95_ms": single.percentile_ms if single else None,
        "latency_calls": single.n_calls if single else None,
        "runs": summary.n_runs,
        "decision": decision and to_plain(decision),
        "moved": verdict and verdict.moved and to_plain(verdict.moved),
        "updated": summary.updated_at,
    }


def _line(summary: ExperimentSummary, row: dict[str, Any]) -> dict[str, Any]:
    """Return an experiment as one line of a table for people: the verdict, and who decided what."""
    from litmus_core.verdicts import bar_distance_text, verdict_headline

    verdict = summary.verdict
    by = {"used anyway": row["decision"], "bar moved": row["moved"]}
    shown = ("metric", "test", "latency_p95_ms", "runs", "updated")
    return {
        "experiment": row["experiment"],
        "name": row["name"],
        "verdict": verdict_headline(verdict) if verdict else row["status"] or "not trained",
        "live": live_text(row["live"]) or None,
        **{name: row[name] for name in shown},
        "bar": verdict and (bar_distance_text(verdict) or "none set"),
        "decided": "; ".join(
            f"{word} by {decision['by'] or 'somebody'}" for word, decision in by.items() if decision
        ),
    }
