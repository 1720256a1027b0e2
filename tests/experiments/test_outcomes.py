"""Outcomes from a file, from Python and from the command line."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy._endpoints.folder import EndpointFolder
from litmus_core.diagnostics import RowLosses
from litmus_core.errors import DataError, NotFoundError, UnknownNameError, UsageError, WorkspaceError
from litmus_core.experiments import OutcomesService, Studio
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.live import causes
from litmus_core.metrics import LabelCase
from litmus_core.serving import AnswerStore
from litmus_core.serving._outcomes import AnswerIds, StoredAnswer, id_text
from litmus_core.store import Store
from litmus_core.types import Bar, ColumnRules
from litmus_core.verdicts import deployed_sentence, untested
from tests import tiny
from tests.answers import add_shop, answered, outcomes
from tests.app.world import EXPERIMENT, METRICS, RUN, World


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A workspace with the stopped endpoint 'shop'."""
    with Studio.open(tmp_path / "workspace") as opened:
        add_shop(opened, tmp_path / "bundle")
        yield opened


def test_a_file_is_joined_by_id_with_the_target_as_its_outcomes(studio: Studio, tmp_path: Path) -> None:
    ids = answered(studio, ["a", "b", "c"])
    file = tmp_path / "true.csv"
    file.write_text(f"id;sold;day\n{ids[0]};yes;2024-01-01\n{ids[2]};maybe;\n1234567890;no;\n{ids[1]};no;\n")
    counts = studio.outcomes.add("shop", file, at="day")

    assert (counts.n_sent, counts.n_stored, counts.n_unknown, counts.n_refused) == (4, 3, 1, 1)
    assert [problem.place for problem in counts.problems] == [1]
    assert outcomes(studio) == ["yes", "no"]


def test_a_file_is_joined_by_a_key_that_rows_carried(studio: Studio, tmp_path: Path) -> None:
    answered(studio, [17, 18, 17])
    file = tmp_path / "true.parquet"
    pd.DataFrame({"order": [17.0, 18.0, 19.0, None], "came": ["yes", "no", "no", "yes"]}).to_parquet(file)
    counts = studio.outcomes.add("shop", file, key="order", outcome="came")

    assert (counts.n_sent, counts.n_stored, counts.n_unknown) == (4, 3, 2)
    assert outcomes(studio) == ["yes", "yes", "no"]


@pytest.mark.parametrize(
    ("sent", "written", "counts"),
    [
        ([17, 18, 17], ["17.0", "18.00", ""], (3, 1)),  # as pandas writes a column with gaps
        (["17.0", 17], ["17.0"], (1, 0)),
        (["007", 7], ["007.0"], (0, 1)),
    ],
)
def test_whole_numbers_are_one_key_however_they_are_written(
    studio: Studio, tmp_path: Path, sent: list[str | int], written: list[str], counts: tuple[int, int]
) -> None:
    answered(studio, sent)
    file = tmp_path / "true.csv"
    file.write_text("order,came\n" + "".join(f"{key},yes\n" for key in written))

    found = studio.outcomes.add("shop", file, key="order", outcome="came")

    assert (found.n_stored, found.n_unknown) == counts


