"""Runs a trained model on raw rows, and loads bundles. Importing it loads nothing heavier than NumPy."""

from litmus_core.runtime._info import Label, ModelInfo, label_text
from litmus_core.runtime._predictor import Executor, Pipeline, Predictor

__all__ = ["Executor", "Label", "ModelInfo", "Pipeline", "Predictor", "label_text"]
