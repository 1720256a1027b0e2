"""Two targets trained for real, judged together, exported and asked: in Python and on the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from litmus_core import Compute, Data, Studio, TagColumn, load_targets, train_targets
from litmus_core.cli import app
from litmus_core.errors import BundleError, LitmusError, NotFoundError, TrainingError
from tests.many_targets import trained
from tests.many_targets.tables import tagged, things
from tests.many_targets.trained import Place
from tests.session import once

place = once()(trained.place)


@pytest.fixture
def studio(place: Place) -> Iterator[Studio]:
    with Studio.open(place.workspace) as studio:
        yield studio


def test_all_targets_are_judged_by_the_same_rows(place: Place, studio: Studio) -> None:
    request, report = place.record.request, place.record.report
    assert report is not None
    assert request.notes[1] == "1 tag occurs in fewer than 10 rows and is left out: 'odd'."
    assert request.spec.names == ("big", "old")
    assert [line.name for line in report.lines] == ["big", "old"]
    assert report.verdict.score.n_rows == studio.datasets.get(request.test_version_id).n_rows == 40
    for run_id in request.run_ids:
        experiment = studio.experiments.of_run(run_id)
        assert experiment.task.test_version_id == request.test_version_id
        assert not {"tags=big", "tags=old", "tags"} & set(experiment.task.features)
        assert experiment.name.startswith("Things: ")
    assert report.verdict.score.value > report.verdict.baseline


def test_the_folder_answers_what_each_targets_bundle_does(place: Place) -> None:
    model = load_targets(place.model)
    rows = things(50, seed=1)
    chances = model.predict_proba(rows)
    for place_, bundle in enumerate(model.bundles):
        positive = bundle.info.positive_index
        assert np.array_equal(chances[:, place_], bundle.predict_proba(rows)[:, positive])
    one = model.predict_records(model.examples[:1])[0]
    assert list(one["probabilities"]) == ["big", "old"]
    cuts = np.array([model.thresholds[name] for name in model.names])
    assert np.array_equal(model.predict(rows), chances >= cuts)
    assert (model.predict(rows)[:, 0] == (rows["big"] == "yes")).mean() > 0.8
    assert model.predict_records([]) == []


def test_a_changed_folder_is_refused(place: Place, tmp_path: Path) -> None:
    (tmp_path / "targets.json").write_text(
        (place.model / "targets.json").read_text().replace("macro_f1", "micro_f1")
    )
    with pytest.raises(BundleError, match="was altered"):
        load_targets(tmp_path)
    with pytest.raises(BundleError, match="holds no bundle of many targets"):
        load_targets(tmp_path / "nowhere")


def test_a_request_that_cannot_be_is_refused_before_anything_starts(tmp_path: Path) -> None:
    table, home = things(), tmp_path / "workspace"
    few = table.assign(big=table["big"].where(table.index < 45))
    for options, message in (
        ({"data": table, "targets": ["big", "nowhere"]}, "nowhere"),
        ({"data": table, "targets": ["big", "price"]}, "holds numbers"),
        ({"data": table, "targets": ["big", "old"], "goal": "mean_r2"}, "not a goal for yes/no targets"),
        ({"data": table}, "Name the targets, or the column of tags."),
        ({"data": Data(table, weight="size"), "targets": ["big", "old"]}, r"Data\(weight=…\)"),
        ({"data": few, "targets": ["big", "old"]}, "Only 45 rows have a value of every target"),
        (
            {"data": table, "targets": ["big", "old"], "compute": Compute(time_limit_s=6)},
            "2 targets would have 3 s each",
        ),
    ):
        with pytest.raises(LitmusError, match=message):
            train_targets(**options, workspace=home)
    with Studio.open(home) as studio:
        assert studio.experiments.summaries() == []
        assert studio.targets.list() == []


def test_tags_may_be_lists(tmp_path: Path) -> None:
    lists = things().assign(tags=[[f"so, {value}"] if value else [] for value in tagged()])
    with pytest.raises(LitmusError, match="'tags' has 0 tags that 190 rows") as refused:
        train_targets(lists, tags=TagColumn("tags", fewest=190), workspace=tmp_path)
    assert "so, old (" in str(refused.value.hint)


def test_a_threshold_is_moved_in_what_answers_and_the_verdict_stays(place: Place, studio: Studio) -> None:
    name, before = place.record.id, place.record.thresholds
    for thresholds, message in (({"odd": 0.3}, "odd"), ({"big": 1.0}, "1.0 is not a threshold")):
        with pytest.raises(LitmusError, match=message):
            studio.targets.move(name, thresholds)
    studio.targets.model(name)
    record = studio.targets.move(name, {"big": 0.3})
    assert record.thresholds == (0.3, before[1])
    assert record.report == place.record.report
    assert studio.targets.open(name).thresholds == {"big": 0.3, "old": before[1]}
    low, high = (studio.targets.counts(name, (cut, cut))[0] for cut in (0.01, 0.99))
    assert low.flagged > high.flagged
    assert low.n == high.n
    assert studio.targets.move(name, {}).thresholds == before


def test_a_removed_run_is_said_and_hides_no_others(place: Place, studio: Studio) -> None:
    studio.targets.record(replace(place.record.request, id="mt_1", run_ids=("run_0", "run_1")))
    try:
        record = studio.targets.get("mt_1")
        assert record.state == "failed"
        assert "run_0" in record.message
        assert {other.id for other in studio.targets.list()} >= {"mt_1"}
        with pytest.raises(TrainingError, match="run_0"):
            studio.targets.wait("mt_1")
    finally:
        studio.targets.remove("mt_1")


def _json(place: Place, *words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, ["targets", *words, "--workspace", str(place.workspace), "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_commands_list_answer_and_remove_them(place: Place, tmp_path: Path) -> None:
    name = place.record.id
    assert [record["id"] for record in _json(place, "list")] == [name]
    assert _json(place, "show", name)["grade"] == "meets"
    assert _json(place, "export", str(tmp_path / "copy"))["id"] == name
    things(20, seed=2).to_csv(tmp_path / "rows.csv", index=False)
    answers = _json(
        place, "answer", str(place.model), str(tmp_path / "rows.csv"), "--to", str(tmp_path / "to.csv")
    )
    assert answers == _json(place, "answer", name, str(tmp_path / "rows.csv"))
    written = (tmp_path / "to.csv").read_text().splitlines()
    assert written[0] == "tags,probability big,probability old"
    assert len(written) == 21
    (place.workspace / "targets" / name / "model" / "targets.json").unlink()  # as if it had ended half-way
    assert answers == _json(place, "answer", name, str(tmp_path / "rows.csv"))
    assert _json(place, "stop", name) == {"stopped": name}
    assert _json(place, "export", str(place.model), code=2)["error"]["message"].endswith("exists.")
    folder = place.workspace / "targets" / name
    shutil.copytree(folder, tmp_path / "before")
    _json(place, "rm", name)
    assert _json(place, "list") == []
    with Studio.open(place.workspace) as studio, pytest.raises(NotFoundError):
        studio.targets.newest()
    shutil.copytree(tmp_path / "before", folder)


def test_the_command_says_what_cannot_be(place: Place, tmp_path: Path) -> None:
    things().to_csv(tmp_path / "things.csv", index=False)
    file = str(tmp_path / "things.csv")
    refused = _json(place, "train", file, "--target", "big", "--target", "price", code=2)
    assert refused["error"]["hint"].startswith("Train targets of one kind together")
    assert _json(place, "show", "mt_0", code=2)["error"]["type"] == "NotFoundError"
