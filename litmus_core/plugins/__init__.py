"""Plug-in points for custom code, and the process it runs in.

Authors need the decorators, ``Range``, and the Protocols, which are the plug-ins' contracts. Nothing here
imports custom code into this process, except ``open_in_process`` for a bundle's own code.
"""

from litmus_core.plugins._calls import as_location, propose, table_at, write_with
from litmus_core.plugins._certificate_lines import has_current_lines, has_lines, read_line, try_lines
from litmus_core.plugins._contracts import (
    ActionPlugin,
    AlgorithmPlugin,
    CertificateLinePlugin,
    DataSource,
    DerivedTaskType,
    Exporter,
    Hook,
    MetricPlugin,
    Postprocessor,
    Preprocessor,
)
from litmus_core.plugins._decorators import (
    Mark,
    Range,
    action,
    algorithm,
    certificate_line,
    data_source,
    exporter,
    hook,
    metric,
    postprocessor,
    preprocessor,
    task_type,
)
from litmus_core.plugins._discovery.client import describe, describe_module, inspect_file
from litmus_core.plugins._discovery.types import ParameterKind, PluginDescription, PluginParameter
from litmus_core.plugins._failure_messages import PluginFailedError, failure_message, source_folder
from litmus_core.plugins._inspection.client import check_maker
from litmus_core.plugins._metrics import RUN_METRICS, register_run_metrics, store_run_metrics
from litmus_core.plugins._points import NOUNS
from litmus_core.plugins._process.host import (
    ImportedObject,
    PluginProcess,
    end_hosts,
    host_of,
    plugin_process,
    start_hosts,
)
from litmus_core.plugins._proposals import Proposal, check_gain, plan_of, read_proposals
from litmus_core.plugins._proxy import IGNORES_WEIGHTS, PluginProxy, open_in_process, plugin_proxy
from litmus_core.plugins._reference import read_part
from litmus_core.plugins._registry import (
    PlugIn,
    Readiness,
    disable_part,
    find_plugin,
    find_plugins,
    is_installed_plugin,
    ready_at,
    register_metrics_of,
    resolve_part,
    untrusted_message,
)
from litmus_core.plugins._report import CheckResult, PlugInReport
from litmus_core.plugins._trust.signatures import check_signed, sign_modules
from litmus_core.plugins._trust.source import (
    PLUGINS,
    PlugInSource,
    check_unchanged,
    copy_module,
    copy_next_to,
    copy_parts,
    digest_of_file,
    find_module,
    modules_imported_in,
    read_source,
)
from litmus_core.plugins._trust.state import PlugInState

__all__ = [
    "IGNORES_WEIGHTS",
    "NOUNS",
    "PLUGINS",
    "RUN_METRICS",
    "ActionPlugin",
    "AlgorithmPlugin",
    "CertificateLinePlugin",
    "CheckResult",
    "DataSource",
    "DerivedTaskType",
    "Exporter",
    "Hook",
    "ImportedObject",
    "Mark",
    "MetricPlugin",
    "ParameterKind",
    "PlugIn",
    "PlugInReport",
    "PlugInSource",
    "PlugInState",
    "PluginDescription",
    "PluginFailedError",
    "PluginParameter",
    "PluginProcess",
    "PluginProxy",
    "Postprocessor",
    "Preprocessor",
    "Proposal",
    "Range",
    "Readiness",
    "action",
    "algorithm",
    "as_location",
    "certificate_line",
    "check_gain",
    "check_maker",
    "check_signed",
    "check_unchanged",
    "copy_module",
    "copy_next_to",
    "copy_parts",
    "data_source",
    "describe",
    "describe_module",
    "digest_of_file",
    "disable_part",
    "end_hosts",
    "exporter",
    "failure_message",
    "find_module",
    "find_plugin",
    "find_plugins",
    "has_current_lines",
    "has_lines",
    "hook",
    "host_of",
    "inspect_file",
    "is_installed_plugin",
    "metric",
    "modules_imported_in",
    "open_in_process",
    "plan_of",
    "plugin_process",
    "plugin_proxy",
    "postprocessor",
    "preprocessor",
    "propose",
    "read_line",
    "read_part",
    "read_proposals",
    "read_source",
    "ready_at",
    "register_metrics_of",
    "register_run_metrics",
    "resolve_part",
    "sign_modules",
    "source_folder",
    "start_hosts",
    "store_run_metrics",
    "table_at",
    "task_type",
    "try_lines",
    "untrusted_message",
    "write_with",
]
