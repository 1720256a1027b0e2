"""Which tables may be tuned on and which are kept for the end: a rule, and the file that fixes what it gave.

Within each kind tables are ordered by the hash of their name; the first third of a kind, at most five, are
the final pool, all others the development pool. ``race_pools.json`` holds each table's pool and the hash of
its rows: a table whose rows have changed is refused.

    python -m benchmarks._race_pools   # rewrites race_pools.json
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks._race_tables import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

Pool = Literal["development", "final"]
FILE = Path(__file__).with_name("race_pools.json")
_MOST_FINAL_OF_A_KIND = 5


class TableChangedError(Exception):
    """A table's rows are not those that were fixed."""


def pools_by_rule(tables: Sequence[Table]) -> dict[str, Pool]:
    """Return each table's pool by the rule."""
    found: dict[str, Pool] = {}
    for kind in {table.kind for table in tables}:
        names = sorted((each.name for each in tables if each.kind == kind), key=_hash_of_text)
        n_final = min(-(-len(names) // 3), _MOST_FINAL_OF_A_KIND)
        found |= {name: "final" if at < n_final else "development" for at, name in enumerate(names)}
    return found


def _hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest(frame: pd.DataFrame) -> str:
    """Hash the rows of a table: 16 hex digits."""
    return _hash_of_text(frame.to_csv(index=False))[:16]


def fixed() -> dict[str, dict[str, Any]]:
    """Return what the file says of each table: pool, rows, columns, target, metric, hash."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def tables_of(pool: str) -> list[Table]:
    """Return the tables of a pool, in the order of the file."""
    known = {table.name: table for table in TABLES}
    return [known[name] for name, fact in fixed().items() if fact["pool"] == pool]


def load_fixed(table: Table) -> pd.DataFrame:
    """Return the table's rows; raise TableChangedError where they are not those that were fixed."""
    frame = table.load()
    found, wanted = digest(frame), fixed()[table.name]["sha256"]
    if found != wanted:
        message = f"the rows of '{table.name}' ({table.source}) hash to {found}, {wanted} were fixed"
        raise TableChangedError(message)
    return frame


def facts(table: Table, pool: Pool) -> dict[str, Any]:
    """Return what the file fixes of a table."""
    frame = table.load()
    return {
        "pool": pool,
        "kind": table.kind,
        "source": table.source,
        "target": table.target,
        "metric": table.metric,
        "rows": len(frame),
        "columns": frame.shape[1],
        "classes": 0 if table.problem == "regression" else int(frame[table.target].nunique()),
        "sha256": digest(frame),
    }


def main() -> None:
    """Write the file."""
    pools = pools_by_rule(TABLES)
    found = {table.name: facts(table, pools[table.name]) for table in TABLES}
    FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
