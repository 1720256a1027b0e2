"""Faster variants of a trained candidate: fewer members, trees and columns, one model for folds, students."""

from litmus_core.engine._fit.compression import Refined
from litmus_core.engine._refine._check import check_refinable
from litmus_core.engine._refine._refine import refine_models

__all__ = ["Refined", "check_refinable", "refine_models"]
