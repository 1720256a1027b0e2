"""One racer on one table: its rows as files, a child process on one core, its answers scored here."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._race_environments import python_of
from benchmarks._race_scores import score_answers
from benchmarks._race_tables import Table, parts

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1]
N_CALLS = 200
# The environment of each racer; None: the one that Litmus is installed in.
ENVIRONMENTS: dict[str, str | None] = {
    "constant": None,
    "litmus": None,
    "litmus without verdict": None,
    "autogluon medium": "autogluon",
    "autogluon best": "autogluon",
    "autogluon best_v150": "autogluon",
    "flaml": "flaml",
    "mljar": "mljar",
    "lightautoml": "lightautoml",
}
_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "LOKY_MAX_CPU_COUNT",
    ),
    "1",
)
_TIMES_OVER = 5  # a run that takes so many times its limit, and twenty minutes, is lost
_SPARE_S = 1_200


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One start in the race."""

    tool: str
    table: Table
    seed: int
    seconds: float
    n_calls: int = N_CALLS


class RunFailedError(Exception):
    """A racer did not answer; its message is the racer's own last words."""


def run_entry(entry: Entry, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the scores and times of one start; ``error`` in place of scores where it came to nothing."""
    train, hidden = parts(entry.table, _with_text_labels(entry.table, frame), seed=entry.seed)
    truth = hidden.pop(entry.table.target)
    with tempfile.TemporaryDirectory(prefix="race-") as scratch:
        try:
            answers, taken = _answers(entry, train, hidden, scratch=Path(scratch))
            return score_answers(entry.table, answers, truth, seed=entry.seed) | taken
        except (RunFailedError, ValueError) as error:
            return {"error": str(error)}


def _with_text_labels(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Write classes as words, so that no racer takes 0.0 and 0 for two."""
    if table.problem == "regression":
        return frame
    return frame.assign(**{table.target: "is " + frame[table.target].astype(str)})


def _answers(
    entry: Entry, train: pd.DataFrame, hidden: pd.DataFrame, *, scratch: Path
) -> tuple[pd.DataFrame, dict[str, Any]]:
    import pandas as pd

    files = {name: str(scratch / f"{name}.csv") for name in ("train", "hidden", "answers")}
    train.to_csv(files["train"], index=False)
    hidden.to_csv(files["hidden"], index=False)
    job = {
        "target": entry.table.target,
        "problem": entry.table.problem,
        "metric": entry.table.metric,
        "seconds": entry.seconds,
        "seed": entry.seed,
        "train": files["train"],
    }
    told = {
        "tool": entry.tool,
        "job": job,
        "hidden": files["hidden"],
        "answers": files["answers"],
        "taken": str(scratch / "taken.json"),
        "scratch": str(scratch),
        "core": min(os.sched_getaffinity(0)),
        "calls": entry.n_calls,
    }
    (scratch / "job.json").write_text(json.dumps(told), encoding="utf-8")
    _run_child(entry, scratch)
    return pd.read_csv(files["answers"]), json.loads(Path(told["taken"]).read_text(encoding="utf-8"))


def _run_child(entry: Entry, scratch: Path) -> None:
    """Run the child to its end; raise RunFailedError with its last line where that is not a good one."""
    home = ENVIRONMENTS[entry.tool]
    python = Path(sys.executable) if home is None else python_of(home)
    command = [str(python), "-P", "-m", "benchmarks._race_child", str(scratch / "job.json")]
    limit_s = _TIMES_OVER * entry.seconds + _SPARE_S
    with (scratch / "log.txt").open("w+", encoding="utf-8", errors="replace") as log:
        child = subprocess.Popen(
            command, cwd=scratch, env=_environment(os.environ), stdout=log, stderr=log, start_new_session=True
        )
        try:
            code = child.wait(timeout=limit_s)
        except subprocess.TimeoutExpired as error:
            message = f"no answer after {limit_s:.0f} s"
            raise RunFailedError(message) from error
        finally:
            _end_group(child)
        log.seek(0)
        if code:
            lines = [line.strip() for line in log if line.strip()]
            raise RunFailedError((lines or [f"exit status {code}"])[-1][:500])


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End what the child left running: workers of a racer would slow the next one down."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        for each in psutil.Process(child.pid).children(recursive=True):  # those of other groups, too
            each.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in own.items() if name != "VIRTUAL_ENV"}
    return kept | _ONE_THREAD | {"PYTHONPATH": str(ROOT)}
