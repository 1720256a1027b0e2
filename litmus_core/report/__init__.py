"""Reports to forward: one self-contained HTML file."""

from litmus_core.report._check_summary import check_sentence, problems_sentence, unchecked_sentence
from litmus_core.report._data import data_report
from litmus_core.report._experiment import experiment_report
from litmus_core.report._facts import ActionFacts, ExperimentFacts, ProductionFacts, TrainingFacts
from litmus_core.report._sections import Section, sections_page

__all__ = [
    "ActionFacts",
    "ExperimentFacts",
    "ProductionFacts",
    "Section",
    "TrainingFacts",
    "check_sentence",
    "data_report",
    "experiment_report",
    "problems_sentence",
    "sections_page",
    "unchecked_sentence",
]
