"""Rows and predictions as Arrow IPC streams. pyarrow is imported at the first stream."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from litmus_core.errors import RowError
from litmus_core.runtime import Bundle, spread_records
from litmus_core.serving._arrow_sizes import unpacked_bytes
from litmus_core.serving._problems import RequestError
from litmus_core.serving._request_parsing import Limits, check_count, check_lengths

ARROW = "application/vnd.apache.arrow.stream"
_UNPACKED = 4  # limit of the unpacked stream, and of its texts, as a multiple of the largest body
_MOST_MESSAGES = 10_000
_HINT = f"Send one Arrow IPC stream ({ARROW}) with a column per field."


def arrow_library() -> Any:
    """Return pyarrow; raises RequestError (501) if it is not installed."""
    try:
        import pyarrow.ipc
    except ImportError as error:
        raise RequestError(
            "This server has no Arrow.",
            status=501,
            hint="Send and ask for JSON, or install pyarrow beside the server.",
        ) from error
    return pyarrow


def rows_of_arrow(body: bytes, limits: Limits, *, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the stream's rows as dicts with the columns of ``names`` that it contains.

    A column of records gives one for each field, such as ``address.city``.

    The unpacked sizes that the stream declares are added up before anything is unpacked. Raises RequestError
    (400: not a stream, 413: too many rows or too large when unpacked, 422: unknown names) and RowError for an
    invalid value.
    """
    pyarrow = arrow_library()
    try:
        _check_sizes(pyarrow, body, limits)
        batches = list(_batches(pyarrow, body, limits, names))
        _check_texts(batches, limits)
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RequestError("The body is not a whole Arrow stream.", status=400, hint=_HINT) from error
    rows = [row for batch in batches for row in _rows(batch)]
    check_lengths(rows, limits)
    return rows


def _check_sizes(pyarrow: Any, body: bytes, limits: Limits) -> None:
    """Raise RequestError for a stream that unpacks to far more than the largest body, or has too many
    pieces."""
    n_bytes, n_messages, most = 0, 0, _UNPACKED * limits.max_body_bytes
    for message in pyarrow.ipc.MessageReader.open_stream(pyarrow.py_buffer(body)):
        n_bytes, n_messages = n_bytes + unpacked_bytes(message), n_messages + 1
        if n_bytes > most:
            raise RequestError(
                f"The stream would unpack to more than {most:,} bytes.",
                status=413,
                hint="Send fewer rows.",
            )
        if n_messages > _MOST_MESSAGES:
            raise RequestError(
                f"The stream has more than {_MOST_MESSAGES:,} messages.",
                status=413,
                hint="Put more rows into each record batch.",
            )


def _batches(pyarrow: Any, body: bytes, limits: Limits, names: Collection[str]) -> Iterator[Any]:
    n_rows = 0
    with pyarrow.ipc.open_stream(pyarrow.py_buffer(body)) as stream:
        column_names = stream.schema.names
        if twice := next(
            (name for place, name in enumerate(column_names) if name in column_names[:place]), None
        ):
            raise RequestError(f"The stream has the column '{twice}' twice.", status=422, hint=_HINT)
        records = {
            field.name
            for field in stream.schema
            if pyarrow.types.is_struct(field.type)
            and field.name not in names
            and any(f"{field.name}.{inner.name}" in names for inner in field.type)
        }
        wanted = [name for name in column_names if name in names or name in records]
        for name in set(wanted) - records:
            _check_type(pyarrow.types, name, stream.schema.field(name).type)
        for batch in stream:
            n_rows += batch.num_rows
            check_count(n_rows, limits)
            picked = batch.select(wanted)
            picked.validate(full=True)
            fields = [(name, values) for name, values in spread_records(picked) if name in names]
            for name, values in fields:
                _check_type(pyarrow.types, name, values.type)
            yield pyarrow.RecordBatch.from_pydict(dict(fields))


