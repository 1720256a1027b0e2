"""Plug-ins in words: states, checks, parameters, the call."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any, get_args

import pytest

from app.examples import examples
from app.presenters.fields import present_parameters
from app.presenters.plugin_snippet import call_of
from app.presenters.plugins import PLACES, key_of, present_built_in, present_faults, present_plugins
from litmus_core.plugins import (
    CheckResult,
    PlugIn,
    PluginDescription,
    PluginParameter,
    PlugInReport,
    Readiness,
)
from litmus_core.types import PlugInFailed, Point

SHARE = PluginParameter(name="share", kind="float", default=0.99, low=0, high=1, help="the share that stays")
CAPS = PluginDescription(
    point="preprocess",
    name="Caps",
    title="Capped prices",
    when="A few prices run away",
    reference="plugins/caps.py:Caps",
    version="2",
    parameters=(SHARE,),
)
FOUND = PlugIn(origin="workspace", where="plugins/caps.py", state="not checked", described=CAPS)
FILE = PlugIn(origin="workspace", where="plugins/new.py", state="not trusted", reason="it is not trusted")
REPORT = PlugInReport(
    point="preprocess",
    name="Caps",
    reference="plugins/caps.py:Caps",
    results=(
        CheckResult(name="runs", passed=True, seconds=0.2),
        CheckResult(
            name="missing values", passed=False, message="ValueError: no price, in line 7 of caps.py"
        ),
        CheckResult(name="does not grow", passed=True, skipped="not made, because 'runs' failed"),
    ),
)


def view_of(**changes: Any) -> Any:
    (view,) = present_plugins([replace(FOUND, **changes)]).plugins
    return view


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("not trusted", "trust"),
        ("not checked", "check"),
        ("failed its checks", ""),
        ("disabled", "enable"),
        ("ready", ""),
        ("broken", ""),
        ("two with the same name", ""),
    ],
)
def test_each_state_has_one_thing_to_do_next(state: Readiness, step: str) -> None:
    assert view_of(state=state).moves.step == step


def test_every_state_has_words() -> None:
    assert all(view_of(state=state).state.word for state in get_args(Readiness))


def test_a_plug_in_says_what_it_is_and_where_it_lies() -> None:
    view = view_of()

    assert (view.name, view.title, view.noun) == ("Caps", "Capped prices", "Pre-processor")
    assert view.where == "plugins/caps.py, version 2"
    assert view_of(origin="installed", where="shop", state="ready").where == "package shop, version 2"


def test_only_files_of_the_workspace_can_be_read() -> None:
    assert view_of().source == "plugins/caps.py"
    assert view_of(origin="installed", where="shop").source == ""


def test_the_reason_is_a_sentence_of_its_own() -> None:
    assert view_of(state="disabled", reason="OSError: gone, in line 9").reason == "OSError: gone, in line 9."
    assert view_of(state="ready").reason == ""


def test_checks_are_told_line_by_line_with_what_was_found() -> None:
    view = view_of(state="failed its checks", report=REPORT)

    assert view.checks.title == "1 of 2 checks failed"
    assert view.checks.has_failed
    assert [(line.name, line.word) for line in view.checks.lines] == [
        ("Runs", "passed"),
        ("Missing values", "failed"),
        ("Does not grow", "not made"),
    ]
    assert view.checks.lines[1].note == "ValueError: no price, in line 7 of caps.py."
    assert view.checks.lines[0].duration.replace("\u202f", " ") == "0.2 s"


def test_what_waits_comes_first_but_for_what_was_asked_for() -> None:
    ready = replace(FOUND, state="ready")

    assert [each.key for each in present_plugins([ready, FILE]).plugins] == [
        "plugins/new.py",
        "preprocess.Caps",
    ]
    asked = present_plugins([ready, FILE], selected="preprocess.Caps")
    assert [each.key for each in asked.plugins] == ["preprocess.Caps", "plugins/new.py"]
    assert asked.reading == "2 plug-ins: 1 ready, 1 waiting for you."


def test_a_run_names_the_plug_ins_that_it_went_on_without() -> None:
    sentence = "Your pre-processor Caps stopped: KeyError: 'price', in line 15 of caps.py."
    failed = PlugInFailed(run_id="run_1", point="preprocess", name="Caps", sentence=sentence)

    (fault,) = present_faults([failed, failed], [FOUND, FILE])

    assert fault.key == key_of(FOUND)
    assert fault.sentence == sentence
    assert fault.label == "See pre-processor Caps"
    (other,) = present_faults([replace(failed, name="Capsule")], [FOUND])
    assert other.key == "", "it is not a plug-in that there is a line of"
    assert present_faults([replace(failed, point="hook")], [FOUND])[0].key == ""


def test_annotations_become_fields() -> None:
    parameters = (
        SHARE,
        PluginParameter(name="by_day", kind="bool", default=True),
        PluginParameter(name="how", kind="choice", default="mean", choices=("mean", "median")),
        PluginParameter(name="most", kind="int", optional=True),
        PluginParameter(name="unit", kind="choice", choices=("kg", "g"), optional=True),
    )

    fields = {each.name: each for each in present_parameters(parameters)}

    assert (fields["share"].kind, fields["share"].low, fields["share"].high) == ("number", 0, 1)
    assert fields["share"].help == "The share that stays. From 0 to 1."
    assert (fields["by_day"].title, fields["by_day"].kind) == ("By day", "switch")
    assert fields["how"].choices == ("mean", "median")
    assert (fields["most"].kind, fields["most"].default) == ("whole", None)
    assert fields["unit"].choices == (None, "kg", "g")


@pytest.mark.parametrize(
    ("point", "asked"),
    [
        ("preprocess", "training=Training(preprocess=['plugins/caps.py:Caps(share=0.5)'])"),
        ("postprocess", "training=Training(postprocess=['plugins/caps.py:Caps(share=0.5)'])"),
        ("algorithm", "algorithm=Algorithm('plugins/caps.py:Caps', share=0.5)"),
        ("metric", "goal='Caps(share=0.5)'"),
        ("exporter", "studio.bundles.export_as('BUNDLE', 'Caps', 'PATH')"),
        ("data_source", "studio.datasets.import_file('shop://orders')"),
    ],
)
def test_the_call_is_python_with_what_was_filled_in(point: Point, asked: str) -> None:
    made = replace(CAPS, point=point, facts={"prefix": "shop://", "example": "shop://orders"})

    code = call_of(made, {"share": 0.5})

    assert asked in ast.unparse(ast.parse(code))


def test_defaults_are_not_said() -> None:
    assert "share" not in call_of(CAPS, {"share": 0.99})


def test_what_litmus_brings_is_grouped_by_place() -> None:
    linear = PluginDescription(
        point="algorithm", name="linear", title="Linear", reference="linear", when="Always"
    )
    brought = PlugIn(origin="built in", where="Litmus", state="ready", described=linear)

    (view,) = present_built_in([FOUND, brought])

    assert (view.title, view.rows) == ("Models", (("linear", "Linear", "Always"),))


def test_every_place_has_words() -> None:
    assert set(PLACES) == set(get_args(Point))


def test_the_guides_have_an_example_for_each_place_but_task_types() -> None:
    assert set(get_args(Point)) - {each.point for each in examples()} <= {"task_type"}
