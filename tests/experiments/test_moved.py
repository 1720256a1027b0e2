"""A workspace that was moved or copied goes on at its new place, and leaves the old one alone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from litmus_core.experiments import Studio
from litmus_core.runtime import load_bundle
from litmus_core.store import Workspace
from litmus_core.types import BundleExported
from tests import tiny
from tests.elsewhere import teach_children
from tests.trained import Trained


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace with a bundle in it and one outside; what was deployed in it is stopped at the end."""
    teach_children(monkeypatch, tmp_path)
    workspace = Workspace(tmp_path / "old").create()
    Studio.open(workspace.path).close()  # as Litmus does, before anything lies in it: this makes it one's own
    inside = replace(tiny.bundle(workspace.bundles / "model"), id="bd_1")
    outside = replace(tiny.bundle(tmp_path / "elsewhere.zip", zipped=True), id="bd_2")
    with Studio.open(workspace.path) as studio:  # as recorded by Litmus until now: absolute
        studio.context.record(BundleExported(bundle=inside), BundleExported(bundle=outside))
    yield workspace
    for place in (workspace.path, tmp_path / "new"):
        if place.exists():
            with Studio.open(place) as studio:
                for endpoint in studio.endpoints.list():
                    studio.endpoints.stop(endpoint.id)


def test_paths_inside_are_kept_relative_and_old_absolute_ones_are_found_at_the_new_place(
    tmp_path: Path,
) -> None:
    old, new = Workspace(tmp_path / "old"), Workspace(tmp_path / "new")
    (new.bundles / "a").mkdir(parents=True)
    assert old.relative(old.bundles / "a") == "bundles/a"
    assert old.relative(tmp_path / "b.zip") == str(tmp_path / "b.zip")
    assert new.resolve("bundles/a") == str(new.bundles / "a")
    assert new.resolve(str(old.bundles / "a")) == str(new.bundles / "a")
    assert new.resolve("/far/away/bundles/bundles/a") == str(new.bundles / "a")
    assert new.resolve("/far/away/bundles/b") == "/far/away/bundles/b"


def test_bundles_endpoints_and_scorings_go_on_in_a_workspace_that_was_moved(
    old: Workspace, tmp_path: Path
) -> None:
    source = old.uploads / "up_1" / "rows.csv"
    source.parent.mkdir()
    source.write_text("size,zip,day,new\n1,x,,\n")
    with Studio.open(old.path) as studio:
        studio.endpoints.deploy("bd_1", name="shop", certify=False)
        studio.endpoints.stop("shop")
        job = studio.scorings.start("bd_1", source)
        while (status := studio.scorings.list()[0].status) != "finished":
            assert status in ("running", "waiting")
            time.sleep(0.1)
    old.path.rename(tmp_path / "new")

    with Studio.open(tmp_path / "new") as studio:
        new = studio.workspace
        assert {each.id: each.path for each in studio.bundles.list()} == {
            "bd_1": str(new.bundles / "model"),
            "bd_2": str(tmp_path / "elsewhere.zip"),
        }
        assert studio.scorings.list()[0].to == str(new.scoring_dir(job.id) / "rows-predictions.csv")
        assert Path(studio.scorings.list()[0].to).exists()
        started = studio.endpoints.start("shop")
        assert started.bundle_id == "bd_1"
        assert studio.endpoints.stats("shop").versions[0].path == str(new.bundles / "model")
        studio.endpoints.stop("shop")
        studio.bundles.delete("bd_1")
        assert not (new.bundles / "model").exists()
        assert not old.path.exists()


def test_a_copy_never_touches_the_endpoints_of_the_workspace_it_was_copied_from(
    old: Workspace, tmp_path: Path
) -> None:
    with Studio.open(old.path) as studio:
        endpoint = studio.endpoints.deploy("bd_1", name="shop", certify=False)
        shutil.copytree(old.path, tmp_path / "new")
    with Studio.open(tmp_path / "new") as copy:
        assert copy.endpoints.list() == []
        assert copy.endpoints.stats("shop").state == "stopped"
        copy.endpoints.stop("shop")
        again = copy.endpoints.start("shop")
        assert again.url != endpoint.url
        copy.endpoints.stop("shop")
    with Studio.open(old.path) as studio:
        assert studio.endpoints.list() == [endpoint]


def test_a_trained_model_is_exported_after_a_move_and_a_bundle_says_where_it_lies(
    trained: Trained, tmp_path: Path
) -> None:
    shutil.copytree(trained.workspace, tmp_path / "new")
    with Studio.open(tmp_path / "new") as studio:
        bundle = studio.bundles.export(str(trained.run.chosen_id))
        assert Path(bundle.path).is_relative_to(tmp_path / "new")
        kept = studio.store.query("SELECT path FROM bundles WHERE id = ?", [bundle.id])
        assert kept == [{"path": f"bundles/{Path(bundle.path).name}"}]
        assert studio.store.bundle(bundle.id) == bundle
        with load_bundle(bundle.path) as loaded:
            assert loaded.check() == []
