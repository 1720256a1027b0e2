"""``litmus export | serve``: from a candidate to served predictions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litmus_core.cli import _forecasts, _targets
from litmus_core.cli._options import AllowHostOption, OpenOption, TokensOption
from litmus_core.cli._records import unfold_records
from litmus_core.cli._session import (
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    show,
    studio_command,
)
from litmus_core.cli._work import served_path
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import Studio


class ExportForm(StrEnum):
    """The formats that a model can be exported to."""

    auto = "auto"
    compiled = "compiled"
    native = "native"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export)
    app.command("serve")(serve)


@studio_command
def export(
    session: Session,
    candidate: Annotated[str, typer.Argument(help="A candidate, or a run or experiment for its chosen one.")],
    to: Annotated[
        Path | None, typer.Option(help="A folder, or a .zip. Default: the workspace's bundles.")
    ] = None,
    form: Annotated[
        ExportForm, typer.Option(help="compiled, native, or auto: compiled where possible.")
    ] = ExportForm.auto,
    kind: Annotated[
        str,
        typer.Option(
            "--as",
            help="bundle, docker or mlflow (a folder, or a .tar), onnx (a file), or an exporter plug-in.",
        ),
    ] = "bundle",
) -> None:
    """Write a model as a bundle that another process or machine can load, or in another format."""
    chosen = candidate_id_of(session.studio, candidate)
    if kind != "bundle":
        _export_as(session.studio, chosen, kind, to, as_json=session.as_json)
        return
    zipped = to is None or to.suffix == ".zip"
    record = session.studio.bundles.export(chosen, to=to, zipped=zipped, form=form.value)
    session.show(
        to_plain(record),
        text=lambda: (
            f"Wrote {record.path} ({record.n_bytes / 1e6:.1f} MB).\n"
            f"Next: litmus predict {record.path} FILE --to OUT, or litmus serve {record.path}"
        ),
    )


def candidate_id_of(studio: Studio, id_: str) -> str:
    """Return the candidate's id; for a run or an experiment, the id of its chosen candidate."""
    if id_.startswith("ex_"):
        return studio.experiments.best_candidate(id_).id
    if id_.startswith("run_") and id_.count("-") == 0:
        return studio.candidates.chosen(id_).id
    return id_


def _export_as(studio: Studio, candidate_id: str, form: str, to: Path | None, *, as_json: bool) -> None:
    """Write ONNX from the model, or another format from its newest bundle, which is exported if missing."""
    from litmus_core.deploy import FORMS

    titles = {**FORMS, **{exporter.name: exporter.title for exporter in studio.plugins.exporters()}}
    if form not in titles:
        raise UnknownNameError(kind="form", name=form, names=["bundle", *titles])
    if to is None:
        raise UsageError(f"Where to write {titles[form]} is not said.", hint="Name it: --to PATH.")
    if form == "onnx":
        path = studio.bundles.export_onnx(candidate_id, to)
        report: dict[str, object] = {"path": str(path), "form": form}
    else:
        bundle = studio.bundles.stored(candidate_id)
        path = studio.bundles.export_as(bundle.id, form, to)
        report = {"path": str(path), "form": form, "bundle": to_plain(bundle)}
    show(report, as_json=as_json, text=lambda: f"Wrote {titles[form]}: {path}.")


@dataclass(frozen=True, slots=True)
class CallerOptions:
    """Who may send requests: with a key, or with a token."""

    api_key_file: Annotated[
        Path | None, typer.Option(help="A file with the key that callers must send. Or $LITMUS_API_KEY.")
    ] = None
    tokens: TokensOption = None


@unfold_records
def serve(
    bundle: Annotated[
        Path,
        typer.Argument(help="A bundle, folder or .zip; or the folder or id of a forecast or of targets."),
    ],
    callers: CallerOptions,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    open_to_network: OpenOption = False,
    allow_host: AllowHostOption = None,
    max_rows: Annotated[int, typer.Option(min=1, help="The most rows of one request.")] = 50_000,
    max_body_mb: Annotated[int, typer.Option(min=1, max=256, help="The most MB of one request.")] = 64,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve over HTTP until Ctrl-C: GET /health, POST /predict and /docs; of a forecast POST /forecast."""
    from litmus_core.deploy import ServerRun, served_kind
    from litmus_core.serving import Limits, ServerAddress

    with reporting(as_json=as_json):
        say(f"Loading {bundle}")
        limits = Limits(max_rows=max_rows, max_body_bytes=max_body_mb << 20)
        address = ServerAddress(
            host=host,
            port=port,
            api_key_file=callers.api_key_file,
            token_file=callers.tokens,
            open_to_network=open_to_network,
            allow_hosts=allow_host or [],
        )
        path = served_path(bundle, workspace, _forecasts.NOUN, _targets.NOUN)
        served_kind(path).serve(path, address, ServerRun(as_json=as_json, limits=limits))
