"""Faster variants of a trained candidate: fewer members, trees and columns, one model for folds, students."""

from litmus_core.engine._fit.compression import CompressionSource
from litmus_core.engine._refine._check import check_refinable
from litmus_core.engine._refine._refine import compress_models

__all__ = ["CompressionSource", "check_refinable", "compress_models"]
