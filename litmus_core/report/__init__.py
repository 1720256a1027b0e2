"""Reports to forward: one HTML file that needs nothing else."""

from litmus_core.report._data import data_report

__all__ = ["data_report"]
