"""Every block of Python in README and guides runs as it is written there, and prints what it says.

From a script and from a notebook's kernel. A document's blocks run one after the other, as a reader would,
in a folder with the files that they name and a workspace with a trained model. What a script ran is run in a
notebook for a few documents, which show, wait and train there; of the others only by ``make test-all``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import amount, thinned
from tests.guides import stage
from tests.guides.afterwords import AFTERWORDS
from tests.guides.blocks import DOCUMENTS, FROM_NOTHING, Block, blocks_of
from tests.guides.elsewhere import covering
from tests.guides.shell import masked
from tests.kernel import kernel
from tests.warm import client as warm

# What a snippet in the middle of a guide has from what the guide told before, or from the reader.
_STUDIO = """
import litmus_core
from litmus_core import Studio
studio = Studio.open()
experiment = studio.experiments.get(studio.store.query("SELECT id FROM experiments")[0]["id"])
run = studio.runs.list(experiment.id)[-1]
"""
PRELUDES = {
    "docs/guides/assertions.md": _STUDIO,
    "docs/bundle.md": "import pandas as pd\nrows = pd.read_csv('rows.csv')\n",
    "docs/guides/big-data.md": "import litmus_core\n",
    "docs/guides/export.md": _STUDIO
    + """
import pandas as pd
frame = pd.read_csv("rows.csv", parse_dates=["day"])
studio.bundles.export_onnx(run.chosen_id, to="model.onnx")
""",
    "docs/guides/improve.md": _STUDIO + "studio.recipes.take(experiment.id, 'small-table')\n",
    "docs/guides/outcomes.md": _STUDIO
    + """
import pandas as pd
frame = pd.read_csv("rows.csv")
orders, came_true = frame.drop(columns="sold").to_dict("records"), frame["sold"].tolist()
frame[["sold"]].to_csv("came_true.csv", index_label="order")
url = studio.endpoints.deploy(run.chosen_id, name="orders", certify=False).url
""",
    "docs/guides/plugins.md": "from caps import Caps\n",
    "docs/guides/production.md": _STUDIO
    + "bundle_id = studio.bundles.export(run.chosen_id, to='model.zip').id\n",
    "docs/guides/reports.md": _STUDIO + "first = second = experiment\n",
}
# What make test asks less of than its document does: how, but not how much.
QUICKER = {
    "README.md": (
        "compute=Compute(time_limit_s=30)",
        "training=litmus_core.Training(models=['linear', 'lightgbm']), compute=Compute(time_limit_s=30)",
    ),
    "docs/guides/python.md": ("Folds(3, repeats=2)", "Folds(2, repeats=2)"),
    "docs/guides/tuning.md": ("n_trials=5", "n_trials=2"),
}
_LIMIT_S = 280
pytestmark = pytest.mark.timeout(600)  # a document's runs, on a busy machine
_SHOWN = re.compile(r"^print\(.*\)(?:  # (?P<value>.+)|\n# (?P<line>.+))$", re.MULTILINE)


def prelude(document: str) -> str:
    """Return what a document takes for granted."""
    return PRELUDES.get(document, "")


def runs(block: Block) -> bool:
    """Return whether a block is statements, and not a file, and runs in these tests."""
    return not block.file and not covering(block.document, block.code, is_command=False)


# Plug-ins, which are files, are used by the commands of their documents: test_shell.
_COLD = (FROM_NOTHING, "docs/bundle.md")  # their notebooks begin without the libraries in memory
NOTEBOOKS = ("docs/bundle.md", "docs/guides/verdicts.md")
PYTHON = [each for each in DOCUMENTS if any(runs(block) for block in blocks_of(each, "python"))]


def statements(document: str, folder: Path) -> list[str]:
    """Return a document's blocks of statements; those that are files are written."""
    found = []
    for block in blocks_of(document, "python"):
        if block.file:
            stage.write_file(block, folder)
        elif runs(block):
            found.append(block.code)
    written, less = QUICKER.get(document, ("", ""))
    return [amount(each.replace(written, less), thorough=each) for each in found]


def shown(code: str) -> list[str]:
    """Return the lines that a block says it prints: a value behind a ``print``, or a comment below one."""
    return [
        match["value"] or match["line"]
        for match in _SHOWN.finditer(code)
        if match["line"] or _is_value(match["value"])
    ]


def _is_shown_as(printed: str, line: str) -> bool:
    """Return whether a line was printed as it is shown, where dots stand for what is left out."""
    parts = [re.escape(part.strip()) for part in line.split("…")]
    return re.fullmatch(".*".join(parts), printed) is not None


def _is_value(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize("document", PYTHON)
def test_python_runs_as_a_script(document: str, folder: Path) -> None:
    run_script(document, folder, is_warm=document != FROM_NOTHING)


@pytest.mark.exhaustive(reason="README's script begins from nothing; these run as forks")
@pytest.mark.parametrize("document", [each for each in PYTHON if each != FROM_NOTHING])
def test_python_runs_as_a_script_that_begins_from_nothing(document: str, folder: Path) -> None:
    run_script(document, folder, is_warm=False)


def run_script(document: str, folder: Path, *, is_warm: bool) -> None:
    """Run a document's statements; fail where they do, or print other lines than shown.

    ``is_warm``: the libraries are in memory when it begins, else none is.
    """
    blocks = statements(document, folder)
    script = folder / "script.py"
    script.write_text("\n".join([prelude(document), *blocks, AFTERWORDS.get(document, "")]))

    done = subprocess.run(
        [*(warm.PYTHON if is_warm else (sys.executable,)), script.name],
        cwd=folder,
        env=stage.environment(folder),
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    printed = [masked(line, folder) for line in done.stdout.splitlines()]
    for line in shown("\n".join(blocks)):
        assert any(_is_shown_as(each, masked(line, folder)) for each in printed), f"{line}\n{done.stdout}"


@pytest.mark.parametrize(
    "document",
    thinned(
        PYTHON,
        keep=[place for place, each in enumerate(PYTHON) if each in NOTEBOOKS],
        reason="the same blocks run as a script; notebooks train, wait and show in two documents",
    ),
)
def test_python_runs_in_a_notebook(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_warm = document not in _COLD
    for name, value in stage.environment(folder, is_warm=is_warm).items():
        monkeypatch.setenv(name, value)
    with kernel(folder, is_warm=is_warm) as run:
        for cell in (prelude(document), *statements(document, folder)):
            run(cell)
