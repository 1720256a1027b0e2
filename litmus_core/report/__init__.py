"""Reports to forward: one HTML file that needs nothing else."""

from litmus_core.report._data import data_report
from litmus_core.report._said import said
from litmus_core.report._sections import Section, sections_page

__all__ = ["Section", "data_report", "said", "sections_page"]
