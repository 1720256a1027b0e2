"""Choose model families, and translate them into AutoGluon's settings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from litmus_core.engine._custom import CUSTOM_FAMILY, model_names
from litmus_core.engine._families.autogluon_mixes import preset_settings
from litmus_core.engine._families.custom import CUSTOM, CUSTOM_TRAINING, MOST, SHARE
from litmus_core.engine._families.family import AutomaticChoice, ModelFamily
from litmus_core.engine._families.registry import FAMILIES
from litmus_core.engine._fit.ensembles.names import describe_ensemble
from litmus_core.engine._text_encoder import has_encoder
from litmus_core.errors import MissingExtraError, UnknownNameError, UsageError
from litmus_core.task_types import NO_NEEDS, RowNeeds
from litmus_core.types import Column, CustomModel, ProblemType, Task

Hyperparameters = dict[Any, list[dict[str, Any]]]
STACKED = "_BAG_L2"  # AutoGluon's suffix for models that read others' predictions
ENSEMBLE_OF_BOTH = "WeightedEnsemble_L3"  # an ensemble of both levels
ENSEMBLE_FAMILY = "ensemble"
GROWN = "continued"  # name suffix of members that continue training
KEPT = "as it was"  # name suffix of the other members then
_OTHER_LIBRARIES = {
    **dict.fromkeys(("knn", "kneighbors"), "sklearn.neighbors:KNeighborsClassifier"),
    **dict.fromkeys(("svm", "svc"), "sklearn.svm:SVC(probability=True)"),
    **dict.fromkeys(("svr",), "sklearn.svm:SVR"),
    **dict.fromkeys(("naivebayes", "gaussiannb", "nb"), "sklearn.naive_bayes:GaussianNB"),
    **dict.fromkeys(("decisiontree", "dt"), "sklearn.tree:DecisionTreeClassifier"),
}
_CELLS_OF_TEXT = 100  # approximate number of word columns from a text column
_CELLS_PER_S = 50_000  # with more cells for the time, one heavy family would use all of it
# Families that are likely to finish in this share of the limit are chosen with little time, too. Fewer rows
# are folded, which takes several times as long.
_QUICK_SHARE, _LEAST_QUICK_ROWS = 0.4, 2_000
_LOAD_S = 0.5  # to load and compile a family
_MANY_CLASSES = 20  # trees for each class take long, and have few rows of it: docs/adr/0047
_EARLIER = 8  # turns, of a quick model: before LightGBM
_FEW_ROWS = 1_500  # to learn from: with fewer, simpler models do better (docs/adr/0046)


def are_many_classes(n_classes: int) -> bool:
    """Return whether there are so many classes that a network is worth more than boosted trees."""
    return n_classes >= _MANY_CLASSES


def are_few_rows(n_rows: int) -> bool:
    """Return whether ``n_rows`` training rows are so few that simpler models are better."""
    return n_rows < _FEW_ROWS


def model_families() -> tuple[ModelFamily, ...]:
    """Return every model family, recommended ones first, AutoGluon's own mixes last."""
    return tuple(FAMILIES.values())


def get_model_family(key: str) -> ModelFamily:
    """Return the model family called ``key``; raises UnknownNameError with the nearest name."""
    if key not in FAMILIES:
        error = UnknownNameError(kind="model family", name=key, names=FAMILIES)
        error.hint = family_hint(key) or error.hint
        raise error
    return FAMILIES[key]


def family_hint(name: str) -> str:
    """Return which family a name from AutoGluon or another library means; "" if it is unknown.

    >>> family_hint("GBM"), family_hint("RandomForestClassifier"), family_hint("KNN"), family_hint("lightgbn")
    ("Here it is called 'lightgbm'.", "Here it is called 'forest'.", "Name the library's class, such as \
'sklearn.neighbors:KNeighborsClassifier'.", '')
    """
    plain = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    plain = plain.removesuffix("classifier").removesuffix("regressor").removesuffix("cv")
    if plain in _OTHER_LIBRARIES:
        return f"Name the library's class, such as '{_OTHER_LIBRARIES[plain]}'."
    key = next((family.key for family in model_families() if plain in family.aliases), "")
    return f"Here it is called '{key}'." if key else ""


def available_families(
    problem_type: ProblemType, columns: Sequence[Column], *, needs: RowNeeds = NO_NEEDS
) -> tuple[ModelFamily, ...]:
    """Return the families that these feature columns, this installation and a task type's ``needs`` allow."""
    able = dict(needs.objectives)
    has_text = any(column.traits.is_prose for column in columns)
    return tuple(
        family
        for family in model_families()
        if problem_type in family.problem_types
        and (family.key in able or not able)
        and (has_text or not family.needs.text)
        and has_extra(family.needs.extra)
        and (has_encoder() or not family.needs.weights)
    )


