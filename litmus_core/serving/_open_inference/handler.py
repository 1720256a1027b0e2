"""The handler of the protocol's paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope

from litmus_core import __version__
from litmus_core.errors import LitmusError
from litmus_core.serving._arrow import ARROW
from litmus_core.serving._guards.middleware import Access
from litmus_core.serving._open_inference.raw import EXTENSION, JSON_LENGTH, encoded, split_body
from litmus_core.serving._open_inference.tensors import (
    INPUTS,
    check_parameters,
    input_specs,
    output_specs,
    outputs_of,
    rows_of,
)
from litmus_core.serving._predict import Answer, PredictHandler, kinds_of, no_memory
from litmus_core.serving._problems import RequestError, status_of
from litmus_core.serving._request_parsing import parse_object, read_body

_PARTS = b"application/octet-stream"


@dataclass(frozen=True, slots=True)
class OpenInferenceHandler:
    """Answers the protocol's requests with the model of ``predict_handler``, one request after the other."""

    predict_handler: PredictHandler
    access: Access

    @property
    def model_name(self) -> str:
        """The model's name in paths, such as "shop-lightgbm"."""
        manifest = self.predict_handler.bundle.manifest
        return re.sub(r"[^a-z0-9]+", "-", manifest.name.lower()).strip("-") or manifest.id

    def server(self) -> dict[str, Any]:
        """Return the server's metadata."""
        return {"name": "litmus", "version": __version__, "extensions": [EXTENSION]}

    def is_ready(self) -> bool:
        """Return whether the server accepts requests: the model is warm, and the server is not stopping."""
        return not self.access.closing

    def model(self, name: str, version: str | None) -> dict[str, Any]:
        """Return the model's inputs and outputs; raises RequestError for another name or version."""
        self.check_name(name, version)
        bundle = self.predict_handler.bundle
        return {
            "name": self.model_name,
            "versions": [bundle.manifest.id],
            "platform": f"litmus_{bundle.manifest.executor}",
            "inputs": input_specs(bundle.columns),
            "outputs": output_specs(bundle),
        }

    def check_name(self, name: str, version: str | None) -> None:
        """Raise RequestError (404) unless the model has this name and version."""
        manifest = self.predict_handler.bundle.manifest
        if name not in (self.model_name, manifest.name, manifest.id):
            raise RequestError(
                f"There is no model '{name[:200]}'.", status=404, hint=f"This one is '{self.model_name}'."
            )
        if version not in (None, manifest.id):
            raise RequestError(
                f"'{name}' has no version '{version[:200]}'.",
                status=404,
                hint=f"There is '{manifest.id}'.",
            )

    async def infer(self, scope: Scope, receive: Receive, name: str, version: str | None) -> Response:
        """Return the model's outputs for the inputs of a request; raises an error for an invalid request."""
        self.check_name(name, version)
        predict_handler = self.predict_handler
        headers = _plain(dict(scope["headers"]))
        if kinds_of(headers)[0] == ARROW:
            raise RequestError("Tensors are read as JSON or as bytes.", status=415, hint=INPUTS.example)
        if "level" in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True):
            raise RequestError(
                "This protocol has no intervals.", status=400, hint="Ask for them with POST /predict?level=…"
            )
        with predict_handler.memory.holding() as lease:
            body = await read_body(headers, receive, predict_handler.limits, lease)
            try:
                (rows, predictions, ids, content), more = await predict_handler.worker.run(
                    lambda: self._infer(body, headers), timeout_s=predict_handler.limits.max_answer_s
                )
            except MemoryError as error:
                raise no_memory() from error
        predict_handler.metrics.n_rows += len(predictions)
        if predict_handler.notes is not None:
            predict_handler.notes.sample(rows, predictions, ids)
        return Response(content, headers=more)

    def _infer(self, body: bytes, headers: Mapping[bytes, bytes]) -> tuple[Answer, dict[str, str]]:
        predict_handler = self.predict_handler
        text, raw = split_body(body, headers)
        request = parse_object(text, predict_handler.limits, INPUTS)
        if not isinstance(request.get("id"), str | None):
            raise RequestError('"id" is not a text.', status=400, hint="Send it in quotes, or leave it out.")
        bundle = predict_handler.bundle
        names, raw_names = _wanted(request, [spec["name"] for spec in output_specs(bundle)])
        rows = rows_of(request["inputs"], predict_handler.limits, raw, n_read=len(bundle.columns))
        predictions, notes = bundle.with_notes(bundle.predict_records, rows)
        outputs = outputs_of(bundle, predictions, names)
        collector = None if predict_handler.notes is None else predict_handler.notes.collector
        answer = {"model_name": self.model_name, "model_version": bundle.manifest.id}
        if request.get("id") is not None:
            answer["id"] = request["id"]
        ids = None if collector is None else collector.take(rows, predictions)
        parameters = ({} if ids is None else {"ids": ids}) | ({"notes": notes} if notes else {})
        more = {"parameters": parameters} if parameters else {}
        content, more_headers = encoded({**answer, **more, "outputs": outputs}, raw_names)
        return (rows, predictions, ids, content), more_headers


def _plain(headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Return the headers of a request, as JSON where it names no type or has bytes behind its JSON.

    Triton's client sends no Content-Type. Pages of other sites may do so too, but their Origin shows. They
    cannot send the header with the JSON's length without asking first.
    """
    has_parts = JSON_LENGTH.lower().encode() in headers
    if has_parts and headers.get(b"content-type", _PARTS).startswith(_PARTS):
        return {**headers, b"content-type": b"application/json"}
    return {b"content-type": b"application/json", **headers}


def _wanted(request: dict[str, Any], all_names: list[str]) -> tuple[list[str], set[str]]:
    """Return the outputs that a request asks for (all, where it names none), and those asked for as bytes."""
    wanted = request.get("outputs") or [{"name": name} for name in all_names]
    if not isinstance(wanted, list) or not all(isinstance(one, dict) and "name" in one for one in wanted):
        raise RequestError('"outputs" is not a list of {"name": …}.', status=400, hint=INPUTS.example)
    is_raw = _flag(request.get("parameters"), "binary_data_output", without=False)
    raw_names = set()
    for one in wanted:
        if _flag(one.get("parameters"), "binary_data", without=is_raw):
            raw_names.add(str(one["name"]))
    return [str(one["name"]) for one in wanted], raw_names


def _flag(parameters: Any, name: str, *, without: bool) -> bool:
    check_parameters(parameters or {})
    value = (parameters or {}).get(name, without)
    if not isinstance(value, bool):
        raise RequestError(f'"{name}" is neither true nor false.', status=400, hint="Send it without quotes.")
    return value


def refusal(error: LitmusError) -> JSONResponse:
    """Return an error in the protocol's form."""
    status = status_of(error)
    headers = {"Retry-After": "1"} if status in (503, 504) else {}
    return JSONResponse({"error": str(error)}, status_code=status, headers=headers)
