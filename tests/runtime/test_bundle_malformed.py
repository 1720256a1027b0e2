"""Bundles that somebody changed and sealed again are refused in words, whatever they would end in."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks._hostile_bundles import mutate
from litmus_core.errors import BundleError, LitmusError
from litmus_core.runtime import ExecutorKind, load_bundle, register_executor
from tests import tiny
from tests.runtime.conftest import forge


@pytest.fixture
def folder(folder: Path) -> Path:
    """A bundle whose weights run no code, so that it has to prove itself by its examples."""
    register_executor("tiny", ExecutorKind(load=tiny.load, packages={"cattrs": "cattrs"}, runs_code=False))
    return folder


def change(folder: Path, name: str, content: bytes) -> None:
    """Replace a file's content and write its hash anew."""
    (folder / name).write_bytes(content)
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
    forge(folder, lambda plain: plain["files"].update({name: entry}))


def edited(folder: Path, name: str, *path: Any, to: Any) -> bytes:
    """Return a JSON file's content with one value replaced."""
    plain = json.loads((folder / name).read_bytes())
    holder = plain
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = to
    return json.dumps(plain).encode()


def test_a_whole_bundle_answers(folder: Path) -> None:
    with load_bundle(folder) as bundle:
        assert bundle.check() == []
        assert set(bundle.predict_records([tiny.ROW])[0]) == {"label", "probabilities"}


@pytest.mark.parametrize(
    ("name", "path", "to", "said"),
    [
        ("golden.json", ("answers", 0), float("nan"), "cannot answer its own examples: "),
        ("golden.json", ("rows",), 3, "golden.json is damaged"),
        ("pipeline.json", ("encoders", 0), None, "pipeline.json is damaged"),
        ("model/weights.json", (0,), [[]], "cannot answer its own examples: "),
        ("model/weights.json", (0,), 9.0, "is not as exported. Golden row 0 was answered"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    folder: Path, name: str, path: tuple[Any, ...], to: Any, said: str
) -> None:
    change(folder, name, edited(folder, name, *path, to=to))

    with pytest.raises(BundleError) as caught, load_bundle(folder) as bundle:
        bundle.predict_records([tiny.ROW])

    assert said in str(caught.value)


def test_weights_that_memory_does_not_hold_are_said_to_be_too_large(folder: Path) -> None:
    def load(_: Path) -> Any:
        raise MemoryError

    register_executor("tiny", ExecutorKind(load=load, packages={"cattrs": "cattrs"}, runs_code=False))

    with (
        load_bundle(folder) as bundle,
        pytest.raises(BundleError, match="does not fit into the available memory"),
    ):
        bundle.predict_records([tiny.ROW])


@pytest.mark.parametrize("name", ["manifest.json", "golden.json", "pipeline.json", "model/weights.json"])
def test_json_that_is_nested_too_deep_is_refused(folder: Path, name: str) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    if name == "manifest.json":
        (folder / name).write_bytes(deep)
        (folder / "manifest.sha256").write_text(hashlib.sha256(deep).hexdigest())
    else:
        change(folder, name, deep)

    with pytest.raises(BundleError), load_bundle(folder) as bundle:
        bundle.predict_records([tiny.ROW])


def test_labels_that_were_swapped_are_noticed_by_the_examples(folder: Path) -> None:
    forge(folder, lambda plain: plain["signature"]["classes"].reverse())

    with load_bundle(folder) as bundle, pytest.raises(BundleError, match="is not as exported"):
        bundle.predict([tiny.ROW])


def test_what_the_examples_do_not_show_is_refused_where_it_stops(folder: Path) -> None:
    with load_bundle(folder) as bundle:
        bundle.warm()
        bundle.executor = None  # what a malformed branch of a tree does for some rows alone

        with pytest.raises(BundleError, match="cannot answer these rows"):
            bundle.predict([tiny.ROW])


@pytest.mark.parametrize("number", range(40))
def test_a_mutation_is_refused_or_answers_its_examples(folder: Path, tmp_path: Path, number: int) -> None:
    what = mutate(folder, tmp_path / "mutated", random.Random(number))
    try:
        with load_bundle(tmp_path / "mutated") as bundle:
            bundle.predict_records([tiny.ROW])
            assert bundle.differences(tolerance=1e-4) == [], what
    except LitmusError:
        pass
