"""Plug points: where someone's own code takes part, and the process it runs in.

Authors need the decorators, ``Range``, and the Protocols that say what a plug-in must have. Nothing here
imports someone's code into this process, but ``make_here`` and ``open_here`` for a bundle's own.
"""

from litmus_core.hooks._apart import Apart, make_here, open_here, part_apart
from litmus_core.hooks._contracts import (
    Algorithm,
    DataSource,
    Exporter,
    Hook,
    Metric,
    Postprocessor,
    Preprocessor,
    TaskType,
)
from litmus_core.hooks._describe import describe, describe_module
from litmus_core.hooks._described import Described, Parameter, ParameterKind, read_parameters
from litmus_core.hooks._ends import StoppedError, source_folder, words_of
from litmus_core.hooks._finding import PlugIn, Readiness, find_plugin, find_plugins
from litmus_core.hooks._host import Host, Plugged, host_of, own_host, start_hosts
from litmus_core.hooks._marks import (
    Mark,
    Range,
    algorithm,
    data_source,
    exporter,
    hook,
    metric,
    postprocessor,
    preprocessor,
    task_type,
)
from litmus_core.hooks._points import NOUNS
from litmus_core.hooks._reference import read_part
from litmus_core.hooks._report import CheckResult, PlugInReport
from litmus_core.hooks._source import (
    PLUGINS,
    bring_parts,
    check_unchanged,
    copy_module,
    copy_with_siblings,
    digest_of,
    digest_of_file,
    modules_imported_in,
)
from litmus_core.hooks._state import PlugInState

__all__ = [
    "NOUNS",
    "PLUGINS",
    "Algorithm",
    "Apart",
    "CheckResult",
    "DataSource",
    "Described",
    "Exporter",
    "Hook",
    "Host",
    "Mark",
    "Metric",
    "Parameter",
    "ParameterKind",
    "PlugIn",
    "PlugInReport",
    "PlugInState",
    "Plugged",
    "Postprocessor",
    "Preprocessor",
    "Range",
    "Readiness",
    "StoppedError",
    "TaskType",
    "algorithm",
    "bring_parts",
    "check_unchanged",
    "copy_module",
    "copy_with_siblings",
    "data_source",
    "describe",
    "describe_module",
    "digest_of",
    "digest_of_file",
    "exporter",
    "find_plugin",
    "find_plugins",
    "hook",
    "host_of",
    "make_here",
    "metric",
    "modules_imported_in",
    "open_here",
    "own_host",
    "part_apart",
    "postprocessor",
    "preprocessor",
    "read_parameters",
    "read_part",
    "source_folder",
    "start_hosts",
    "task_type",
    "words_of",
]
