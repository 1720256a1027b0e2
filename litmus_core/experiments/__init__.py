"""The services: import data, define a task, train, read results, export, deploy."""

from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._api.agents.budget import EvaluationBudget
from litmus_core.experiments._api.agents.server import agent_server
from litmus_core.experiments._api.agents.tools import AgentTools
from litmus_core.experiments._api.algorithm_text import parse_algorithm
from litmus_core.experiments._api.continue_training import continue_training
from litmus_core.experiments._api.forecasts.forecast import (
    ForecastOptions,
    TrainedForecast,
    forecast,
    forecast_spec,
)
from litmus_core.experiments._api.goal import Goal
from litmus_core.experiments._api.handles.group import TrainingHandles
from litmus_core.experiments._api.handles.handle import TrainedCandidate, TrainingHandle
from litmus_core.experiments._api.many_targets.samples import (
    TargetsSample,
    start_targets_sample,
    targets_samples,
)
from litmus_core.experiments._api.many_targets.train_targets import (
    TrainedTargets,
    start_targets,
    train_targets,
)
from litmus_core.experiments._api.spec import AlgorithmSpec, Choices, Data, Floats, Integers
from litmus_core.experiments._api.tables import check
from litmus_core.experiments._api.train import TrainingRequest, quote, train
from litmus_core.experiments._api.training import Training
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import ChecksService
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._data.fixes import FixesService
from litmus_core.experiments._data.forecast_samples import ForecastSample, ForecastSamplesService
from litmus_core.experiments._data.samples import Sample, SamplesService
from litmus_core.experiments._decisions.service import DecisionsService
from litmus_core.experiments._deploy.assertions import AssertionsService
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._deploy.certificates import CertificatesService
from litmus_core.experiments._deploy.deployable.history import EndpointChange
from litmus_core.experiments._deploy.deployable.models import ModelSource, ServedModel
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.experiments._deploy.environments import EnvironmentsService
from litmus_core.experiments._deploy.final_models import FinalModelsService
from litmus_core.experiments._deploy.live.outcomes import OutcomesService
from litmus_core.experiments._deploy.live.ways_back import WayBack, WaysBackService
from litmus_core.experiments._deploy.scorings import ScoringsService
from litmus_core.experiments._forecasts.proposal import time_columns, value_columns
from litmus_core.experiments._forecasts.record import ForecastRecord, ForecastRequest
from litmus_core.experiments._forecasts.service import ForecastsService
from litmus_core.experiments._handoffs.answers import AnswerStarted
from litmus_core.experiments._handoffs.service import HandoffsService
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._installation import studio_folder
from litmus_core.experiments._many_targets.proposal import TargetsProposal
from litmus_core.experiments._many_targets.record import TargetsRecord, TargetsRequest, ThresholdCounts
from litmus_core.experiments._many_targets.service import TargetsService
from litmus_core.experiments._permissions import PERMISSIONS, Permission, refusal_of
from litmus_core.experiments._plugins.background import PluginChecksService
from litmus_core.experiments._plugins.service import PluginsService
from litmus_core.experiments._recipes.editing import RecipeEditorService, RecipeTesting
from litmus_core.experiments._recipes.results import (
    BrokenRecipe,
    FollowedRecipe,
    RecipeFit,
    StepDone,
    TestResult,
    WalkEnd,
)
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.experiments._recipes.walks import WalksService
from litmus_core.experiments._reports.service import ReportsService
from litmus_core.experiments._runs.candidates import CandidatesService
from litmus_core.experiments._runs.code import CodeService
from litmus_core.experiments._runs.compression import CompressionService
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._runs.tuning import TuningService
from litmus_core.experiments._runs.warm_start import Comparison, NewerRows, WarmStartService
from litmus_core.experiments._storage import Size, StorageService
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import TasksService, TaskWishes, make_task, parse_split
from litmus_core.experiments._trust import TrustService, Untrusted
from litmus_core.experiments._work import JudgedWork, StoredWork, WorkRecord
from litmus_core.many_targets import TagColumn
from litmus_core.metrics import parse_bar

__all__ = [
    "PERMISSIONS",
    "ActionsService",
    "AgentTools",
    "AlgorithmSpec",
    "AnswerStarted",
    "AssertionsService",
    "BrokenRecipe",
    "BundlesService",
    "CandidatesService",
    "CertificatesService",
    "ChecksService",
    "Choices",
    "CodeService",
    "Comparison",
    "CompressionService",
    "Context",
    "Data",
    "DatasetsService",
    "DecisionsService",
    "EndpointChange",
    "EndpointsService",
    "EnvironmentsService",
    "EvaluationBudget",
    "ExperimentsService",
    "FinalModelsService",
    "FixesService",
    "Floats",
    "FollowedRecipe",
    "ForecastOptions",
    "ForecastRecord",
    "ForecastRequest",
    "ForecastSample",
    "ForecastSamplesService",
    "ForecastsService",
    "Goal",
    "HandoffsService",
    "Integers",
    "JudgedWork",
    "ModelSource",
    "NewerRows",
    "OutcomesService",
    "Permission",
    "PluginChecksService",
    "PluginsService",
    "RecipeEditorService",
    "RecipeFit",
    "RecipeTesting",
    "RecipesService",
    "ReportsService",
    "RunsService",
    "Sample",
    "SamplesService",
    "ScoringsService",
    "ServedModel",
    "Size",
    "StepDone",
    "StorageService",
    "StoredWork",
    "Studio",
    "TagColumn",
    "TargetsProposal",
    "TargetsRecord",
    "TargetsRequest",
    "TargetsSample",
    "TargetsService",
    "TaskWishes",
    "TasksService",
    "TestResult",
    "ThresholdCounts",
    "TrainedCandidate",
    "TrainedForecast",
    "TrainedTargets",
    "Training",
    "TrainingHandle",
    "TrainingHandles",
    "TrainingRequest",
    "TrustService",
    "TuningService",
    "Untrusted",
    "UsersService",
    "WalkEnd",
    "WalksService",
    "WarmStartService",
    "WayBack",
    "WaysBackService",
    "WorkRecord",
    "agent_server",
    "check",
    "continue_training",
    "forecast",
    "forecast_spec",
    "make_task",
    "parse_algorithm",
    "parse_bar",
    "parse_split",
    "quote",
    "read_parts",
    "refusal_of",
    "start_targets",
    "start_targets_sample",
    "studio_folder",
    "targets_samples",
    "time_columns",
    "train",
    "train_targets",
    "value_columns",
]
