"""Models that were to be trained and are not there: each has a sentence, also where AutoGluon has none."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from litmus_core.engine import FitRequest, fit_models
from litmus_core.engine._fit.failures import UnfinishedModel, failures, fit_report, nothing_finished
from litmus_core.types import Compute, Folds, Resources
from tests.engine.conftest import COLUMNS, table, task


class Trainer:
    """What a trainer of AutoGluon's says after a fit in which one model raised and two were dropped."""

    def __init__(self) -> None:
        self._models_skipped_by_constraint = {"forest_BAG_L1": "more than 500 rows are too many."}

    def get_model_names(self) -> list[str]:
        return ["linear_BAG_L1", "stock_medium-CatBoost_BAG_L1", "lightgbm_BAG_L1"]

    def model_failures(self) -> pd.DataFrame:
        rows = [
            ("xgboost_BAG_L1", "ValueError", "no luck"),
            ("stock_medium-XGBoost_BAG_L1", "ValueError", "no luck"),
        ]
        return pd.DataFrame(rows, columns=["model", "exc_type", "exc_str"])


def _failed(*rows: tuple[str, str, str]) -> Any:
    failed = pd.DataFrame(list(rows), columns=["model", "exc_type", "exc_str"])
    return SimpleNamespace(model_failures=lambda: failed)


def test_what_autogluon_drops_without_a_word_has_one() -> None:
    names = ["linear", "xgboost", "catboost", "forest", "stock_medium", "stock_best", "lightgbm_BAG_L2"]
    report = fit_report(Trainer(), names, notes=["Tidy became part of the model."])

    assert [(each.model, each.sentence) for each in report.unfinished] == [
        ("xgboost_BAG_L1", "Boosted trees (XGBoost) did not finish: no luck."),
        (
            "catboost",
            "Boosted trees for categories (CatBoost) was not trained: no time was left to begin it.",
        ),
        ("forest", "Random forest was not trained: more than 500 rows are too many."),
        ("stock_best", "AutoGluon's own mix, best was not trained: no time was left to begin it."),
        (
            "lightgbm_BAG_L2",
            "Fast boosted trees (LightGBM), on others' predictions was not trained: "
            "no time was left to begin it.",
        ),
    ]
    assert report.left_out == ("AutoGluon's own mix, medium: XGBoost did not finish: no luck.",)
    assert report.notes == ("Tidy became part of the model.",)


def test_who_stopped_a_fit_is_not_told_that_the_rest_was_not_begun() -> None:
    report = fit_report(Trainer(), ["xgboost", "catboost", "forest"], is_stopped=True)

    # These two are not there for reasons of their own.
    assert [each.model for each in report.unfinished] == ["xgboost_BAG_L1", "forest"]


def test_only_variants_of_families_that_were_fitted_wait_for_time() -> None:
    variants = ["lightgbm-settings 2", "forest-settings 2"]  # the forest was refused, with any time
    assert fit_report(Trainer(), ["lightgbm"], variants=variants).n_waiting == 1


def test_a_fit_accounts_for_each_card_when_its_time_is_up(tmp_path: Path) -> None:
    frame = table(4_000)
    frame["answer"] = frame["signal"] + frame["count"].fillna(0)
    wanted = ("linear", "lightgbm", "catboost", "forest", "extra_trees", "xgboost")
    there: list[Any] = []
    report = fit_models(
        FitRequest(
            folder=tmp_path,
            train=frame[:3_000],
            validation=frame[3_000:],
            columns=COLUMNS,
            task=task("regression", "rmse"),
            families=wanted,
            deadline=time.time() + 4,
            folds=Folds(0),
            compute=Compute(train=Resources(cpus=1)),
        ),
        on_model=there.append,
        on_start=lambda _: time.sleep(1),
        should_stop=lambda: False,
    )

    fitted = {each.family for each in there if not each.is_ensemble}
    missing = {each.model for each in report.unfinished}
    assert missing
    assert fitted | missing == set(wanted)
    assert not fitted & missing
    assert all(
        isinstance(each, UnfinishedModel) and each.sentence.endswith(".") for each in report.unfinished
    )


def test_where_only_own_code_failed_its_code_is_to_be_fixed() -> None:
    own, slow, other = failures(
        _failed(
            ("custom-A_BAG_L1", "NoAnswerError", "Your model A stopped: KeyError: 'x'."),
            ("custom-B_BAG_L1", "TooSlowError", "Your model B stopped: it took its time."),
            ("lightgbm_BAG_L1", "TimeLimitExceeded", ""),
        )
    )

    assert nothing_finished(own).hint.startswith("Fix its code")
    assert nothing_finished(own).message == "No model was finished. Your model A stopped: KeyError: 'x'."
    for failed in ((), (slow,), (own, slow), (own, other)):
        assert nothing_finished(*failed).hint.startswith("Allow more time")
