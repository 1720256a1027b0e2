"""Baselines: what guessing and a simple model reach, learned on training rows, scored on validation rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.data import _baselines as long_tables
from litmus_core.data import baselines, import_table
from litmus_core.errors import UsageError
from litmus_core.store import Workspace
from litmus_core.types import Baseline, DatasetVersion, SplitPlan, Task

Importer = Callable[..., DatasetVersion]
WORDS = ("kettle red", "kettle blue", "fridge white", "fridge tall grey")


def shop(n_rows: int = 240) -> str:
    """Return a table in which titles tell the category, and price follows weight."""
    lines = ["title,weight,sold,day,fragile,category,price"]
    for row in range(n_rows):
        weight = row * 37 % 101
        lines.append(
            f"a fine {WORDS[row % 4]} of make {row},{weight or ''},{row % 7},2024-01-{row % 28 + 1:02},"
            f"{'true' if row % 3 else 'false'},{'fridges' if row % 4 > 1 else 'kettles'},{3 * weight + 5}"
        )
    return "\n".join(lines) + "\n"


def task_on(version: DatasetVersion, target: str, **parts: Any) -> Task:
    features = tuple(name for name in version.column_names if name not in ("category", "price"))
    return Task(dataset_version_id=version.id, target=target, features=features, **parts)


def reached(found: tuple[Baseline, ...]) -> dict[str, float]:
    return {each.name: round(each.value, 3) for each in found}


def test_a_simple_model_reads_titles_and_beats_guessing(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())

    found = baselines(
        workspace, version, task_on(version, "category", problem_type="binary", metric="accuracy")
    )

    assert reached(found) == {"majority": 0.5, "quick linear": 1.0}
    assert found[0].sentence == "Always guessing 'fridges' is right 50 % of the time."
    assert found[1].sentence == "A simple model, trained in seconds, is right 100 % of the time."


def test_guessing_costs_what_the_cheapest_constant_answer_costs(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported(shop())
    costs = 'cost(table={"fridges":{"kettles":1},"kettles":{"fridges":9}})'

    found = baselines(workspace, version, task_on(version, "category", problem_type="binary", metric=costs))

    assert found[0].sentence == "Always guessing 'kettles' costs 500 for 1,000 cases."
    assert found[0].metric == costs


def test_money_has_its_sign_where_guessing_is_scored(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop().replace(",kettles,", ",kettles,$").replace(",fridges,", ",fridges,$"))
    asked = {"problem_type": "regression", "metric": "mae"}

    [guess, simple] = baselines(workspace, version, task_on(version, "price", **asked))

    assert re.fullmatch(r"Always guessing \$[\d.]+ is off by \$[\d.]+ on average.", guess.sentence)
    assert re.fullmatch(
        r"A simple model, trained in seconds, is off by \$[\d.]+ on average.", simple.sentence
    )
    [explained, _] = baselines(workspace, version, task_on(version, "price", **asked | {"metric": "r2"}))
    assert explained.sentence.count("$") == 1  # the guess is money, its R² is none


def test_guessing_a_quantile_guesses_that_quantile(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    task = task_on(version, "price", problem_type="regression", metric="quantile_loss(quantile=0.9)")

    [guessed, _] = baselines(workspace, version, task)

    assert guessed.sentence.startswith("Always guessing 2")
    assert "the mean" not in guessed.sentence


def test_probabilities_are_scored_where_the_metric_needs_them(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported(shop())
    task = task_on(version, "category", problem_type="binary", metric="roc_auc", positive_class="kettles")

    assert reached(baselines(workspace, version, task)) == {"majority": 0.5, "quick linear": 1.0}


def test_numbers_are_guessed_by_their_mean_and_by_a_line(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())

    found = baselines(workspace, version, task_on(version, "price", problem_type="regression", metric="r2"))

    assert found[0].name == "mean"
    assert abs(found[0].value) < 0.1
    assert found[1].value > 0.95


def test_a_lopsided_target_is_guessed_as_its_commonest_class(
    workspace: Workspace, imported: Importer
) -> None:
    rows = "".join(f"{'no' if row % 5 else 'yes'},{row % 4}\n" for row in range(250))
    version = imported("y,x\n" + rows)
    task = Task(
        dataset_version_id=version.id, target="y", problem_type="binary", metric="accuracy", features=("x",)
    )

    assert reached(baselines(workspace, version, task))["majority"] == 0.8


def test_test_rows_do_not_matter(workspace: Workspace, imported: Importer) -> None:
    whole = shop().splitlines()
    spoiled = [*whole[:193], *(line.replace("fridges", "kettles") for line in whole[193:])]
    before, after = imported("\n".join(whole)), imported("\n".join(spoiled))
    plan = SplitPlan(kind="time", column="row")

    def of(version_text: list[str]) -> tuple[Baseline, ...]:
        numbered = [f"row,{version_text[0]}", *(f"{row},{line}" for row, line in enumerate(version_text[1:]))]
        version = imported("\n".join(numbered) + "\n")
        task = task_on(version, "category", problem_type="binary", metric="accuracy", split=plan)
        return baselines(workspace, version, task)

    assert before.content_hash != after.content_hash
    assert reached(of(whole)) == reached(of(spoiled))


def test_own_validation_rows_are_the_ones_scored(
    workspace: Workspace, imported: Importer, tmp_path: Any
) -> None:
    version = imported(shop())
    source = tmp_path / "own.csv"
    lines = shop().replace("of make ", "of another make ").splitlines()
    source.write_text("\n".join([lines[0], *(line for line in lines[1:] if ",kettles," in line)]) + "\n")
    own = import_table(workspace, source)
    task = task_on(
        version, "category", problem_type="binary", metric="accuracy", validation_version_id=own.id
    )

    found = baselines(workspace, version, task, validation=own)

    assert reached(found)["majority"] in (0.0, 1.0)


def test_a_task_with_its_own_test_file_tests_on_no_row_of_the_table(
    workspace: Workspace, imported: Importer, tmp_path: Any
) -> None:
    rows = [f"{row},{'no' if row >= 80 or row % 4 == 0 else 'yes'}" for row in range(100)]
    version = imported("\n".join(["row,sold", *rows]) + "\n")
    (tmp_path / "own.csv").write_text("row,sold\n200,yes\n201,no\n")
    own = import_table(workspace, tmp_path / "own.csv")
    task = Task(
        dataset_version_id=version.id,
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("row",),
        split=SplitPlan(kind="time", column="row"),
    )

    # The latest fifth, without a yes, validates: it is not put aside for a test.
    assert reached(baselines(workspace, version, task, test=own))["majority"] == 0.0


@pytest.mark.parametrize("features", [("empty",), ("constant",), ("day", "fragile")])
def test_poor_columns_are_no_trouble(
    workspace: Workspace, imported: Importer, features: tuple[str, ...]
) -> None:
    rows = [f",7,2024-01-{row % 28 + 1:02},{'true' if row % 2 else ''},{row % 3}" for row in range(90)]
    version = imported("\n".join(["empty,constant,day,fragile,y", *rows]) + "\n")
    task = Task(
        dataset_version_id=version.id,
        target="y",
        problem_type="multiclass",
        metric="log_loss",
        features=features,
    )

    assert len(baselines(workspace, version, task)) == 2


def test_a_text_is_not_asked_how_much_it_is(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    task = task_on(version, "category", problem_type="regression", metric="rmse")

    with pytest.raises(UsageError, match="'category' does not hold numbers"):
        baselines(workspace, version, task)


def test_of_a_very_long_table_some_rows_are_read_and_that_is_said(
    workspace: Workspace, imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = imported(
        "\n".join(["a,y", *(f"{at % 7},{'yes' if at % 3 else 'no'}" for at in range(3_000))]) + "\n"
    )
    task = Task(
        dataset_version_id=version.id, target="y", problem_type="binary", metric="accuracy", features=("a",),
        positive_class="yes",
    )  # fmt: skip
    monkeypatch.setattr(long_tables, "_MOST_READ", 1_000)

    found = baselines(workspace, version, task)

    assert found[0].value == pytest.approx(2 / 3, abs=0.01)
    assert found[0].sentence.endswith("(on 1,000 of the rows).")
    assert found[1].value == pytest.approx(2 / 3, abs=0.05)
