"""Which models with steps can be chosen, and what becomes of a step that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from litmus_core.errors import PlugInError
from litmus_core.jobs._stages import postprocess as _post
from litmus_core.types import Candidate, PlugInFailed, PluginRef
from tests.advice.test_choice import model


def abstaining(name: str, score: float, abstained: float, **facts: float) -> Candidate:
    part = PluginRef(point="postprocess", reference="abstain", parameters=(("below", 0.9), *facts.items()))
    return replace(model(name, score), postprocess=(part,), abstained=abstained)


def chosen_among(candidates: list[Candidate]) -> tuple[list[str], str]:
    found, said = _post.for_choice(Path("no reports"), candidates)
    return [each.id for each in found], said


def test_models_that_answer_too_few_rows_are_not_chosen_while_another_answers_enough() -> None:
    few, many, plain = abstaining("few", 0.99, 0.61), abstaining("many", 0.9, 0.2), model("plain", 0.8)

    assert chosen_among([plain, few, many]) == (["many"], "")


def test_where_none_answers_enough_it_is_the_one_that_answers_most() -> None:
    asked = [abstaining("a", 0.99, 0.61, coverage=0.6), abstaining("b", 0.9, 0.45, coverage=0.6)]

    ids, said = chosen_among(asked)

    assert ids == ["b"]
    assert said == "No model is sure enough to answer 60% of the validation rows; b answers the most, 55%."


def test_a_share_of_none_lets_all_compete() -> None:
    assert chosen_among([abstaining("a", 0.99, 0.9, coverage=0.0)]) == (["a"], "")


def test_only_the_step_that_failed_is_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    disabled: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "litmus_core.plugins.disable_part", lambda home, part, reason: disabled.append((part.name, reason))
    )
    parts = tuple(
        PluginRef(point="postprocess", reference=f"a.py:{name}", name=name) for name in ("Good", "Bad")
    )
    reported: list[PlugInFailed] = []
    context = SimpleNamespace(
        plan=SimpleNamespace(preprocess=(), postprocess=parts),
        workspace=SimpleNamespace(path=Path("home")),
        run_id="run_1",
        report=reported.append,
    )

    _post.disable_part_of(context, PlugInError(point="postprocess", name="Bad", reason="ValueError: no luck"))  # type: ignore[arg-type]
    _post.disable_part_of(context, PlugInError(point="preprocess", name="Bad", reason="it hung"))  # type: ignore[arg-type]

    assert disabled == [("Bad", "ValueError: no luck")]
    assert [(each.point, each.name) for each in reported] == [("postprocess", "Bad")]