def choose_families(
    *,
    task: Task,
    columns: Sequence[Column],
    n_rows: int,
    n_classes: int = 0,
    seconds: float | None = None,
) -> tuple[str, ...]:
    """Return the families that Litmus would choose for ``n_rows`` training rows within the task's time.

    ``n_classes`` are those of the target (0: it has none). ``seconds`` is the time of one fit if the run has
    several. Little time: the quick families, and those that are likely to finish in two fifths of it. Many
    cells for the time: no forests and no network, which would use all of it. Few rows: all trees, and a
    network if it has the time. If there is text, the text family is the linear model, which reads the other
    columns too.
    """
    available = available_families(task.problem_type, columns, needs=task.needs)
    limit_s = task.time_limit_s if seconds is None else seconds
    cells = n_cells(columns, n_rows)
    many_cells = cells >= _CELLS_PER_S * limit_s
    left_s = _QUICK_SHARE * limit_s if n_rows >= _LEAST_QUICK_ROWS else 0.0
    fitting = []
    choices = [(family.chosen, family.key) for family in available if family.chosen is not None]
    for choice, key in sorted(choices, key=lambda choice_key: choice_key[0].rank):
        if choice.heavy and many_cells:
            continue
        needed_s = _fit_s(choice, cells, n_classes)
        if limit_s >= _least_s(choice, n_rows, n_classes) or needed_s <= left_s:
            fitting.append((choice, key))
            left_s -= needed_s
    replaced = {choice.in_place_of for choice, _ in fitting}
    chosen = tuple(key for choice, key in fitting if key not in replaced)
    return chosen or tuple(family.key for family in available if task.needs.objectives)


def _least_s(choice: AutomaticChoice, n_rows: int, n_classes: int) -> float:
    if are_many_classes(n_classes) and choice.many_classes_from_s is not None:
        return choice.many_classes_from_s
    if n_classes > 2 and choice.several_classes_from_s is not None:
        return choice.several_classes_from_s
    return choice.few_rows_from_s if are_few_rows(n_rows) else choice.from_s


def _fit_s(choice: AutomaticChoice, cells: int, n_classes: int) -> float:
    """Return the seconds that one fit is likely to take on one processor; infinite if they are unknown."""
    if choice.cells_per_s is None:
        return math.inf
    return _LOAD_S + cells * max(2, n_classes) / 2 / choice.cells_per_s


def n_cells(columns: Sequence[Column], n_rows: int) -> int:
    """Return approximately how many cells models read in ``n_rows`` rows; a text counts its words."""
    return n_rows * sum(_CELLS_OF_TEXT if column.traits.is_prose else 1 for column in columns)


def check_families(keys: Sequence[str], problem_type: ProblemType, columns: Sequence[Column]) -> None:
    """Raise an error if a family is unknown or lacks its requirements."""
    if not keys:
        raise UsageError("No model family is chosen.", hint="Choose at least one, or let Litmus choose.")
    for family in map(get_model_family, keys):
        if not has_extra(family.needs.extra):
            raise MissingExtraError(subject=f"The model family '{family.title}'", extra=family.needs.extra)
        if family.needs.text and not any(column.traits.is_prose for column in columns):
            raise UsageError(
                f"The model family '{family.title}' reads text, and no chosen column holds text.",
                hint="Choose a text column, or another model family.",
            )
        if problem_type not in family.problem_types:
            raise UsageError(f"The model family '{family.title}' does not support {problem_type}.")


def has_extra(extra: str) -> bool:
    """Return whether an optional extra of Litmus is installed, by its module's name; "" needs none."""
    return not extra or find_spec(extra) is not None


def hyperparameters_of(
    keys: Sequence[str],
    *,
    problem_type: ProblemType,
    seed: int,
    n_rows: int | None = None,
    n_classes: int = 0,
    patient: bool = False,
) -> Hyperparameters:
    """Return AutoGluon's ``hyperparameters`` for the families; models are named after their family.

    With few training rows (``n_rows``) they are those of simpler models. One that is quick with so many comes
    first, so that there is something to see soon. With many classes (``n_classes``, 0: none) they are the
    usual ones, and boosted trees come last. ``patient``: trees are grown slower.
    """
    hyperparameters: Hyperparameters = {}
    for key in keys:
        training = FAMILIES[key].training
        is_small = n_rows is not None and are_few_rows(n_rows) and not are_many_classes(n_classes)
        simpler = training.few_rows[:1] if training is not None and is_small else ()
        add_setting(
            hyperparameters,
            key,
            name=key,
            values={name: value for values in simpler for name, value in values.items()},
            problem_type=problem_type,
            seed=seed,
            n_classes=n_classes,
            patient=patient,
            later=-_EARLIER if n_rows is not None and is_quick(key, n_rows) else 0,
        )
    return hyperparameters


def is_quick(key: str, n_rows: int) -> bool:
    """Return whether a model of the family takes next to no time with so many training rows."""
    chosen = FAMILIES[key].chosen if key in FAMILIES else None
    return chosen is not None and n_rows <= chosen.quick_rows


