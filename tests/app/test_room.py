"""The data room: what the checks found, fixes and the way back, rows, the report."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from litmus_core.experiments import Studio
from litmus_core.types import Fix
from tests.app.visit import go, text, visit

N = 60
TABLE = "size,colour,unit,empty,price\n" + "".join(
    f"{(n * 37) % 101},{'red' if n % 2 else 'blue'},EUR,,{10 * ((n * 53) % 97)}\n" for n in range(N)
)
MADE = "The checks made so far took"


@pytest.fixture
def version(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(TABLE)
    with Studio.open() as studio:
        return studio.datasets.import_file(path, name="orders")


def settled(app, needle=MADE):
    """Redraw until the checks are made."""
    deadline = time.monotonic() + 60
    while needle not in text(app):
        assert time.monotonic() < deadline, text(app)
        time.sleep(0.05)
        app.run()
    assert not app.exception
    return app


def press(app, label):
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception, app.exception
    return app


def newest(dataset_id):
    with Studio.open() as studio:
        return studio.datasets.versions(dataset_id)[-1]


def test_the_checks_are_made_without_asking_and_say_how_bad_it_is(version):
    app = settled(visit("data", dataset=version.id))
    assert "No serious data problems found so far." in text(app)
    assert "more checks need to know what you want to predict." in text(app)
    assert "'unit' has the same value in every row: EUR." in text(app)
    assert "**Good to know**" in text(app)


def test_a_fix_makes_a_version_that_can_be_taken_back(version):
    app = settled(visit("data", dataset=version.id))
    press(app, "Leave 'unit' out")
    fixed = newest(version.dataset_id)
    assert (fixed.version, fixed.lineage.how, fixed.lineage.parent_id) == (2, "fixed", version.id)
    assert app.query_params["dataset"] == fixed.id
    assert "1 fix applied to this version" in text(settled(app))
    press(app, "Take back")
    assert app.query_params["dataset"] == version.id


def test_safe_fixes_can_be_applied_together(version):
    app = settled(visit("data", dataset=version.id))
    press(app, "Apply the safe fixes")
    assert {fix.columns for fix in newest(version.dataset_id).lineage.fixes} >= {("unit",), ("empty",)}


def test_a_finding_can_be_said_to_be_fine_and_looked_at_again(version):
    app = settled(visit("data", dataset=version.id))
    app.button(key="know-constant_column:unit").click().run()
    assert any(each.label == "1 finding ignored" for each in app.expander)
    app.button(key="know-constant_column:unit").click().run()
    assert not any("ignored" in each.label for each in app.expander)


def test_one_click_reads_a_column_as_another_kind_and_another_takes_it_back(version):
    app = visit("data", dataset=version.id)
    chip = app.menu_button(key=f"meaning-{version.id}-size")
    assert chip.label == "number"
    assert ":material/category: category" in chip.options
    chip.set_value("category").run()
    read = newest(version.dataset_id)
    assert (read.column("size").kind, app.query_params["dataset"]) == ("category", read.id)
    again = visit("data", dataset=read.id)  # after a reload
    assert again.menu_button(key=f"meaning-{read.id}-size").label == "category"
    assert "You read size as category. Litmus detected number." in text(again)
    again.button(key="meaning-back-0").click().run()
    assert again.query_params["dataset"] == version.id


def test_a_meaning_that_the_values_do_not_have_is_refused_by_their_names(version):
    app = visit("data", dataset=version.id)
    app.menu_button(key=f"meaning-{version.id}-colour").set_value("number").run()
    assert app.warning[0].proto.title == (
        "60 of 60 values in 'colour' cannot be read as a number: 'blue' (30 rows), 'red' (30 rows)."
    )
    assert newest(version.dataset_id) == version


def test_what_is_to_be_predicted_is_kept_for_the_target_page(version):
    app = settled(visit("data", dataset=version.id))
    app.selectbox(key=f"room-target-{version.id}").set_value("price").run()
    settled(app)
    app.button(key="next").click().run()
    assert app.selectbox(key=f"column-{version.id}").value == "price"


def test_before_and_after_of_a_fix_are_shown_when_asked_for(tmp_path):
    from app.controllers.data_checks import TableInspection
    from app.views.tables.changes import changes_html

    (tmp_path / "shop.csv").write_text("city,n\nBern,1\n\u00a0Bern,2\nBasel ,3\n<b>,4\n")
    with Studio.open() as studio:
        shop = studio.datasets.import_file(tmp_path / "shop.csv")
    room = TableInspection(version=shop, target=None)
    gone = room.change(Fix(kind="drop_rows", rows=(0, 3)))
    assert gone.sentence == "2 rows would go."
    assert [(row.number, row.is_removed) for row in gone.rows] == [(1, True), (4, True)]
    assert "<del>&lt;b&gt;</del>" in changes_html(gone)
    trimmed = room.change(Fix(kind="trim", columns=("city",)))
    assert trimmed.sentence == "Changes 2 cells in 2 rows."
    assert [row.cells[0] for row in trimmed.rows] == [("\u00a0Bern", "Bern"), ("Basel ", "Basel")]
    assert 'title="no-break space"' in changes_html(trimmed)
    assert 'title="space"' in changes_html(trimmed)
    assert room.change(Fix(kind="leave_out", columns=("n",))).rows == ()


def test_a_destructive_fix_says_what_it_does_to_the_score_before_it_is_pressed(leaky):
    app = settled(visit("data", dataset=leaky.id, target="sold"))
    assert "Its effect on the score is not measured yet." in text(app)
    key = next(each.key for each in app.button if each.key.startswith("measure-") and "refund" in each.key)
    app.button(key=key).click().run()
    settled(app, "Measured with a quick model on 320 rows, in five folds: ROC AUC 1.000 before, 0.752 after;")
    assert "a change of \u22120.248 (likely \u22120.303 to \u22120.196)." in text(app)
    assert newest(leaky.dataset_id) == leaky


def test_rows_are_searched_sorted_and_paged(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("name,size\n" + "".join(f"thing {n},{(n * 7) % 250}\n" for n in range(250)))
    with Studio.open() as studio:
        table = studio.datasets.import_file(path, name="long")
    app = visit("data", dataset=table.id)
    app.button_group(key="section-0").set_value("rows").run()
    assert "Rows 1 to 100 of 250 rows" in text(app)
    app.text_input(key=f"rows-search-{table.id}").set_value("thing 24").run()
    assert "of 11 rows that hold 'thing 24'" in text(app)
    app.text_input(key=f"rows-search-{table.id}").set_value("nowhere").run()
    assert "No row holds 'nowhere'." in text(app)
    app.text_input(key=f"rows-search-{table.id}").set_value("").run()
    app.selectbox(key=f"rows-sort-{table.id}").set_value("size").run()
    app.toggle(key=f"rows-down-{table.id}").set_value(True).run()
    assert app.dataframe[0].value["size"].tolist()[:3] == [249, 248, 247]


def test_the_report_is_one_page_with_the_findings(version):
    settled(visit("data", dataset=version.id))
    with Studio.open() as studio:
        page = studio.reports.data(version.id)
    assert "has the same value in every row: EUR" in page


def test_the_target_is_shown_against_each_column(version):
    app = settled(visit("data", dataset=version.id))
    app.selectbox(key=f"room-target-{version.id}").set_value("colour").run()
    settled(app)
    app.button_group(key="section-0").set_value("columns").run()
    app.button_group(key="columns-way").set_value(True).run()
    assert not app.exception
    assert "How the answers in colour are distributed" in text(app)


@pytest.fixture
def leaky(tmp_path):
    path = tmp_path / "leaky.csv"
    random = np.random.default_rng(0)
    sold = random.random(400) < 0.4
    pd.DataFrame(
        {
            "size": random.normal(size=400).round(3) + sold,
            "refund": random.normal(size=400).round(3) + 10 * sold,
            "sold": np.where(sold, "yes", "no"),
        }
    ).to_csv(path, index=False)
    with Studio.open() as studio:
        return studio.datasets.import_file(path, name="leaky")


def test_what_makes_a_model_lie_is_said_on_the_target_page_until_it_is_left_out(leaky):
    with Studio.open() as studio:
        report = studio.checks.run(leaky.id, target="sold")
    assert [each.columns for each in report.of("harmful")] == [("refund",)]
    app = visit("target", dataset=leaky.id)
    app.selectbox(key=f"column-{leaky.id}").set_value("sold").run()
    deadline = time.monotonic() + 60
    while not app.warning and time.monotonic() < deadline:
        app.run()
    assert any("serious data problems" in each.proto.title for each in app.warning)
    with Studio.open() as studio:
        fixed = studio.fixes.apply(leaky.id, [report.findings[0].fix])
    app = visit("target", dataset=fixed.id)
    app.selectbox(key=f"column-{fixed.id}").set_value("sold").run()
    assert not app.warning


def test_what_makes_a_model_lie_is_said_beside_its_results(trained, monkeypatch):
    from app.controllers import data_checks
    from tests.trained import Trained

    assert isinstance(trained, Trained)
    monkeypatch.setenv("LITMUS_HOME", str(trained.workspace))
    monkeypatch.setattr(data_checks, "problems_of_task", lambda task: ("'x' gives the answer away.",))
    app = visit("results", experiment=trained.experiment.id)
    assert "'x' gives the answer away." in "\n".join(each.value for each in app.warning)


def test_a_target_that_cannot_be_predicted_is_said_at_the_top(version):
    app = settled(visit("data", dataset=version.id))
    app.selectbox(key=f"room-target-{version.id}").set_value("unit").run()
    settled(app, needle="nothing to predict")
    assert "'unit' has the same value in every row, so there is nothing to predict." in text(app)


def test_one_fix_that_two_findings_propose_counts_once():
    from app.presenters.tables.findings import present_findings
    from litmus_core.types import CheckReport, Finding, Fix, Statement

    fix = Fix(kind="leave_out", columns=("id",), safe=True)
    found = [
        Finding(kind=kind, severity="hint", statement=Statement.plain("x"), columns=("id",), fix=fix)
        for kind in "ab"
    ]
    report = CheckReport(dataset_version_id="dv_1", target="y", test_version_id=None, findings=tuple(found))
    assert present_findings(report, titles={}).safe == (fix,)


def test_the_target_chosen_last_counts_wherever_it_was_chosen(version):
    app = settled(visit("data", dataset=version.id))
    app.selectbox(key=f"room-target-{version.id}").set_value("price").run()
    assert app.query_params["target"] == "price", "a reloaded page, and a colleague's, asks the same"
    go(app, "target")
    app.selectbox(key=f"column-{version.id}").set_value("colour").run()
    go(app, "data")
    assert app.selectbox(key=f"room-target-{version.id}").value == "colour"


def test_another_target_starts_afresh_on_the_target_page(version):
    app = visit("target", dataset=version.id)
    app.selectbox(key=f"column-{version.id}").set_value("colour").run()
    assert "whether *colour* is" in text(settled(app, needle="colour"))
    go(app, "data")
    app.selectbox(key=f"room-target-{version.id}").set_value("price").run()
    app.button(key="next").click().run()
    said = text(settled(app, needle="price"))
    assert "*price*" in said
    draft = app.session_state["kept.draft"]
    assert (draft.target, draft.problem_type) == ("price", "regression")
    assert "colour" in draft.features
    assert "price" not in draft.features


def test_an_address_that_names_the_target_is_enough(version):
    app = visit("data", dataset=version.id, target="price")
    assert app.selectbox(key=f"room-target-{version.id}").value == "price"
    assert not visit("data", dataset=version.id, target="nowhere").exception


def test_what_differs_names_the_fixes_too(version):
    with Studio.open() as studio:
        fix = next(each.fix for each in studio.checks.run(version.id).findings if each.columns == ("unit",))
        fixed = studio.fixes.apply(version.id, [fix])
    app = visit("data", dataset=fixed.id, section="versions")
    app.toggle(key=f"differs-{fixed.id}").set_value(True).run()
    assert "The rows are the same.  \nFixed: Leave 'unit' out." in text(app)


def test_every_section_says_how_far_the_checks_are(version, monkeypatch):
    from concurrent.futures import Future

    from app import services, slow_results

    monkeypatch.setattr(slow_results, "PATIENCE_S", 0.01)
    monkeypatch.setattr(services, "checks", lambda version, target: Future())
    monkeypatch.setattr(services, "checks_so_far", lambda version, target: "3 of 30 checks made.")
    app = visit("data", dataset=version.id, section="rows")
    assert "3 of 30 checks made." in text(app)