@pytest.mark.parametrize("key", [None, "order"])
def test_outcomes_that_come_before_their_answers_are_written_wait_for_them(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    answered(studio, [17])
    first, waits = AnswerIds().take(1), []

    def write(seconds: float) -> None:
        waits.append(seconds)
        home = EndpointFolder(studio.workspace, "shop")
        prediction = {"label": "yes", "probabilities": {"no": 0.25, "yes": 0.75}}
        version = home.read().versions[0].bundle_id
        answer = StoredAnswer(number=first, version=version, prediction=prediction, keys={"order": 18})
        AnswerStore(home.answers).add([answer])

    monkeypatch.setattr("litmus_core.deploy._endpoints.outcomes.time.sleep", write)
    sent: dict[Any, str] = {id_text(first) if key is None else 18: "no"}
    counts = studio.outcomes.add("shop", sent, key=key)

    assert (counts.n_stored, counts.n_unknown, waits) == (1, 0, [2.0])
    assert outcomes(studio) == ["no"]


def test_what_does_not_fit_is_said(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "true.csv"
    file.write_text("order;when\n17;yes\n18;no\n")
    with pytest.raises(UsageError, match="No answered row carried a column 'order'"):
        studio.outcomes.add("shop", file, key="order", outcome="when")
    answered(studio, [17])
    with pytest.raises(UnknownNameError, match="oder"):
        studio.outcomes.add("shop", file, key="oder", outcome="when")
    with pytest.raises(DataError, match="no column of ids"):
        studio.outcomes.add("shop", file)
    with pytest.raises(DataError, match="neither 'sold' nor 'outcome'"):
        studio.outcomes.add("shop", file, key="order")
    with pytest.raises(NotFoundError):
        studio.outcomes.add("shoe", file)
    assert outcomes(studio) == []


def test_an_endpoint_that_is_deleted_in_between_is_said(studio: Studio) -> None:
    ids = answered(studio, ["a", "b"])
    home = EndpointFolder(studio.workspace, "shop")

    class Sent(dict[str, str]):
        def items(self) -> Any:
            yield ids[0], "yes"
            shutil.rmtree(home.path)
            yield ids[1], "no"

    with pytest.raises(WorkspaceError, match="folder was removed meanwhile"):
        studio.outcomes.add("shop", Sent())


def test_python_adds_outcomes_by_id(studio: Studio) -> None:
    ids = answered(studio, ["a", "b"])

    assert studio.outcomes.add("shop", {ids[0]: "no"}).n_stored == 1
    assert studio.outcomes.add("shop", pd.Series(["yes", "no"], index=ids)).n_corrected == 1
    assert outcomes(studio) == ["yes", "no"]


def test_the_command_says_what_became_of_each(studio: Studio, tmp_path: Path) -> None:
    ids = answered(studio, ["a", "b"])
    file = tmp_path / "true.csv"
    file.write_text(f"id,sold\n{ids[0]},yes\n{ids[1]},perhaps\n")
    command = ["endpoints", "outcomes", "shop", str(file), "--workspace", str(studio.workspace.path)]
    told = CliRunner().invoke(app, command)
    again = CliRunner().invoke(app, [*command, "--json"])

    assert told.exit_code == again.exit_code == 1
    assert "1 outcome stored." in told.stdout
    assert "  row 2: 'perhaps' is not a label of 'sold'. It is one of 'no', 'yes'." in told.stdout
    assert json.loads(again.stdout)["n_repeated"] == 1


def test_the_verdict_says_what_outcomes_and_answers_tell(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["endpoints", "verdict", "shop", "--workspace", str(studio.workspace.path)]
    bar = Bar(metric="accuracy", op=">=", value=0.8)
    monkeypatch.setattr(
        OutcomesService,
        "_task",
        lambda self, rows: replace(rows.manifest.task, bar=bar, rules=ColumnRules(weight="stock")),
    )
    ids = answered(studio, list(range(1_000)))
    nothing = CliRunner().invoke(app, command)
    true = ["yes" if number % 20 else "no" for number in range(1_000)]
    studio.outcomes.add("shop", dict(zip(ids[:600], true, strict=False)))
    good = CliRunner().invoke(app, command)
    true = ["yes" if number % 2 else "no" for number in range(400)]
    studio.outcomes.add("shop", dict(zip(ids[600:], true, strict=True)))
    bad = CliRunner().invoke(app, [*command, "--json"])
    live = json.loads(bad.stdout)

    assert [told.exit_code for told in (nothing, good, bad)] == [3, 0, 1]
    assert "0 outcomes of 1,000 answers cannot tell yet" in nothing.stdout
    assert "It still meets its bar of at least 80.0 %." in good.stdout
    assert "Each outcome counts the same here, although 'stock' weighs" in good.stdout
    assert "stock" not in nothing.stdout
    assert live["judgement"]["state"] == "not any more"
    assert 570 < live["judgement"]["began_at_row"] < 630
    assert (live["n_answers"], live["n_outcomes"], live["version"]) == (1_000, 1_000, 1)
    assert live["began_at"][:4] >= "2026"
    assert "its validation predictions cannot be read" in live["why_not_expected"]


def test_the_last_verdict_is_kept_until_another_version_answers(studio: Studio) -> None:
    home = EndpointFolder(studio.workspace, "shop")
    assert studio.outcomes.last_verdict("shop") is None
    judged = studio.outcomes.verdict("shop")
    assert studio.outcomes.last_verdict("shop") == judged
    assert judged.judged_at[:4] >= "2026"

    waiting = replace(home.read().versions[0], number=2, bundle_id="bd_2")
    home.write(replace(home.read(), versions=(*home.read().versions, waiting), live=2))
    assert studio.outcomes.last_verdict("shop") is None
    home.verdict.write_text("{")
    assert studio.outcomes.last_verdict("shop") is None


def test_experiments_know_what_was_judged_of_their_deployed_models(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = EndpointFolder(studio.workspace, "shop")
    monkeypatch.setattr(Store, "experiments_of_bundles", lambda _, ids: dict.fromkeys(ids, "ex_1"))
    assert studio.outcomes.deployed() == {}  # it is stopped
    monkeypatch.setattr(EndpointFolder, "is_supervised", True)
    home.write(replace(home.read(), state="answering"))
    assert studio.outcomes.deployed() == {"ex_1": {"shop": None}}
    judged = studio.outcomes.verdict("shop")

    assert studio.outcomes.deployed() == {"ex_1": {"shop": judged}}
    assert deployed_sentence("shop", None).endswith("it was never judged by outcomes.")
    assert "Too few outcomes yet: judged on 20" in deployed_sentence("shop", judged)


def test_a_moved_bar_judges_again_what_outcomes_judged(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(studio.workspace)
    world.run(world.experiment())
    monkeypatch.setattr(Store, "experiments_of_bundles", lambda _, ids: dict.fromkeys(ids, EXPERIMENT))
    monkeypatch.setattr(
        OutcomesService,
        "_task",
        lambda self, rows: replace(rows.manifest.task, bar=self.context.experiment(EXPERIMENT).task.bar),
    )
    monkeypatch.setattr(Context, "candidate", lambda self, _: self.store.candidate(f"{RUN}-model-0"))
    ids = answered(studio, list(range(1_000)))
    studio.outcomes.add("shop", {id_: "yes" if n % 5 else "no" for n, id_ in enumerate(ids)})
    with pytest.raises(UsageError, match=r"'shop' serves a model of this experiment, so .* needs a reason"):
        studio.decisions.move_bar(EXPERIMENT, 0.7, because=" ")
    assert studio.experiments.get(EXPERIMENT).task.bar == METRICS["binary"][1]
    studio.decisions.move_bar(EXPERIMENT, 0.7, because="Half of them are checked.")
    assert studio.outcomes.last_verdict("shop") is None  # nobody judged it yet
    assert studio.outcomes.verdict("shop").judgement.state == "still meets"
    studio.policies.set("shop", "on-alarm")
    policy = EndpointFolder(studio.workspace, "shop").policy
    os.utime(policy, (1e9, 1e9))
    studio.decisions.move_bar(EXPERIMENT, 0.9, because="Nobody checks them now.")

    assert policy.stat().st_mtime > 1e9  # newer than the verdict, so that the app acts on the alarm
    live = studio.outcomes.last_verdict("shop")
    assert live is not None
    assert live.judgement.bar == studio.experiments.get(EXPERIMENT).task.bar
    assert live.judgement.state == "not any more"
    assert "The bar was moved from 0.85 by" in live.sentence
    assert "The reason: “Nobody checks them now.”" in live.sentence


def test_new_assertions_judge_again_what_outcomes_judged(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(studio.workspace)
    world.run(world.experiment())
    monkeypatch.setattr(Store, "experiments_of_bundles", lambda _, ids: dict.fromkeys(ids, EXPERIMENT))
    monkeypatch.setattr(
        OutcomesService,
        "_assertions",
        lambda self, *_: untested(self.context.experiment(EXPERIMENT).task.assertions),
    )
    ids = answered(studio, list(range(100)))
    studio.outcomes.add("shop", dict.fromkeys(ids, "yes"))
    assert not studio.outcomes.verdict("shop").assertions
    studio.assertions.set(EXPERIMENT, ["unchanged by member"])

    live = studio.outcomes.last_verdict("shop")
    assert live is not None
    assert [result.assertion.column for result in live.assertions] == ["member"]


def test_a_verdict_without_a_bar_or_an_experiment_is_none(studio: Studio) -> None:
    assert studio.outcomes.verdict("shop").judgement.state == "too few outcomes"
    assert not EndpointFolder(studio.workspace, "shop").answers.exists()  # a look leaves nothing behind
    ids = answered(studio, list(range(100)))
    studio.outcomes.add("shop", dict.fromkeys(ids, "yes"))
    live = studio.outcomes.verdict("shop")

    assert (live.judgement.state, live.n_outcomes) == ("no bar", 100)
    assert live.judgement.score is not None
    assert live.judgement.score.value == 1.0


def test_few_validation_rows_are_said_to_be_the_reason(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = LabelCase(
        codes=np.zeros(50, dtype=np.int64), probabilities=np.full((50, 2), 0.5), positive=1, threshold=None
    )
    monkeypatch.setattr(OutcomesService, "_reference", lambda *_: few)
    answered(studio, list(range(200)))

    assert "fewer than 200 validation rows" in studio.outcomes.verdict("shop").why_not_expected


def sample(studio: Studio, ids: list[str], rows: list[dict[str, Any]]) -> None:
    """Write sampled rows as a server does, and the torn line of one that was killed."""
    home = EndpointFolder(studio.workspace, "shop")
    version = home.read().versions[0].bundle_id
    half = len(ids) // 2
    parts = [{"version": version, "ids": ids[:half], "rows": rows[:half]}]
    parts += [{"version": "an earlier one", "ids": ids[half:], "rows": [{}] * half}]
    home.samples.with_name("samples.jsonl.1").write_text("".join(json.dumps(part) + "\n" for part in parts))
    rest = json.dumps({"version": version, "ids": ids[half:], "rows": rows[half:]})
    home.samples.write_text(f'{rest}\n{{"version": "{version}", "ids": ["1", ')


def test_the_group_whose_answers_got_worse_is_named(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["endpoints", "verdict", "shop", "--why", "--workspace", str(studio.workspace.path)]
    ids = answered(studio, list(range(400)))
    rows = [tiny.ROW | {"zip": "10115" if number % 4 else "75001"} for number in range(400)]
    studio.outcomes.add("shop", {id_: "yes" if n % 4 else "no" for n, id_ in enumerate(ids)})
    nothing_kept = studio.outcomes.causes("shop")
    sample(studio, ids, rows)
    no_reference = studio.outcomes.causes("shop")
    frame = pd.DataFrame([{**row, "day": pd.Timestamp("2024-02-01")} for row in rows])
    before = RowLosses(frame=frame, losses=np.full(400, 0.125))
    monkeypatch.setattr(causes, "_reference_rows", lambda *_: before)
    monkeypatch.setattr(causes, "open_predictor", lambda *_: tiny.predictor())
    worse = CliRunner().invoke(app, command)
    monkeypatch.setattr(
        causes, "_reference_rows", lambda *_: RowLosses(frame=frame, losses=np.full(400, 2.0))
    )

    assert (nothing_kept.why_not, no_reference.why_not) == ("few rows", "no reference")
    assert "0 rows with outcomes are kept, and 100 are needed. Send more" in nothing_kept.sentences[0]
    assert not any("fell" in sentence for sentence in nothing_kept.sentences)
    assert (
        "Where 'zip' is '75001', answers got worse: 100 % of the fall, in 25 % of the rows." in worse.stdout
    )
    assert studio.outcomes.causes("shop").why_not == "no fall"
