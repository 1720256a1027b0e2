"""``litmus predict``: score a file of any size; the command can be stopped and resumed."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litmus_core.cli._options import On
from litmus_core.cli._records import unfold_records
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, say, show
from litmus_core.connectors import IfExists, as_address
from litmus_core.errors import UsageError
from litmus_core.text import format_count

if TYPE_CHECKING:
    from litmus_core.deploy import Scoring

LevelOption = Annotated[
    float | None,
    typer.Option(
        help="Add an interval, or a set of labels, that holds the truth for this share of rows, such as 0.9."
    ),
]
_GUARDED = " Texts that a spreadsheet would execute begin with an apostrophe."
_INTERRUPTED = 130
_EVERY_S = 5.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("predict")(predict)


@dataclass(frozen=True, kw_only=True)
class ScoringOptions:
    """Options of the output: its format, and further columns beside the prediction."""

    table: Annotated[str | None, typer.Option(help="The table's name. Default: predictions.")] = None
    if_exists: Annotated[
        IfExists | None,
        typer.Option(help="What to do if the PostgreSQL or Delta table already exists. Default: fail."),
    ] = None
    level: LevelOption = None
    resume: Annotated[
        bool,
        typer.Option("--resume/--fresh", help="Resume an interrupted run of this command, or start over."),
    ] = True
    for_spreadsheets: Annotated[
        bool,
        typer.Option(
            "--for-spreadsheets",
            help="Write CSV for people: ' before texts that a spreadsheet would execute.",
        ),
    ] = False

    def check_ray(self, file: str, to: str) -> None:
        """Raise UsageError for options that Ray does not support."""
        if as_address(file) or as_address(to):
            raise UsageError("Ray reads and writes files.", hint="Name files, or leave --on out.")
        if self.table is not None or self.if_exists is not None or self.for_spreadsheets:
            raise UsageError(
                "Ray writes Parquet.",
                hint="Leave --table, --if-exists and --for-spreadsheets out, or --on.",
            )
        if self.level is not None:
            raise UsageError("Ray writes no intervals.", hint="Leave --level out, or --on.")


@unfold_records
def predict(
    bundle: Annotated[Path, typer.Argument(help="A bundle: folder or .zip.")],
    file: Annotated[
        str,
        typer.Argument(
            help="Rows: CSV (.gz too), Parquet, a folder of Parquet files or of a Delta table, or an address."
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            help="Where to write: .csv, .parquet, .sqlite for a table, .delta, or an address "
            "(postgresql://…); with --on a new folder."
        ),
    ],
    options: ScoringOptions,
    on: On = "here",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a file of any size: its columns, the prediction and the probabilities."""
    from litmus_core.cluster import place_of
    from litmus_core.deploy import score_file, score_folder
    from litmus_core.runtime import load_bundle

    del workspace  # unused: a bundle needs no workspace, but every command accepts the option
    meter = _ProgressLine()
    with reporting(as_json=as_json):
        place = place_of(on)
        if place.on_ray:
            options.check_ray(file, to)
        try:
            if place.on_ray:
                done = score_folder(
                    bundle,
                    Path(file),
                    Path(to),
                    address=place.address,
                    resume=options.resume,
                    on_progress=meter,
                )
            else:
                with load_bundle(bundle) as model:
                    done = score_file(model, file, to, **asdict(options), on_progress=meter)
        except KeyboardInterrupt:
            meter.end()
            say(f"Stopped; {meter.n_done:,} rows are saved. Run the same command to continue.")
            raise SystemExit(_INTERRUPTED) from None
        meter.end()
        shown = str(as_address(to) or to)
        for note in done.notes:
            say(note)
        report = {"rows": done.n_done, "to": shown, "rows_before": done.n_before, "seconds": done.seconds}
        report["notes"] = list(done.notes)
        guarded = _GUARDED if options.for_spreadsheets else ""
        show(
            report,
            as_json=as_json,
            text=lambda: f"Wrote {format_count(done.n_done, 'row')} to {shown}.{guarded}",
        )


class _ProgressLine:
    """A progress display on stderr: on one line in a terminal, otherwise a new line from time to time."""

    def __init__(self) -> None:
        self.n_done = 0
        self._in_line = sys.stderr.isatty()
        self._said = time.monotonic()
        self._width = 0

    def __call__(self, scoring: Scoring) -> None:
        if not self.n_done and scoring.n_before:
            say(f"Continuing after {format_count(scoring.n_before, 'row')} that were scored before.")
        self.n_done = scoring.n_done
        text = _line(scoring)
        if self._in_line:
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)
        elif time.monotonic() >= self._said + _EVERY_S:
            self._said = time.monotonic()
            say(text)

    def end(self) -> None:
        """End the current line, if any."""
        if self._width:
            print(file=sys.stderr)


def _line(scoring: Scoring) -> str:
    share = scoring.n_done / max(1, scoring.n_rows)
    parts = [f"{scoring.n_done:,} of {format_count(scoring.n_rows, 'row')} ({share:.0%})"]
    if scoring.rows_per_s is not None and scoring.remaining_s is not None:
        minutes, seconds = divmod(round(scoring.remaining_s), 60)
        left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
        parts += [f"{scoring.rows_per_s:,.0f} rows/s", f"{left} left"]
    return ", ".join(parts)
