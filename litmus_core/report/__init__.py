"""Reports to forward: one HTML file that needs nothing else."""

from litmus_core.report._data import data_report
from litmus_core.report._experiment import experiment_report
from litmus_core.report._facts import ExperimentFacts
from litmus_core.report._said import said

__all__ = ["ExperimentFacts", "data_report", "experiment_report", "said"]
