"""What cannot be done is said plainly where it happened, and nothing is lost.

Bars that make no sense and targets of one class are in test_target.py, files of another kind in test_data.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Node

from litmus_core.experiments import Studio
from litmus_core.store import Workspace
from tests.app.visit import ROOT, text, visit
from tests.app.world import EXPERIMENT, RUN, World


@pytest.fixture
def judged() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses")
    return world


def said(app: AppTest) -> str:
    return " ".join(warning.proto.title for warning in app.warning)


@pytest.mark.parametrize(("page", "content"), [("home", b""), ("data", b"age,income,target\n")])
def test_an_upload_without_rows_is_refused_where_it_was_dropped(page, content):
    app = visit(page)
    app.file_uploader[0].set_value(("orders.csv", content, "text/csv")).run()
    assert ("'orders.csv' is empty" if not content else "a header but no rows") in said(app)
    with Studio.open() as studio:
        assert studio.datasets.list() == []


def test_what_is_wrong_with_a_dropped_file_stands_in_its_card_and_not_below_the_samples():
    app = visit("home")
    app.file_uploader[0].set_value(("orders.csv", b"", "text/csv")).run()
    drawn = [node for node in every_node(app.main) if node.type in ("alert", "warning", "button")]
    kinds = [node.type if node.type != "button" else node.label for node in drawn]
    assert kinds.index("warning") < kinds.index("Other ways to add a table") < kinds.index("Try this sample")


def every_node(node: Node) -> Iterator[Node]:
    """Yield a part of the page and all parts in it, from top to bottom."""
    yield node
    for child in getattr(node, "children", {}).values():
        yield from every_node(child)


def test_an_experiment_that_another_tab_deleted_is_not_trained(judged):
    app = visit("train", experiment=EXPERIMENT)
    with Studio.open() as studio:
        studio.experiments.delete(EXPERIMENT)
    app.button(key="start").click().run()
    assert f"There is no experiment '{EXPERIMENT}' in this workspace." in said(app)


def test_a_table_that_another_tab_deleted_is_said_while_its_task_is_drafted():
    with Studio.open() as studio:
        table = studio.datasets.import_file(ROOT / "sample_data" / "penguins.csv")
    app = visit("target", dataset=table.id)
    with Studio.open() as studio:
        studio.datasets.delete(table.dataset_id)
    app.selectbox(key=f"column-{table.id}").select("species").run()
    assert f"There is no data set version '{table.id}' in this workspace." in said(app)


def test_a_decision_that_somebody_took_in_another_tab_is_shown_and_replaced_only_knowingly(judged):
    app = visit("results", experiment=EXPERIMENT, run=RUN)
    app.button(key="decide.use").click().run()
    with Studio.open() as studio:
        studio.decisions.use_anyway(RUN, because="The pilot wants it.", by="Ann")
    app.text_area(key="decide.use.reason").set_value("Mine.")
    record = "Record the decision and use it"
    next(button for button in app.button if button.label == record).click().run()
    assert "Ann decided just now to use this model anyway: “The pilot wants it.”" in text(app)
    assert app.text_area(key="decide.use.reason").value == "Mine."
    with Studio.open() as studio:
        assert studio.experiments.get(EXPERIMENT).decision.by == "Ann"
    next(button for button in app.button if button.label == record).click().run()
    assert not app.exception
    with Studio.open() as studio:
        assert studio.experiments.get(EXPERIMENT).decision.reason == "Mine."


def test_a_decision_of_somebody_else_can_be_left_as_it_is(judged):
    app = visit("results", experiment=EXPERIMENT, run=RUN)
    app.button(key="decide.use").click().run()
    with Studio.open() as studio:
        studio.decisions.use_anyway(RUN, because="The pilot wants it.", by="Ann")
    app.run()
    next(button for button in app.button if button.label == "Leave theirs").click().run()
    assert "decide.use.reason" not in [each.key for each in app.text_area]
    with Studio.open() as studio:
        assert studio.experiments.get(EXPERIMENT).decision.by == "Ann"
