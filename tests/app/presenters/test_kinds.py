"""Kinds of question on the Target page: which fit a column, and what choosing one changes."""

from __future__ import annotations

from app.presenters.question.draft import Draft, DraftGoal, draft_task, with_suggestion
from app.presenters.question.task_types import present_kinds, with_kind
from litmus_core.data import task_types
from litmus_core.plugins import PluginDescription, PluginParameter
from litmus_core.types import Column, PluginRef, Suggestion

NUMBER = Column(name="wait", original_name="wait", kind="number", storage="DOUBLE", n_distinct=90)
WORDS = Column(name="who", original_name="who", kind="category", storage="VARCHAR", n_distinct=3)
OWN = PluginDescription(
    point="task_type",
    name="Teams",
    title="Teams",
    when="A person stands for a team.",
    reference="plugins/teams.py:Teams",
    parameters=(
        PluginParameter(name="how", kind="choice", default=2, choices=(1, 2)),
        PluginParameter(name="strict", kind="bool", default=False),
    ),
    facts={"base": "multiclass", "default_metric": "f1_macro"},
)
SUGGESTED = Suggestion(
    target="wait",
    problem_type="regression",
    why="90 different numbers.",
    metric="rmse",
    metrics=("rmse", "mae"),
    features=("queue",),
    left_out=(),
    n_missing_target=0,
)


def names(column: Column) -> list[str]:
    return [each.name for each in present_kinds((*task_types(), OWN), column)]


def test_numbers_can_be_asked_in_every_way_and_words_as_labels_only() -> None:
    assert names(NUMBER) == ["ratio", "above", "Teams"]
    assert names(WORDS) == ["Teams"]


def test_a_kind_brings_its_problem_type_metric_and_answer_that_matters() -> None:
    _, above = present_kinds(task_types(), NUMBER)
    draft = with_kind(
        Draft(version_id="dv_1", target="wait", goal=DraftGoal(bar=0.3)), above, {"limit": 15.0}
    )
    task = draft_task(with_suggestion(draft, SUGGESTED))

    assert task is not None
    assert (task.problem_type, task.metric, task.positive_class, task.bar) == (
        "binary",
        "roc_auc",
        "yes",
        None,
    )
    assert task.task_type is not None
    assert task.task_type.parameters == (("limit", 15.0),)


def test_as_it_is_goes_back_to_what_litmus_suggests() -> None:
    ratio, _ = present_kinds(task_types(), NUMBER)
    asked = with_kind(Draft(version_id="dv_1", target="wait"), ratio, {"offset": 1.0})
    draft = with_suggestion(with_kind(asked, None, {}), SUGGESTED)

    assert (asked.metric, draft.metric, draft.task_type) == ("mape", "rmse", None)


def test_a_form_begins_with_what_was_asked_and_gives_values_of_their_kind() -> None:
    asked = PluginRef(
        point="task_type", reference=OWN.reference, name="Teams", parameters=(("how", 1), ("strict", True))
    )
    (kind,) = present_kinds((OWN,), WORDS, ref=asked)

    assert [(each.default, each.choices) for each in kind.fields] == [
        (1, (1, 2)),
        (True, ()),
    ]
    draft = with_kind(Draft(version_id="dv_1", target="who"), kind, {"how": 2, "strict": True})
    assert draft.task_type is not None
    assert draft.task_type.parameters == (("how", 2), ("strict", True))
