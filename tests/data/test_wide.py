"""A table of very many columns is read as a narrow one is, only in another way."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from litmus_core.data import content_hash, import_table, profile, read_rows
from litmus_core.data._rows import wide_tables as _wide_tables
from litmus_core.data._rows.wide_tables import write_wide
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import DETECT_ALL, DatasetVersion, ReadOptions, to_plain
from tests.cases import amount

Write = Callable[..., Path]
MODULES = ("_sources.csv_files.table", "_sources.csv_files.wide", "_rows.wide_tables")
N_COLUMNS = amount(64, thorough=320)
SHAPES: tuple[Callable[[random.Random, int], str], ...] = (
    lambda rng, row: f"{rng.random():.4f}",
    lambda rng, row: str(rng.randrange(-50, 900)),
    lambda rng, row: str(row),
    lambda rng, row: repr(rng.uniform(-1e-9, 1e300)),
    lambda rng, row: f"{rng.randrange(10**17, 10**19)}",
    lambda rng, row: rng.choice(["1e3", "inf", "-2", "9007199254740993"]),
    lambda rng, row: f"{rng.randrange(1, 900)}.{rng.randrange(100, 999)}",
    lambda rng, row: f"${rng.randrange(1, 900)}.{rng.randrange(10, 99)}",
    lambda rng, row: f"{rng.randrange(1, 90)} kg",
    lambda rng, row: f"{rng.randrange(1, 90)} {rng.choice(['m2', 'm3'])}",
    lambda rng, row: f"{rng.randrange(1, 90)} m2",
    lambda rng, row: f"{rng.randrange(1, 90)} m3",
    lambda rng, row: f"{rng.randrange(0, 100)}%",
    lambda rng, row: rng.choice(["(5)", "12", "7-", "3 000"]),
    lambda rng, row: rng.choice(["?", "4.5", "", "n.a."]),
    lambda rng, row: rng.choice(["*", "3"]),
    lambda rng, row: "*" if row != 1 else "4",
    lambda rng, row: rng.choice(["true", "FALSE", "NA"]),
    lambda rng, row: f"{rng.randrange(1, 29)}/{rng.randrange(1, 13)}/2024",
    lambda rng, row: f"{rng.randrange(1, 13)}.{rng.randrange(1, 13)}.24",
    lambda rng, row: f"2024-0{rng.randrange(1, 9)}-1{rng.randrange(10)} 10:0{rng.randrange(10)}:00",
    lambda rng, row: f"2024-03-01T10:00:0{rng.randrange(10)}+02:00",
    lambda rng, row: f"00{rng.randrange(500, 999)}",
    lambda rng, row: f"+49 30 {rng.randrange(10**6)}",
    lambda rng, row: rng.choice(["red", " blue ", "grün", "", "null"]),
    lambda rng, row: " ".join(f"w{rng.randrange(40)}" for _ in range(9)),
    lambda rng, row: f"w{row}",
    lambda rng, row: "late" if row == 252 else "",
    lambda rng, row: "1" if row < 40 else str(rng.randrange(3)),
    lambda rng, row: "",
    lambda rng, row: "12" if row != 251 else "odd",
    lambda rng, row: "5e-324" if row % 2 else "0",
)  # fmt: skip
NAMES = {2: "id", 19: "zip code", 20: "phone", 6: "version", 4: "when_date"}


def content(
    *, n_rows: int, seed: int, delimiter: str = ",", end: str = "\n", has_quotes: bool = False
) -> str:
    """Return a CSV of all shapes of columns, some of them several times."""
    rng = random.Random(seed)
    shapes = [SHAPES[place % len(SHAPES)] for place in range(N_COLUMNS)]
    names = [f"{NAMES.get(place % len(SHAPES), 'c')}_{place // 32}.{place}" for place in range(N_COLUMNS)]
    names[: len(NAMES)] = NAMES.values()
    rows = [names, *([shape(rng, row) for shape in shapes] for row in range(n_rows))]
    if has_quotes:
        rows[1:] = [[f'"{cell}"' if len(cell) % 3 else cell for cell in row] for row in rows[1:]]
    return end.join(delimiter.join(row) for row in rows) + end


def count_as_wide_from(monkeypatch: pytest.MonkeyPatch, n_columns: int) -> None:
    for module in MODULES:
        monkeypatch.setattr(f"litmus_core.data.{module}.FEWEST_COLUMNS", n_columns)


@pytest.fixture(autouse=True)
def _widely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables of each shape twice be wide ones: the same way of reading, of fewer cells."""
    count_as_wide_from(monkeypatch, N_COLUMNS)


