"""Conformance checks for plug-in authors, the same that ``litmus plugins check FILE`` runs."""

from litmus_core.plugins import CheckResult, PlugInReport
from litmus_core.testing._check import check_file, check_plugin

__all__ = ["CheckResult", "PlugInReport", "check_file", "check_plugin"]
