"""Draw the ways to add a table: by upload or path, its role, and read options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

import streamlit as st

from app import navigation, sign_in
from app.components import heading
from app.presenters.markdown import literal
from litmus_core.types import DATE_ORDERS, DETECT_ALL, DatasetVersion, DateOrder, ReadOptions

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "AddAddress",
    "AddPath",
    "AddUpload",
    "Addition",
    "Role",
    "draw_add",
    "draw_address_fields",
    "draw_drop_field",
    "draw_import_page",
]

Role = Literal[
    "table", "version", "append", "correct", "rows"
]  # the role of a file relative to the selected table

T = TypeVar("T", bound=str)

_FILE = "A file with one row for each case: CSV, Excel, JSON, Parquet, SQLite or DuckDB"
_ADDRESS = "`postgresql://USER@HOST/DATABASE`, `s3://BUCKET/PATH` or `https://…`. Nothing else is contacted."
_CREDENTIALS = (
    "Litmus signs in as psql and the AWS tools do here: PGUSER and PGPASSWORD or ~/.pgpass, AWS_PROFILE or "
    "keys of AWS. A password in the address is used, and not stored."
)
_QUERY = re.compile(r"(select|with|values|table)\b", re.IGNORECASE)
_FOUND_OUT = "Detected in the file"
_DELIMITERS = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
_ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
_DECIMALS = {".": "Point, as in 1.5", ",": "Comma, as in 1,5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileRole:
    """The role of a file relative to the selected table, and its read options.

    ``key`` and ``column`` are for corrected labels: the id column, and the corrected column.
    """

    role: Role = "table"
    options: ReadOptions = DETECT_ALL
    key: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUpload(_FileRole):
    """Import an uploaded file; ``place``: where its progress and what is wrong with it are drawn."""

    upload: UploadedFile
    place: DeltaGenerator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPath(_FileRole):
    """Import a file, or a folder of Parquet files, on this computer."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddress(_FileRole):
    """Import a table of a database, or a file of S3 or the web."""

    address: str


Addition = AddUpload | AddPath | AddAddress


def draw_import_page(*, turn: int, back: str | None, **ids: str | None) -> Addition | None:
    """Draw only the ways to add a table; ``back`` names the selected table, with the link's ``ids``."""
    heading("Data", "Begin with a table: one row for each case, one column for what you want to know.")
    wish = draw_add(None, turn=turn)
    if back is not None:
        navigation.link("data", f"Back to {literal(back)}", icon=":material/arrow_back:", **ids)
    return wish


def draw_drop_field(*, turn: int) -> AddUpload | None:
    """Draw only the upload field: a file becomes a new table, with detected read options."""
    if why := sign_in.refusal("datasets.import_file"):
        st.caption(why)
        return None
    upload = st.file_uploader(_FILE, key=f"drop-{turn}", label_visibility="collapsed")
    return None if upload is None else AddUpload(upload=upload, place=st.container())


