from __future__ import annotations

import threading
from pathlib import Path

import pytest

from litmus_core.errors import NotFoundError, UsageError
from litmus_core.recipes import (
    RecipeError,
    RecipeFolder,
    built_in_texts,
    check_recipe,
    read_recipe,
    table_of,
)


@pytest.fixture
def folder(tmp_path: Path) -> RecipeFolder:
    return RecipeFolder(tmp_path / "recipes")


def test_versions_are_kept_and_never_change(folder):
    folder.save("ours", 1, "one")
    folder.save("ours", 2, "two")

    assert folder.save("ours", 1, "one").name == "v1.yaml"
    assert folder.versions("ours") == (1, 2)
    with pytest.raises(UsageError, match=r"versions never change. Write 'version: 3'"):
        folder.save("ours", 1, "other")
    assert folder.text("ours", 1) == "one"


def test_versions_leave_no_gap(folder):
    with pytest.raises(UsageError, match="Write 'version: 1'"):
        folder.save("ours", 2, "two")
    assert folder.names() == ()


def test_what_is_not_there_is_said_with_the_nearest_name(folder):
    folder.save("ours", 1, "one")

    with pytest.raises(NotFoundError, match="Did you mean 'ours'"):
        folder.text("our", 1)


@pytest.mark.parametrize("name", ["../elsewhere", "..", ".", "sub/ours"])
def test_a_name_is_no_way_to_files_elsewhere(folder, name):
    file = folder.path / name / "v1.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("secret")

    with pytest.raises(NotFoundError):
        folder.text(name, 1)


def test_of_two_who_keep_a_version_at_once_one_has_it(folder):
    kept, refused = [], []

    def save(text: str) -> None:
        try:
            kept.append(folder.save("ours", 1, text).read_text())
        except UsageError:
            refused.append(text)

    threads = [threading.Thread(target=save, args=[str(number)]) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(kept) == 1
    assert len(refused) == 7
    assert folder.text("ours", 1) == kept[0]
    assert [each.name for each in (folder.path / "ours").iterdir()] == ["v1.yaml"]


def test_the_recipes_that_come_with_litmus_are_those_that_were_promised():
    assert list(built_in_texts()) == [
        "imbalanced", "large-table", "must-be-explainable", "must-be-fast", "small-table", "text"
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(built_in_texts()))
def test_a_recipe_that_comes_with_litmus_is_sound(name):
    text = built_in_texts()[name]
    recipe = read_recipe(text)

    assert check_recipe(text) == ()
    assert recipe.name == name
    assert recipe.tests
    assert recipe.knobs
    assert recipe.steps[0].is_run
    assert recipe.steps[-1].kind == "hand off"


@pytest.mark.parametrize("name", sorted(built_in_texts()))
def test_tables_of_tests_are_made_as_they_say(name):
    for test in read_recipe(built_in_texts()[name]).tests:
        table = table_of(test)
        assert len(table) == test.generated.rows
        assert list(table.columns) == [*(column for column, _ in test.generated.columns), test.target]
        assert table.equals(table_of(test))
        if test.generated.classes:
            assert set(table[test.target]) == set(test.generated.classes)


def test_a_file_that_is_no_text_is_a_recipe_that_cannot_be_read(tmp_path):
    folder = RecipeFolder(tmp_path)
    kept = folder.save("ours", 1, "name: ours\n")
    kept.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(RecipeError, match="cannot be read as text"):
        folder.text("ours", 1)


@pytest.mark.parametrize(
    ("facts", "made_for_it"),
    [
        ({}, {"small-table"}),
        ({"rows": 50_000}, {"large-table"}),
        ({"text_columns": 2}, {"text"}),
        # of a number; text and imbalanced are for classes alone, and do not fit
        ({"text_columns": 2, "classes": 0, "smallest_class": 1.0}, {"imbalanced", "small-table", "text"}),
        ({"smallest_class": 0.02}, {"imbalanced", "small-table"}),
        ({"held back": True}, {"must-be-fast", "small-table"}),
    ],
)
def test_recipes_that_come_with_litmus_say_what_they_are_made_for(facts, made_for_it):
    known = {"rows": 900, "columns": 3, "text_columns": 0, "classes": 2, "smallest_class": 0.4} | facts
    recipes = [read_recipe(text) for text in built_in_texts().values()]

    assert {each.name for each in recipes if each.suits and each.suits.judge(known).holds} == made_for_it
