"""One file: the graph from raw columns to predictions, and its metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmus_core import __version__
from litmus_core.engine._compile.candidate import CandidateParts, parts_of
from litmus_core.engine._onnx._head import outputs
from litmus_core.engine._onnx._input import Input
from litmus_core.engine._onnx._steps import answer
from litmus_core.engine._onnx.columns import OnnxColumns
from litmus_core.engine._onnx.writer import IR_VERSION, ML, ML_OPSET, OPSET, OnnxWriter
from litmus_core.engine._run_folder.folder import read_model_info
from litmus_core.errors import MissingExtraError, NotCompilableError
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import ModelInfo, label_text
from litmus_core.task_types import get_task_type

_LARGEST = 2**31 - 2**20  # the format's maximum size
_TEXT = "it reads the words and letters of {columns}, and standard ONNX has no operators that cut text"
_TYPES = {"double": "DOUBLE", "int64": "INT64", "string": "STRING"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxFile:
    """The file's bytes, the raw columns that it takes, and its outputs' names in order."""

    content: bytes
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]


def onnx_file(folder: Path, model: str, *, threshold: float | None, facts: Mapping[str, str]) -> OnnxFile:
    """Return ``model`` of a run's folder as one ONNX file, from raw columns to label or value.

    ``facts`` are added to its metadata. Raises NotCompilableError with the reason if standard operators
    cannot express it; NotFoundError if there is no such model.
    """
    _need_onnx()
    pipeline = _pipeline(folder)
    info = ModelInfo.of({**read_model_info(folder), "threshold": threshold})
    return _build_file(parts_of(folder, model), pipeline, info, facts)


def _pipeline(folder: Path) -> FeaturePipeline:
    """Return a run's pipeline; raises NotCompilableError if it has custom pre-processing."""
    state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    if "code" in state or "before" in state:
        raise NotCompilableError("it begins with pre-processing of your own, which such a file does not hold")
    return FeaturePipeline.from_state(state)


def _build_file(
    parts: CandidateParts, pipeline: FeaturePipeline, info: ModelInfo, facts: Mapping[str, str]
) -> OnnxFile:
    names = [column.name for column in pipeline.columns]
    writer = OnnxWriter(names)
    columns = OnnxColumns(writer, pipeline)
    last = answer(writer, parts, columns)
    if columns.unsupported:
        shown = ", ".join(f"'{name}'" for name in columns.unsupported)
        raise NotCompilableError(_TEXT.format(columns=shown))
    columns.zeros()  # a graph without inputs would not know the number of rows
    results = outputs(writer, last, info, names=names)
    inputs = tuple(columns.inputs[name] for name in names if name in columns.inputs)
    description = {**facts, **_metadata(info, inputs, [result.name for result in results])}
    return OnnxFile(
        content=_content(writer, inputs, results, description),
        inputs=inputs,
        outputs=tuple(result.name for result in results),
    )


def _content(
    writer: OnnxWriter, inputs: tuple[Input, ...], results: list[Any], description: Mapping[str, str]
) -> bytes:
    from onnx import TensorProto, helper

    nodes, constants = writer.used([result.name for result in results])
    graph = helper.make_graph(
        nodes,
        "litmus",
        [
            helper.make_tensor_value_info(
                input_.name, getattr(TensorProto, _TYPES[input_.type]), [None, 1], input_.description
            )
            for input_ in inputs
        ],
        results,
        constants,
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)]
    model = helper.make_model(
        graph,
        opset_imports=imports,
        ir_version=IR_VERSION,
        producer_name="litmus",
        producer_version=__version__,
    )
    helper.set_model_props(model, dict(description))
    if model.ByteSize() > _LARGEST:
        raise NotCompilableError(f"its {model.ByteSize() / 1e9:.1f} GB are more than one ONNX file can hold")
    content: bytes = model.SerializeToString()
    return content


def _metadata(info: ModelInfo, inputs: tuple[Input, ...], output_names: list[str]) -> dict[str, str]:
    """Return the metadata: texts, with lists and objects as JSON."""
    metadata: dict[str, str] = {
        "litmus_version": __version__,
        "task": info.problem_type,
        "target": info.target,
        "inputs": json.dumps(
            [{"name": input_.name, "type": input_.type, "value": input_.description} for input_ in inputs],
            ensure_ascii=False,
        ),
        "outputs": json.dumps(output_names, ensure_ascii=False),
    }
    task_type = get_task_type(info.problem_type)
    if task_type.has_classes:
        metadata["classes"] = json.dumps(list(info.classes), ensure_ascii=False)
    if task_type.has_threshold:
        metadata["positive_class"] = label_text(info.classes[info.positive_index])
        metadata["threshold"] = repr(0.5 if info.threshold is None else info.threshold)
    return metadata


def _need_onnx() -> None:
    try:
        import onnx  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="Writing ONNX", extra="train") from error
