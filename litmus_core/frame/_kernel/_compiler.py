"""The kernel's machine code, compiled for this processor on first use."""

from __future__ import annotations

import ctypes
import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.frame._kernel import _bytes_ops, _machine, _word_ops
from litmus_core.frame._kernel._language import translated

_RUN = ctypes.CFUNCTYPE(
    ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 4
)

# LLVM's inline threshold, 225 by default: it compiles in two thirds of the time and runs as fast.
_INLINE_THRESHOLD = 50


@lru_cache(maxsize=1)
def why_not() -> str | None:
    """Return why nothing can be compiled here, as the end of a sentence; None if something can."""
    try:
        llvm = _llvm()
        llvm.check_jit_execution()
    except MissingExtraError as error:
        return f"it {str(error).removeprefix('The text kernel ')}"
    except OSError as error:
        return f"this machine does not allow programs to generate code: {error.strerror}"
    return None


@lru_cache(maxsize=1)
def compiled() -> Callable[..., int]:
    """Return ``run`` of :mod:`_machine` as machine code; buffers are passed by address.

    It does not hold Python's lock while it runs. Raises MissingExtraError if llvmlite is not installed, and
    UsageError if the system does not allow code to be generated.
    """
    _llvm()
    reason = why_not()
    if reason:
        raise UsageError(f"The text kernel cannot be compiled: {reason}.", hint="Use another layout.")
    source = "".join(map(inspect.getsource, (_bytes_ops, _word_ops, _machine)))
    return machine_code(source, entry="run", form=_RUN)


def machine_code(source: str, *, entry: str, form: Any) -> Callable[..., int]:
    """Return a function of ``source`` (kernel language) for this processor, with a ctypes ``form``."""
    llvm = _llvm()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True
    )
    module = llvm.parse_assembly(translated(source, entry=entry))
    module.triple, module.data_layout = target.triple, str(target.target_data)
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.inlining_threshold = _INLINE_THRESHOLD
    passes = llvm.create_pass_builder(target, tuning)
    passes.getModulePassManager().run(module, passes)
    engine = llvm.create_mcjit_compiler(module, target)
    engine.finalize_object()
    run = form(engine.get_function_address(entry))
    run.engine = engine  # the code lives as long as its engine
    return run  # type: ignore[no-any-return]


def _llvm() -> Any:
    try:
        import llvmlite.binding as llvm
        import pyarrow as pa  # noqa: F401 - what the kernel reads and writes
    except ImportError as error:
        raise MissingExtraError(subject="The text kernel", extra="train") from error
    return llvm
