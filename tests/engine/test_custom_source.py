"""Looking up models of one's own: what is copied, and every way they can be refused, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.engine import check_models
from litmus_core.errors import TrainingError, UsageError
from litmus_core.plugins import check_unchanged, copy_parts
from litmus_core.types import CustomModel, RunPlan, from_plain

GOOD = "class Good:\n    def fit(self, X, y): ...\n    def predict_proba(self, X): ...\n"


def bring(folder: Path, *references: str) -> tuple[CustomModel, ...]:
    models = [CustomModel(reference=each) for each in references]
    return copy_parts(models, base=folder, to=folder / "run" / "modules")


def refusal(folder: Path, reference: str, problem_type: str = "binary") -> str:
    """Return the words in which a model is refused when a run of it is queued."""
    with pytest.raises(UsageError) as caught:
        check_models(bring(folder, reference), folder / "run" / "modules", problem_type)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_module_is_copied_with_what_it_imports_from_beside_it_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "shop_models.py").write_text("import numpy, json\nfrom shop_parts.deep import x\n" + GOOD)
    (tmp_path / "shop_parts").mkdir()
    (tmp_path / "shop_parts" / "__init__.py").write_text("")
    (tmp_path / "shop_parts" / "deep.py").write_text("import shop_words\nx = 1\n")
    (tmp_path / "shop_words.py").write_text("")
    (tmp_path / "unrelated.py").write_text("")

    (model,) = bring(tmp_path, "shop_models:Good")

    modules = tmp_path / "run" / "modules"
    copied = sorted(path.relative_to(modules).as_posix() for path in modules.rglob("*.py"))
    assert copied == ["shop_models.py", "shop_parts/__init__.py", "shop_parts/deep.py", "shop_words.py"]
    assert (model.module, model.name) == ("shop_models", "Good")
    assert model.reference == f"{tmp_path / 'shop_models.py'}:Good"
    check_unchanged([model], modules)
    (modules / "shop_words.py").write_text("changed = True")
    with pytest.raises(TrainingError, match="was changed or removed"):
        check_unchanged([model], modules)


def test_what_is_installed_is_named_and_not_copied(tmp_path: Path) -> None:
    (model,) = bring(tmp_path, "sklearn.neighbors:KNeighborsClassifier")
    assert (model.module, model.sha256) == ("sklearn.neighbors", "")
    assert not (tmp_path / "run" / "modules").exists()
    check_models([model], tmp_path, "binary")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x = 1\ndef broken(:\n", "shop_own.py is not valid Python: invalid syntax, in line 2."),
        (GOOD.replace("Good", "Goood"), "shop_own.py has no 'Good'. Did you mean 'Goood'?"),
        (
            "import numpy\nraise OSError('no key')\n",
            "Your model Good of shop_own.py cannot be used: OSError: no key, in line 2 of shop_own.py.",
        ),
        ("import not_there_at_all\n" + GOOD, "No module named 'not_there_at_all', in line 1 of shop_own.py."),
        ("Good = 5\n", "shop_own.py has 'Good', which is neither a class nor a function."),
        ("class Good: ...\n", "shop_own.py has 'Good', which has no fit."),
        (
            "class Good:\n    def fit(self, X, y): ...\n",
            "shop_own.py has 'Good', which has no predict_proba.",
        ),
        (
            GOOD + "    def __init__(self, depth): ...\n",
            "shop_own.py has 'Good', which cannot be made: missing a required argument: 'depth'. Give each "
            "of its parameters a value or a default, or name a function that makes it.",
        ),
        ("import os\nos._exit(7)\n", "cannot be used: its process ended by itself (exit code 7)."),
        ("import sys\nsys.exit()\n", "cannot be used: it called sys.exit(), in line 2 of shop_own.py."),
    ],
)
def test_what_cannot_be_trained_is_refused_with_file_and_line(
    tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "shop_own.py").write_text(content)
    assert said in refusal(tmp_path, "shop_own.py:Good")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("os:system", "os has 'system', which is neither a class nor a function."),
        ("subprocess:run", "subprocess has the function 'run', which is not run."),
        ("subprocess:Popen", "subprocess has 'Popen', which has no fit."),
        ("sklearn.linear_model:enet_path", "sklearn.linear_model has the function 'enet_path', which is not"),
    ],
)
def test_what_is_installed_and_is_no_model_is_refused_without_being_called(
    tmp_path: Path, reference: str, said: str
) -> None:
    assert said in refusal(tmp_path, reference)


def test_neither_a_class_nor_a_function_is_called_to_be_checked(tmp_path: Path) -> None:
    fired = tmp_path / "fired"
    fire = f"open({str(fired)!r}, 'w')\n"
    (tmp_path / "shop_loud.py").write_text(f"{GOOD}    def __init__(self): {fire}\ndef make(): {fire}")
    models = bring(tmp_path, "shop_loud.py:Good", "shop_loud.py:make")
    check_models(models, tmp_path / "run" / "modules", "binary")
    assert not fired.exists()


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("shop_own", "'shop_own' names no class. Write MODULE:CLASS"),
        ("nowhere.py:Good", "Check its path. Beside it: json.py, shop_own.py."),
        ("no_such_module:Good", "Start from the folder that holds no_such_module.py"),
        ("json.py:Good", "called like a module of Python"),
        ("shop own:Good", "'shop own' cannot be a module's name"),
    ],
)
def test_a_reference_that_cannot_be_meant_is_refused(tmp_path: Path, reference: str, said: str) -> None:
    for name in ("shop_own.py", "json.py"):
        (tmp_path / name).write_text(GOOD)
    assert said in refusal(tmp_path, reference)


@pytest.mark.parametrize("installed", ["numpy", "typing_extensions", "its_own_word"])
def test_a_file_that_is_called_like_an_installed_module_is_refused_without_a_look_at_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str
) -> None:
    packages = tmp_path / "packages" / "shop-1.0.dist-info"
    packages.mkdir(parents=True)
    (packages / "top_level.txt").write_text("its_own_word\n")  # installed for editing: it lies elsewhere
    monkeypatch.syspath_prepend(packages.parent)
    monkeypatch.delattr("importlib.metadata.packages_distributions")
    (tmp_path / f"{installed}.py").write_text(GOOD)
    (tmp_path / f"{installed}_2.py").write_text(GOOD)

    assert "called like a module of Python or of an installed package" in refusal(
        tmp_path, f"{installed}.py:Good"
    )
    assert bring(tmp_path, f"{installed}_2.py:Good")


def test_the_same_model_twice_and_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shop_own.py").write_text(f"# {folder}\n{GOOD}")
    with pytest.raises(UsageError, match="given twice"):
        bring(tmp_path, "a/shop_own.py:Good", "a/shop_own.py:Good")
    with pytest.raises(UsageError, match=r"Two different files are called 'shop_own.py'"):
        bring(tmp_path, "a/shop_own.py:Good", "b/shop_own.py:Other")


def test_plans_of_older_journals_have_no_models() -> None:
    assert from_plain(RunPlan, {"families": ["linear"], "folds": None}).models == ()
