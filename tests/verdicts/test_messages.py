"""Which sentences a verdict's facts call for, and the numbers in them; the words are in ``_texts.py``."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from litmus_core.types import (
    Abstention,
    Bar,
    BudgetExcess,
    Caution,
    Coverage,
    QuickScore,
    Score,
    Statement,
    TimeCut,
)
from litmus_core.verdicts import (
    another_evaluation_message,
    background_sentences,
    caution_sentence,
    certainty_notes,
    evaluations_message,
    evidence_sentence,
    hardly_trained,
    judgement_sentence,
    measured_sentence,
    outcome_message,
    verdict_sentence,
)
from litmus_core.verdicts._grades import is_doubtful
from litmus_core.verdicts._texts import (
    CAUTIONS,
    CERTAINTY,
    EVIDENCE,
    FLATTERING,
    JUDGEMENT,
    MEASURED,
    OUTCOMES,
)
from tests.advice.test_choice import model
from tests.verdicts.test_verdict import ACCURACY, RMSE, VALIDATION, judged

ROOT = Path(__file__).resolve().parents[2]
MISS = judged(ACCURACY, 0.87, 0.86, 0.88)
COPIES = Caution(kind="duplicate_rows", n_rows=178, n_test=240)


def said(key: str, **figures: str) -> str:
    return JUDGEMENT[key].format(**figures)


def wanted(bar: str, op: str = ">=") -> str:
    return JUDGEMENT[op].format(bar=bar)


def test_the_sentence_holds_score_interval_bar_and_gap():
    score = said("score", model="LightGBM", does="is right 87.0 % of the time", low="86.0 %", high="88.0 %",
                 n_rows="1,000", rows=JUDGEMENT["unseen rows"], weighted="")  # fmt: skip
    distance = said("points", distance="3.0")
    assert judgement_sentence(MISS) == " ".join(
        (
            score,
            said("misses narrowly", wanted=wanted("90.0 %"), distance=distance),
            said("constant", baseline="50.0 %"),
        )
    )


def test_a_miss_by_little_is_not_called_narrow_as_no_luck_would_bridge_it():
    assert "It misses the bar of at least 90.0 %, though only by 3.0 points." in judgement_sentence(MISS)
    assert "narrow" not in judgement_sentence(MISS)


def test_a_regression_bar_is_said_in_the_targets_unit():
    found = judgement_sentence(judged(RMSE, 12.0, 11.0, 13.0, metric="rmse", baseline=20.0))
    assert "is off by a root mean square of 12.0" in found
    assert said("misses", wanted=wanted("10.0", "<="), distance="2.0") in found
    assert found.endswith(said("constant", baseline="20.0"))


def test_a_model_that_hardly_began_is_said_to_need_time():
    cut = TimeCut(unit="round", steps=1, best_at=1, most=1000)
    sentence = said("hardly trained", steps="1 of up to 1,000 rounds")
    assert sentence in judgement_sentence(replace(MISS, time_cut=cut))


@pytest.mark.parametrize(
    ("steps", "best_at", "is_said"), [(1, 1, True), (19, 18, True), (20, 20, False), (19, 9, False)]
)
def test_few_steps_before_the_end_of_time_are_hardly_a_training(steps: int, best_at: int, is_said: bool):
    cut = TimeCut(unit="round", steps=steps, best_at=best_at)
    short, whole = replace(model("a", 0.9), time_cut=cut), model("b", 0.9)
    pair = replace(model("ab", 0.9), parents=("a", "b"))
    alone = replace(model("aa", 0.9), parents=("a",))

    assert hardly_trained(short) == hardly_trained(alone, [short, whole]) == (cut if is_said else None)
    assert hardly_trained(pair, [short, whole]) is None


def test_a_gap_in_time_is_said_with_the_score():
    sentence = said("time gap", time_gap="30 rows")
    assert sentence in judgement_sentence(replace(MISS, time_gap="30 rows"))
    assert said("time gap", time_gap="") not in judgement_sentence(MISS)


def test_a_bar_is_said_as_it_was_set():
    auc = Bar(metric="roc_auc", op=">=", value=0.9999)
    assert wanted("0.9999") in judgement_sentence(judged(auc, 0.886, 0.81, 0.946, metric="roc_auc"))
    share = Bar(metric="accuracy", op=">=", value=0.9975)
    assert wanted("99.75 %") in judgement_sentence(judged(share, 0.87, 0.86, 0.88))


def test_a_bar_that_a_constant_answer_meets_is_said_to_ask_for_too_little():
    low = Bar(metric="accuracy", op=">=", value=0.3)
    found = judgement_sentence(judged(low, 0.87, 0.86, 0.88, baseline=0.542))
    assert found.endswith(said("constant meets", baseline="54.2 %"))


def test_a_miss_too_small_for_the_intervals_digits_is_not_called_zero():
    assert said("points", distance="0.004") in judgement_sentence(judged(ACCURACY, 0.89996, 0.8, 0.89998))


def test_without_a_bar_the_baseline_is_the_comparison():
    found = judgement_sentence(judged(None, 0.9, 0.88, 0.92))
    assert found.endswith(f"{said('no bar')} {said('constant', baseline='50.0 %')}")


def test_so_few_rows_that_they_cannot_tell_are_said_to_be_few():
    found = judgement_sentence(judged(ACCURACY, 1.0, 1.0, 1.0, n_rows=9))
    assert said("undecided by few rows", wanted=wanted("90.00 %")) in found


def test_an_undecided_verdict_says_the_chance_and_how_many_rows_would_settle_it():
    verdict = judged(ACCURACY, 0.885, 0.865, 0.905)
    found = judgement_sentence(verdict)
    assert "Its chance of reaching the bar of at least 90.0 % is 13 %." in found
    assert said("rows would settle it", more_rows=f"{verdict.more_rows:,}") in found
    assert said("no rows would settle it", most_rows="25,000") in judgement_sentence(
        judged(ACCURACY, 0.9, 0.88, 0.92)
    )


def test_few_groups_are_said_in_place_of_rows():
    verdict = judged(ACCURACY, 0.885, 0.865, 0.905)
    grouped = replace(verdict, score=replace(verdict.score, n_effective=600.0, n_blocks=8))
    more = f"{math.ceil(verdict.more_rows * 8 / verdict.score.n_rows):,}"
    figures = {"more_blocks": more, "more_rows": f"{verdict.more_rows:,}"}
    found = judgement_sentence(grouped)

    assert said("few blocks", n_blocks="8") in found
    assert said("blocks would settle it", **figures) in found
    assert said("telling", n_telling="600") not in found
    assert CERTAINTY["blocks"].format(**figures) in list(certainty_notes(grouped))
    many = replace(grouped, score=replace(grouped.score, n_blocks=30))
    assert said("rows would settle it", more_rows=figures["more_rows"]) in judgement_sentence(many)


def test_a_later_look_says_how_sure_it_has_to_be_and_a_first_one_nothing():
    later = judged(ACCURACY, 0.921, 0.901, 0.941, n_evaluations=3)
    low, high = f"{100 * later.low:.1f} %", f"{100 * later.high:.1f} %"
    told = said("later look", number="3", low=low, high=high, certainty="98.33")
    assert told in judgement_sentence(later)
    assert len(judgement_sentence(judged(ACCURACY, 0.921, 0.901, 0.941)).split(". ")) == 3


def test_what_stands_beside_the_outcome_comes_last():
    quick = QuickScore(value=0.701, chosen=VALIDATION)
    slow = BudgetExcess(kind="latency", value=83.2, limit=50)
    big = BudgetExcess(kind="size", value=25.0, limit=10)
    unsure = Abstention(label="ask", share=0.125)
    found = judgement_sentence(replace(MISS, quick=quick, excesses=(slow, big), abstention=unsure))
    assert found.endswith(
        " ".join(
            (
                said("quick is better", rows="900 validation rows", quick="70.1 %", chosen="65.0 %"),
                said("latency", rows="one row", value="83.2", limit="50"),
                said("size", value="25", limit="10"),
                said("abstention", label="ask", share="12.5"),
            )
        )
    )


def test_a_quick_model_of_all_rows_is_not_said_to_be_of_validation_rows():
    quick = QuickScore(value=0.701, chosen=VALIDATION)
    found = judgement_sentence(replace(MISS, quick=quick, outer_folds=5))
    assert said("quick is better in folds", quick="70.1 %", chosen="65.0 %") in found
    assert "validation" not in found


def test_rows_of_which_some_were_learned_are_not_called_unseen():
    learned = judgement_sentence(replace(MISS, cautions=(COPIES,)))
    assert JUDGEMENT["unseen rows"] not in learned
    assert "178" in evidence_sentence(replace(MISS, cautions=(COPIES,)), n_evaluations=1)


def test_the_metric_of_a_plug_in_that_is_gone_is_named():
    gone = replace(MISS, score=replace(MISS.score, metric="worth_kept(rare=8)"))
    does = said("score of a lost metric", value="0.870", metric="worth_kept(rare=8)")
    assert does in judgement_sentence(gone)


@pytest.mark.parametrize("kind", ["duplicate_rows", "older_rows"])
@pytest.mark.parametrize(("whole", "key"), [(0.94, "flattered"), (0.81, "not flattered")])
def test_rows_that_may_flatter_are_said_with_the_score_of_the_others(kind: str, whole: float, key: str):
    new = Score(metric="roc_auc", value=0.81, low=0.78, high=0.84, n_rows=62)
    verdict = judged(None, whole, 0.78, 0.95, metric="roc_auc")
    found = caution_sentence(replace(COPIES, kind=kind, score=new), verdict)
    others = FLATTERING[kind]
    worth = CAUTIONS[key].format(n_new="62", others=others, score="0.810", interval="0.780 to 0.840")
    assert found == f"{CAUTIONS[kind].format(n_rows='178', n_test='240', share='74')} {worth}"
    assert is_doubtful(replace(COPIES, kind=kind, score=new), verdict) == (key == "flattered")


def test_a_model_that_is_worse_than_its_score_is_said_with_its_own():
    own = Score(metric="roc_auc", value=0.65, low=0.62, high=0.68, n_rows=600)
    worse = Caution(kind="weaker_model", score=own)
    assert caution_sentence(worse, MISS) == CAUTIONS["weaker model"].format(
        score="0.650", interval="0.620 to 0.680"
    )


def test_too_few_new_rows_are_counted_and_a_check_that_failed_is_named():
    assert caution_sentence(COPIES, MISS).endswith(
        CAUTIONS["too few"].format(n_new="62", others=FLATTERING["duplicate_rows"])
    )
    failed = Caution(kind="not_checked", error="ZeroDivisionError")
    assert "ZeroDivisionError" in caution_sentence(failed, MISS)


def test_what_a_check_found_is_said_in_the_words_of_the_check():
    found = Statement.of(
        "leakage", "same", columns=["fee"], target="left", scale="AUC", score=1.0, others=0.56
    )
    leak = Caution(kind="leakage", statement=found, columns=("fee",))
    assert verdict_sentence(replace(MISS, cautions=(leak,))).startswith(judgement_sentence(MISS))
    assert "'fee'" in caution_sentence(leak, MISS)
    assert "AUC 1.000" in caution_sentence(leak, MISS)


@pytest.mark.parametrize("n_evaluations", [1, 2, 1_200])
def test_looks_are_counted(n_evaluations: int):
    told = evaluations_message(n_evaluations)
    assert told == EVIDENCE["looked once" if n_evaluations == 1 else "looked often"].format(
        n_evaluations=f"{n_evaluations:,}"
    )
    assert (f"{n_evaluations + 1:,}" in another_evaluation_message(n_evaluations)) is (n_evaluations > 1)


@pytest.mark.parametrize(
    ("value", "key", "distance"),
    [(0.885, "misses", "0.015"), (0.93, "better", "0.030"), (0.89996, "misses", "0.00004")],
)
def test_a_score_and_its_distance_to_the_bar_stand_in_one_sentence(value: float, key: str, distance: str):
    found = measured_sentence(judged(ACCURACY, value, value - 0.02, value + 0.02), measure="Accuracy")
    assert found.endswith(f"{MEASURED[key].format(distance=distance)}.")
    assert found.startswith("Accuracy on 1,000 test rows")


def test_every_outcome_has_a_word_and_words_do_not_repeat():
    assert [outcome_message(each) for each in OUTCOMES] == list(OUTCOMES.values())
    assert len(set(OUTCOMES.values())) == len(OUTCOMES)


def test_the_words_stand_in_one_file():
    pieces = {
        piece.strip()
        for table in (CAUTIONS, CERTAINTY, EVIDENCE, JUDGEMENT, MEASURED)
        for text in table.values()
        for piece in re.split(r"\{[^}]*\}", text)
        if len(piece.split()) > 7
    }
    modules = [
        (path.name, path.read_text(encoding="utf-8"))
        for folder in ("app", "litmus_core", "pages", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "_texts.py"
    ]
    repeated = [(name, piece) for name, text in modules for piece in pieces if piece in text]
    assert repeated == []
    assert len(pieces) > 10


@pytest.mark.parametrize(("weight", "ends"), [(None, "wide on average."), ("w", "alike, without 'w'.")])
def test_intervals_that_count_rows_alike_are_said_to(weight: str | None, ends: str):
    coverage = Coverage(level=0.9, share=0.92, low=0.88, high=0.95, n_rows=300, size=2.5)
    told = background_sentences(replace(MISS, coverage=coverage, weight=weight), n_evaluations=1)
    assert next(sentence for sentence in told if "hold the truth" in sentence).endswith(ends)
