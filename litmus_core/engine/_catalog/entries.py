"""The cards themselves: each family in plain words, and how AutoGluon is told to train it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from litmus_core.types import ProblemType

_ALL: tuple[ProblemType, ...] = ("binary", "multiclass", "regression")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFamily:
    """One choice. ``when`` says in a sentence when it is a good one; ``stock`` is AutoGluon's own mix.

    ``needs_torch``, ``needs_text`` and ``needs_weights`` say what must be there: the ``torch`` extra, a text
    column, a package that carries a pretrained encoder (or a folder of one, which is named).
    """

    key: str
    title: str
    when: str
    family: str
    needs_torch: bool = False
    needs_text: bool = False
    needs_weights: bool = False
    stock: bool = False
    problem_types: tuple[ProblemType, ...] = _ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoGluonSettings:
    """How AutoGluon is told: its model key, hyperparameters, the seed's name, and turn (higher: earlier).

    ``ag.max_time_limit_ratio`` is the share of the time then left that a model may take: on hard data a
    booster would take all of it, and leave none to the families after it. ``pace`` is a learning rate with
    the most trees that go with it: what one row waits for is the number of trees, and AutoGluon's own pace
    takes up to 10,000. Who sets another one of the two goes at a pace of their own. ``pace_of_several`` is
    that of three classes or more, where each step is a tree, or a number in each leaf, for every class.
    """

    model: str
    turn: int
    seed_name: str
    hyperparameters: dict[str, Any] = field(default_factory=dict)
    pace: dict[str, Any] = field(default_factory=dict)
    pace_of_several: dict[str, Any] = field(default_factory=dict)

    def pace_of(self, problem_type: ProblemType) -> dict[str, Any]:
        """Return the pace of a kind of question."""
        return self.pace_of_several if problem_type == "multiclass" else self.pace


_LIGHTGBM_PACES: dict[str, dict[str, Any]] = {
    "pace": {"learning_rate": 0.1, "num_boost_round": 500},
    "pace_of_several": {"learning_rate": 0.2, "num_boost_round": 250},
}


# Else it measures whether histograms by columns or by rows are faster, and other sums are another model.
_BY_COLUMNS: dict[str, Any] = {"force_col_wise": True}

CARDS: dict[str, tuple[ModelFamily, AutoGluonSettings | None]] = {
    card.key: (card, recipe)
    for card, recipe in (
        (
            ModelFamily(
                key="lightgbm",
                title="Fast boosted trees (LightGBM)",
                when="A strong first choice for tables; fast to train and to answer.",
                family="boosting",
            ),
            AutoGluonSettings(
                model="GBM",
                turn=95,
                seed_name="seed",
                hyperparameters={**_BY_COLUMNS, "ag.max_time_limit_ratio": 0.5},
                **_LIGHTGBM_PACES,
            ),
        ),
        (
            ModelFamily(
                key="lightgbm_random",
                title="Fast boosted trees with random cuts (LightGBM)",
                when="When the numbers are noisy: it cuts less exactly and so is fooled less.",
                family="boosting",
            ),
            AutoGluonSettings(
                model="GBM",
                turn=60,
                seed_name="seed",
                hyperparameters={**_BY_COLUMNS, "extra_trees": True, "ag.max_time_limit_ratio": 0.6},
                **_LIGHTGBM_PACES,
            ),
        ),
        (
            ModelFamily(
                key="catboost",
                title="Boosted trees for categories (CatBoost)",
                when="When columns hold categories with many values; slower to train, often the most exact.",
                family="boosting",
            ),
            # One category at a time: its tables shrink from hundreds to a few, at no measured loss.
            AutoGluonSettings(
                model="CAT",
                turn=75,
                seed_name="random_seed",
                hyperparameters={"max_ctr_complexity": 1, "ag.max_time_limit_ratio": 0.6},
                pace={"learning_rate": 0.15, "iterations": 700},
                pace_of_several={"learning_rate": 0.2, "iterations": 500},
            ),
        ),
        (
            ModelFamily(
                key="xgboost",
                title="Boosted trees (XGBoost)",
                when="A second opinion beside LightGBM; good in ensembles.",
                family="boosting",
            ),
            AutoGluonSettings(
                model="XGB",
                turn=80,
                seed_name="seed",
                hyperparameters={"ag.max_time_limit_ratio": 0.5},
                pace={"learning_rate": 0.2, "n_estimators": 400},
                pace_of_several={"learning_rate": 0.3, "n_estimators": 200},
            ),
        ),
        (
            ModelFamily(
                key="forest",
                title="Random forest",
                when="Steady on small tables; its trees are kept small so that it stays quick and light.",
                family="forest",
            ),
            AutoGluonSettings(
                model="RF",
                turn=70,
                seed_name="random_state",
                hyperparameters={"n_estimators": 100, "max_leaf_nodes": 1000},
            ),
        ),
        (
            ModelFamily(
                key="extra_trees",
                title="Extremely random trees",
                when="Like the forest, with more chance in it; good in ensembles.",
                family="forest",
            ),
            AutoGluonSettings(
                model="XT",
                turn=65,
                seed_name="random_state",
                hyperparameters={"n_estimators": 100, "max_leaf_nodes": 1000},
            ),
        ),
        (
            ModelFamily(
                key="linear",
                title="Linear model",
                when="When effects simply add up, or an answer must be quick and easy to explain.",
                family="linear",
            ),
            AutoGluonSettings(model="LR", turn=90, seed_name="random_state"),
        ),
        (
            ModelFamily(
                key="network",
                title="Neural network",
                when="When many numbers work together smoothly; slower to train, small to keep.",
                family="network",
                needs_torch=True,
            ),
            AutoGluonSettings(model="NN_TORCH", turn=50, seed_name="seed_value"),
        ),
        (
            ModelFamily(
                key="text_linear",
                title="Words and letters, linear",
                when="When the answer is in a text, such as a title: quick, small and hard to beat there.",
                family="text",
                needs_text=True,
            ),
            AutoGluonSettings(model="TEXT_LINEAR", turn=100, seed_name="random_state"),
        ),
        (
            ModelFamily(
                key="text_nearest",
                title="Nearest texts",
                when="When texts repeat with small changes, as offers of one product do; an ensemble's gain.",
                family="neighbours",
                needs_text=True,
            ),
            AutoGluonSettings(model="TEXT_NEAREST", turn=98, seed_name="random_state"),
        ),
        (
            ModelFamily(
                key="encoder",
                title="Text encoder, pretrained",
                when="When a text's meaning counts more than its words; reads text alone, larger and slower.",
                family="encoder",
                needs_torch=True,
                needs_text=True,
                needs_weights=True,
            ),
            AutoGluonSettings(model="ENCODER", turn=40, seed_name="random_state"),
        ),
        (
            ModelFamily(
                key="stock_medium",
                title="AutoGluon's own mix, medium",
                when="To compare with what AutoGluon does by itself; large and slow to answer.",
                family="stock",
                stock=True,
            ),
            None,
        ),
        (
            ModelFamily(
                key="stock_good",
                title="AutoGluon's own mix, good",
                when="Like medium with smaller forests; meant for folds (set them to 5 or 8).",
                family="stock",
                stock=True,
            ),
            None,
        ),
        (
            ModelFamily(
                key="stock_best",
                title="AutoGluon's own mix, best",
                when="About a hundred models, for an hour or more with folds; very large and slow to answer.",
                family="stock",
                stock=True,
            ),
            None,
        ),
    )
}
