"""A text encoder from a folder, end to end: asked for by name, trained, compiled, and in a bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

import litmus_core
from litmus_core import Compute
from litmus_core.errors import UsageError
from litmus_core.experiments import Studio, parse_algorithm
from litmus_core.runtime import load_bundle, read_manifest
from tests.encoders import write_encoder
from tests.engine.test_encoder import titles


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of titles and an encoder's folder, both in the current folder."""
    frame = titles(400)
    frame["kind"] = frame["kind"].map({0: "cold", 1: "call", 2: "look"})
    frame.to_csv(tmp_path / "shop.csv", index=False)
    write_encoder(tmp_path / "tiny")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.exhaustive(
    reason="tests/engine/test_encoder.py trains, compiles and moves one; other models are bundled here"
)
def test_an_encoder_is_trained_shipped_and_answers(shop: Path) -> None:
    asked = parse_algorithm("encoder(mode='frozen', folder='tiny')")
    handle = litmus_core.train(
        "shop.csv",
        "kind",
        goal="accuracy",
        compute=Compute(time_limit_s=60),
        algorithm=asked,
        folds=0,
        workspace=shop / "home",
    )
    try:
        best = handle.wait(timeout_s=200).best
        assert best.facts.form == "compiled"
        assert best.facts.test is not None
        assert best.facts.test.value > 0.6  # the largest class has a third of the rows
        assert str(shop / "tiny") in handle.code
        record = best.export(shop / "bundle.zip")
    finally:
        handle.studio.close()
    loaded = load_bundle(record.path)
    assert loaded.check() == []
    rows = [{"title": "acme phone 20"}, {"title": "fridge acme 30"}, {"title": None}]
    assert all(each["label"] in ("call", "cold", "look") for each in loaded.predict_records(rows))
    names = {name.rpartition("/")[2].partition(".")[2] for name in read_manifest(record.path).files}
    assert {"graph.onnx", "vocabulary.txt"} <= names


def test_an_encoder_that_is_not_there_is_said_before_anything_starts(shop: Path) -> None:
    with pytest.raises(UsageError, match=r"encoder 'tinny'. Did you mean 'tiny'"):
        litmus_core.train(
            "shop.csv", "kind", algorithm=parse_algorithm("encoder(folder='tinny')"), workspace=shop / "home"
        )
    with Studio.open(shop / "home") as studio:
        assert studio.store.experiments() == []