@pytest.fixture
def narrowly(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after whose call no table counts as wide."""

    def narrowly() -> None:
        count_as_wide_from(monkeypatch, 10**6)

    return narrowly


def report(workspace: Workspace, version: DatasetVersion) -> dict[str, Any]:
    """Return all that an import says of a table, but for what differs between two of one file."""
    own = ("id", "dataset_id", "path", "created_at", "n_bytes")
    said = {key: value for key, value in to_plain(version).items() if key not in own}
    return said | {"profile": to_plain(profile(workspace, version).columns)}


@pytest.mark.parametrize(
    ("made", "options"),
    [
        ({"n_rows": 260, "seed": 1}, DETECT_ALL),
        ({"n_rows": 260, "seed": 2, "has_quotes": True}, DETECT_ALL),
        ({"n_rows": 21, "seed": 3, "delimiter": ";", "end": "\r\n"}, DETECT_ALL),
        ({"n_rows": 30, "seed": 4, "delimiter": ";"}, ReadOptions(decimal=",", date_order="day first")),
        ({"n_rows": 2, "seed": 5}, DETECT_ALL),
    ],
    ids=["plain", "quoted", "semicolons", "with options", "two rows"],
)
def test_a_wide_table_is_read_as_a_narrow_one(
    workspace: Workspace,
    write: Write,
    narrowly: Callable[[], None],
    made: dict[str, Any],
    options: ReadOptions,
) -> None:
    source = write(content(**made))

    def told() -> Any:
        try:
            version = import_table(workspace, source, options=options)
        except DataError as refused:
            return str(refused)
        return report(workspace, version) | {"rows": read_rows(workspace, version).to_csv()}

    wide = told()
    narrowly()

    assert wide == told()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: "A title\n\n" + text,
        lambda text: text.replace("\n", "\n\n", 3),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("\n", "\r\n", 2),
        lambda text: text.replace("\n", "\r", 2),
        lambda text: text.replace("0.1", 'a "b" c', 1),
    ],
    ids=[
        "mark",
        "title",
        "blank lines",
        "separators at the end",
        "no last end",
        "mixed ends",
        "returns",
        "a quote",
    ],
)
def test_untidy_wide_files_are_read_as_narrow_ones(
    workspace: Workspace, write: Write, narrowly: Callable[[], None], change: Callable[[str], str]
) -> None:
    source = write(change(content(n_rows=25, seed=6)))
    wide = report(workspace, import_table(workspace, source))
    narrowly()

    assert wide == report(workspace, import_table(workspace, source))


@pytest.mark.parametrize("has_quotes", [False, True])
def test_a_row_of_a_wide_file_that_does_not_fit_is_named(
    workspace: Workspace, write: Write, *, has_quotes: bool
) -> None:
    lines = content(n_rows=30, seed=7, has_quotes=has_quotes).split("\n")
    lines[20] += ",more"

    said = rf"Line 21 of 'table\.csv' has {N_COLUMNS + 1} values where the table has {N_COLUMNS}"
    with pytest.raises(DataError, match=said):
        import_table(workspace, write("\n".join(lines)))


def test_texts_of_a_wide_table_are_asked_once(
    workspace: Workspace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    ask = _wide_tables._results_by_text

    def counted(connection: Any, texts: Any, *others: Any, **more: Any) -> Any:
        asked.append(len(texts))
        return ask(connection, texts, *others, **more)

    monkeypatch.setattr("litmus_core.data._rows.wide_tables._results_by_text", counted)
    rows = [
        ",".join(f"{(row * 7 + place) % 50}.5" if place % 2 else f"t{row}" for place in range(2_000))
        for row in range(100)
    ]
    version = import_table(workspace, write("\n".join([",".join(map(str, range(2_000))), *rows])))

    assert {column.storage for column in version.columns} == {"DOUBLE", "VARCHAR"}
    assert len(asked) <= 6
    assert sum(asked) <= 3 * (50 + 100)


def test_a_table_in_memory_has_the_hash_of_its_file(tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1.5, None, -0.0] * 50_000),
            "i": pa.array(range(150_000)),
            "s": pa.array(["a", None, "bé"] * 50_000),
            "t": pa.array([None, 5, 7] * 50_000, pa.timestamp("us")),
            "b": pa.array([True, False, None] * 50_000),
        }
    )
    write_wide(table, tmp_path / "t.parquet")

    assert content_hash(table) == content_hash(tmp_path / "t.parquet")
    assert content_hash(table.slice(1)) != content_hash(table)
