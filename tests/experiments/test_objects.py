"""Classes, functions and scorers that a notebook gives: written out, or refused in words."""

from __future__ import annotations

import linecache
import sys
import types
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    brier_score_loss,
    fbeta_score,
    make_scorer,
    mean_pinball_loss,
    r2_score,
    top_k_accuracy_score,
)

from litmus_core import Algorithm, Compute, Goal, Studio, Training, train
from litmus_core.errors import UsageError
from litmus_core.experiments._api.objects import stored_algorithm, stored_goal, stored_training
from litmus_core.experiments._api.objects.source import definition_of, source_of
from litmus_core.metrics import get_metric, register_metrics

CELL = """
import math
import numpy as np
from sklearn.base import BaseEstimator as Base

SHARE, LIMITS = 0.3, {"low": [1, 2]}
rows = object()


def scaled(x):
    return np.asarray(x) * SHARE


class Parent(Base):
    def fit(self, X, y):
        self.mean_ = float(np.mean(y)) + math.floor(LIMITS["low"][0])
        return self


class Mine(Parent):
    def predict(self, X, rows=None):
        rows = scaled(X[:, 0])
        return self.mean_ + rows


class Limited:
    seen, most = [], 3
    most = 4
    twice = 2 * most
    seen.append(1)

    def fit(self, X, share=SHARE, *, least=2):
        return self


class Tidy:
    def transform(self, frame):
        return frame


def doubled(rows, times=2):
    rows["x2"] = rows["x"] * times
    return rows


def far_off(y_true, y_pred):
    return np.max(np.abs(y_true - y_pred))


def missed(y_true, y_pred):
    return np.mean((y_true == "fraud") & (y_pred != "fraud"))


def hits(y_true, y_pred):
    return np.sum(y_pred[y_true == 1]) / np.sum(y_true)


def top_half(y_true, y_score):
    best = np.argsort(-y_score)[: len(y_score) // 2]
    return float(np.mean(y_true[best] == "yes"))


def uses_rows(y_true, y_pred):
    return len(rows)


def maker():
    class Inner:
        def fit(self, X, y):
            return self
    return Inner


short = lambda y_true, y_pred: 0.0
"""


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What a cell of a notebook leaves in ``__main__``, which has no file then."""
    name = "<cell 1>"
    linecache.cache[name] = (len(CELL), None, CELL.splitlines(keepends=True), name)
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(compile(CELL, name, "exec"), vars(main))
    yield vars(main)
    del linecache.cache[name]
    register_metrics(())  # the next test of this process knows none of the cell's


def test_a_class_comes_with_all_that_it_needs_of_the_notebook(cell: dict[str, Any]) -> None:
    text = source_of(cell["Mine"])
    module: dict[str, Any] = {"__name__": "elsewhere"}
    exec(compile(text, "elsewhere.py", "exec"), module)
    fitted = module["Mine"]().fit([[0.0]], [1.0, 3.0])
    assert fitted.predict(np.array([[10.0]])).tolist() == [6.0]
    assert "far_off" not in text
    assert "object()" not in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("uses_rows", "'uses_rows' uses 'rows', an object of your notebook"),
        ("short", "A lambda has no name that a run could load it by."),
    ],
)
def test_what_cannot_be_written_out_is_refused(cell: dict[str, Any], name: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        source_of(cell[name])
    assert message in str(refused.value)
    assert refused.value.hint


def test_a_lambda_is_refused_with_its_own_arguments(cell: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        source_of(lambda depth, leaf=3: None)
    assert refused.value.hint == "Write it as a function: def name(depth, leaf=3): …"


def test_a_class_made_of_an_earlier_one_of_its_name_is_refused(cell: dict[str, Any]) -> None:
    again = type("Mine", (cell["Mine"],), {"__module__": "__main__"})
    with pytest.raises(UsageError, match="'Mine' inherits from an earlier class of the same name"):
        source_of(again)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("SHARE = 0.9", "'Limited' has share=0.3 here, and by its source share=0.9."),
        ("Limited.most = 9", "'Limited' has most=9 here, and by its source most=4."),
        ("Limited.fit.__kwdefaults__['least'] = 7", "'Limited' has least=7 here, and by its source least=2."),
    ],
)
def test_what_was_changed_after_its_cell_ran_is_refused(
    cell: dict[str, Any], change: str, message: str
) -> None:
    assert "class Limited" in source_of(cell["Limited"])
    exec(change, cell)
    with pytest.raises(UsageError) as refused:
        source_of(cell["Limited"])
    assert message in str(refused.value)
    assert "run the cell again" in refused.value.hint


def test_a_class_made_within_a_function_is_refused(cell: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="'Inner' was made inside another function"):
        source_of(cell["maker"]())


def test_a_cell_whose_source_is_gone_is_refused(cell: dict[str, Any]) -> None:
    linecache.cache["<cell 1>"] = (0, None, [], "<cell 1>")
    with pytest.raises(UsageError, match="The source of 'Tidy' is not available"):
        source_of(cell["Tidy"])


def test_a_run_names_the_file_of_a_class(cell: dict[str, Any], tmp_path: Path) -> None:
    (spec,) = stored_algorithm([Algorithm(cell["Mine"], depth=3)], tmp_path)
    path, _, name = spec.name.rpartition(":")
    assert (name, spec.hyperparameters) == ("Mine", {"depth": 3})
    assert Path(path).parent == tmp_path / "cells"
    again = stored_algorithm(cell["Mine"], tmp_path)
    assert again.name == spec.name
    assert stored_algorithm(["lightgbm", fbeta_score], tmp_path) == ["lightgbm", fbeta_score]


def test_steps_before_and_after_the_model_are_taken_along(cell: dict[str, Any], tmp_path: Path) -> None:
    asked = Training(
        models=["linear", cell["Mine"]], preprocess=cell["Tidy"], postprocess=[cell["Tidy"], "cap(low=0)"]
    )
    stored: Any = stored_training(asked, tmp_path)
    assert [model.rpartition(":")[2] for model in stored.models] == ["linear", "Mine"]
    assert [part.point for part in (*stored.preprocess, stored.postprocess[0])] == [
        "preprocess",
        "postprocess",
    ]
    assert stored.postprocess[1] == "cap(low=0)"


def _no_type() -> Any:
    raise AssertionError("the question's type was not needed")


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("neg_mean_absolute_error", "mae"),
        ("neg_root_mean_squared_error", "rmse"),
        ("roc_auc", "roc_auc"),
        (make_scorer(r2_score), "r2"),
    ],
)
def test_what_is_here_already_is_named(studio: Studio, metric: Any, name: str) -> None:
    assert stored_goal(metric, studio.plugins, _no_type).metrics == name
    assert stored_goal(Goal(metrics=["mae", metric]), studio.plugins, _no_type).metrics == ["mae", name]


def test_a_function_becomes_a_checked_metric_once(cell: dict[str, Any], studio: Studio) -> None:
    asked = Goal("far_off<=3", metrics=cell["far_off"])
    goal = stored_goal(asked, studio.plugins, lambda: "regression")
    assert (goal.metrics, str(goal.bar)) == ("far_off", "far_off <= 3")
    metric = get_metric("far_off")
    assert not metric.greater_is_better
    assert metric.score([1.0, 2.0], [1.5, 5.0]) == 3.0
    assert stored_goal(asked, studio.plugins, lambda: "regression").metrics == "far_off"

    pinball = make_scorer(mean_pinball_loss, greater_is_better=False, alpha=0.9)
    assert stored_goal(pinball, studio.plugins, lambda: "regression").metrics == "mean_pinball_loss"
    other = make_scorer(mean_pinball_loss, greater_is_better=False, alpha=0.1)
    name = stored_goal(other, studio.plugins, lambda: "regression").metrics
    assert name == "mean_pinball_loss_2"
    values: Any = ([1.0, 4.0], [2.0, 2.0])
    assert get_metric(str(name)).score(*values) == pytest.approx(mean_pinball_loss(*values, alpha=0.1))


def test_a_function_that_knows_the_labels_is_checked_with_those_of_the_target(
    cell: dict[str, Any], studio: Studio
) -> None:
    for labels in (("fraud", "ok"), ("fraud", "no fraud")):
        asked = Goal("missed<=3", metrics=cell["missed"])
        goal = stored_goal(asked, studio.plugins, lambda: "binary", partial(tuple, labels))
        assert goal.metrics == "missed"
        assert not get_metric("missed").greater_is_better


def test_a_function_gets_labels_as_the_table_has_them(cell: dict[str, Any], studio: Studio) -> None:
    numbers = partial(tuple, (0, 1))
    asked = make_scorer(cell["hits"])
    assert stored_goal(asked, studio.plugins, lambda: "binary", numbers).metrics == "hits"
    measured = get_metric("hits").score(
        [1, 0, 1, 1], np.eye(2)[[1, 0, 0, 1]], classes=(0, 1), positive_class="1"
    )
    assert measured == pytest.approx(2 / 3)

    name = stored_goal(make_scorer(fbeta_score, beta=2), studio.plugins, lambda: "binary", numbers).metrics
    assert name == "fbeta_score"


def test_a_scorer_gets_the_probability_of_its_label(cell: dict[str, Any], studio: Studio) -> None:
    labels = partial(tuple, ("no", "yes"))
    truth, shares = ["no", "yes"], np.array([[0.9, 0.1], [0.4, 0.6]])
    for label in ("no", "yes"):
        one = make_scorer(
            brier_score_loss, greater_is_better=False, response_method="predict_proba", pos_label=label
        )
        name = str(stored_goal(one, studio.plugins, lambda: "binary", labels).metrics)
        assert get_metric(name).score(
            truth, shares, classes=("no", "yes"), positive_class="yes"
        ) == pytest.approx(0.085)
    unknown = make_scorer(top_k_accuracy_score, response_method="predict_proba", pos_label="maybe")
    with pytest.raises(UsageError, match="pos_label of 'top_k_accuracy_score' is 'maybe', which the target"):
        stored_goal(unknown, studio.plugins, lambda: "binary", labels)


def test_a_function_may_rank_rows_by_their_probabilities(cell: dict[str, Any], studio: Studio) -> None:
    ranked = make_scorer(cell["top_half"], response_method="predict_proba")
    assert stored_goal(ranked, studio.plugins, lambda: "binary", lambda: ("no", "yes")).metrics == "top_half"


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (lambda y_true, y_pred: 0.0, "A lambda has no name that a run could load it by."),
        (make_scorer(mean_pinball_loss, greater_is_better=True), "cannot judge models: .* greater is better"),
        (
            make_scorer(fbeta_score, beta=range(1)),
            r"beta of 'fbeta_score' is range\(0, 1\), which cannot be written down",
        ),
    ],
)
def test_a_function_that_cannot_judge_is_refused(studio: Studio, metric: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        stored_goal(Goal(metrics=metric), studio.plugins, lambda: "regression")
    assert not list((studio.workspace.path / "plugins").glob("*.py"))


def test_a_refused_function_leaves_its_name_to_the_next_one(studio: Studio) -> None:
    wrong = make_scorer(mean_pinball_loss, greater_is_better=True)
    with pytest.raises(UsageError, match="greater is better"):
        stored_goal(wrong, studio.plugins, lambda: "regression")
    right = make_scorer(mean_pinball_loss, greater_is_better=False)
    assert stored_goal(right, studio.plugins, lambda: "regression").metrics == "mean_pinball_loss"


def test_of_several_functions_of_one_name_in_a_script_the_one_at_hand_is_taken(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "def off(t, a):\n    return 1\n\nfirst = off\n\n\n"
        "def off(t, a):\n    return 2\n\n\nif True:\n    last = off\n\n"
        "    def off(t, a):\n        return 3\n"
    )
    module: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(script.read_text(), str(script), "exec"), module)

    assert "return 1" in definition_of(module["first"])
    assert "return 2" in definition_of(module["last"])
    with pytest.raises(UsageError, match="The source of 'off' is not available"):
        definition_of(module["off"])


def test_a_function_has_to_say_what_is_better(cell: dict[str, Any], studio: Studio) -> None:
    with pytest.raises(UsageError, match="not known whether more of 'far_off' is better") as refused:
        stored_goal(cell["far_off"], studio.plugins, lambda: "regression")
    assert "make_scorer(far_off, greater_is_better=False)" in str(refused.value.hint)


def test_a_function_decides_or_is_not_there(cell: dict[str, Any], studio: Studio) -> None:
    beside = Goal("far_off<=3", metrics=["mae", cell["far_off"]])
    with pytest.raises(UsageError, match="'far_off' is a function, and a run knows only the metric that"):
        stored_goal(beside, studio.plugins, lambda: "regression")


def test_a_notebook_trains_its_own_class_by_its_own_metric(cell: dict[str, Any], tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=90)
    handle = train(
        pd.DataFrame({"x": x, "y": 2 * x + random.normal(0, 0.1, 90)}),
        "y",
        goal=Goal("far_off<=9", metrics=cell["far_off"]),
        training=Training(models=[cell["Mine"], "linear"], preprocess=[cell["Tidy"], cell["doubled"]]),
        compute=Compute(time_limit_s=30),
        folds=0,
        workspace=tmp_path,
    )
    with handle.studio:
        handle.wait(timeout_s=200)
        assert handle.run.status == "finished"
        assert {"Mine", "Linear model"} <= set(handle.leaderboard()["name"])
        header, *lines = repr(handle.leaderboard()).splitlines()
        assert header.split() == ["name", "validation", "test", "latency_p95_ms", "size_mb", "chosen"]
        assert any(line.strip().startswith("Mine ") for line in lines)
        assert any(line.startswith("More columns: candidate,") for line in lines)
        assert repr(handle.leaderboard()[["fit_s"]]).split()[0] == "fit_s"
        assert " 17050 " in repr(handle.leaderboard().assign(validation=17_049.6))
        assert "Your pre-processor doubled became part of the model" in handle.run.message
        assert repr(handle.best).startswith(f"<TrainedCandidate {handle.best.id}: ")
        assert "test far_off " in repr(handle.best)
        assert handle.experiment.task.metric == "far_off"
        assert handle.verdict is not None
        assert handle.verdict.outcome == "meets"
        assert "cells/Mine_" in handle.code
