"""Which role each action of the studio needs: one table, held where services are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litmus_core.errors import NotPermittedError
from litmus_core.people import Person, Role, Roles, is_at_least


@dataclass(frozen=True, slots=True)
class Permission:
    """The least ``role`` for some ``actions`` (``service.method``), named by ``words`` as a subject."""

    role: Role
    words: str
    actions: str


PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        "viewer",
        "Looking at tables, models and reports",
        """actions.outcomes actions.plugins actions.problem actions.progress actions.stored
        assertions.check assertions.live bundles.list
        candidates.chosen candidates.get candidates.leader candidates.list candidates.postprocess_report
        candidates.predictions candidates.predictor candidates.what_if
        certificates.get certificates.problem certificates.progress
        checks.default_split checks.report checks.run code.notebook code.script compression.plan
        datasets.difference datasets.get datasets.list datasets.named datasets.page datasets.preview
        datasets.profile datasets.relations datasets.versions
        decisions.gate decisions.promised decisions.verdict_at
        endpoints.all_stats endpoints.list endpoints.log endpoints.stats environments.get environments.list
        experiments.best_candidate experiments.get experiments.leading_run experiments.leading_runs
        experiments.n_test_evaluations experiments.of_run experiments.paired_difference
        experiments.summaries experiments.why_not_paired
        explanations.contributions explanations.ice explanations.importance explanations.partial_dependence
        final_models.check final_models.problem final_models.progress final_models.seconds
        fixes.base_of fixes.effect fixes.ordered fixes.preview fixes.safe
        forecast_samples.list forecasts.check forecasts.facts forecasts.get forecasts.ids forecasts.list
        forecasts.newest forecasts.open forecasts.outlook forecasts.past forecasts.propose forecasts.wait
        handoffs.folder handoffs.get handoffs.get_context handoffs.list handoffs.zip
        intervals.calibration intervals.check_group
        outcomes.causes outcomes.deployed outcomes.last_verdict outcomes.verdict
        plugin_checks.problem plugin_checks.progress plugins.exporters plugins.get plugins.list
        plugins.register plugins.source plugins.task_types policies.get
        recipe_editor.check recipe_editor.draft recipe_editor.problems recipe_editor.tests
        recipes.broken recipes.cache_key recipes.fits recipes.get recipes.is_followed recipes.list
        recipes.text recipes.uses recipes.versions recipes.walk reports.data reports.experiment
        retraining.compare retraining.endpoint_of runs.check_plan runs.diagnostics runs.events runs.get
        runs.list runs.progress runs.quote runs.quote_outcomes runs.validation_rows runs.wait
        samples.list scorings.list storage.sizes targets.get targets.list targets.newest targets.wait
        tasks.baselines tasks.chosen_families tasks.families tasks.metrics tasks.suggest tracking.left
        trust.is_trusted trust.untrusted tuning.importances tuning.trials
        users.display_name users.evaluations users.name_of users.person users.welcome
        walks.status warm_start.comparison warm_start.newer_rows""",
    ),
    Permission(
        "asker",
        "Adding or changing a table",
        """checks.dismiss datasets.append_rows datasets.correct_labels datasets.import_file datasets.refresh
        datasets.rename fixes.applied_to fixes.apply fixes.read_as fixes.revert""",
    ),
    Permission(
        "asker",
        "Asking a question or training a model",
        """actions.apply actions.list actions.start actions.stop actions.train_on_more_rows
        candidates.postprocess compression.start experiments.create experiments.rename
        forecast_samples.start forecasts.start forecasts.stop forecasts.train
        recipes.apply_step recipes.skip_step recipes.take
        runs.finish runs.record_quote runs.rename runs.repeat runs.start runs.stop samples.start
        targets.open targets.record targets.stop walks.follow walks.start walks.stop warm_start.start""",
    ),
    Permission(
        "asker",
        "Asking a scientist",
        "handoffs.ask handoffs.close handoffs.start_answer users.author users.set_display_name",
    ),
    Permission(
        "asker",
        "Scoring a file",
        "bundles.predict_file scorings.delete scorings.resume scorings.start scorings.stop",
    ),
    Permission(
        "scientist",
        "Deciding about a score or a model",
        """assertions.set candidates.reveal_test decisions.move_bar decisions.use_anyway decisions.withdraw
        final_models.choose final_models.start final_models.stop final_models.train intervals.group_by""",
    ),
    Permission("scientist", "Answering a question", "handoffs.answer"),
    Permission(
        "scientist",
        "Writing code or recipes that run here",
        """plugin_checks.start plugin_checks.stop plugins.add plugins.check plugins.check_file
        plugins.check_installed plugins.create_file plugins.disable plugins.enable plugins.trust
        recipe_editor.save recipe_editor.save_tested recipe_editor.start_tests recipe_editor.stop_tests
        recipe_editor.test""",
    ),
    Permission(
        "scientist",
        "Exporting a model",
        """bundles.export bundles.export_as bundles.export_onnx bundles.stored certificates.create
        certificates.start certificates.stop environments.save forecasts.export targets.export
        tracking.mirror tracking.send tracking.send_left""",
    ),
    Permission(
        "scientist",
        "Putting a model to work",
        """endpoints.deploy endpoints.promote endpoints.rollback endpoints.start endpoints.stop outcomes.add
        policies.check policies.set retraining.add_version retraining.promote retraining.start""",
    ),
    Permission(
        "scientist",
        "Deleting a run or an exported model",
        "bundles.delete forecasts.remove runs.delete targets.remove",
    ),
    Permission(
        "admin",
        "Deleting a table, a question or an environment",
        "datasets.delete environments.delete environments.delete_built experiments.delete",
    ),
    Permission("admin", "Trusting what somebody else wrote", "trust.grant"),
)
_BY_ACTION = {action: row for row in PERMISSIONS for action in row.actions.split()}
_UNKNOWN = Permission("admin", "This", "")
WRITING = Permission("asker", "Changing anything here", "")
CUSTOM_CODE = _BY_ACTION["plugins.create_file"]


def permission_of(action: str) -> Permission:
    """Return what an action needs; one that the table does not name needs the most."""
    return _BY_ACTION.get(action, _UNKNOWN)


def check_permission(person: Person, needed: Permission) -> None:
    """Raise NotPermittedError if the role of a person who signed in permits less."""
    if not person.is_signed_in or is_at_least(person.role, needed.role):
        return
    raise NotPermittedError(
        needed.words,
        person=person.id,
        role=person.role or "",
        least=needed.role,
        ask=(person.roles or Roles()).whom_to_ask(needed.role),
    )


def refusal_of(person: Person, action: str) -> str:
    """Return why a person may not do ``action`` (``runs.start``), and whom to ask; "" if they may."""
    try:
        check_permission(person, permission_of(action))
    except NotPermittedError as error:
        return f"{error.words} needs the role {error.least}. {error.hint}"
    return ""


class Guarded:
    """A service as a person who signed in may use it: its public methods alone, by their role."""

    def __init__(self, service: Any, noun: str, person: Person) -> None:
        self._service, self._noun, self._person = service, noun, person

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        method = getattr(type(self._service), name)
        if not callable(method):
            raise AttributeError(f"'{self._noun}.{name}' is not a method")
        check_permission(self._person, permission_of(f"{self._noun}.{name}"))
        return getattr(self._service, name)
