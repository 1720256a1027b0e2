"""A recipe is text that travels: what it names runs only where it is Litmus' own or a trusted plug-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import UsageError
from litmus_core.experiments import make_task
from litmus_core.recipes import RecipeError, check_recipe, plan_of_step, read_recipe
from tests.recipes.written import changed
from tests.trained import table

QUICK = "algorithms: [text_linear]"
REFUSED = [
    ('algorithms: [{"os:system": {command: "touch FIRED"}}]', "os:system"),
    ('algorithms: ["FOLDER/evil.py:Net"]', "evil.py:Net"),
    ("algorithms: [{evil:Net: {depth: 2}}]", "evil:Net"),
    ("algorithms: [plugins/../evil.py:Net]", "plugins/../evil.py:Net"),
    ("algorithms: [plugins/sub/evil.py:Net]", "plugins/sub/evil.py:Net"),
    ("algorithms: [sklearn.linear_model:Ridge]", "sklearn.linear_model:Ridge"),
    (f"{QUICK}\n    pre: [\"subprocess:Popen(args='touch FIRED')\"]", "subprocess:Popen"),
    (f'{QUICK}\n    post: ["evil.py:Net"]', "evil.py:Net"),
    (
        f'{QUICK}\n    post: ["litmus_core.builtin_preprocessors._counts:Counts"]',
        "litmus_core.builtin_preprocessors._counts:Counts",
    ),
]
EVIL = "open('FIRED', 'w')\nclass Net:\n    def fit(self, X, y): ...\n    def predict_proba(self, X): ...\n"


@pytest.fixture
def fired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that is there once any of the code below ran; ``evil.py`` lies where one works."""
    monkeypatch.chdir(tmp_path)
    canary = tmp_path / "fired"
    (tmp_path / "evil.py").write_text(EVIL.replace("FIRED", str(canary)))
    return canary


@pytest.mark.parametrize(("pipeline", "named"), REFUSED)
def test_a_recipe_that_names_other_code_is_refused_with_its_line(
    pipeline: str, named: str, fired: Path
) -> None:
    text = changed(QUICK, pipeline.replace("FIRED", str(fired)).replace("FOLDER", str(fired.parent)))

    (problem, *_) = check_recipe(text)

    assert problem.message.startswith("A recipe cannot run '")
    assert named in problem.message
    assert "litmus plugins add" in problem.hint
    assert problem.line >= text.splitlines().index("  quick:") + 2
    with pytest.raises(RecipeError):
        read_recipe(text)
    assert not fired.exists()


def test_the_command_that_tests_a_recipe_runs_nothing_of_it(fired: Path) -> None:
    text = changed(QUICK, REFUSED[0][0].replace("FIRED", str(fired)))
    (fired.parent / "sent.yaml").write_text(text)

    done = CliRunner().invoke(app, ["recipes", "check", "sent.yaml", "--tests", "--save"])

    assert done.exit_code != 0
    assert "A recipe cannot run 'os:system'" in done.output
    assert not fired.exists()


def test_a_plug_in_of_the_workspace_runs_once_it_is_trusted(fired: Path) -> None:
    text = changed(QUICK, "algorithms: [plugins/evil.py:Net]").replace("problems: [multiclass]\n", "")
    table(n_rows=120).to_csv("shop.csv", index=False)
    (fired.parent / "plugins").mkdir()  # where one works, and not in the workspace
    (fired.parent / "evil.py").rename(fired.parent / "plugins" / "evil.py")
    with Studio.open() as studio:
        task = make_task(studio.workspace, studio.datasets.import_file(Path("shop.csv")), "sold")
        recipe = read_recipe(text)
        plan = plan_of_step(recipe, recipe.steps[1], leader=None, led_by=None)

        with pytest.raises(UsageError, match="There is no file"):
            studio.runs.check_plan(task, plan)

        plugins = studio.workspace.path / "plugins"
        plugins.mkdir(exist_ok=True)
        (fired.parent / "plugins" / "evil.py").rename(plugins / "evil.py")
        with pytest.raises(UsageError, match=r"plugins/evil.py is not trusted, so none of it was run"):
            studio.runs.check_plan(task, plan)
        assert not fired.exists()

        studio.plugins.trust(plugins / "evil.py")
        studio.runs.check_plan(task, plan)
        assert fired.exists()
