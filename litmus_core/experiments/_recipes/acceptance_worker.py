"""Run the acceptance tests of one recipe text in the background.

``python -m litmus_core.experiments._recipes.acceptance_worker --workspace W --folder F --lock-fd N``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from litmus_core.experiments._recipes.editing import keep_results
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.experiments._studio import Studio
from litmus_core.jobs import RECIPE_TEXT_FILE, recipe_tests
from litmus_core.recipes import read_recipe


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests; afterwards the folder holds the results, or the error has been reported."""
    options = _options(arguments)
    text = (options.folder / RECIPE_TEXT_FILE).read_text(encoding="utf-8")
    tempfile.tempdir = str(options.folder)  # a stop can find and delete what it leaves there
    with Studio.open(options.workspace) as studio:
        job = recipe_tests(studio.workspace, text)
        with job.at_work(options.lock_fd):
            _test(studio, text)
    return 0


def _test(studio: Studio, text: str) -> None:
    job, names = recipe_tests(studio.workspace, text), [each.name for each in read_recipe(text).tests]
    ended: list[TestResult] = []

    def tell() -> None:
        now = f" Now: {names[len(ended)]}…" if len(ended) < len(names) else ""
        job.say(f"{len(ended)} of {len(names)} tests done.{now}")
        keep_results(job.folder, ended, is_done=len(ended) == len(names))

    def note(result: TestResult) -> None:
        ended.append(result)
        tell()

    tell()
    studio.recipe_editor.test(text, on_test=note)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the recipe's text is")
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
