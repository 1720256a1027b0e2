"""Tensors as raw bytes behind the JSON of a request or an answer: the protocol's binary tensor data."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.serving._problems import RequestError

EXTENSION = "binary_tensor_data"
JSON_LENGTH = "Inference-Header-Content-Length"
SIZE = "binary_data_size"
_HINT = (
    "The bytes of all tensors follow the JSON, whose length the header Inference-Header-Content-Length says."
)
_NUMPY = (
    {"BOOL": "?", "FP16": "<f2", "FP32": "<f4", "FP64": "<f8"}
    | {f"INT{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)}
    | {f"UINT{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)}
)
_TEXT_LENGTH = struct.Struct("<I")
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def split_body(body: bytes, headers: Mapping[bytes, bytes]) -> tuple[bytes, RawTensors]:
    """Return the JSON of a request, and the bytes behind it."""
    length = headers.get(JSON_LENGTH.lower().encode())
    if length is None:
        return body, RawTensors(memoryview(b""))
    if not length.isdigit() or len(length) > 12 or int(length) > len(body):
        shown = length.decode("latin-1")[:40]
        raise refused(f"The body has {len(body):,} bytes, of which '{shown}' cannot be JSON.")
    return body[: int(length)], RawTensors(memoryview(body)[int(length) :])


class RawTensors:
    """The bytes behind the JSON of a request, of one tensor after the other."""

    def __init__(self, raw: memoryview) -> None:
        self._left = raw

    def take(self, tensor: Mapping[str, Any], n_values: int) -> list[Any]:
        """Return the values of the next tensor, None where a number is missing (NaN)."""
        name, datatype, size = tensor["name"], tensor["datatype"], tensor["parameters"][SIZE]
        if type(size) is not int or not 0 <= size <= len(self._left):
            left = f"{len(self._left):,} bytes are left"
            raise refused(f"'{name}' has the size {str(size)[:40]!r}, and {left} for it.")
        raw, self._left = self._left[:size], self._left[size:]
        if datatype == "BYTES":
            return _texts(name, raw, n_values)
        dtype = np.dtype(_NUMPY[datatype])
        if size != n_values * dtype.itemsize:
            needed = f"{n_values:,} values of {datatype} have {n_values * dtype.itemsize:,}"
            raise refused(f"'{name}' has {size:,} bytes; {needed}.")
        if datatype == "BOOL":  # another byte than 0 and 1 is no truth value, and is refused as a number
            return [value if value > 1 else bool(value) for value in raw]
        values: list[Any] = np.frombuffer(raw, dtype).tolist()
        return [None if value != value else value for value in values]

    def check_end(self) -> None:
        """Raise RequestError where bytes are left that no tensor took."""
        if self._left:
            raise refused(f"{len(self._left):,} bytes behind the JSON belong to no tensor.")


def _texts(name: str, raw: memoryview, n_values: int) -> list[str]:
    """Return the texts of a tensor: the length of each in four bytes, then itself in UTF-8."""
    texts: list[str] = []
    start = 0
    while start < len(raw) and len(texts) < n_values:
        head, start = raw[start : start + 4], start + 4
        end = start + _TEXT_LENGTH.unpack(head)[0] if len(head) == 4 else math.inf
        if end > len(raw):
            raise refused(f"'{name}' ends within the text of row {len(texts)}.")
        try:
            texts.append(str(raw[start : int(end)], "utf-8"))
        except UnicodeDecodeError as error:
            raise refused(f"'{name}' has a text in row {len(texts)} that is not UTF-8.") from error
        start = int(end)
    if len(texts) < n_values or start < len(raw):
        count = f"{len(texts):,} texts" if len(texts) < n_values else f"more than {n_values:,} texts"
        raise refused(f"'{name}' has {count}, and its shape says {n_values:,}.")
    return texts


def encoded(answer: Mapping[str, Any], raw_names: set[str]) -> tuple[bytes, dict[str, str]]:
    """Return an answer's body and its headers, with the outputs of these names as bytes behind the JSON."""
    outputs, parts = [], []
    for output in answer["outputs"]:
        shown = dict(output)
        if output["name"] in raw_names:
            parts.append(_bytes_of(output["datatype"], shown.pop("data")))
            shown["parameters"] = {**output.get("parameters", {}), SIZE: len(parts[-1])}
        outputs.append(shown)
    content = _JSON.encode({**answer, "outputs": outputs}).encode("utf-8")
    if not parts:
        return content, {"Content-Type": "application/json"}
    headers = {"Content-Type": "application/octet-stream", JSON_LENGTH: str(len(content))}
    return b"".join((content, *parts)), headers


def _bytes_of(datatype: str, data: Sequence[Any]) -> bytes:
    if datatype != "BYTES":
        return np.array(data, _NUMPY[datatype]).tobytes()
    texts = [text.encode("utf-8") for text in data]
    return b"".join(part for text in texts for part in (_TEXT_LENGTH.pack(len(text)), text))


def refused(message: str) -> RequestError:
    """Return the refusal of bytes that are no tensor."""
    return RequestError(message, status=400, hint=_HINT)
