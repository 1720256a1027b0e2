"""Studio: all services of one workspace, shared by pages, commands and notebooks."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from litmus_core.errors import UsageError
from litmus_core.experiments._actions.runs import ActionRuns
from litmus_core.experiments._actions.service import ActionsService
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import ChecksService
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._data.fixes import FixesService
from litmus_core.experiments._data.forecast_samples import ForecastSamplesService
from litmus_core.experiments._data.samples import SamplesService
from litmus_core.experiments._decisions.service import DecisionsService
from litmus_core.experiments._deploy.assertions import AssertionsService
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._deploy.certificates import CertificatesService
from litmus_core.experiments._deploy.deployable.certification import BundleCertification
from litmus_core.experiments._deploy.deployable.models import CandidateModels, WorkModels
from litmus_core.experiments._deploy.endpoints import EndpointsService
from litmus_core.experiments._deploy.environments import EnvironmentsService
from litmus_core.experiments._deploy.final_models import FinalModelsService
from litmus_core.experiments._deploy.intervals import IntervalsService
from litmus_core.experiments._deploy.live.outcomes import OutcomesService
from litmus_core.experiments._deploy.live.ways_back import WaysBackService
from litmus_core.experiments._deploy.policy import LiveChecks, PolicyService
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.experiments._deploy.scorings import ScoringsService
from litmus_core.experiments._explanations import ExplanationsService
from litmus_core.experiments._forecasts.service import ForecastsService
from litmus_core.experiments._handoffs.answers import HandoffAnswers
from litmus_core.experiments._handoffs.service import HandoffsService
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._many_targets.service import TargetsService
from litmus_core.experiments._permissions import Guarded
from litmus_core.experiments._plugins.background import PluginChecksService
from litmus_core.experiments._plugins.service import PluginsService
from litmus_core.experiments._recipes.editing import RecipeEditorService
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.experiments._recipes.steps import RecipeSteps
from litmus_core.experiments._recipes.table_steps import TableSteps
from litmus_core.experiments._recipes.walks import WalksService
from litmus_core.experiments._reports.service import ReportsService
from litmus_core.experiments._runs.candidates import CandidatesService
from litmus_core.experiments._runs.code import CodeService
from litmus_core.experiments._runs.compression import CompressionService
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._runs.tuning import TuningService
from litmus_core.experiments._runs.warm_start import WarmStartService
from litmus_core.experiments._storage import StorageService
from litmus_core.experiments._tasks import TasksService
from litmus_core.experiments._tracking.service import TrackingService
from litmus_core.experiments._trust import TrustService
from litmus_core.people import Person, local_person
from litmus_core.store import PeriodicTask, Workspace, open_store


class Studio:
    """One workspace and its services, one for each noun: ``studio.recipes.take(…)``.

    Every method returns its result, or raises a LitmusError and changes nothing. Safe to use from several
    threads.
    """

    def __init__(self, workspace: Workspace, *, person: Person | None = None) -> None:
        if not isinstance(workspace, Workspace):
            raise UsageError(
                "Studio(…) takes a Workspace, not a folder.", hint=f"Write Studio.open({str(workspace)!r})."
            )
        self._is_view, self._watch = False, None  # type: bool, PeriodicTask | None
        self._open_services(Context(workspace, open_store(workspace), person or local_person()))
        self.plugins.register()

    def acting_as(self, person: Person) -> Self:
        """Return this studio as a person who signed in may use it.

        Each service has the methods that the person's role permits; the others raise NotPermittedError. What
        is recorded bears the person's id. Closing it does nothing.
        """
        view = copy(self)
        view._is_view = True
        view._open_services(replace(self.context, person=person))
        for noun, service in list(vars(view).items()):
            if type(service).__name__.endswith("Service"):
                setattr(view, noun, Guarded(service, noun, person))
        return view

    def _open_services(self, context: Context) -> None:
        self.context = context
        self.workspace, self.store, self.journal = context.workspace, context.store, context.journal
        self._open_data(context)
        self._open_runs(context)
        self._open_deployment(context)
        self._open_advice(context)

    def _open_data(self, context: Context) -> None:
        self.plugins = PluginsService(context)
        self.plugin_checks = PluginChecksService(context)
        self.trust = TrustService(context)
        self.users = UsersService(context)
        self.checks = ChecksService(context)
        self.fixes = FixesService(context)
        self.datasets = DatasetsService(context, self.fixes)
        self.tasks = TasksService(context)
        self.forecasts = ForecastsService(context)

    def _open_runs(self, context: Context) -> None:
        self.runs = RunsService(context)
        self.experiments = ExperimentsService(context, self.runs)
        self.candidates = CandidatesService(context, self.runs)
        self.explanations = ExplanationsService(context)
        self.tuning = TuningService(context)
        self.code = CodeService(context)
        self.compression = CompressionService(context, self.runs)
        self.warm_start = WarmStartService(context, self.runs, self.experiments)
        self.samples = SamplesService(context, self.datasets, self.experiments, self.runs)
        self.forecast_samples = ForecastSamplesService(context, self.datasets, self.forecasts)
        self.reports = ReportsService(context)

    def _open_deployment(self, context: Context) -> None:
        self.environments = EnvironmentsService(context)
        self.final_models = FinalModelsService(context)
        self.intervals = IntervalsService(context)
        self.bundles = BundlesService(context)
        self.targets = TargetsService(context, self.runs, self.bundles)
        self.certificates = CertificatesService(context, self.environments)
        self.decisions = DecisionsService(context, self.users, self.bundles, self.certificates)
        deployable = (
            WorkModels(self.forecasts, "forecast"),
            WorkModels(self.targets, "targets"),
            CandidateModels(context, self.bundles, BundleCertification(context, self.certificates)),
        )
        self.endpoints = EndpointsService(context, deployable)
        self.outcomes = OutcomesService(context)
        self.assertions = AssertionsService(context, self.users)
        self.scorings = ScoringsService(context)
        self.storage = StorageService(context, self.scorings)
        self.tracking = TrackingService(context, self.reports, self.bundles)

    def _open_advice(self, context: Context) -> None:
        starts = ActionRuns(context, self.runs, self.experiments, self.fixes)
        self.actions = ActionsService(context, self.experiments, self.datasets, starts)
        self.retraining = RetrainingService(context, self.actions, self.endpoints, self.warm_start)
        self.policies = PolicyService(context, self.endpoints, self.outcomes, self.retraining)
        tables = TableSteps(context, self.datasets, self.checks, self.fixes, self.experiments)
        steps = RecipeSteps(context, self.runs, tables, self.users)
        self.recipes = RecipesService(context, self.experiments, steps)
        self.ways_back = WaysBackService(context, self.actions, self.retraining, self.recipes)
        self.walks = WalksService(context, self.recipes, self.runs)
        self.recipe_editor = RecipeEditorService(context, Studio.open)
        self.handoffs = HandoffsService(context, self.users, HandoffAnswers(context, self.recipes, self.runs))

    @classmethod
    def open(cls, workspace: Path | str | None = None, *, person: Person | None = None) -> Self:
        """Open the workspace at ``workspace`` (default: $LITMUS_HOME, then ~/.litmus), created if needed.

        ``person`` is who acts (None: whoever runs this process).
        """
        return cls(Workspace.locate(workspace).create(), person=person)

    def watch(self, *, every_s: float = 1.0) -> None:
        """Start a thread that reads events of other processes, and does what is due.

        It marks runs whose process died, finds leading runs, and starts judging endpoints for which outcomes,
        a policy or a new model have come.
        """
        from litmus_core.jobs import dispatch_scorings, reattach

        live_checks = LiveChecks(self.context)

        def watch_once() -> None:
            reattach(self.workspace)
            dispatch_scorings(self.workspace)
            live_checks.start()
            self.experiments.leading_runs()  # computed here, so that no page has to wait for it

        self.store.start_refreshing()
        if self._watch is None:
            self._watch = PeriodicTask(watch_once, every_s=every_s)
            self._watch.start()

    def close(self) -> None:
        """Release the store; runs continue."""
        if self._is_view:
            return
        if self._watch is not None:
            self._watch.stop()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
