"""A compiled pass over texts: runs of operations on Arrow columns, exactly as Python's ``str`` and ``re``."""

from litmus_core.frame._kernel._chain import Chain, can, compile_chain, why_not

__all__ = ["Chain", "can", "compile_chain", "why_not"]
