"""The manifest is what docs/bundle.md says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from litmus_core.runtime import Manifest
from tests import tiny

DOCUMENT = (Path(__file__).parents[2] / "docs" / "bundle.md").read_text(encoding="utf-8")


def test_every_field_is_documented() -> None:
    assert [field.name for field in fields(Manifest) if f"`{field.name}`" not in DOCUMENT] == []


def test_every_file_of_a_bundle_is_documented(tmp_path: Path) -> None:
    folder = Path(tiny.bundle(tmp_path / "bundle").path)
    names = {each.name + ("/" if each.is_dir() else "") for each in folder.iterdir()}

    assert {name for name in names if f"`{name}`" not in DOCUMENT} == set()


def test_writing_and_reading_change_nothing(tmp_path: Path) -> None:
    content = (Path(tiny.bundle(tmp_path / "bundle").path) / "manifest.json").read_bytes()

    assert Manifest.from_json(content).to_json() == content
