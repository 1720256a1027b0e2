"""Takes the column kind of CONTRIBUTING.md from a table to a served model, in a process of its own.

    python tests/new_kind.py FOLDER

Prints, as JSON, what came of it. The package that it imports is a copy of the checkout, with the kind.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

KIND = "distance"


def main(folder: Path) -> dict[str, object]:
    """Import a table with lengths, train a model, describe its form, and send it a row."""
    from starlette.testclient import TestClient

    import litmus_core
    from app.presenters.results.what_if import present_fields
    from app.presenters.tables.columns import KINDS
    from litmus_core import Compute, Training, load_bundle, train
    from litmus_core.serving import create_app

    _write(folder / "shop.csv")
    handle = train(
        folder / "shop.csv",
        "sold",
        training=Training(models=("linear",)),
        folds=0,
        compute=Compute(time_limit_s=30),
        workspace=folder / "workspace",
    )
    run = handle.wait(timeout_s=250).run
    price = handle.studio.datasets.get(handle.experiment.task.dataset_version_id).column("price")
    record = handle.best.export(to=folder / "bundle", form="compiled")
    handle.studio.close()
    bundle = load_bundle(Path(record.path))
    (field,) = present_fields([price], {"price": 9.5}, examples={})
    with TestClient(create_app(bundle), base_url="http://127.0.0.1") as client:
        schema = client.get("/openapi.json").text
        right = client.post("/predict", json={"rows": [{"price": 1234.5, "size": 3}]})
        wrong = client.post("/predict", json={"rows": [{"price": "dear", "size": 3}]})
    return {
        "package": str(Path(litmus_core.__file__).parent),
        "run": run.status,
        "kind": price.kind,
        "label": KINDS[price.kind],
        "field": field.kind,
        "bundle": record.form,
        "described": "without its unit" in schema,
        "answer": right.status_code,
        "refusal": wrong.json()["detail"]["message"],
    }


def _write(file: Path, n_rows: int = 300) -> None:
    random = np.random.default_rng(0)
    prices, sizes = random.uniform(1, 2_000, n_rows), random.integers(1, 9, n_rows)
    rows = [
        f'"{price:,.2f} km",{size},{"yes" if price + 50 * size > 1_200 else "no"}'
        for price, size in zip(prices, sizes, strict=True)
    ]
    file.write_text("\n".join(["price,size,sold", *rows]))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
