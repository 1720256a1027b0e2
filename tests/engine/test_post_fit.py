"""What steps learn, from which rows, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    ScoredPredictions,
    cross_fit_halves,
    decided,
    fit_cross,
    fit_post,
    needs_fitting,
    open_post,
    plugin_fitter,
    post_predictions,
    post_report,
    step_reports,
    steps_without_weights,
    store_post,
)
from litmus_core.engine._run_folder.folder import write_json
from litmus_core.metrics import get_metric
from litmus_core.plugins import read_part, sign_modules
from litmus_core.runtime import Cap, ModelInfo, Post, PostStep, ShiftClasses, Thresholds
from litmus_core.types import Column, PluginRef, PostReport, Score, to_plain

COUNTRY = Column(name="country", original_name="country", kind="category", storage="VARCHAR")
INFO = ModelInfo(problem_type="binary", target="sold", columns=(COUNTRY,), classes=("no", "yes"))
N_ROWS = 900


def part(text: str) -> PluginRef:
    return read_part("postprocess", text)


def nobody(part: PluginRef, scored: ScoredPredictions) -> PostStep:
    raise AssertionError("no step of one's own was asked for")


def shops(seed: int = 0) -> ScoredPredictions:
    """Rows whose truth turns at 0.3 in A and at 0.7 in B; C is too small to tell."""
    random = np.random.default_rng(seed)
    country = random.choice(["A", "B", "C"], N_ROWS, p=[0.48, 0.48, 0.04])
    share = random.random(N_ROWS)
    line = np.where(country == "A", 0.3, 0.7)
    return ScoredPredictions(
        predictions=np.column_stack([1 - share, share]),
        rows=pd.DataFrame({"country": country.astype(object)}),
        truth=np.where(share >= line, "yes", "no").astype(object),
        info=INFO,
        metric=get_metric("accuracy"),
    )


def values(truth: list[float], answers: list[float]) -> ScoredPredictions:
    info = replace(INFO, problem_type="regression", classes=())
    rows = pd.DataFrame({"country": ["A"] * len(truth)}, dtype=object)
    return ScoredPredictions(
        predictions=np.array(answers), rows=rows, truth=np.array(truth), info=info, metric=get_metric("mae")
    )


def accuracy(answers: Any, scored: ScoredPredictions) -> float:
    return scored.metric.score(
        scored.truth, answers, classes=INFO.classes, positive_class="yes", threshold=0.5
    )


def test_each_segment_gets_the_threshold_that_suits_it() -> None:
    scored = shops()
    (step,) = fit_post([part("thresholds_by_segment(column=country)")], scored, fitter=nobody).steps

    assert isinstance(step, Thresholds)
    assert set(step.by_value) < {"A", "B", "C"}  # who is served by the threshold of all has none
    assert step.by_value.get("A", step.fallback) == pytest.approx(0.3, abs=0.02)
    assert step.by_value.get("B", step.fallback) == pytest.approx(0.7, abs=0.02)
    assert accuracy(step.apply(scored.predictions, scored.rows), scored) > 0.97


def test_a_segment_that_was_never_seen_gets_the_threshold_of_all_rows() -> None:
    scored = shops()
    (step,) = fit_post([part("thresholds_by_segment(column=country)")], scored, fitter=nobody).steps
    assert isinstance(step, Thresholds)
    line = step.fallback

    moved = step.apply(np.array([[1 - line, line]] * 2), [{"country": "Z"}, {"country": None}])

    assert moved[:, 1].tolist() == [0.5, 0.5]


def noise(seed: int) -> ScoredPredictions:
    """Rows whose truth hangs on nothing."""
    random, scored = np.random.default_rng(seed), shops(seed)
    return replace(
        scored,
        rows=pd.DataFrame({"country": random.choice(list("ABCDEFGH"), N_ROWS).astype(object)}),
        truth=np.where(random.random(N_ROWS) < 0.5, "yes", "no").astype(object),
    )


def test_thresholds_that_are_only_noise_do_not_flatter_the_score() -> None:
    asked = [part("thresholds_by_segment(column=country, min_rows=20)")]
    learned, honest = [], []
    for seed in range(5):
        scored = noise(seed)
        half = cross_fit_halves(scored.truth, None, regression=False, seed=seed)
        post, crosswise = fit_cross(asked, scored, half, fitter=nobody)
        learned.append(accuracy(post.apply(scored.predictions, scored.rows), scored))
        honest.append(accuracy(crosswise, scored))

    assert np.mean(learned) > 0.54
    assert np.mean(honest) < 0.52


def test_a_learned_limit_counts_rows_by_their_weights() -> None:
    scored = values([1.0, 2.0, 3.0, 4.0], [0.0] * 4)
    weighted = replace(scored, metric=scored.metric.weighted(np.array([0.0, 1.0, 1.0, 98.0])))
    asked = [part("cap(low_quantile=0, high_quantile=0.5)")]

    (plain,), (learned,) = (fit_post(asked, one, fitter=nobody).steps for one in (scored, weighted))

    assert plain == Cap(low=1.0, high=2.5)
    assert learned == Cap(low=2.0, high=4.0)


def test_limits_are_learned_from_real_values_or_given() -> None:
    scored = values([float(each) for each in range(101)], [0.0] * 101)
    post = fit_post([part("cap(low_quantile=0.1, high=70)")], scored, fitter=nobody)

    assert post.steps == (Cap(low=10.0, high=70.0),)
    assert needs_fitting([part("cap(low_quantile=0.1)")])
    assert not needs_fitting([part("cap(low=0)"), part("round()"), part("abstain(below=0.7)")])


def test_each_step_is_fitted_on_what_the_one_before_leaves() -> None:
    scored = values([0.0, 1.0], [0.0, 9.0])
    post = fit_post(
        [part("rule(when='country = A', then='value += 1')"), part("cap(high=5)")], scored, fitter=nobody
    )

    assert post.apply(scored.predictions, scored.rows).tolist() == [1, 5]


def test_shares_of_production_stand_against_those_of_the_rows() -> None:
    scored = replace(shops(), truth=np.array(["yes"] * 300 + ["no"] * 600, dtype=object))
    (step,) = fit_post([part("shift_classes(shares='yes = 0.5, no = 0.5')")], scored, fitter=nobody).steps

    assert isinstance(step, ShiftClasses)
    assert step.factors == pytest.approx((0.75, 1.5))


def test_abstaining_is_no_step_but_part_of_the_decision() -> None:
    post = fit_post([part("abstain(below=0.8)")], shops(), fitter=nobody)

    assert (post.steps, post.abstain_below, post.abstain_label) == ((), 0.8, "don't know")


def test_halves_share_labels_alike_and_keep_blocks_together() -> None:
    truth = np.array(["yes"] * 30 + ["no"] * 70, dtype=object)
    half = cross_fit_halves(truth, None, regression=False, seed=0)

    assert [int(half[truth == each].sum()) for each in ("yes", "no")] == [15, 35]
    blocks = np.repeat(np.arange(10), 10)
    of_blocks = cross_fit_halves(truth, blocks, regression=False, seed=0)
    assert all(len(set(of_blocks[blocks == each])) == 1 for each in range(10))
    assert sorted(np.bincount(of_blocks).tolist()) == [50, 50]


def test_what_is_learned_is_scored_on_the_other_half() -> None:
    scored = values([0.0, 0.0, 100.0, 100.0], [50.0, 50.0, 50.0, 50.0])
    half = np.array([0, 0, 1, 1])

    post, answers = fit_cross([part("cap(high_quantile=1)")], scored, half, fitter=nobody)

    assert post.steps == (Cap(low=None, high=100.0),)
    assert answers.tolist() == [50, 50, 0, 0]


def test_steps_say_what_they_did() -> None:
    scored = shops()
    asked = [
        part("rule(when='country = C', then='answer = no')"),
        part("thresholds_by_segment(column=country)"),
    ]
    post = fit_post(asked, scored, fitter=nobody)
    first, second = step_reports(asked, post, scored, threshold=None)

    n_small = int((scored.rows["country"] == "C").sum())
    n_yes = int(((scored.rows["country"] == "C") & (scored.predictions[:, 1] >= 0.5)).sum())
    assert (first.n_touched, first.n_changed) == (n_small, n_yes)
    assert first.sentence.startswith("If country = 'C', then the answer is “no”: it fired on")
    assert "where country is A" in second.sentence
    assert second.n_changed > 100


def test_values_are_compared_as_values_and_labels_as_labels() -> None:
    assert decided(np.array([1.5]), values([1.0], [1.0]), None).tolist() == [1.5]
    assert decided(np.array([[0.6, 0.4]]), shops(), 0.4).tolist() == [1]


def test_a_run_keeps_steps_answers_and_report(tmp_path: Path) -> None:
    info = {
        "problem_type": "binary",
        "target": "sold",
        "classes": ["no", "yes"],
        "columns": to_plain([COUNTRY]),
    }
    write_json(tmp_path / "model.json", info)
    score = Score(metric="accuracy", value=0.9, low=0.8, high=1.0, n_rows=10)
    report = PostReport(
        candidate_id="run_1-gbm-then",
        plain_id="run_1-gbm",
        n_rows=10,
        n_changed=2,
        n_abstained=0,
        score=score,
        all_rows=score,
        plain=None,
        halves=False,
        steps=(),
    )
    post = Post([ShiftClasses(factors=(1.0, 2.0))], abstain_below=0.6, abstain_label="?")
    for answers in (np.eye(2), np.zeros((3, 2))):  # again, as after a run that was cut short
        (tmp_path / "post" / "run_1-gbm-then.partial" / "cut short").mkdir(parents=True)
        store_post(tmp_path, report, post, answers)

    opened = open_post(tmp_path, "run_1-gbm-then")
    assert opened.state() == post.state()
    assert post_predictions(tmp_path, "run_1-gbm-then").shape == (3, 2)
    assert post_report(tmp_path, "run_1-gbm-then") == report
    assert post_report(tmp_path, "run_1-gbm") is None
    assert [each.name for each in (tmp_path / "post").iterdir()] == ["run_1-gbm-then"]
    assert not (tmp_path / "post" / "run_1-gbm-then" / "cut short").exists()


OWN = '''
import numpy as np


class Lower:
    """Takes a share of what validation says is too much."""

    def __init__(self, share: float = 1.0):
        self.share = share

    def fit(self, answers, rows, truth):
        self.bias = float(np.mean(answers - truth.astype(float)))
        return self

    def apply(self, answers, rows):
        return answers - self.share * self.bias * (rows["country"] == "A").to_numpy()


class Weighed(Lower):
    def fit(self, answers, rows, truth, sample_weight=None):
        self.bias = float(np.average(answers - truth.astype(float), weights=sample_weight))


class Fixed:
    def apply(self, answers, rows):
        return answers


class Batch:
    def apply(self, answers, rows):
        return answers - answers.mean()


class Shape:
    def apply(self, answers, rows):
        return answers[:-1]


class Raises:
    def apply(self, answers, rows):
        raise ValueError("no luck")


class Changes:
    def apply(self, answers, rows):
        rows["country"] = "B"
        return answers
'''


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A run's folder with the source of steps of one's own."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "own_steps.py").write_text(OWN)
    sign_modules(tmp_path / "modules")
    return tmp_path


def own_part(name: str, **parameters: float) -> PluginRef:
    return PluginRef(
        point="postprocess",
        reference=f"own_steps.py:{name}",
        parameters=tuple(parameters.items()),
        module="own_steps",
        name=name,
        sha256="x",
    )


def test_a_step_of_ones_own_is_fitted_and_asked_apart(own: Path) -> None:
    scored = values([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])
    post = fit_post([own_part("Lower", share=0.5), part("round()")], scored, fitter=plugin_fitter(own))

    assert post.apply(scored.predictions, scored.rows).tolist() == [2, 3, 4, 5]
    (name,) = post.files()
    assert name.startswith("postprocess/Lower-")
    assert post.state()["steps"][0]["reference"] == "own_steps:Lower"
    assert post.steps[0].apply(np.array([3.0]), [{"country": None}]).tolist() == [3]


def test_a_step_of_ones_own_learns_with_the_weights_of_rows_or_is_said_not_to(own: Path) -> None:
    scored = values([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 13.0])
    weighted = replace(scored, metric=scored.metric.weighted(np.array([1.0, 1.0, 1.0, 0.0])))
    parts = [own_part("Weighed"), own_part("Lower"), own_part("Fixed")]

    first, *_ = fit_post(parts[:1], scored, fitter=plugin_fitter(own)).steps
    post = fit_post(parts, weighted, fitter=plugin_fitter(own))

    assert first.apply(np.array([5.0]), [{"country": "A"}]).tolist() == [2.0]
    assert post.steps[0].apply(np.array([5.0]), [{"country": "A"}]).tolist() == [4.0]
    assert steps_without_weights(post) == (
        "Your step Lower learned from the rows as they are: its fit takes no sample_weight.",
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Batch", "another answer alone than among others"),
        ("Shape", "gave an array of shape (3,), not (4,)"),
        ("Raises", "ValueError: no luck, in line 41 of own_steps.py"),
        ("Changes", "changed the rows or answers"),
    ],
)
def test_a_faulty_step_of_ones_own_is_named_in_words(own: Path, name: str, said: str) -> None:
    from litmus_core.errors import NoAnswerError

    scored = values([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])
    with pytest.raises(NoAnswerError) as error:
        fit_post([own_part(name)], scored, fitter=plugin_fitter(own)).apply(scored.predictions, scored.rows)

    assert said in str(error.value)
    assert name in str(error.value)
