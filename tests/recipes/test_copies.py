"""Copies of the recipes that come with Litmus."""

from __future__ import annotations

from litmus_core.recipes import RecipeFolder


def test_a_copy_is_kept_whatever_versions_there_are_and_one_that_is_there_stays(tmp_path):
    folder = RecipeFolder(tmp_path / "recipes")

    folder.save_copy("text", 7, "seven")
    folder.save_copy("text", 7, "another seven")

    assert folder.versions("text") == (7,)
    assert folder.text("text", 7) == "seven"
