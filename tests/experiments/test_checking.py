"""Checks kept, fixes applied and taken back, findings that someone knows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import litmus_core
from litmus_core import Studio
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.types import DatasetVersion, Fix, SplitPlan


@pytest.fixture
def shop(studio: Studio, tmp_path: Path) -> DatasetVersion:
    path = tmp_path / "shop.csv"
    frame = pd.DataFrame(
        {"size": [7 * n % 41 for n in range(1, 41)], "land": ["CH"] * 40, "sold": ["yes", "no"] * 20}
    )
    frame.loc[3:5, "sold"] = None
    frame.to_csv(path, index=False)
    return studio.datasets.import_file(path)


DROP_FIRST = Fix(kind="drop_rows", rows=(0,))
DROP_UNLABELLED = Fix(kind="drop_missing", columns=("sold",), safe=True)


def sizes(studio: Studio, version: DatasetVersion) -> list[int]:
    return studio.datasets.preview(version.id)["size"].tolist()


def test_a_report_is_made_once_and_kept(studio: Studio, shop: DatasetVersion) -> None:
    assert studio.checks.report(shop.id, "sold") is None
    told: list[str] = []
    report = studio.checks.run(shop.id, target="sold", on_progress=lambda at, of, title: told.append(title))
    assert "constant_column:land" in {each.key for each in report.findings}
    assert told
    told.clear()
    assert (
        studio.checks.run(shop.id, target="sold", on_progress=lambda at, of, title: told.append(title))
        == report
    )
    assert told == []
    assert studio.checks.report(shop.id, "sold") == report
    assert studio.checks.report(shop.id) is None


def test_a_damaged_report_is_made_anew(studio: Studio, shop: DatasetVersion) -> None:
    report = studio.checks.run(shop.id)
    for path in (studio.workspace.datasets / shop.dataset_id / "checks").iterdir():
        path.write_text("{")
    assert studio.checks.report(shop.id) is None
    assert studio.checks.run(shop.id).findings == report.findings


def test_some_kinds_alone_are_not_kept_as_the_report(studio: Studio, shop: DatasetVersion) -> None:
    report = studio.checks.run(shop.id, kinds=["constant_column"])
    assert {each.kind for each in report.findings} == {"constant_column"}
    assert studio.checks.report(shop.id) is None
    with pytest.raises(UnknownNameError, match="constant_column"):
        studio.checks.run(shop.id, kinds=["constant_colum"])


def test_applied_fixes_make_a_version_and_can_be_taken_back(studio: Studio, shop: DatasetVersion) -> None:
    leave = next(each.fix for each in studio.checks.run(shop.id).findings if each.columns == ("land",))
    assert leave is not None
    first = studio.fixes.apply(shop.id, [leave])
    second = studio.fixes.apply(first.id, [DROP_UNLABELLED])
    assert (second.n_rows, second.lineage.parent_id, second.version) == (37, first.id, 3)
    assert second.lineage.fixes == (leave, DROP_UNLABELLED)
    assert [each.id for each in studio.datasets.versions(shop.dataset_id)] == [shop.id, first.id, second.id]
    assert studio.tasks.suggest(second.id, "sold").features == ("size",)
    back = studio.fixes.revert(second.id, [leave])
    assert (back.lineage.fixes, back.n_rows, back.lineage.parent_id) == ((DROP_UNLABELLED,), 37, second.id)
    assert studio.fixes.revert(back.id, [DROP_UNLABELLED]) == shop


def test_a_column_read_as_another_kind_is_asked_about_otherwise_and_read_back(
    studio: Studio, shop: DatasetVersion
) -> None:
    assert studio.tasks.suggest(shop.id, "size").problem_type == "regression"
    words = studio.fixes.read_as(shop.id, "size", "category")
    assert studio.tasks.suggest(words.id, "size").problem_type == "multiclass"
    assert studio.fixes.read_as(words.id, "size", "category") == words
    both = studio.fixes.read_as(studio.fixes.read_as(words.id, "land", "text").id, "size", "id")
    assert [fix.meaning for fix in both.lineage.fixes] == ["id", "text"]
    alone = studio.fixes.read_as(both.id, "size", "number")
    assert [fix.columns for fix in alone.lineage.fixes] == [("land",)]
    assert studio.fixes.read_as(alone.id, "land", "place") == shop
    with pytest.raises(UnknownNameError, match="colour"):
        studio.fixes.read_as(shop.id, "colour", "number")
    with pytest.raises(UnknownNameError, match="category"):
        studio.fixes.read_as(shop.id, "land", "categry")


def test_rows_that_do_not_take_a_meaning_leave_no_version(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("zip,n\n" + "".join(f"{n:05},{n}\n" for n in range(30)))
    (tmp_path / "b.csv").write_text("zip,n\nBern,1\n")
    codes = studio.datasets.import_file(tmp_path / "a.csv")
    number = studio.fixes.read_as(codes.id, "zip", "number")
    with pytest.raises(DataError, match="'Bern'"):
        studio.datasets.append_rows(number.id, tmp_path / "b.csv")
    assert studio.datasets.versions(codes.dataset_id)[-1] == number
    (tmp_path / "b.csv").write_text("zip,n\n00042,1\n")
    assert studio.datasets.append_rows(number.id, tmp_path / "b.csv").column("zip").stores_numbers


def test_rows_named_in_a_fixed_version_are_the_rows_it_has(studio: Studio, shop: DatasetVersion) -> None:
    first = studio.fixes.apply(shop.id, [DROP_FIRST])
    second = studio.fixes.apply(first.id, [DROP_FIRST, DROP_UNLABELLED])
    assert sizes(studio, second)[:3] == [21, 8, 15]
    (kept,) = [fix for fix in second.lineage.fixes if fix != DROP_FIRST and fix.kind == "drop_rows"]
    assert kept.rows == (1,)
    assert sizes(studio, studio.fixes.revert(second.id, [DROP_FIRST]))[:3] == [7, 21, 8]


def test_a_split_that_a_fix_asks_for_is_the_tasks_unless_another_is_asked_for(
    studio: Studio, shop: DatasetVersion
) -> None:
    plan = SplitPlan(kind="time", column="size")
    split = Fix(kind="split", columns=("size",), split=plan)
    fixed = studio.fixes.apply(shop.id, [split])
    assert make_task(studio.workspace, fixed, "sold").split == plan
    asked = make_task(studio.workspace, fixed, "sold", TaskWishes(split=SplitPlan(test_fraction=0.3)))
    assert asked.split == SplitPlan(test_fraction=0.3)


def test_a_fix_that_is_not_carried_cannot_be_taken_back(studio: Studio, shop: DatasetVersion) -> None:
    with pytest.raises(UsageError, match="does not carry"):
        studio.fixes.revert(shop.id, [DROP_FIRST])
    with pytest.raises(UsageError, match="no fix to apply"):
        studio.fixes.apply(shop.id, [])
    assert len(studio.datasets.versions(shop.dataset_id)) == 1


def test_what_was_left_out_is_not_found_again(studio: Studio, shop: DatasetVersion) -> None:
    report = studio.checks.run(shop.id)
    fixed = studio.fixes.apply(shop.id, studio.fixes.safe(report))
    assert "constant_column:land" not in {each.key for each in studio.checks.run(fixed.id).findings}


def test_a_known_finding_is_marked_in_every_version_until_it_is_taken_back(
    studio: Studio, shop: DatasetVersion
) -> None:
    studio.checks.dismiss(shop.id, ["constant_column:land"])
    report = studio.checks.run(shop.id)
    assert [each.dismissed for each in report.findings if each.columns == ("land",)] == [True]
    assert all(fix.columns != ("land",) for fix in studio.fixes.safe(report))
    other = studio.fixes.apply(shop.id, [DROP_FIRST])
    assert {each.key for each in studio.checks.run(other.id).findings if each.dismissed} == {
        "constant_column:land"
    }
    studio.checks.dismiss(other.id, ["constant_column:land"], is_dismissed=False)
    assert not any(each.dismissed for each in studio.checks.run(shop.id).findings)


def test_a_frame_is_checked_in_one_call(tmp_path: Path) -> None:
    frame = pd.DataFrame({"size": range(1, 41), "land": ["CH"] * 40})
    report = litmus_core.check(frame, workspace=tmp_path / "workspace", kinds=["constant_column"])
    assert [each.key for each in report.findings] == ["constant_column:land"]


def test_what_is_asked_of_a_check_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, asked = pd.DataFrame({"size": range(1, 41), "sold": ["yes", "no"] * 20}), {}
    with Studio.open(tmp_path / "elsewhere") as studio:
        service = type(studio.checks)
    monkeypatch.setattr(
        service, "run", lambda checks, _, **what: asked.update(what, by=checks.context.workspace.path)
    )

    litmus_core.check(frame, "sold", test=frame[:10], kinds=["few_rows"], workspace=tmp_path / "here")

    with Studio.open(tmp_path / "here") as studio:
        rows = {each.id: each.n_rows for each in studio.store.datasets()}
    assert rows.get(asked.pop("test_version_id")) == 10
    assert asked == {"target": "sold", "kinds": ["few_rows"], "by": tmp_path / "here"}


def test_the_same_fixes_make_the_same_version(studio: Studio, shop: DatasetVersion) -> None:
    first = studio.fixes.apply(shop.id, [DROP_FIRST])
    both = studio.fixes.apply(first.id, [DROP_UNLABELLED])
    assert studio.fixes.apply(shop.id, [DROP_FIRST]) == first
    assert studio.fixes.revert(both.id, [DROP_UNLABELLED]) == first
    assert len(studio.datasets.versions(shop.dataset_id)) == 3
    again = studio.datasets.import_file(studio.workspace.path / shop.path, dataset_id=shop.dataset_id)
    assert studio.fixes.apply(again.id, [DROP_FIRST]).lineage.parent_id == again.id


def test_what_was_left_out_of_a_data_frame_is_said(studio: Studio) -> None:
    frame = pd.DataFrame({1: range(60), 2: ["x", "y"] * 30})
    assert litmus_core.check(frame, 2, kinds=["few_rows"], workspace=studio.workspace.path).target == "2"
    with pytest.raises(DataError, match="cannot be stored"):
        litmus_core.check(pd.DataFrame({"a": [1 + 2j]}), workspace=studio.workspace.path)


def test_versions_without_a_column_in_common_are_not_compared(
    studio: Studio, shop: DatasetVersion, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("a,b\n" + "1,2\n3,4\n" * 10)
    with pytest.raises(DataError, match="no column in common"):
        studio.datasets.difference(shop.id, studio.datasets.import_file(tmp_path / "other.csv").id)


def test_a_report_for_a_target_that_is_not_there_is_refused(studio: Studio, shop: DatasetVersion) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'sold'"):
        studio.reports.data(shop.id, target="solt")


def test_a_case_of_a_kind_is_learned_from_as_that_kind_is(studio: Studio, tmp_path: Path) -> None:
    rows = (
        f"{'bcd'[n % 3]},{n * 7 % 41},{'yes' if n % 3 == 1 or n * 7 % 41 > 30 else 'no'}\n" for n in range(90)
    )
    (tmp_path / "towns.csv").write_text("town,price,sold\n" + "".join(rows))
    towns = studio.datasets.import_file(tmp_path / "towns.csv")
    assert towns.column("town").kind == "place"
    plain = studio.fixes.read_as(towns.id, "town", "category")
    money = studio.fixes.read_as(plain.id, "price", "money")
    scores = [
        [reached.value for reached in studio.tasks.baselines(make_task(studio.workspace, version, "sold"))]
        for version in (towns, plain, money)
    ]
    assert scores[0] == scores[1] == scores[2]
