"""What the front door gives, for type checkers and editors: the same as ``__init__.py``, as a test holds."""

from litmus_core.estimators import LitmusClassifier as LitmusClassifier
from litmus_core.estimators import LitmusRegressor as LitmusRegressor
from litmus_core.experiments import AlgorithmSpec as Algorithm
from litmus_core.experiments import Choices as Choices
from litmus_core.experiments import Data as Data
from litmus_core.experiments import Floats as Floats
from litmus_core.experiments import ForecastOptions as ForecastOptions
from litmus_core.experiments import Goal as Goal
from litmus_core.experiments import Integers as Integers
from litmus_core.experiments import Studio as Studio
from litmus_core.experiments import TagColumn as TagColumn
from litmus_core.experiments import Training as Training
from litmus_core.experiments import check as check
from litmus_core.experiments import continue_training as continue_training
from litmus_core.experiments import forecast as forecast
from litmus_core.experiments import quote as quote
from litmus_core.experiments import train as train
from litmus_core.experiments import train_targets as train_targets
from litmus_core.forecasting import load_forecaster as load_forecaster
from litmus_core.many_targets import load_targets as load_targets
from litmus_core.metrics import MetricSpec as Metric
from litmus_core.runtime import load_bundle as load_bundle
from litmus_core.types import Compute as Compute
from litmus_core.types import Folds as Folds
from litmus_core.types import Resources as Resources
from litmus_core.types import Tuning as Tuning

EXECUTORS: dict[str, str]
__version__: str

__all__ = [
    "Algorithm",
    "Choices",
    "Compute",
    "Data",
    "Floats",
    "Folds",
    "ForecastOptions",
    "Goal",
    "Integers",
    "LitmusClassifier",
    "LitmusRegressor",
    "Metric",
    "Resources",
    "Studio",
    "TagColumn",
    "Training",
    "Tuning",
    "__version__",
    "check",
    "continue_training",
    "forecast",
    "load_bundle",
    "load_forecaster",
    "load_targets",
    "quote",
    "train",
    "train_targets",
]
