"""``litmus import | sql | rebuild | rm``: the workspace's tables and records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._session import JsonOption, Session, WorkspaceOption, reporting, show, studio_command
from litmus_core.cli._session import table as lay_out
from litmus_core.errors import NotFoundError, UsageError
from litmus_core.text import format_count
from litmus_core.types import DETECT_ALL, DatasetVersion, Detected, ReadOptions, to_plain

_EXTRA_MB = 2048  # for DuckDB's code and threads, and for the result as Python values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_table)
    app.command("sql")(query)
    app.command("rebuild")(rebuild_store)
    app.command("rm")(remove)


@studio_command
def import_table(
    session: Session,
    file: Annotated[
        str,
        typer.Argument(
            help="A table: CSV, Excel, JSON, Parquet, SQLite or DuckDB; or an address: postgresql://…"
        ),
    ],
    name: Annotated[str | None, typer.Option(help="The data set's name. Default: the file's.")] = None,
    like: Annotated[str | None, typer.Option(help="Use the column types of this version (dv_…).")] = None,
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Import a table as a new data set. A file's format is detected and reported."""
    main = None if like is None else session.studio.datasets.get(like)
    version = session.studio.datasets.import_file(file, name=name, like=main, options=options)
    session.show(to_plain(version), text=lambda: describe(version))


def describe(version: DatasetVersion) -> str:
    """Describe a version: its contents, the detected properties of its file, and what the import changed or
    guessed.
    """
    columns = [
        {"column": column.name, "kind": column.kind, "missing": column.n_missing}
        for column in version.columns
    ]
    parts = [
        f"{version.name}: {format_count(version.n_rows, 'row')}, {format_count(len(columns), 'column')} "
        f"({version.id})",
        lay_out(columns),
        "\n".join(_detected_text(detected) for detected in version.detected),
        "\n".join(version.notes),
    ]
    return "\n\n".join(filter(None, parts))


def _detected_text(detected: Detected) -> str:
    others = f" Also there: {', '.join(detected.others[:10])}." if detected.others else ""
    return f"{detected.option.replace('_', ' ')} {detected.value}: {detected.why}.{others}"


def query(
    text: Annotated[str, typer.Argument(help="One SQL statement that reads, in DuckDB's SQL.")],
    time_limit: Annotated[float, typer.Option(min=0.1, help="The time limit, in seconds.")] = 30.0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query the experiment store and the data sets, read-only; no other file can be read."""
    from litmus_core.store import SqlLimits, Workspace, sql

    with reporting(as_json=as_json):
        limits = SqlLimits(seconds=time_limit)
        _limit_memory(limits.memory_mb)
        rows = sql(Workspace.locate(workspace), text, limits=limits)
        show(rows, as_json=as_json, text=lambda: lay_out(rows))


def _limit_memory(more_mb: int) -> None:
    """Limit the extra memory of this process: long texts are built outside DuckDB's own limit."""
    try:
        import resource

        n_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = n_pages * resource.getpagesize() + (_EXTRA_MB + more_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):  # not Linux, or a lower limit is set already
        return


def rebuild_store(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Rebuild the experiment store from the journal."""
    from litmus_core.store import Workspace, rebuild

    with reporting(as_json=as_json):
        n_events = rebuild(Workspace.locate(workspace))
        show({"events": n_events}, as_json=as_json, text=lambda: f"Rebuilt from {n_events:,} events.")


def remove(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Data sets, experiments, runs, bundles, environments, scorings."),
    ] = None,
    keep_runs: Annotated[
        int | None, typer.Option(min=1, help="Keep only the newest N runs an experiment.")
    ] = None,
    older_than_days: Annotated[float | None, typer.Option(min=0, help="Remove runs older than this.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what takes space; remove what you name, or runs that a retention rule selects.

    The rule never removes an experiment's best run, an unfinished run, or one with an exported bundle.
    """
    from litmus_core.experiments import Studio
    from litmus_core.jobs import retention
    from litmus_core.store import Workspace

    Workspace.locate(workspace).use_reserve()
    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        ids_to_remove = list(ids or [])
        if keep_runs is not None or older_than_days is not None:
            leading = studio.experiments.leading_runs().values()
            ruled = retention(
                studio.store, keep_runs=keep_runs, older_than_days=older_than_days, spared=leading
            )
            ids_to_remove += [run.id for run in ruled]
        elif not ids_to_remove:
            rows = [to_plain(size) for size in studio.storage.sizes()]
            show(rows, as_json=as_json, text=lambda: lay_out(rows))
            return
        if ids_to_remove and not yes:
            _confirm(ids_to_remove, as_json=as_json)
        for name in ids_to_remove:
            _remove_one(studio, name)
        show({"removed": ids_to_remove}, as_json=as_json, text=lambda: f"Removed {len(ids_to_remove)}.")


def _confirm(ids_to_remove: list[str], *, as_json: bool) -> None:
    if as_json:
        raise UsageError(f"{len(ids_to_remove)} would be removed.", hint="Add --yes. Nothing was removed.")
    typer.confirm(f"Remove {', '.join(ids_to_remove)}?", abort=True, err=True)


def _remove_one(studio, id_: str) -> None:  # type: ignore[no-untyped-def]
    removers = {
        "ds": studio.datasets.delete,
        "ex": studio.experiments.delete,
        "run": studio.runs.delete,
        "bd": studio.bundles.delete,
        "env": studio.environments.delete_built,
        "sc": studio.scorings.delete,
    }
    remover = removers.get(id_.partition("_")[0])
    if remover is None:
        raise NotFoundError(kind="thing", id=id_, hint="'litmus rm' without an id lists everything.")
    remover(id_)
