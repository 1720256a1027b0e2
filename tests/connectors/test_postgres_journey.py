"""From a table of PostgreSQL to a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core import Compute, Training, load_bundle, train
from litmus_core.deploy import score_file
from tests.connectors.postgres_server import Server
from tests.trained import table


def filled(server: Server) -> str:
    """Put the table that tests train on into the database; return its address."""
    frame = table()
    rows = ", ".join(
        f"({place}, {'null' if size != size else size}, '{colour}', '{day}', '{sold}')"
        for place, (size, colour, day, sold) in enumerate(frame.itertuples(index=False))
    )
    server.run(
        "CREATE TABLE shop (id int PRIMARY KEY, size numeric, colour text, day date, sold text)",
        f"INSERT INTO shop VALUES {rows}",
    )
    return f"{server.address()}?table=shop"


@pytest.mark.exhaustive(reason="tests of the connector read and write in make test; this trains once more")
def test_a_model_is_trained_from_a_table_and_scores_back(postgres: Server, tmp_path: Path) -> None:
    address = filled(postgres)
    handle = train(
        address,
        "sold",
        training=Training(models=("linear",)),
        compute=Compute(time_limit_s=20),
        workspace=tmp_path / "workspace",
    )
    with handle.studio as studio:
        run = handle.wait(timeout_s=200).run
        bundle = studio.bundles.export(run.chosen_id)

        assert run.verdict is not None
        assert studio.datasets.list()[0].source == address
        with load_bundle(bundle.path) as model:
            done = score_file(model, address, f"{postgres.address()}?table=scores")
            expected = model.predict(studio.datasets.preview(studio.datasets.list()[0].id, n_rows=600))
    rows = postgres.run("SELECT prediction FROM scores ORDER BY id")

    assert (done.n_done, [prediction for (prediction,) in rows]) == (600, list(expected))
