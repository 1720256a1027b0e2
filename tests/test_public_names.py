"""What editors and type checkers see of ``litmus_core``: every name, and the arguments of every call."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import litmus_core

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import litmus_core
from litmus_core import Algorithm, Compute, Data, Folds, Goal, LitmusClassifier, Metric, Training, Tuning

handle = litmus_core.train(
    Data("shop.csv", target="sold", split="time:day"),
    goal=Goal("roc_auc>=0.9", metrics=[Metric("f1")], max_latency_ms=5),
    algorithm=["linear", Algorithm("lightgbm", learning_rate=0.1)],
    training=Training(balanced=True, tuning=Tuning(n_trials=20)),
    folds=Folds(5, repeats=2),
    compute=Compute(time_limit_s=60),
)
print(handle.wait().leaderboard())


def far_off(y_true: list[float], y_pred: list[float]) -> float:
    return max(abs(true - predicted) for true, predicted in zip(y_true, y_pred))


print(Goal("far_off<=3", metrics=far_off))
bundle = litmus_core.load_bundle("model.zip", sha256="…")
print(bundle.predict([{"size": 1.0}]).tolist(), bundle.as_estimator())
print(LitmusClassifier(folds=3, time_limit_s=10).fit([[1.0]], ["a"]).leaderboard())
"""
# Each with what it is misspelt as, in one place of the script.
MISSPELT = {
    "litmus_core.train(": "litmus_core.trian(",
    "goal=Goal(": "gaol=Goal(",
    "split=": "splitt=",
    "max_latency_ms": "max_latency",
    "balanced": "balance",
    "n_trials": "trials",
    "repeats": "repeat",
    "time_limit_s=60": "time_limit=60",
    ".wait().leaderboard())": ".wait().leaderbord())",
    "sha256": "sha",
    "as_estimator": "as_estimater",
    "folds=3": "fold=3",
}


def test_dir_names_everything_and_imports_nothing() -> None:
    code = (
        "import sys, litmus_core; names = dir(litmus_core); "
        "assert set(litmus_core.__all__) <= set(names); "
        "assert 'litmus_core.experiments' not in sys.modules; "
        "assert {name for name in names if not name.startswith('__')} <= set(litmus_core.__all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_type_checkers_are_told_is_what_is_imported() -> None:
    stub = Path(litmus_core.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    told = {
        alias.asname: (node.module, alias.name)
        for node in ast.parse(stub).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == litmus_core._HOMES
    assert sorted({*told, "__version__"}) == sorted(litmus_core.__all__)


@pytest.mark.exhaustive(reason="mypy reads all of Litmus where no cache is kept")
def test_mypy_passes_a_right_script_and_finds_each_misspelt_word(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(SCRIPT)
    for number, (right, wrong) in enumerate(MISSPELT.items()):
        assert SCRIPT.count(right) == 1, right
        (tmp_path / f"wrong_{number}.py").write_text(SCRIPT.replace(right, wrong))

    words = ["--config-file", "pyproject.toml", "--no-incremental", *map(str, sorted(tmp_path.glob("*.py")))]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *words], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout

    wrong = set(re.findall(r"(\w+)\.py:\d+: error", found))
    assert wrong == {f"wrong_{number}" for number in range(len(MISSPELT))}, found
