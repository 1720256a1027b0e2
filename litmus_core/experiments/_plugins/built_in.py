"""Descriptions of the built-in plug-ins at each extension point."""

from __future__ import annotations

from collections.abc import Iterator

from litmus_core.plugins import ParameterKind, PlugIn, PluginDescription, PluginParameter


def built_in_plugins() -> Iterator[PlugIn]:
    """Yield the built-in plug-ins of each extension point."""
    places = (_columns(), _families(), _steps(), _metrics(), _forms(), _sources(), _task_types(), _actions())
    for described in (piece for place in places for piece in place):
        yield PlugIn(origin="built in", where="Litmus", state="ready", described=described)


def _families() -> Iterator[PluginDescription]:
    from litmus_core.engine import model_families

    for family in model_families():
        yield PluginDescription(
            point="algorithm", name=family.key, title=family.title, when=family.when, reference=family.key
        )


def _columns() -> Iterator[PluginDescription]:
    from litmus_core.builtin_preprocessors import KNOWN_COLUMNS, NAMED_COLUMNS, reference_of

    for name, (title, when) in KNOWN_COLUMNS.items():
        phrase = NAMED_COLUMNS.get(name)
        yield PluginDescription(
            point="preprocess",
            name=name,
            title=title,
            when=when,
            reference=reference_of(name),
            parameters=(PluginParameter(name="columns", kind="text", default="", help=phrase),)
            if phrase
            else (),
        )


def _steps() -> Iterator[PluginDescription]:
    from litmus_core.runtime import step_specs

    kinds: dict[str, ParameterKind] = {"number": "float", "integer": "int"}
    for step in step_specs():
        yield PluginDescription(
            point="postprocess",
            name=step.reference,
            title=step.title,
            when=step.when,
            reference=step.reference,
            parameters=tuple(
                PluginParameter(
                    name=parameter.name,
                    kind=kinds.get(parameter.kind, "text"),
                    default=parameter.default,
                    low=parameter.low,
                    high=parameter.high,
                    help=parameter.title,
                )
                for parameter in step.parameters
            ),
        )


def _metrics() -> Iterator[PluginDescription]:
    from litmus_core.metrics import MetricParameter as Number
    from litmus_core.metrics import all_metrics, metric_family

    for metric in all_metrics():
        if metric.is_custom:
            continue
        family = metric_family(metric.family)
        yield PluginDescription(
            point="metric",
            name=metric.family,
            title=metric.label,
            reference=metric.family,
            parameters=tuple(
                PluginParameter(
                    name=parameter.name,
                    kind="int" if parameter.is_integer else "float",
                    default=parameter.default,
                    low=parameter.lowest,
                    high=parameter.highest,
                    help=parameter.label,
                )
                for parameter in family.parameters
                if isinstance(parameter, Number)
            ),
            facts={
                "needs": metric.needs,
                "greater_is_better": metric.greater_is_better,
                "problem_types": list(metric.problem_types),
            },
        )


def _actions() -> Iterator[PluginDescription]:
    from litmus_core.advice import KNOWN_ACTIONS

    for kind, (title, when) in KNOWN_ACTIONS.items():
        yield PluginDescription(point="action", name=kind, title=title, when=when, reference=kind)


def _task_types() -> tuple[PluginDescription, ...]:
    from litmus_core.data import task_types

    return task_types()


def _forms() -> Iterator[PluginDescription]:
    from litmus_core.deploy import FORMS

    for name, title in FORMS.items():
        yield PluginDescription(
            point="exporter", name=name, title=title[:1].upper() + title[1:], reference=name
        )


def _sources() -> Iterator[PluginDescription]:
    from litmus_core.data import FILE_KINDS

    for name, title in FILE_KINDS.items():
        yield PluginDescription(point="data_source", name=name, title=title, reference=name)
