"""Which role each action of the studio needs: one table, held where services are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from litmus_core.errors import NotPermittedError
from litmus_core.people import Person, Role, Roles, is_at_least


@dataclass(frozen=True, slots=True)
class Permission:
    """The least ``role`` for some ``methods`` by service, named by ``words`` as a subject."""

    role: Role
    words: str
    methods: Mapping[str, str]

    def actions(self) -> Iterator[str]:
        """Yield the actions as ``service.method``."""
        for noun, names in self.methods.items():
            for name in names.split():
                yield f"{noun}.{name}"


PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        "viewer",
        "Looking at tables, models and reports",
        {
            "actions": "find outcomes plugins problem progress stored",
            "assertions": "check live",
            "bundles": "find_stored list",
            "candidates": "chosen get leader list postprocess_report predictions predictor what_if",
            "certificates": "current get problem progress",
            "checks": "default_split report run",
            "code": "notebook script",
            "compression": "plan",
            "datasets": "difference get list named page preview profile relations versions",
            "decisions": "gate promised verdict_at",
            "endpoints": "all_stats described has_certificates history list log stats",
            "environments": "get list",
            "experiments": "best_candidate get leading_run leading_runs n_test_evaluations of_run "
            "paired_difference summaries why_not_paired",
            "explanations": "contributions ice importance partial_dependence",
            "final_models": "check problem progress seconds",
            "fixes": "base_of effect ordered preview safe",
            "forecast_samples": "list",
            "forecasts": "check facts get ids judged latest list model newest open outlook past propose "
            "requests wait",
            "handoffs": "folder get get_context list zip",
            "intervals": "calibration check_group",
            "outcomes": "causes deployed last_verdict source verdict",
            "plugin_checks": "problem progress",
            "plugins": "exporters get list register source task_types",
            "policies": "get",
            "recipe_editor": "check draft problems tests",
            "recipes": "broken cache_key fits get is_followed list text uses versions walk",
            "reports": "data experiment",
            "retraining": "compare endpoint_of",
            "runs": "check_plan diagnostics events get list mark_interrupted progress quote quote_outcomes "
            "validation_rows wait",
            "samples": "list",
            "scorings": "list",
            "storage": "sizes",
            "targets": "counts get ids judged latest list newest outlook propose requests wait",
            "tasks": "baselines chosen_families families metrics suggest",
            "tracking": "left",
            "trust": "is_trusted untrusted",
            "tuning": "importances trials",
            "users": "display_name evaluations name_of person welcome",
            "walks": "status",
            "ways_back": "list",
            "warm_start": "comparison newer_rows refusal",
        },
    ),
    Permission(
        "asker",
        "Adding or changing a table",
        {
            "checks": "dismiss",
            "datasets": "append_rows correct_labels import_file refresh rename",
            "fixes": "applied_to apply read_as revert",
        },
    ),
    Permission(
        "asker",
        "Asking a question or training a model",
        {
            "actions": "apply list start stop train_on_more_rows",
            "candidates": "postprocess",
            "compression": "start",
            "experiments": "create rename",
            "forecast_samples": "start",
            "forecasts": "observe start stop train",
            "recipes": "apply_step skip_step take",
            "runs": "finish record_quote rename repeat start stop",
            "samples": "start",
            "targets": "model open record stop",
            "walks": "follow start stop",
            "warm_start": "start",
        },
    ),
    Permission(
        "asker",
        "Asking a scientist",
        {
            "handoffs": "ask close start_answer",
            "users": "author set_display_name",
        },
    ),
    Permission(
        "asker",
        "Scoring a file",
        {
            "bundles": "predict_file",
            "scorings": "delete resume start stop",
        },
    ),
    Permission(
        "scientist",
        "Deciding about a score or a model",
        {
            "assertions": "set",
            "candidates": "reveal_test",
            "decisions": "move_bar use_anyway withdraw",
            "final_models": "choose start stop train",
            "intervals": "group_by",
            "targets": "move",
        },
    ),
    Permission(
        "scientist",
        "Answering a question",
        {
            "handoffs": "answer",
        },
    ),
    Permission(
        "scientist",
        "Writing code or recipes that run here",
        {
            "plugin_checks": "start stop",
            "plugins": "add check check_file check_installed create_file disable enable trust",
            "recipe_editor": "save save_tested start_tests stop_tests test",
        },
    ),
    Permission(
        "scientist",
        "Exporting a model",
        {
            "bundles": "export export_as export_onnx stored",
            "certificates": "create start stop",
            "environments": "save",
            "forecasts": "export",
            "targets": "export",
            "tracking": "mirror send send_left",
        },
    ),
    Permission(
        "scientist",
        "Putting a model to work",
        {
            "endpoints": "deploy promote rollback start stop",
            "outcomes": "add refresh",
            "policies": "check set",
            "retraining": "add_version promote start",
        },
    ),
    Permission(
        "scientist",
        "Deleting a run or an exported model",
        {
            "bundles": "delete",
            "forecasts": "remove",
            "runs": "delete",
            "targets": "remove",
        },
    ),
    Permission(
        "admin",
        "Deleting a table, a question or an environment",
        {
            "datasets": "delete",
            "environments": "delete delete_built",
            "experiments": "delete",
        },
    ),
    Permission(
        "admin",
        "Trusting what somebody else wrote",
        {
            "trust": "grant",
        },
    ),
)
_BY_ACTION = {action: row for row in PERMISSIONS for action in row.actions()}
_UNKNOWN = Permission("admin", "This", {})
WRITING = Permission("asker", "Changing anything here", {})
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
    """A service as a person who signed in may use it: its public methods alone, by their role.

    A method is refused when it is called, so that a page may hand it on to a button that stays disabled.
    """

    def __init__(self, service: Any, noun: str, person: Person) -> None:
        self._service, self._noun, self._person = service, noun, person

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if not callable(getattr(type(self._service), name)):
            raise AttributeError(f"'{self._noun}.{name}' is not a method")
        return partial(self._call, name)

    def _call(self, name: str, /, *arguments: Any, **options: Any) -> Any:
        check_permission(self._person, permission_of(f"{self._noun}.{name}"))
        return getattr(self._service, name)(*arguments, **options)