def draw_add(current: DatasetVersion | None, *, turn: int, target: str | None = None) -> Addition | None:
    """Draw the ways to add a file beside the selected table; ``target`` is its target column.

    ``turn`` counts imports, so that each starts with empty fields.
    """
    if why := sign_in.refusal("datasets.import_file"):
        st.caption(why)
        return None
    role: Role = "table" if current is None else _draw_role(current, turn=turn)
    key, column = (None, None)
    if current is not None and role == "correct":
        key, column = _draw_correction(current, target, turn=turn)
        if key is None or column is None:
            st.caption("Choose both: the file needs these two columns.")
            return None
    upload = st.file_uploader(_FILE, key=f"upload-{turn}", help="It stays on this computer.")
    options = _draw_options(turn=turn)
    with st.form(f"path-form-{turn}", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        path = left.text_input(
            "Or the path of a file on this computer",
            placeholder="/data/orders.csv",
            key=f"path-{turn}",
            help="Or of a folder of Parquet files. It lies in your home folder, or in a folder that "
            "LITMUS_DATA_FOLDERS allows.",
        )
        if right.form_submit_button("Read it", width="stretch") and path.strip():
            return AddPath(path=path.strip(), role=role, options=options, key=key, column=column)
    if (elsewhere := _draw_address(options, turn=turn)) is not None:
        address, options = elsewhere
        return AddAddress(address=address, role=role, options=options, key=key, column=column)
    if upload is None:
        return None
    return AddUpload(upload=upload, role=role, options=options, key=key, column=column)


def _draw_address(options: ReadOptions, *, turn: int) -> tuple[str, ReadOptions] | None:
    """Draw the fields for an address and its table or query; return the request to read it."""
    with (
        st.expander("From a database, S3 or the web", icon=":material/database:"),
        st.form(f"address-form-{turn}", border=False),
    ):
        address, options = draw_address_fields(options, key=f"{turn}")
        if not st.form_submit_button("Read from there") or not address:
            return None
    return address, options


def draw_address_fields(
    options: ReadOptions = DETECT_ALL,
    *,
    key: str,
    example: str = "sales.orders, or SELECT * FROM sales.orders WHERE year = 2026",
) -> tuple[str, ReadOptions]:
    """Draw the fields for an address and its table or query; return it with ``options`` that name them.

    The address is "" until one is typed. ``example`` has a table's name and a query.
    """
    address = st.text_input(
        "Address", placeholder="postgresql://ada@db.example/shop", key=f"address-{key}", help=_ADDRESS
    ).strip()
    rows = st.text_area(
        "Table or query of a database",
        placeholder=example,
        key=f"rows-{key}",
        height=68,
        help="A database's only table needs no name. A query changes nothing there.",
    ).strip()
    st.caption(_CREDENTIALS)
    is_query = _QUERY.match(rows) is not None
    if not rows:
        return address, options
    return address, replace(options, query=rows if is_query else None, table=None if is_query else rows)


def _draw_role(current: DatasetVersion, *, turn: int) -> Role:
    name = literal(current.name)
    titles: dict[Role, str] = {
        "table": "A new table",
        "version": f"A new version of {name}",
        "append": f"More rows for {name}",
        "correct": f"Corrected labels for {name}",
        "rows": f"Test or validation rows for {name}",
    }
    return st.segmented_control(
        "Add it as",
        list(titles),
        default="table",
        required=True,
        format_func=titles.__getitem__,
        key=f"role-{turn}",
        help="**More rows** go below those that are here. **Corrected labels** come as a table with a column "
        "that names the row and one with the right value. **Test or validation rows** are read with this "
        "table's column types: pick them on the Target page under **My own files**.",
    )


def _draw_correction(
    current: DatasetVersion, target: str | None, *, turn: int
) -> tuple[str | None, str | None]:
    """Draw the choice of the id column and the corrected column; nothing is proposed if unsure."""
    names = list(current.column_names)
    ids = [
        names.index(column_view.name) for column_view in current.columns if column_view.traits.is_identifier
    ]
    left, right = st.columns(2)
    key = left.selectbox(
        "The column that names a row",
        names,
        index=ids[0] if ids else None,
        placeholder="Choose a column",
        key=f"correct-key-{turn}",
    )
    column = right.selectbox(
        "The column to correct",
        names,
        index=None if target is None else names.index(target),
        placeholder="Choose a column",
        key=f"correct-column-{turn}",
    )
    return key, column


def _draw_options(*, turn: int) -> ReadOptions:
    with st.expander("How to read it", icon=":material/tune:"):
        st.caption("Litmus detects these and shows the result. Set only what it got wrong.")
        with st.grid(min_column_width=210, gap="small"):
            delimiter = _choose("Between columns", _DELIMITERS, key=f"read-delimiter-{turn}")
            decimal = _choose("Decimal mark", _DECIMALS, key=f"read-decimal-{turn}")
            encoding = _choose("Encoding", {name: name for name in _ENCODINGS}, key=f"read-encoding-{turn}")
            dates: DateOrder | None = _choose(
                "Dates such as 03/04/2025", {order: order for order in DATE_ORDERS}, key=f"read-dates-{turn}"
            )
            header = st.number_input(
                "Line of the header",
                min_value=0,
                value=None,
                step=1,
                placeholder=_FOUND_OUT,
                key=f"read-header-{turn}",
                help="Counted from 1; 0: the file has none.",
            )
            sheet = _write("Sheet of a workbook", key=f"read-sheet-{turn}")
            table = _write("Table of a database", key=f"read-table-{turn}")
    return ReadOptions(
        delimiter=delimiter,
        decimal=decimal,
        encoding=encoding,
        date_order=dates,
        header_row=None if header is None else int(header),
        sheet=sheet,
        table=table,
    )


def _write(label: str, *, key: str) -> str | None:
    return st.text_input(label, placeholder=_FOUND_OUT, key=key).strip() or None


def _choose(label: str, named: Mapping[T, str], *, key: str) -> T | None:
    return st.selectbox(
        label, list(named), index=None, placeholder=_FOUND_OUT, format_func=named.__getitem__, key=key
    )
