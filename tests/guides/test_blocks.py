"""Every block of Python in README and guides runs as it is written there.

From a script and from a notebook's kernel. A document's blocks run one after the other, as a reader would,
in a folder with the files that they name and a workspace with a trained model.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.guides import stage
from tests.guides.blocks import DOCUMENTS, Block, blocks_of
from tests.kernel import kernel

# Blocks that need what no test has, by document and line's beginning; what runs them instead.
ELSEWHERE = {
    ("docs/guides/cluster.md", "10.0.0.5"): "a cluster: tests/cluster has one of Ray's on this machine",
    ("docs/guides/text-encoders.md", 'Algorithm("encoder"'): "its weights: tests/engine/test_encoder.py",
}
# What a snippet in the middle of a guide has from what the guide told before, or from the reader.
_STUDIO = """
import litmus_core
from litmus_core import Studio
studio = Studio.open()
experiment = studio.experiment(studio.store.query("SELECT id FROM experiments")[0]["id"])
run = studio.runs(experiment.id)[-1]
"""
PRELUDES = {
    "docs/bundle.md": "import pandas as pd\nrows = pd.read_csv('rows.csv')\n",
    "docs/guides/big-data.md": "import litmus_core\n",
    "docs/guides/export.md": _STUDIO
    + """
import pandas as pd
frame = pd.read_csv("rows.csv", parse_dates=["day"])
studio.export_onnx(run.chosen_id, to="model.onnx")
""",
    "docs/guides/improve.md": _STUDIO + "studio.take_recipe(experiment.id, 'small-table')\n",
    "docs/guides/plugins.md": "from caps import Caps\n",
    "docs/guides/production.md": _STUDIO + "bundle_id = studio.bundles()[0].id\n",
    "docs/guides/reports.md": _STUDIO + "first = second = experiment\n",
}
MAKE_THEIR_OWN_MODEL = ("README.md", "docs/guides/export.md", "docs/guides/production.md")
_LIMIT_S = 280


def runs_here(block: Block) -> bool:
    """Say whether a block runs in these tests."""
    return not any(block.document == where and what in block.code for where, what in ELSEWHERE)


PYTHON = [each for each in DOCUMENTS if blocks_of(each)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage.make_stage(tmp_path_factory.mktemp("stage"))


@pytest.fixture
def folder(base: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    here = stage.copy_stage(base, tmp_path / "here")
    if request.getfixturevalue("document") in MAKE_THEIR_OWN_MODEL:
        (here / "model.zip").unlink()
    return here


@pytest.mark.parametrize("document", PYTHON)
def test_python_runs_as_a_script(document: str, folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(_prelude(document) + "".join(_statements(document, folder)))

    done = subprocess.run(
        [sys.executable, script.name],
        cwd=folder,
        env=stage.environment(folder),
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


@pytest.mark.parametrize("document", PYTHON)
def test_python_runs_in_a_notebook(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stage.environment(folder).items():
        monkeypatch.setenv(name, value)
    with kernel(folder) as run:
        for cell in (_prelude(document), *_statements(document, folder)):
            run(cell)


def _prelude(document: str) -> str:
    return PRELUDES.get(document, "")


def _statements(document: str, folder: Path) -> list[str]:
    """Return a document's blocks of statements; those that are files are written."""
    statements = []
    for block in blocks_of(document):
        if not runs_here(block):
            continue
        if block.file:
            plugins = folder / stage.WORKSPACE / "plugins"
            plugins.mkdir(exist_ok=True)
            for place in (folder, plugins):
                (place / Path(block.file).name).write_text(block.code)
        else:
            statements.append(block.code)
    return statements
