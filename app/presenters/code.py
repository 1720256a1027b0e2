"""The Python that reproduces a run, to read and download."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litmus_core.types import Experiment, Run

__all__ = ["CodeView", "present_code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """The script and the notebook of a run, with the names of their files."""

    script: str
    notebook: str
    script_name: str
    notebook_name: str
    about: str


def present_code(experiment: Experiment, run: Run, *, script: str, notebook: str) -> CodeView:
    """Name the files after the experiment and the run."""
    stem = re.sub(r"\W+", "_", f"{experiment.name} {run.title}").strip("_").lower() or "run"
    return CodeView(
        script=script,
        notebook=notebook,
        script_name=f"{stem}.py",
        notebook_name=f"{stem}.ipynb",
        about="Asks for the same rows, the same question, the same plan and the same seed. "
        "It runs wherever Litmus is installed and the table is where it says.",
    )