def _check_type(types: Any, name: str, kind: Any) -> None:
    """Raise RowError for a column that holds anything but plain values."""
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if "binary" in str(plain):
        raise RowError(f"The column '{name}' holds bytes ({kind}).", row=0, field=name, hint="Send text.")
    scalar = types.is_primitive(plain) or types.is_null(plain) or types.is_decimal(plain)
    if not scalar and not _is_text(types, plain):
        raise RowError(
            f"The column '{name}' holds no plain values ({kind}).",
            row=0,
            field=name,
            hint="Send numbers, texts, booleans or dates.",
        )


def _is_text(types: Any, kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _check_texts(batches: list[Any], limits: Limits) -> None:
    """Raise RequestError for texts that are small in the stream but large as rows, which share them."""
    most, total = _UNPACKED * limits.max_body_bytes, 0
    for batch in batches:
        for column in batch.columns:
            total += _text_bytes(column)
            if total > most:
                raise RequestError(
                    f"The stream's texts are more than {most:,} bytes.",
                    status=413,
                    hint="Send fewer rows.",
                )


def _text_bytes(column: Any) -> int:
    """Return the total bytes of text in the column's rows."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        lengths = _lengths(column.dictionary)
        if lengths is None or not len(lengths):
            return 0
        places = column.indices.drop_null().to_numpy(zero_copy_only=False)
        return int(lengths[places].sum(dtype=np.int64))
    text_lengths = _lengths(column)
    return 0 if text_lengths is None else int(text_lengths.sum(dtype=np.int64))


def _lengths(column: Any) -> Any:
    """Return each text's length in bytes as an array, 0 for a missing one; None if there are no texts."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string_view(column.type):
        views = column.buffers()[1]
        if views is None:
            return np.zeros(len(column), dtype=np.int64)
        n_views = column.offset + len(column)  # views of 16 bytes that start with the length
        lengths = np.frombuffer(views, dtype="<i4", count=4 * n_views)[4 * column.offset :: 4].astype(
            np.int64
        )
        return np.where(column.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
    if not _is_text(pa.types, column.type):
        return None
    return pc.fill_null(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)


def _rows(batch: Any) -> list[dict[str, Any]]:
    names, columns = batch.schema.names, []
    for name, column in zip(names, batch.columns, strict=True):
        try:
            columns.append(column.to_pylist())
        except (ValueError, OverflowError) as error:  # a year outside the calendar, half a microsecond
            raise RowError(
                f"The column '{name}' has a value that cannot be read: {error}.",
                field=name,
                hint="Send dates as text, such as 2024-12-31T18:30:00.",
            ) from error
    if not columns:
        return [{} for _ in range(batch.num_rows)]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def predictions_to_arrow(
    bundle: Bundle,
    predictions: list[dict[str, Any]],
    ids: list[str] | None = None,
    *,
    level: float | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """Return predictions as a stream: ``prediction``, then ``probability LABEL`` for every class.

    With a ``level`` the ends of the interval, or the set of labels as a JSON list, follow. The answers'
    ``ids``, if any, are the last column, ``answer id``. ``notes``, if any, are a JSON list in the schema's
    metadata.
    """
    pyarrow = arrow_library()
    types = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    form = bundle.form
    columns, lists = form.columns, form.table_of_records(predictions)
    if level is not None:
        certainty = {name: [record[name] for record in predictions] for name in form.certainty_schema}
        columns, lists = columns | form.certainty_columns, (*lists, *form.certainty_table(certainty))
    table = pyarrow.table(
        {
            name: pyarrow.array(values, types[columns[name]])
            for name, values in zip(columns, lists, strict=True)
        }
    )
    if ids is not None:
        table = table.append_column("answer id", pyarrow.array(ids, pyarrow.string()))
    if notes:
        table = table.replace_schema_metadata({"notes": json.dumps(notes, ensure_ascii=False)})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
