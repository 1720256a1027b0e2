"""Which other forms a bundle has, and where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.presenters.shipping.bundle_forms import OTHER_FORMS, present_forms
from litmus_core.deploy import FORMS
from tests.app.presenters.facts import candidate


def test_every_form_that_there_is_has_words_on_the_page() -> None:
    assert sorted(OTHER_FORMS) == sorted(FORMS)


@pytest.mark.parametrize(
    ("form", "keys"), [("compiled", ["mlflow", "docker", "onnx"]), ("native", ["mlflow", "docker"])]
)
def test_onnx_is_offered_where_the_model_needs_no_library_of_its_own(form: str, keys: list[str]) -> None:
    assert [each.key for each in present_forms("/w/model.zip", candidate(form=form))] == keys


def test_what_was_made_can_be_downloaded(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"x" * 2_000_000)

    made = {
        each.key: each.path for each in present_forms(str(tmp_path / "model.zip"), candidate(form="compiled"))
    }

    assert made == {"mlflow": None, "docker": None, "onnx": tmp_path / "model.onnx"}
