"""Frozen types as JSON values, and what was kept of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cattrs import converters

from litmus_core.errors import UsageError
from litmus_core.types import (
    Bar,
    Compression,
    Fix,
    RepeatedRun,
    Retrained,
    ReusedModel,
    RunPlan,
    WarmStart,
    from_plain,
    read_stored,
    to_plain,
)


@dataclass(frozen=True)
class Inner:
    rows: int


@dataclass(frozen=True)
class InnerLater:
    rows: int
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Row:
    number: int


@dataclass(frozen=True)
class Page:
    rows: tuple[Row, ...]
    names: list[str]


@dataclass(frozen=True)
class Fact:
    inner: tuple[Inner, ...]
    seed: int = 0


@dataclass(frozen=True)
class FactLater:
    inner: tuple[InnerLater, ...]
    seed: int = 0
    note: str = ""


def test_without_defaults_a_field_of_a_later_litmus_changes_nothing():
    before, after = Fact((Inner(3),), seed=7), FactLater((InnerLater(3),), seed=7)

    assert to_plain(before, with_defaults=False) == to_plain(after, with_defaults=False)
    assert to_plain(before) != to_plain(after)
    assert to_plain(FactLater((InnerLater(3, (0.5,)),)), with_defaults=False) == {
        "inner": [{"rows": 3, "weights": [0.5]}]
    }


BAR = Bar(metric="accuracy", op=">=", value=0.9)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b"null", b'{"bar": 3}', b'{"metric": "accuracy"}', b"\xff\xfe", b"[" * 100_000],
)
@pytest.mark.parametrize("within", ["", "bar"])
def test_what_was_kept_and_is_damaged_is_none(tmp_path: Path, content: bytes, within: str):
    kept = tmp_path / "kept.json"
    assert read_stored(kept, Bar, within=within) is None
    assert read_stored(tmp_path, Bar, within=within) is None, "a folder"

    plain = {within: to_plain(BAR)} if within else to_plain(BAR)
    kept.write_text(json.dumps(plain))
    assert read_stored(kept, Bar, within=within) == BAR
    kept.write_bytes(content)
    assert read_stored(kept, Bar, within=within) is None


@pytest.mark.parametrize(
    "origin",
    [
        None,
        Retrained(candidate_id="c"),
        WarmStart(candidate_id="c", run_id="run_1", model="m", n_before=3),
        ReusedModel(candidate_id="c", run_id="run_1", model="m"),
        Compression(candidate_id="c", run_id="run_1", model="m"),
        RepeatedRun(run_id="run_1"),
        RepeatedRun(run_id="run_1", origin=Retrained(candidate_id="c")),
        RepeatedRun(
            run_id="run_1", origin=WarmStart(candidate_id="c", run_id="run_0", model="m", n_before=3)
        ),
    ],
)
@pytest.mark.parametrize("with_defaults", [True, False])
def test_what_a_run_starts_from_is_read_as_it_was_written(origin, with_defaults):
    plan = RunPlan(origin=origin)

    assert from_plain(RunPlan, to_plain(plan, with_defaults=with_defaults)) == plan


def test_the_code_of_a_type_is_written_once_each_way(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    for name in ("make_dict_unstructure_fn", "make_dict_structure_fn"):
        write = getattr(converters, name)

        def writing(cls: object, *given: Any, write: Any = write, name: str = name, **words: Any) -> Any:
            written.append((name, cls))
            return write(cls, *given, **words)

        monkeypatch.setattr(converters, name, writing)

    for value in (Row(1), Page((Row(1),), ["a"]), Row(2), Page((), [])):
        assert from_plain(type(value), to_plain(value)) == value
    assert len(written) == len(set(written)) == 4


def test_a_word_that_cannot_be_read_again_is_not_written():
    fix = Fix(kind="leave_ou", columns=("price",))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'leave_ou' is none of the words that can stand here") as refused:
        to_plain([fix])
    assert "leave_out" in str(refused.value.hint)
