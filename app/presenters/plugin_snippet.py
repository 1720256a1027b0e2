"""The Python that uses a plug-in with the values in its form."""

from __future__ import annotations

from collections.abc import Mapping

from app.presenters.fields import changed_values, present_parameters
from litmus_core.plugins import PluginDescription
from litmus_core.runtime import part_text
from litmus_core.types import PluginRef, Scalar

__all__ = ["call_of"]

_TRAIN = """import litmus_core
{imports}
litmus_core.train(
    {data},
    "column",
    {asked}
)"""
_STUDIO = """from litmus_core.experiments import Studio

with Studio.open() as studio:
    studio.{asked}"""
_HOOK = """# Litmus calls it during every run of this workspace, with its default parameters."""
_ACTION = """from litmus_core.advice import action_title
from litmus_core.experiments import Studio

# It proposes actions after every run of this workspace, with its default parameters.
with Studio.open() as studio:
    for action in studio.actions.list("RUN").actions:
        print(action.key, action_title(action), action.gain)"""

_CERTIFICATE_LINE = """from litmus_core.experiments import Studio

# It is a line of every certificate of this workspace, with its default parameters.
with Studio.open() as studio:
    for line in studio.certificates.create("BUNDLE", full=False).plugin_lines:
        print(line.title, line.passed, line.text)"""


def call_of(described: PluginDescription, values: Mapping[str, Scalar]) -> str:
    """Return the Python that calls the plug-in; default values are left out.

    >>> made = PluginDescription(point="preprocess", name="Caps", title="", reference="plugins/caps.py:Caps")
    >>> print(call_of(made, {}).splitlines()[6].strip())
    training=Training(preprocess=['plugins/caps.py:Caps']),
    """
    pairs = changed_values(present_parameters(described.parameters), values)
    text = part_text(PluginRef(point=described.point, reference=described.reference, parameters=pairs))
    named = part_text(PluginRef(point=described.point, reference=described.name, parameters=pairs))
    match described.point:
        case "preprocess" | "postprocess":
            return _train("Training", arguments=f"training=Training({described.point}=[{text!r}]),")
        case "algorithm":
            wishes = "".join(f", {name}={value!r}" for name, value in pairs)
            return _train("Algorithm", arguments=f"algorithm=Algorithm({described.reference!r}{wishes}),")
        case "metric":
            return _train("", arguments=f"goal={named!r},")
        case "task_type":
            return _train("Data", arguments="", data=f'Data("table.csv", task={named!r})')
        case "data_source":
            place = str(described.facts.get("example") or f"{described.facts.get('prefix', '')}…")
            return _STUDIO.format(asked=f"datasets.import_file({place!r})")
        case "exporter":
            return _STUDIO.format(asked=f'bundles.export_as("BUNDLE", {described.name!r}, "PATH")')
        case "hook":
            return _HOOK
        case "action":
            return _ACTION
        case "certificate_line":
            return _CERTIFICATE_LINE


def _train(name: str, *, arguments: str, data: str = '"table.csv"') -> str:
    """Return a call of ``train`` that imports ``name``."""
    imports = f"from litmus_core import {name}\n" if name else ""
    call = _TRAIN.format(imports=imports, data=data, asked=arguments)
    return "\n".join(line for line in call.splitlines() if line.strip() or not line)
