"""Tensors of the protocol: an input for each column, and outputs for the predictions."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import prod
from typing import Any

from litmus_core.runtime import Bundle
from litmus_core.serving._open_inference.raw import SIZE, RawTensors
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_parsing import Limits, Shape, check_count, check_lengths
from litmus_core.text import format_count
from litmus_core.types import Column

INPUTS = Shape(
    name="inputs",
    example='Send {"inputs": [{"name": column, "datatype": "FP64", "shape": [n], "data": […]}, …]}.',
    smaller="Send several requests, or score a file with: litmus predict BUNDLE FILE --to OUT",
)
_INTEGERS = {f"INT{bits}": range(-(1 << bits - 1), 1 << bits - 1) for bits in (8, 16, 32, 64)} | {
    f"UINT{bits}": range(1 << bits) for bits in (8, 16, 32, 64)
}
_MOST_UNREAD = 100  # inputs beside those that the model reads, such as keys
_LARGEST = {"FP16": 65_504.0, "FP32": 3.4028234663852886e38, "FP64": sys.float_info.max}
_DATATYPES = {"BOOL", "BYTES"} | _INTEGERS.keys() | _LARGEST.keys()
_OF_STORAGE = {"BOOLEAN": "BOOL", "BIGINT": "INT64", "DOUBLE": "FP64"}
PREDICT, PROBABILITIES = "predict", "predict_proba"


def input_specs(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Return the metadata of the model's inputs: one for each column, with any number of rows."""
    return [
        {"name": column.name, "datatype": _OF_STORAGE.get(column.storage, "BYTES"), "shape": [-1]}
        for column in columns
    ]


def output_specs(bundle: Bundle) -> list[dict[str, Any]]:
    """Return the metadata of the model's outputs."""
    if not bundle.task_type.has_classes:
        return [{"name": PREDICT, "datatype": "FP64", "shape": [-1]}]
    labels = [*bundle.classes, *([bundle.abstain_label] if bundle.abstain_below is not None else [])]
    return [
        {"name": PREDICT, "datatype": _datatype(labels), "shape": [-1]},
        {"name": PROBABILITIES, "datatype": "FP64", "shape": [-1, len(bundle.classes)]},
    ]


def rows_of(inputs: Sequence[Any], limits: Limits, raw: RawTensors, *, n_read: int) -> list[dict[str, Any]]:
    """Return the rows in the input tensors, one for each column; raises RequestError for an invalid one.

    ``raw`` holds the values of those that are sent as bytes. The model reads ``n_read`` columns. Many more
    inputs are refused: a byte of a tensor takes about thirty in rows.
    """
    if len(inputs) > n_read + _MOST_UNREAD:
        raise _refused(
            f"The request has {len(inputs):,} inputs, of which the model reads {n_read:,}.",
            hint="Send those that GET /v2/models/NAME names.",
        )
    columns: dict[str, list[Any]] = {}
    if not inputs:
        raise _refused('"inputs" has no tensor.')
    for tensor in inputs:
        name, values = _column(tensor, limits, raw)
        if name in columns:
            raise _refused(f"'{name}' is sent twice.")
        columns[name] = values
    raw.check_end()
    n_rows = {name: len(values) for name, values in columns.items()}
    if len(set(n_rows.values())) > 1:
        first, *_ = n_rows.items()
        other = next(item for item in n_rows.items() if item[1] != first[1])
        raise _refused(f"'{first[0]}' has {format_count(first[1], 'row')} and '{other[0]}' has {other[1]:,}.")
    check_count(max(n_rows.values(), default=0), limits)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    check_lengths(rows, limits)
    return rows


