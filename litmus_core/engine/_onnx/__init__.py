"""Plain ONNX: a model with its whole preprocessing as one graph of standard operators."""

from litmus_core.engine._onnx._feed import feed
from litmus_core.engine._onnx._file import OnnxFile, onnx_file

__all__ = ["OnnxFile", "feed", "onnx_file"]