def add_setting(
    hyperparameters: Hyperparameters,
    key: str,
    *,
    name: str,
    values: dict[str, Any],
    problem_type: ProblemType,
    seed: int,
    n_classes: int = 0,
    patient: bool = False,
    later: int = 0,
) -> None:
    """Add a model called ``name`` of a family, with ``values`` that override the family's.

    Its turn comes ``later`` than the family's by so much.
    """
    family = FAMILIES[key]
    training = family.training
    if training is None:
        for model, settings in preset_settings(family).items():
            for setting in settings:
                hyperparameters.setdefault(_class_of(model, setting), []).append(setting)
        return
    pace = training.pace_of(problem_type, patient=patient)
    setting = training.setting(
        name=name, values=values, seed=seed, pace=pace, many_classes=are_many_classes(n_classes)
    )
    setting["ag_args"]["priority"] -= later
    hyperparameters.setdefault(model_class(family, setting), []).append(setting)


def model_class(family: ModelFamily, setting: Mapping[str, Any]) -> Any:
    """Return AutoGluon's key of a family's model, or our own class if that does it better."""
    training = family.training
    if training is None:
        raise ValueError(f"'{family.key}' is a mix of many models")
    if training.estimator is not None:
        from litmus_core.engine._autogluon.estimator_model import estimator_model

        return estimator_model(family.key)
    chosen_class = None if training.model_class is None else training.model_class(setting)
    return chosen_class or training.model


def _class_of(model: str, setting: Mapping[str, Any]) -> Any:
    """Return AutoGluon's key for a model of a mix, or our own class of that family."""
    families = (
        candidate_family
        for candidate_family in FAMILIES.values()
        if candidate_family.training and candidate_family.training.model == model
    )
    family = next(families, None)
    return model if family is None else model_class(family, setting)


def custom_settings(
    models: Sequence[CustomModel], *, seed: int, gets_most: bool = False
) -> list[dict[str, Any]]:
    """Return AutoGluon's hyperparameters for custom models, one for each; they share their time evenly.

    ``gets_most``: nothing else needs the time, or folds need it.
    """
    share = MOST if gets_most else SHARE
    return [
        CUSTOM_TRAINING.setting(
            name=name,
            values={
                "module": model.module,
                "name": model.name,
                "parameters": dict(model.parameters),
                "ag.max_time_limit_ratio": share / (len(models) - place if gets_most else 1),
            },
            seed=seed,
        )
        for place, (model, name) in enumerate(zip(models, model_names(models), strict=True))
    ]


def family_of_algorithm(model: str) -> str:
    """Return the key of the family of AutoGluon's model name.

    >>> [family_of_algorithm(name) for name in ("lightgbm", "lightgbm_BAG_L1", "stock_medium-CatBoost_L1")]
    ['lightgbm', 'lightgbm', 'stock_medium']
    >>> family_of_algorithm("WeightedEnsemble_L2")
    'ensemble'
    >>> family_of_algorithm("custom-SlowForest_BAG_L1")
    'custom'
    """
    if model.startswith("WeightedEnsemble"):
        return ENSEMBLE_FAMILY
    plain = model.split("_BAG_")[0]
    head = plain.split("-")[0]
    matching_keys = [key for key in FAMILIES if head == key or head.startswith(f"{key}_")]
    return max(matching_keys, key=len) if matching_keys else head


def title_of(model: str) -> str:
    """Return the display name of AutoGluon's model name.

    >>> title_of("stock_medium-CatBoost"), title_of("custom-SlowForest_BAG_L1")
    ("AutoGluon's own mix, medium: CatBoost", 'SlowForest')
    >>> title_of("linear_BAG_L1_FULL"), title_of("WeightedEnsemble_L2")
    ('Linear model, on all rows', 'Ensemble')
    >>> title_of("lightgbm_BAG_L2"), title_of("WeightedEnsemble_L3")
    ("Fast boosted trees (LightGBM), on others' predictions", 'Ensemble of both levels')
    """
    if model.endswith("_FULL"):
        return f"{title_of(model.removesuffix('_FULL'))}, on all rows"
    if model.endswith(STACKED):
        return f"{title_of(model.removesuffix(STACKED))}, on others' predictions"
    if model == ENSEMBLE_OF_BOTH:
        return "Ensemble of both levels"
    if (key := family_of_algorithm(model)) == ENSEMBLE_FAMILY:
        return f"Ensemble: {describe_ensemble(model)}".removesuffix(": ")
    if key == CUSTOM_FAMILY:
        return model.split("_BAG_")[0].partition("-")[2]
    if key not in FAMILIES:
        return model
    title = FAMILIES[key].title
    plain = model.split("_BAG_")[0]
    return f"{title}: {plain.split('-', 1)[1]}" if "-" in plain else title


def reads_labels(model: str) -> bool:
    """Return whether AutoGluon's model of that name, which is not an ensemble, reads others' predictions.

    >>> reads_labels("forest_BAG_L2_FULL"), reads_labels("forest_BAG_L1")
    (True, False)
    """
    return STACKED in model


def family_kind(key: str) -> str:
    """Return the kind of models that a family, the ensemble or a custom model belongs to."""
    if key == CUSTOM_FAMILY:
        return CUSTOM.kind
    return ENSEMBLE_FAMILY if key == ENSEMBLE_FAMILY else get_model_family(key).kind
