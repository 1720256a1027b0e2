"""Rows and predictions as an Arrow IPC stream. pyarrow is loaded when the first one comes."""

from __future__ import annotations

from typing import Any

from litmus_core.errors import RowError
from litmus_core.runtime import Bundle, label_text
from litmus_core.serving._bodies import Limits, check_count, check_lengths
from litmus_core.serving._problems import RequestError

ARROW = "application/vnd.apache.arrow.stream"
_HINT = f"Send one Arrow IPC stream ({ARROW}) with a column per field."


def arrow_library() -> Any:
    """Return pyarrow; raises RequestError (501) where it is not installed."""
    try:
        import pyarrow.ipc
    except ImportError as error:
        raise RequestError(
            "This server has no Arrow.",
            status=501,
            hint="Send and ask for JSON, or install pyarrow beside the server.",
        ) from error
    return pyarrow


def rows_of_arrow(body: bytes, limits: Limits) -> list[dict[str, Any]]:
    """Return the stream's rows as dicts; raises RequestError: 400 no stream, 413 too many rows, 422 names."""
    pyarrow = arrow_library()
    batches, n_rows, n_bytes = [], 0, 0
    try:
        with pyarrow.ipc.open_stream(body) as stream:
            names = stream.schema.names
            _refuse_bytes(stream.schema)
            for batch in stream:
                batch.validate(full=True)
                n_rows, n_bytes = n_rows + batch.num_rows, n_bytes + batch.nbytes
                check_count(n_rows, limits)
                _check_size(n_bytes, limits)
                batches.append(batch)
        if twice := next((name for place, name in enumerate(names) if name in names[:place]), None):
            raise RequestError(f"The stream has the column '{twice}' twice.", status=422, hint=_HINT)
        rows = [row for batch in batches for row in batch.to_pylist()]
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RequestError("The body is not a whole Arrow stream.", status=400, hint=_HINT) from error
    check_lengths(rows, limits)
    return rows


def _refuse_bytes(schema: Any) -> None:
    for field in schema:
        if "binary" in str(field.type):
            raise RowError(
                f"The column '{field.name}' holds bytes ({field.type}).",
                row=0,
                field=field.name,
                hint="Send text.",
            )


def _check_size(n_bytes: int, limits: Limits) -> None:
    if n_bytes > 4 * limits.max_body_bytes:
        raise RequestError("The stream is too large when unpacked.", status=413, hint="Send fewer rows.")


def arrow_of_answers(bundle: Bundle, answers: list[dict[str, Any]]) -> bytes:
    """Return predictions as a stream: ``prediction``, then ``probability LABEL`` for every class."""
    pyarrow = arrow_library()
    if bundle.problem_type == "regression":
        values = pyarrow.array([each["value"] for each in answers], pyarrow.float64())
        columns = {"prediction": values}
    else:
        kind = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64()}
        labels = [each["label"] for each in answers]
        columns = {"prediction": pyarrow.array(labels, kind.get(type(bundle.classes[0]), pyarrow.float64()))}
        for name in map(label_text, bundle.classes):
            shares = [each["probabilities"][name] for each in answers]
            columns[f"probability {name}"] = pyarrow.array(shares, pyarrow.float64())
    table = pyarrow.table(columns)
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
