"""The report on an experiment: the verdict first, all of it escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest

from litmus_core.advice import Axis, frontier
from litmus_core.diagnostics import ColumnImportance, Residuals
from litmus_core.report import ExperimentFacts, ProductionFacts, experiment_report
from litmus_core.report._frontier import _labels
from litmus_core.types import Budget, Caution, Decision, RightCases, Statement
from litmus_core.verdicts import caution_sentence
from tests.report.facts import AT, EVIL, candidate, diagnostics, facts_of, score


@pytest.mark.parametrize(
    "told",
    [
        "✗ Misses the bar · too slow: 7\u202f% chance",
        "Team colour is right 89.0 % of the time",
        "0.890 (0.870 to 0.910)",  # the score never stands without its interval
        "7\u202f%",
        "at least 0.900",
        "1 row answered in 20\u202fms",
        "0.125\u202fUSD on &#x27;edge box&#x27;",
        "orders colour, version 2: 5,000 rows from colour.csv",
        "&#x27;colour&#x27; gives the answer away.",
        "★ Team colour",
        "\u22120.020",
        "100 rows of “colour” predicted as “no”.",
        "Clearly worse where b is colour.",
        "observed in 70\u202f% of 80 rows (60\u202f% to 80\u202f%)",
        "Train in 5 folds colour",
        "predicted +2.0 points (+0.50 points to +3.5 points in 4 of 5 cases); brought +1.2 points",
        "More colour: it should bring +2.0 points.",
        "train(&#x27;colour&#x27;)",
        "never predicts a label that it has not seen",
        "2026-11-25 15:00 UTC",
    ],
)
def test_it_tells(told: str) -> None:
    assert told in experiment_report(facts_of(), created_at=AT)


def test_page_one_says_each_fact_of_the_verdict_once() -> None:
    html = experiment_report(facts_of(), created_at=AT)
    verdict = html[html.index('<section class="verdict') : html.index("</section>")]
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", verdict, flags=re.DOTALL)
    assert words.count("chance") == words.count("7\u202f%") == 1
    assert "misses the bar by 0.010." in words
    assert "Guessing scores" not in words


def test_the_judged_score_has_the_interval_that_decided_wherever_it_stands() -> None:
    facts = facts_of()
    assert facts.run is not None
    assert facts.run.verdict is not None
    run = replace(facts.run, verdict=replace(facts.run.verdict, low=0.85, high=0.93, n_evaluations=3))
    html = experiment_report(replace(facts, run=run, runs=(run,)), created_at=AT)
    assert html.count("<td>0.890 (0.850 to 0.930)</td>") == 2, "among the models and among the runs"
    assert "<td>0.890 (0.870 to 0.910)</td>" not in html


def test_a_run_on_a_sample_says_of_how_many_rows_it_is() -> None:
    said = "Trained and tested on 1,000 of 9,000 rows: more do not fit into 1 GB."
    assert f"<li>{said}</li>" in experiment_report(facts_of(sample=said), created_at=AT)


def test_how_a_deployed_model_fares_stands_below_the_verdict() -> None:
    assert "answers with this experiment&#x27;s model.</p>" in experiment_report(facts_of(), created_at=AT)


def test_nothing_of_it_becomes_markup_and_nothing_is_loaded() -> None:
    html = experiment_report(facts_of(EVIL), created_at=AT)
    assert "<script" not in html
    assert not re.search(r"(src|href)\s*=|url\(|@import", html)
    assert html.count("&lt;script&gt;") > 15


def test_where_the_data_lay_is_not_told_beyond_the_file() -> None:
    assert "/secret/folder" not in experiment_report(facts_of(), created_at=AT)


def test_all_models_of_all_runs_are_drawn_by_time_and_by_size_each_variant_tied_to_its_parent() -> None:
    by_time, by_size = _plots(experiment_report(facts_of(), created_at=AT))
    for plot in (by_time, by_size):
        assert len(re.findall(r'class="mark [^"]+"', plot)) == 4
        assert plot.count('<path class="mark chosen"') == 1
        (tied,) = re.findall(r'<path class="link" d="([^"]+)"', plot)
        assert tied.count("M") == 3  # all of the refining run, whose parent lies in the run before
        assert plot.count('class="corner"') == 1
    assert by_time.count("single outside") == 2
    assert ">budget 20" in by_time
    assert ">budget" not in by_size


def test_the_edge_joins_what_no_other_beats_from_the_quickest_on() -> None:
    by_time, _ = _plots(experiment_report(facts_of(), created_at=AT))
    (edge,) = re.findall(r'<path class="edge" d="([^"]+)"', by_time)
    assert edge.count("V") == 3  # Smaller, the chosen one, the one before, Slow
    worse = replace(facts_of().all_candidates[2], id="worse", validation=score(0.5))
    with_worse = facts_of(all_candidates=(*facts_of().all_candidates, worse))
    by_time, _ = _plots(experiment_report(with_worse, created_at=AT))
    assert re.findall(r'<path class="edge" d="([^"]+)"', by_time)[0].count("V") == 3
    assert by_time.count(" small") == 1


def test_a_budget_that_no_model_keeps_is_said_with_what_is_nearest() -> None:
    facts = facts_of()
    task = replace(facts.experiment.task, budget=Budget(max_latency_ms=0.25))
    html = experiment_report(replace(facts, experiment=replace(facts.experiment, task=task)), created_at=AT)
    assert (
        "None of them meets the budget. Smaller, the quickest here, takes 0.5 ms a call, the budget is "
        "0.25 ms: 2 times too slow."
    ) in html
    assert "None of them keeps" not in experiment_report(facts, created_at=AT)


def test_without_a_price_nothing_is_said_of_what_it_costs() -> None:
    assert "a million, 1 row a call" in experiment_report(facts_of(), created_at=AT)
    assert "a million, 1 row a call" not in experiment_report(
        facts_of(production=ProductionFacts()), created_at=AT
    )


def _plots(html: str) -> list[str]:
    return re.findall(r'<svg class="plot".*?</svg>', html, flags=re.DOTALL)


@pytest.mark.parametrize(
    "told",
    [
        "Model card: Team colour",
        "colour: one of two answers, from 2 columns of a row",
        "no, colour",
        "colour from a probability of 0.5 on",
        "Misses the bar · too slow: 7\u202f% chance",
        "0.890 (0.870 to 0.910), 1,000 rows, 95 % interval",
        "3,200 rows to learn from, 800 rows to choose by, 1,000 rows to test on, that nothing learned from",
        "SHA-256 of the rows abababababababab…",
        "Before colour, of an earlier run",
        "lightgbm 4.7.0",
        "<td>a colour</td>",
    ],
)
def test_the_model_card_tells(told: str) -> None:
    html = experiment_report(facts_of(), created_at=AT)
    assert told in html[html.index("Model card") :]


def test_rows_in_folds_are_learned_from_and_chosen_by() -> None:
    html = experiment_report(facts_of(training=replace(facts_of().training, n_folds=5)), created_at=AT)
    assert "4,000 rows to learn from and to choose by, in turns, 1,000 rows to test on" in html


def test_the_card_calls_no_rows_test_or_validation_rows_where_all_rows_judge() -> None:
    told = facts_of()
    assert told.run is not None
    assert told.verdict is not None
    run = replace(told.run, verdict=replace(told.verdict, outer_folds=5))
    html = experiment_report(replace(told, run=run), created_at=AT)
    card = html[html.index("Model card") :]
    assert "judged on all rows" in card
    assert "in choosing it, on the same rows" in card
    assert "on test rows" not in card.split("What it reads")[0]
    assert "on validation rows" not in card.split("What it reads")[0]


def test_the_card_tells_what_is_lost_without_a_column_only_where_chance_would_not_explain_it() -> None:
    columns = (
        ColumnImportance(column="a colour", drop=0.01, low=-0.01, high=0.03, n_shuffles=5),
        ColumnImportance(column="b", drop=0.12, low=0.08, high=0.16, n_shuffles=5),
    )
    found = diagnostics("colour")
    found = replace(found, importance=replace(found.importance, columns=columns))
    html = experiment_report(facts_of(diagnostics=found), created_at=AT)
    assert "<tr><td>b</td><td></td><td>0.120</td></tr>" in html
    assert "<tr><td>a colour</td><td></td><td>nothing that chance would not explain</td></tr>" in html


def test_a_regression_shows_truth_against_answer() -> None:
    found = replace(
        diagnostics("colour"),
        metric="rmse",
        confusion=None,
        residuals=Residuals(
            points=((1.0, 2.0), (3.0, 2.5)), n_rows=2, bias=0.25, typical_error=0.75, large_error=1.0
        ),
    )
    html = experiment_report(facts_of(diagnostics=found, reliability=()), created_at=AT)
    assert html.count('<circle class="faint"') == 2
    assert "on average 0.250 too high" in html


def test_an_experiment_without_a_run_says_so() -> None:
    bare = ExperimentFacts(experiment=facts_of().experiment, version=facts_of().version, runs=())
    html = experiment_report(bare, created_at=AT)
    assert "There is no verdict yet. Nothing was trained." in html
    assert "The data was not checked for problems." in html
    assert "The models" not in html


def test_many_models_stay_a_small_file() -> None:
    many = tuple(candidate(f"Model {n} {'x' * 60}", 0.5 + n / 1e4, 1.0 + n) for n in range(2_000))
    html = experiment_report(facts_of(candidates=many, all_candidates=many), created_at=AT)
    assert len(html.encode()) < 100_000
    assert "1,940 more are not shown." in html


def test_of_more_models_than_letters_the_chosen_one_keeps_its_own():
    facts = facts_of()
    many = [candidate(f"model {at}", 0.5 + at / 1_000, 1.0 + at) for at in range(40)]
    best = replace(candidate("best", 0.95, 90.0), chosen=True)
    facts = replace(facts, all_candidates=(*many, best), candidates=(best,))
    points = frontier(facts.all_candidates, Axis(spent="time"))
    assert all(each.on_edge for each in points)

    letters = _labels(facts, points)

    assert facts.chosen == best
    assert len(letters) == 26
    assert letters[best.id] == "Z"


def test_what_makes_a_score_look_better_than_it_is_stands_beside_the_verdict() -> None:
    facts = facts_of()
    assert facts.run is not None
    assert facts.verdict is not None
    leak = Statement.of("leakage", "names a thing", columns=["<copies>"], target="y")
    caution = Caution(kind="leakage", statement=leak, columns=("<copies>",))
    page = experiment_report(
        replace(facts, run=replace(facts.run, verdict=replace(facts.verdict, cautions=(caution,)))),
        created_at=AT,
    )

    assert escape(caution_sentence(caution, facts.verdict)) in page
    assert "'<copies>'" not in page


def test_page_one_says_it_in_cases_and_who_uses_the_model_anyway() -> None:
    facts = facts_of()
    assert facts.run is not None
    assert facts.verdict is not None
    cases = RightCases(n_rows=1_000, n_right=890, n_commonest=500)
    run = replace(facts.run, verdict=replace(facts.verdict, cases=cases))
    decision = Decision(
        run_id=run.id,
        candidate_id="run_2-team",
        reason=f"Sales need it. {EVIL}",
        by="Ada",
        at=AT,
        verdict="Misses the bar: 7 % chance",
    )
    asked = replace(facts.experiment, decision=decision)
    html = experiment_report(replace(facts, experiment=asked, run=run), created_at=AT)
    assert '<p class="lead">Of 1,000 cases it gets 890 right and 110 wrong.' in html
    assert "Ada decided on 2026-11-25 15:00 UTC to use this model anyway: Sales need it. &lt;script" in html
    assert "(The verdict then: Misses the bar: 7 % chance.)" in html
    assert EVIL not in html