def _column(tensor: Any, limits: Limits, raw: RawTensors) -> tuple[str, list[Any]]:
    parameters = tensor.get("parameters") or {} if isinstance(tensor, dict) else {}
    check_parameters(parameters)
    wanted = {"name", "datatype", "shape"} if SIZE in parameters else {"name", "datatype", "shape", "data"}
    if not isinstance(tensor, dict) or not wanted <= tensor.keys():
        raise _refused("An input has no name, datatype, shape or data.")
    name, shape, datatype = tensor["name"], tensor["shape"], tensor["datatype"]
    if not isinstance(name, str):
        raise _refused(f"{name!r} is not the name of an input.")
    if not isinstance(datatype, str) or datatype not in _DATATYPES:
        raise _refused(f"'{name}' has the datatype {datatype!r}, which is none of the protocol's.")
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise _refused(f"The shape of '{name}' is not a list of sizes.")
    if SIZE in parameters:
        if "data" in tensor:
            raise _refused(f"'{name}' is sent twice, as data and as bytes.")
        _check_shape(name, shape)
        check_count(prod(shape), limits)
        values = raw.take(tensor, prod(shape))
    else:
        values = _listed(name, shape, tensor["data"], limits)
    for place, value in enumerate(values):
        if not _is_of(datatype, value):
            raise _refused(
                f"'{name}' has {str(value)[:40]!r} in row {place}, which is not of type {datatype}."
            )
    return name, values


def check_parameters(parameters: Any) -> None:
    """Raise RequestError for parameters of a tensor that ask for what this server has not."""
    if not isinstance(parameters, dict):
        raise _refused('"parameters" is not an object.')
    if "shared_memory_region" in parameters:
        raise _refused(
            "This server reads and writes no shared memory.", hint="Send and ask for the data itself."
        )
    if parameters.get("classification"):
        raise _refused(
            "This server has no classification extension.",
            hint=f"Ask for '{PREDICT}' and '{PROBABILITIES}'.",
        )


def _check_shape(name: str, shape: list[int]) -> None:
    if len(shape) not in (1, 2) or shape[1:] not in ([], [1]):
        raise _refused(f"'{name}' has the shape {shape}; a column has [n] or [n, 1].")


def _listed(name: str, shape: list[int], data: Any, limits: Limits) -> list[Any]:
    if not isinstance(data, list):
        raise _refused(f"The data of '{name}' is not a list.")
    _check_shape(name, shape)
    check_count(prod(shape), limits)
    values = list(islice(_flat(data), prod(shape) + 1))
    if prod(shape) != len(values):
        count = f"{len(values):,}" if len(values) < prod(shape) else "more"
        raise _refused(f"'{name}' has the shape {shape} and {count} values.")
    return values


def _is_of(datatype: str, value: Any) -> bool:
    """Return whether a tensor of ``datatype`` can hold a value; None is a missing one."""
    if value is None:
        return True
    if datatype == "BYTES":
        return isinstance(value, str)
    if datatype == "BOOL":
        return isinstance(value, bool) or (type(value) is int and value in (0, 1))
    if isinstance(value, bool):
        return False
    if datatype in _INTEGERS:
        return isinstance(value, int) and value in _INTEGERS[datatype]
    return isinstance(value, int | float) and not abs(value) > _LARGEST[datatype]


def _flat(data: Sequence[Any]) -> Iterator[Any]:
    """Yield the values of a tensor, whose rows may be lists with one value."""
    for value in data:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def outputs_of(
    bundle: Bundle, predictions: Sequence[Mapping[str, Any]], names: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return the outputs ``names`` (None: all) for a model's predictions."""
    specs = {spec["name"]: spec for spec in output_specs(bundle)}
    outputs = []
    for name in specs if names is None else names:
        if name not in specs:
            raise _refused(f"There is no output '{name}'.", hint=f"There are: {', '.join(specs)}.")
        outputs.append(_output(bundle, predictions, specs[name]))
    return outputs


def _output(
    bundle: Bundle, predictions: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]
) -> dict[str, Any]:
    shape = [len(predictions), *spec["shape"][1:]]
    if spec["name"] == PROBABILITIES:
        data = [share for prediction in predictions for share in prediction["probabilities"].values()]
        return {**spec, "shape": shape, "parameters": {"classes": list(bundle.classes)}, "data": data}
    key = "label" if bundle.task_type.has_classes else "value"
    data = [prediction[key] for prediction in predictions]
    if spec["datatype"] == "BYTES":
        data = [value if isinstance(value, str) else str(value) for value in data]
    return {**spec, "shape": shape, "data": data}


def _datatype(labels: Sequence[Any]) -> str:
    """Return the datatype of all labels; texts if they have several types."""
    types = {type(label) for label in labels}
    if len(types) > 1:
        return "BYTES"
    return {bool: "BOOL", int: "INT64", float: "FP64"}.get(next(iter(types), str), "BYTES")


def _refused(message: str, *, hint: str = INPUTS.example) -> RequestError:
    return RequestError(message, status=400, hint=hint)
